select
    s.tableoid,
    s.oid,
    s.srvname as name,
    pg_get_userbyid(s.srvowner) as owner,
    coalesce(s.srvacl, acldefault('S', s.srvowner))::text[] as acl,
    concat_ws(
        ' ',
        format('CREATE SERVER %I', s.srvname),
        'TYPE ' || quote_literal(s.srvtype),
        'VERSION ' || quote_literal(s.srvversion),
        format('FOREIGN DATA WRAPPER %I', w.fdwname),
        (
            select 'OPTIONS ('
                || string_agg(format('%I %L', o.name, o.value), ', ' order by o.name)
                || ')'
            from pg_options_to_table(s.srvoptions) o (name, value)
        )
    ) as definition
from pg_foreign_server s
join pg_foreign_data_wrapper w on w.oid = s.srvfdw
where not exists (
    select from extension_member m where m.classid = s.tableoid and m.objid = s.oid
)
order by s.srvname
