select
    c.tableoid,
    c.oid,
    types.pair as name,
    'CREATE CAST ' || types.pair || case c.castmethod
        when 'f' then ' WITH FUNCTION ' || c.castfunc::regprocedure
        when 'i' then ' WITH INOUT'
        else ' WITHOUT FUNCTION'
    end || case c.castcontext
        when 'a' then ' AS ASSIGNMENT'
        when 'i' then ' AS IMPLICIT'
        else ''
    end as definition
from pg_cast c
cross join lateral (
    select format(
        '(%s AS %s)', format_type(c.castsource, null), format_type(c.casttarget, null)
    ) as pair
) types
where c.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = c.tableoid and m.objid = c.oid
    )
order by types.pair
