select
    d.tableoid,
    d.oid,
    n.name as schema,
    d.dictname as name,
    pg_get_userbyid(d.dictowner) as owner,
    format(
        E'CREATE TEXT SEARCH DICTIONARY %s.%I (\n    %s\n)',
        n.quoted,
        d.dictname,
        concat_ws(
            E',\n    ', format('TEMPLATE = %I.%I', tn.nspname, t.tmplname), d.dictinitoption
        )
    ) as definition
from pg_ts_dict d
join namespace n on n.oid = d.dictnamespace
join pg_ts_template t on t.oid = d.dicttemplate
join pg_namespace tn on tn.oid = t.tmplnamespace
where d.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = d.tableoid and m.objid = d.oid
    )
order by n.name, d.dictname
