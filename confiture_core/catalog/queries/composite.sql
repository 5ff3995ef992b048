select
    t.tableoid,
    t.oid,
    c.schema,
    c.relname as name,
    pg_get_userbyid(t.typowner) as owner,
    coalesce(t.typacl, acldefault('T', t.typowner))::text[] as acl
from relation c
join pg_type t on t.oid = c.reltype
where c.relkind = 'c'
    and not exists (
        select from extension_member m where m.classid = t.tableoid and m.objid = t.oid
    )
order by c.schema, c.relname
