select
    t.tableoid,
    t.oid,
    n.name as schema,
    t.tmplname as name,
    format(
        'CREATE TEXT SEARCH TEMPLATE %s.%I (%s)',
        n.quoted,
        t.tmplname,
        concat_ws(', ', 'INIT = ' || nullif(t.tmplinit, 0)::regproc, 'LEXIZE = ' || t.tmpllexize)
    ) as definition
from pg_ts_template t
join namespace n on n.oid = t.tmplnamespace
where t.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = t.tableoid and m.objid = t.oid
    )
order by n.name, t.tmplname
