select
    t.tableoid,
    t.oid,
    n.name as schema,
    t.typname as name,
    pg_get_userbyid(t.typowner) as owner,
    coalesce(t.typacl, acldefault('T', t.typowner))::text[] as acl,
    array(
        select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder
    ) as enum_labels
from pg_type t
join namespace n on n.oid = t.typnamespace
where t.typtype = 'e'
    and not exists (
        select from extension_member m where m.classid = t.tableoid and m.objid = t.oid
    )
order by n.name, t.typname
