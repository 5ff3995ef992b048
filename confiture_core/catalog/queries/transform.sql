select
    t.tableoid,
    t.oid,
    format('FOR %s LANGUAGE %I', format_type(t.trftype, null), l.lanname) as name,
    format(
        'CREATE TRANSFORM FOR %s LANGUAGE %I (%s)',
        format_type(t.trftype, null),
        l.lanname,
        concat_ws(
            ', ',
            'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::regprocedure,
            'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::regprocedure
        )
    ) as definition
from pg_transform t
join pg_language l on l.oid = t.trflang
where t.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = t.tableoid and m.objid = t.oid
    )
order by 3
