select
    con.tableoid,
    con.oid,
    c.schema,
    c.relname as name,
    con.conname as member,
    c.oid as relation,
    con.contype as type,
    pg_get_constraintdef(con.oid) as definition,
    coalesce(con.conkey, '{}') as key,
    nullif(con.confrelid, 0) as referenced_relation,
    coalesce(i.reloptions, '{}') as index_options,
    ts.spcname as index_tablespace,
    i.oid as index_oid,
    con.convalidated as is_valid,
    con.conislocal as is_local,
    con.coninhcount > 0 as is_inherited,
    nullif(con.conparentid, 0) as parent_oid,
    h.inhparent as parent_index_oid
from relation c
join pg_constraint con on con.conrelid = c.oid
left join pg_class i on i.oid = con.conindid and con.contype in ('p', 'u', 'x')
left join pg_inherits h on h.inhrelid = i.oid
left join pg_tablespace ts on ts.oid = i.reltablespace
left join pg_constraint above on above.oid = con.conparentid
where con.contype in ('p', 'u', 'c', 'f', 'x')
    -- A foreign key to a partitioned table has one more for each partition there, whose name says
    -- only when it was made.
    and (con.contype <> 'f' or above.confrelid is null or above.confrelid = con.confrelid)
order by c.schema, c.relname, con.conname
