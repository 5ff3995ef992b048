select
    c.tableoid,
    c.oid,
    n.name as schema,
    c.cfgname as name,
    pg_get_userbyid(c.cfgowner) as owner,
    format(
        'CREATE TEXT SEARCH CONFIGURATION %s.%I (PARSER = %I.%I)',
        n.quoted, c.cfgname, pn.nspname, p.prsname
    ) as definition,
    array(
        select format(
            'ALTER TEXT SEARCH CONFIGURATION %s.%I ADD MAPPING FOR %I WITH %s',
            n.quoted,
            c.cfgname,
            token.alias,
            string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno)
        )
        from pg_ts_config_map m
        join ts_token_type(c.cfgparser) token on token.tokid = m.maptokentype
        where m.mapcfg = c.oid
        group by token.alias
        order by token.alias
    ) as extra
from pg_ts_config c
join namespace n on n.oid = c.cfgnamespace
join pg_ts_parser p on p.oid = c.cfgparser
join pg_namespace pn on pn.oid = p.prsnamespace
where c.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = c.tableoid and m.objid = c.oid
    )
order by n.name, c.cfgname
