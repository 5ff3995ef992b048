select
    p.tableoid,
    p.oid,
    case p.prokind when 'p' then 'procedure' else 'function' end as kind,
    n.name as schema,
    format('%I(%s)', p.proname, inputs.types) as name,
    pg_get_userbyid(p.proowner) as owner,
    coalesce(p.proacl, acldefault('f', p.proowner))::text[] as acl,
    rtrim(pg_get_functiondef(p.oid), E'\n') as definition,
    pg_get_function_result(p.oid) as result,
    pg_get_function_arguments(p.oid) as arguments,
    l.lanname as language,
    p.proargnames as names,
    p.proargmodes as modes,
    p.pronargs as inputs_count,
    case
        when p.proallargtypes is not null then array(
            select format_type(a.type, null)
            from unnest(p.proallargtypes) with ordinality as a (type, position)
            order by a.position
        )
    end as types,
    p.pronargdefaults as defaults_count
from pg_proc p
join namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
cross join lateral (
    select coalesce(string_agg(format_type(a.type, null), ', ' order by a.position), '') as types
    from unnest(p.proargtypes) with ordinality as a (type, position)
) inputs
where p.oid >= 16384
    and p.prokind <> 'a'
    and not exists (
        select from extension_member m where m.classid = p.tableoid and m.objid = p.oid
    )
order by n.name, 5
