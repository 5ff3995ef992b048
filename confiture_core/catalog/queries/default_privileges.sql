select
    d.tableoid,
    d.oid,
    case d.defaclobjtype
        when 'r' then 'TABLES'
        when 'S' then 'SEQUENCES'
        when 'f' then 'FUNCTIONS'
        when 'T' then 'TYPES'
        when 'n' then 'SCHEMAS'
        when 'L' then 'LARGE OBJECTS'
    end as object_type,
    pg_get_userbyid(d.defaclrole) as role,
    n.nspname as in_schema,
    d.defaclacl::text[] as granted
from pg_default_acl d
left join pg_namespace n on n.oid = d.defaclnamespace
order by 3, 4, 5
