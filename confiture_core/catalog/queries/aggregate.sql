select
    p.tableoid,
    p.oid,
    n.name as schema,
    format('%I(%s)', p.proname, inputs.types) as name,
    pg_get_userbyid(p.proowner) as owner,
    coalesce(p.proacl, acldefault('f', p.proowner))::text[] as acl,
    format(
        E'CREATE AGGREGATE %s.%I(%s) (\n    %s\n)',
        n.quoted,
        p.proname,
        coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'),
        concat_ws(
            E',\n    ',
            'SFUNC = ' || a.aggtransfn,
            'STYPE = ' || format_type(a.aggtranstype, null),
            'SSPACE = ' || nullif(a.aggtransspace, 0),
            'INITCOND = ' || quote_literal(a.agginitval),
            'FINALFUNC = ' || nullif(a.aggfinalfn, 0)::regproc,
            case when a.aggfinalextra then 'FINALFUNC_EXTRA' end,
            'FINALFUNC_MODIFY = ' || case
                when a.aggfinalmodify <> modify.by_default
                then modify.words ->> a.aggfinalmodify::text
            end,
            'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0)::regproc,
            'SERIALFUNC = ' || nullif(a.aggserialfn, 0)::regproc,
            'DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0)::regproc,
            'MSFUNC = ' || nullif(a.aggmtransfn, 0)::regproc,
            'MINVFUNC = ' || nullif(a.aggminvtransfn, 0)::regproc,
            'MSTYPE = ' || format_type(nullif(a.aggmtranstype, 0), null),
            'MSSPACE = ' || nullif(a.aggmtransspace, 0),
            'MINITCOND = ' || quote_literal(a.aggminitval),
            'MFINALFUNC = ' || nullif(a.aggmfinalfn, 0)::regproc,
            case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
            'MFINALFUNC_MODIFY = ' || case
                when a.aggmtransfn <> 0 and a.aggmfinalmodify <> modify.by_default
                then modify.words ->> a.aggmfinalmodify::text
            end,
            'SORTOP = OPERATOR(' || quote_ident(son.nspname) || '.' || so.oprname || ')',
            case when a.aggkind = 'h' then 'HYPOTHETICAL' end,
            'PARALLEL = ' || case p.proparallel when 's' then 'SAFE' when 'r' then 'RESTRICTED' end
        )
    ) as definition
from pg_proc p
join namespace n on n.oid = p.pronamespace
join pg_aggregate a on a.aggfnoid = p.oid
left join pg_operator so on so.oid = a.aggsortop
left join pg_namespace son on son.oid = so.oprnamespace
cross join lateral (
    -- COMMENT ON AGGREGATE and its like want a star for no arguments.
    select coalesce(string_agg(format_type(i.type, null), ', ' order by i.position), '*') as types
    from unnest(p.proargtypes) with ordinality as i (type, position)
) inputs
cross join lateral (
    select
        case a.aggkind when 'n' then 'r' else 'w' end as by_default,
        '{"r": "READ_ONLY", "s": "SHAREABLE", "w": "READ_WRITE"}'::json as words
) modify
where p.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = p.tableoid and m.objid = p.oid
    )
order by n.name, 4
