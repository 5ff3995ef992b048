select
    d.tableoid,
    d.oid,
    c.schema,
    c.relname as name,
    a.attname as member,
    pg_get_expr(d.adbin, d.adrelid) as expression
from relation c
join pg_attrdef d on d.adrelid = c.oid
join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
where a.attgenerated = ''
order by c.schema, c.relname, a.attname
