select
    s.tableoid,
    row_number() over ()::text as oid,
    split_part(setting.pair, '=', 1) as name,
    case when s.setrole <> 0 then pg_get_userbyid(s.setrole) else '' end as member,
    substr(setting.pair, strpos(setting.pair, '=') + 1) as value,
    setting.position
from pg_db_role_setting s
cross join unnest(s.setconfig) with ordinality as setting (pair, position)
where s.setdatabase = (select d.oid from pg_database d where d.datname = current_database())
order by 3, 4
