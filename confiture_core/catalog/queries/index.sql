select
    c.tableoid,
    c.oid,
    c.schema,
    c.relname as name,
    t.oid as relation,
    pg_get_indexdef(c.oid) as definition,
    x.indisunique as is_unique,
    x.indisvalid as is_valid,
    h.inhparent as parent_oid,
    array(
        select array[a.attnum, a.attstattarget]
        from pg_attribute a
        where a.attrelid = c.oid and a.attstattarget >= 0
        order by a.attnum
    ) as statistics,
    coalesce(c.reloptions, '{}') as options,
    ts.spcname as tablespace
from relation c
join pg_index x on x.indexrelid = c.oid
join relation t on t.oid = x.indrelid
left join pg_inherits h on h.inhrelid = c.oid
left join pg_tablespace ts on ts.oid = c.reltablespace
where not exists (
    select
    from pg_constraint con
    where con.conindid = c.oid and con.conrelid = t.oid and con.contype in ('p', 'u', 'x')
)
order by c.schema, c.relname
