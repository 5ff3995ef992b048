select
    a.tableoid,
    a.oid,
    a.amname as name,
    format(
        'CREATE ACCESS METHOD %I TYPE %s HANDLER %s',
        a.amname,
        case a.amtype when 't' then 'TABLE' else 'INDEX' end,
        a.amhandler
    ) as definition
from pg_am a
where a.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = a.tableoid and m.objid = a.oid
    )
order by a.amname
