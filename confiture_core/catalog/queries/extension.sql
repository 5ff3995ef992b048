-- The comment that CREATE EXTENSION sets is read from the control files, and only if it must be.
with available as materialized (
    select a.name, a.comment from pg_available_extensions() a
)
select
    e.tableoid,
    e.oid,
    e.extname as name,
    n.nspname as extension_schema,
    e.extversion as version,
    e.extrelocatable as is_relocatable,
    case
        when e.extname = 'plpgsql' then 'PL/pgSQL procedural language'
        else (select a.comment from available a where a.name = e.extname)
    end as default_comment
from pg_extension e
join pg_namespace n on n.oid = e.extnamespace
order by e.extname
