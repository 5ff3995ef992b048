select
    t.tableoid,
    t.oid,
    n.name as schema,
    t.typname as name,
    pg_get_userbyid(t.typowner) as owner,
    coalesce(t.typacl, acldefault('T', t.typowner))::text[] as acl,
    format_type(t.typbasetype, t.typtypmod) as base_type,
    case
        when t.typcollation <> b.typcollation
        then quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
    end as collation,
    coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) as default,
    t.typnotnull as not_null
    -- pg >= 18
    , nn.conname as not_null_name
    , nn.oid as not_null_oid
    -- pg all
from pg_type t
join namespace n on n.oid = t.typnamespace
join pg_type b on b.oid = t.typbasetype
left join pg_collation co on co.oid = t.typcollation
left join pg_namespace cn on cn.oid = co.collnamespace
-- pg >= 18
left join pg_constraint nn on nn.contypid = t.oid and nn.contype = 'n'
-- pg all
where t.typtype = 'd'
    and t.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = t.tableoid and m.objid = t.oid
    )
order by n.name, t.typname
