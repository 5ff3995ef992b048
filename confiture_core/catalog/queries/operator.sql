-- An operator that is only named, as a commutator or negator, has no function and does not count.
select
    o.tableoid,
    o.oid,
    n.name as schema,
    format(
        '%s (%s, %s)',
        o.oprname,
        coalesce(format_type(nullif(o.oprleft, 0), null), 'NONE'),
        coalesce(format_type(nullif(o.oprright, 0), null), 'NONE')
    ) as name,
    pg_get_userbyid(o.oprowner) as owner,
    format(
        E'CREATE OPERATOR %s.%s (\n    %s\n)',
        n.quoted,
        o.oprname,
        concat_ws(
            E',\n    ',
            'FUNCTION = ' || o.oprcode,
            'LEFTARG = ' || format_type(nullif(o.oprleft, 0), null),
            'RIGHTARG = ' || format_type(nullif(o.oprright, 0), null),
            'COMMUTATOR = OPERATOR(' || quote_ident(cn.nspname) || '.' || c.oprname || ')',
            'NEGATOR = OPERATOR(' || quote_ident(nn.nspname) || '.' || ne.oprname || ')',
            'RESTRICT = ' || nullif(o.oprrest, 0)::regproc,
            'JOIN = ' || nullif(o.oprjoin, 0)::regproc,
            case when o.oprcanhash then 'HASHES' end,
            case when o.oprcanmerge then 'MERGES' end
        )
    ) as definition
from pg_operator o
join namespace n on n.oid = o.oprnamespace
left join pg_operator c on c.oid = o.oprcom
left join pg_namespace cn on cn.oid = c.oprnamespace
left join pg_operator ne on ne.oid = o.oprnegate
left join pg_namespace nn on nn.oid = ne.oprnamespace
where o.oid >= 16384
    and o.oprcode <> 0
    and not exists (
        select from extension_member m where m.classid = o.tableoid and m.objid = o.oid
    )
order by n.name, 4
