select
    con.tableoid,
    con.oid,
    n.name as schema,
    t.typname as name,
    con.conname as member,
    pg_get_constraintdef(con.oid) as definition,
    con.convalidated as is_valid
from pg_constraint con
join pg_type t on t.oid = con.contypid
join namespace n on n.oid = t.typnamespace
where con.contype = 'c'
    and not exists (
        select from extension_member m where m.classid = t.tableoid and m.objid = t.oid
    )
order by n.name, t.typname, con.conname
