select
    co.tableoid,
    co.oid,
    n.name as schema,
    co.collname as name,
    pg_get_userbyid(co.collowner) as owner,
    format(
        'CREATE COLLATION %s.%I (%s)',
        n.quoted,
        co.collname,
        concat_ws(
            ', ',
            'PROVIDER = ' || case co.collprovider
                when 'c' then 'libc'
                when 'i' then 'icu'
                when 'b' then 'builtin'
            end,
            case when not co.collisdeterministic then 'DETERMINISTIC = false' end,
            'LOCALE = ' || quote_literal(
                coalesce(
                    co.colllocale,  -- pg >= 17
                    co.colliculocale,  -- pg 15 16
                    case when co.collcollate = co.collctype then co.collcollate end
                )
            ),
            'LC_COLLATE = ' || quote_literal(nullif(co.collcollate, co.collctype)),
            'LC_CTYPE = ' || quote_literal(nullif(co.collctype, co.collcollate)),
            'RULES = ' || quote_literal(co.collicurules),  -- pg >= 16
            null
        )
    ) as definition
from pg_collation co
join namespace n on n.oid = co.collnamespace
where co.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = co.tableoid and m.objid = co.oid
    )
order by n.name, co.collname
