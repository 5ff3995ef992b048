select
    r.tableoid,
    r.oid,
    c.schema,
    c.relname as name,
    r.rulename as member,
    rtrim(pg_get_ruledef(r.oid), ';') as definition,
    r.ev_enabled as enabled
from relation c
join pg_rewrite r on r.ev_class = c.oid
where r.rulename <> '_RETURN'
order by c.schema, c.relname, r.rulename
