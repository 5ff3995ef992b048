select
    l.classoid as tableoid,
    l.objoid as oid,
    l.objsubid as subid,
    l.provider,
    l.label
from pg_seclabel l
order by l.classoid, l.objoid, l.objsubid, l.provider
