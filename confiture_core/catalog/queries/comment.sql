select
    d.classoid as tableoid,
    d.objoid as oid,
    d.objsubid as subid,
    d.description as comment
from pg_description d
where d.objoid >= 16384
    or d.classoid in ('pg_namespace'::regclass, 'pg_extension'::regclass)
order by d.classoid, d.objoid, d.objsubid
