select
    s.tableoid,
    s.oid,
    n.name as schema,
    s.stxname as name,
    pg_get_userbyid(s.stxowner) as owner,
    -- Columns are listed as they stand in the table, which means nothing: by name instead.
    replace(
        pg_get_statisticsobjdef(s.oid),
        ' ON ' || coalesce(k.by_number, ''),
        ' ON ' || coalesce(k.by_name, '')
    ) as definition,
    array(
        -- pg >= 13
        select format(
            'ALTER STATISTICS %s.%I SET STATISTICS %s', n.quoted, s.stxname, s.stxstattarget
        )
        where s.stxstattarget >= 0
        -- pg < 13
        select '' where false
        -- pg all
    ) as extra
from pg_statistic_ext s
join namespace n on n.oid = s.stxnamespace
join relation c on c.oid = s.stxrelid
left join lateral (
    select
        string_agg(quote_ident(a.attname), ', ' order by a.attnum) as by_number,
        string_agg(quote_ident(a.attname), ', ' order by a.attname) as by_name
    from pg_attribute a
    where a.attrelid = s.stxrelid and a.attnum = any (s.stxkeys::int2[])
) k on true
where not exists (
    select from extension_member m where m.classid = s.tableoid and m.objid = s.oid
)
order by n.name, s.stxname
