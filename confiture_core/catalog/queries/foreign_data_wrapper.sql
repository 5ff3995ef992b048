select
    w.tableoid,
    w.oid,
    w.fdwname as name,
    pg_get_userbyid(w.fdwowner) as owner,
    coalesce(w.fdwacl, acldefault('F', w.fdwowner))::text[] as acl,
    concat_ws(
        ' ',
        format('CREATE FOREIGN DATA WRAPPER %I', w.fdwname),
        'HANDLER ' || nullif(w.fdwhandler, 0)::regproc,
        'VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc,
        (
            select 'OPTIONS ('
                || string_agg(format('%I %L', o.name, o.value), ', ' order by o.name)
                || ')'
            from pg_options_to_table(w.fdwoptions) o (name, value)
        )
    ) as definition
from pg_foreign_data_wrapper w
where w.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = w.tableoid and m.objid = w.oid
    )
order by w.fdwname
