select
    s.tableoid,
    s.oid,
    n.name as schema,
    s.stxname as name,
    pg_get_userbyid(s.stxowner) as owner,
    pg_get_statisticsobjdef(s.oid) as definition,
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
where not exists (
    select from extension_member m where m.classid = s.tableoid and m.objid = s.oid
)
order by n.name, s.stxname
