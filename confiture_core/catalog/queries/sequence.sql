select
    c.tableoid,
    c.oid,
    c.schema,
    c.relname as name,
    pg_get_userbyid(c.relowner) as owner,
    coalesce(c.relacl, acldefault('s', c.relowner))::text[] as acl,
    format_type(s.seqtypid, null) as type,
    s.seqstart as start,
    s.seqincrement as increment,
    s.seqmin as minimum,
    s.seqmax as maximum,
    s.seqcache as cache,
    s.seqcycle as cycle,
    c.relpersistence as persistence,
    d.refobjid as relation,
    d.refobjsubid as column,
    d.deptype = 'i' as is_identity
from relation c
join pg_sequence s on s.seqrelid = c.oid
left join pg_depend d
    on d.classid = c.tableoid and d.objid = c.oid and d.objsubid = 0
    and d.refclassid = c.tableoid and d.refobjsubid > 0 and d.deptype in ('a', 'i')
order by c.schema, c.relname
