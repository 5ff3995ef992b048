-- Through the view, which everybody may read; it hides options from those who may not see them.
select
    'pg_user_mapping'::regclass::oid as tableoid,
    u.umid as oid,
    format('%I SERVER %I', u.usename, u.srvname) as name,
    concat_ws(
        ' ',
        format('CREATE USER MAPPING FOR %I SERVER %I', u.usename, u.srvname),
        (
            select 'OPTIONS ('
                || string_agg(format('%I %L', o.name, o.value), ', ' order by o.name)
                || ')'
            from pg_options_to_table(u.umoptions) o (name, value)
        )
    ) as definition
from pg_user_mappings u
order by 3
