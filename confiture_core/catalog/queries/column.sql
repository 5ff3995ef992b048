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
    a.attnotnull as not_null,
    -- pg >= 18
    -- The name that pg_dump shows: an heir's is that of its parent, a partition's is its own. It
    -- says of no partition whether NOT NULL was declared there too.
    case when nn.conislocal or c.relispartition then nn.conname end as not_null_name,
    coalesce(nn.conislocal or c.relispartition, true) as not_null_is_local,
    coalesce(nn.connoinherit, false) as not_null_no_inherit,
    coalesce(nn.convalidated, true) as not_null_valid,
    nn.oid as not_null_oid,
    -- pg all
    a.attgenerated as generated,
    case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end as expression,
    a.attidentity as identity_kind,
    a.attislocal as is_local,
    a.attinhcount > 0 as is_inherited,
    case when a.attstorage <> t.typstorage then a.attstorage end as storage,
    nullif(a.attcompression, '') as compression,  -- pg >= 14
    nullif(a.attstattarget, -1) as statistics,
    coalesce(a.attoptions, '{}') as options,
    coalesce(a.attfdwoptions, '{}') as server_options
from relation c
join pg_attribute a on a.attrelid = c.oid
join pg_type t on t.oid = a.atttypid
left join pg_collation co on co.oid = a.attcollation
left join pg_namespace cn on cn.oid = co.collnamespace
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
-- pg >= 18
left join pg_constraint nn
    on nn.conrelid = c.oid and nn.contype = 'n' and nn.conkey[1] = a.attnum
-- pg all
where c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped
order by c.schema, c.relname, a.attnum
