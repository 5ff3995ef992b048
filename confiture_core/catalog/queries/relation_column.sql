select
    c.tableoid,
    c.oid,
    a.attnum as subid,
    c.schema,
    c.relname as name,
    a.attname as member,
    pg_get_userbyid(c.relowner) as relation_owner,
    a.attacl::text[] as column_acl,
    format_type(a.atttypid, a.atttypmod) as type,
    row_number() over (partition by a.attrelid order by a.attnum) as position,
    case
        when a.attcollation <> t.typcollation
        then quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
    end as collation,
    nullif(a.attstattarget, -1) as statistics,
    case when c.relkind = 'm' and a.attstorage <> t.typstorage then a.attstorage end as storage,
    nullif(a.attcompression, '') as compression,  -- pg >= 14
    coalesce(a.attoptions, '{}') as options
from relation c
join pg_attribute a on a.attrelid = c.oid
join pg_type t on t.oid = a.atttypid
left join pg_collation co on co.oid = a.attcollation
left join pg_namespace cn on cn.oid = co.collnamespace
where c.relkind in ('v', 'm', 'c') and a.attnum > 0 and not a.attisdropped
order by c.schema, c.relname, a.attnum
