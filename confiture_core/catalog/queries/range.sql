select
    t.tableoid,
    t.oid,
    n.name as schema,
    t.typname as name,
    pg_get_userbyid(t.typowner) as owner,
    coalesce(t.typacl, acldefault('T', t.typowner))::text[] as acl,
    format(
        E'CREATE TYPE %s.%I AS RANGE (\n    %s\n)',
        n.quoted,
        t.typname,
        concat_ws(
            E',\n    ',
            'SUBTYPE = ' || format_type(r.rngsubtype, null),
            case when not oc.opcdefault then
                format('SUBTYPE_OPCLASS = %I.%I', ocn.nspname, oc.opcname)
            end,
            case when r.rngcollation <> st.typcollation then
                format('COLLATION = %I.%I', con.nspname, co.collname)
            end,
            'CANONICAL = ' || nullif(r.rngcanonical, 0)::regproc,
            'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff, 0)::regproc,
            -- pg >= 14
            case when mt.typname <> generated.name or mt.typnamespace <> t.typnamespace then
                format('MULTIRANGE_TYPE_NAME = %I.%I', mtn.nspname, mt.typname)
            end,
            -- pg all
            null
        )
    ) as definition
from pg_type t
join namespace n on n.oid = t.typnamespace
join pg_range r on r.rngtypid = t.oid
join pg_type st on st.oid = r.rngsubtype
join pg_opclass oc on oc.oid = r.rngsubopc
join pg_namespace ocn on ocn.oid = oc.opcnamespace
left join pg_collation co on co.oid = r.rngcollation
left join pg_namespace con on con.oid = co.collnamespace
-- pg >= 14
join pg_type mt on mt.oid = r.rngmultitypid
join pg_namespace mtn on mtn.oid = mt.typnamespace
-- pg all
cross join lateral (
    -- As makeMultirangeTypeName() does.
    select case
        when t.typname ~ 'range' then regexp_replace(t.typname, 'range', 'multirange')::name
        else left(t.typname, 52) || '_multirange'
    end as name
) generated
where t.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = t.tableoid and m.objid = t.oid
    )
order by n.name, t.typname
