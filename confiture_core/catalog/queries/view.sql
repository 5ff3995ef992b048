select
    c.tableoid,
    c.oid,
    case c.relkind when 'm' then 'materialized view' else 'view' end as kind,
    c.schema,
    c.relname as name,
    pg_get_userbyid(c.relowner) as owner,
    coalesce(c.relacl, acldefault('r', c.relowner))::text[] as acl,
    rtrim(pg_get_viewdef(c.oid), ';') as query,
    -- pg_dump gives check_option a clause of its own, which puts it last.
    array(
        select option
        from unnest(c.reloptions) with ordinality as given (option, position)
        order by option like 'check_option=%', position
    ) as options,
    coalesce(t.reloptions, '{}') as toast_options,
    nullif(am.amname, 'heap') as access_method,
    ts.spcname as tablespace,
    c.relispopulated as is_populated,
    (
        select ic.relname
        from pg_index x
        join pg_class ic on ic.oid = x.indexrelid
        where x.indrelid = c.oid and x.indisclustered
    ) as clustered_index
from relation c
left join pg_am am on am.oid = c.relam
left join pg_class t on t.oid = c.reltoastrelid
left join pg_tablespace ts on ts.oid = c.reltablespace
where c.relkind in ('v', 'm')
order by c.schema, c.relname
