-- What a partitioned table's triggers are on its partitions; version 12 tells by dependencies.
select
    t.oid,
    t.tgrelid as relation,
    t.tgenabled as enabled,
    p.oid as parent_oid,
    t.tgenabled <> p.tgenabled as is_different
from relation c
join pg_trigger t on t.tgrelid = c.oid
join pg_trigger p on p.oid = t.tgparentid  -- pg >= 13
-- pg < 13
join pg_depend d
    on d.classid = 'pg_trigger'::regclass and d.objid = t.oid
    and d.refclassid = 'pg_trigger'::regclass and d.deptype = 'P'
join pg_trigger p on p.oid = d.refobjid
-- pg all
where c.relispartition
order by t.oid
