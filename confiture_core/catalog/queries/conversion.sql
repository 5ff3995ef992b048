select
    co.tableoid,
    co.oid,
    n.name as schema,
    co.conname as name,
    pg_get_userbyid(co.conowner) as owner,
    format(
        'CREATE %sCONVERSION %s.%I FOR %L TO %L FROM %s',
        case when co.condefault then 'DEFAULT ' else '' end,
        n.quoted,
        co.conname,
        pg_encoding_to_char(co.conforencoding),
        pg_encoding_to_char(co.contoencoding),
        co.conproc
    ) as definition
from pg_conversion co
join namespace n on n.oid = co.connamespace
where co.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = co.tableoid and m.objid = co.oid
    )
order by n.name, co.conname
