select
    p.tableoid,
    p.oid,
    c.schema,
    c.relname as name,
    p.polname as member,
    case p.polcmd
        when 'r' then 'SELECT'
        when 'a' then 'INSERT'
        when 'w' then 'UPDATE'
        when 'd' then 'DELETE'
        else 'ALL'
    end as command,
    p.polpermissive as is_permissive,
    array(
        select case when r.oid = 0 then 'public' else pg_get_userbyid(r.oid) end
        from unnest(p.polroles) as r (oid)
        order by 1
    ) as roles,
    pg_get_expr(p.polqual, p.polrelid) as using,
    pg_get_expr(p.polwithcheck, p.polrelid) as with_check
from relation c
join pg_policy p on p.polrelid = c.oid
order by c.schema, c.relname, p.polname
