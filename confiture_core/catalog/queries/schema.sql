select
    n.tableoid,
    n.oid,
    n.nspname as name,
    pg_get_userbyid(n.nspowner) as owner,
    coalesce(n.nspacl, acldefault('n', n.nspowner))::text[] as acl
from pg_namespace n
join namespace using (oid)
where not exists (
    select from extension_member m where m.classid = n.tableoid and m.objid = n.oid
)
order by n.nspname
