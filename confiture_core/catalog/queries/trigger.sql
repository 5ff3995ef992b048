-- A partition's clones are left out by tgparentid; before 13 they count as internal.
select
    t.tableoid,
    t.oid,
    c.schema,
    c.relname as name,
    t.tgname as member,
    pg_get_triggerdef(t.oid) as definition,
    t.tgenabled as enabled,
    t.tgconstraint <> 0 as is_constraint
from relation c
join pg_trigger t on t.tgrelid = c.oid
where not t.tgisinternal
    and t.tgparentid = 0  -- pg >= 13
order by c.schema, c.relname, t.tgname
