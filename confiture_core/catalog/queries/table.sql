select
    c.tableoid,
    c.oid,
    case c.relkind when 'f' then 'foreign table' else 'table' end as kind,
    c.schema,
    c.relname as name,
    pg_get_userbyid(c.relowner) as owner,
    coalesce(c.relacl, acldefault('r', c.relowner))::text[] as acl,
    c.relpersistence as persistence,
    case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
    c.relispartition as is_partition,
    pg_get_expr(c.relpartbound, c.oid) as partition_bound,
    coalesce(i.parents, '{}') as parents,
    case when c.reloftype <> 0 then format_type(c.reloftype, null) end as of_type,
    coalesce(c.reloptions, '{}') as options,
    coalesce(t.reloptions, '{}') as toast_options,
    -- Partitioned tables have none of their own, unless they were given one for their partitions.
    case when c.relkind = 'p' then am.amname else nullif(am.amname, 'heap') end as access_method,
    c.relrowsecurity as row_security,
    c.relforcerowsecurity as force_row_security,
    c.relreplident as replica_identity,
    x.replica_identity_index,
    x.clustered_index,
    ts.spcname as tablespace,
    fs.srvname as server,
    coalesce(ft.ftoptions, '{}') as server_options
from relation c
left join pg_am am on am.oid = c.relam
left join pg_class t on t.oid = c.reltoastrelid
left join pg_tablespace ts on ts.oid = c.reltablespace
left join pg_foreign_table ft on ft.ftrelid = c.oid
left join pg_foreign_server fs on fs.oid = ft.ftserver
left join lateral (
    select array_agg(h.inhparent order by h.inhseqno) as parents
    from pg_inherits h
    where h.inhrelid = c.oid
) i on true
left join lateral (
    select
        max(ic.relname::text) filter (where x.indisreplident) as replica_identity_index,
        max(ic.relname::text) filter (where x.indisclustered) as clustered_index
    from pg_index x
    join pg_class ic on ic.oid = x.indexrelid
    where x.indrelid = c.oid and (x.indisreplident or x.indisclustered)
) x on true
where c.relkind in ('r', 'p', 'f')
order by c.schema, c.relname
