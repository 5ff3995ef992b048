-- The operators and functions that belong to the class; the others are their family's.
select
    oc.tableoid,
    oc.oid,
    n.name as schema,
    format('%I USING %I', oc.opcname, am.amname) as name,
    pg_get_userbyid(oc.opcowner) as owner,
    format(
        E'CREATE OPERATOR CLASS %s.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS\n    %s',
        n.quoted,
        oc.opcname,
        case when oc.opcdefault then ' DEFAULT' else '' end,
        format_type(oc.opcintype, null),
        am.amname,
        fn.nspname,
        f.opfname,
        concat_ws(
            E',\n    ',
            -- A class without members is written with a storage type that says nothing new.
            'STORAGE ' || case
                when oc.opckeytype <> 0 then format_type(oc.opckeytype, null)
                when parts.list is null then format_type(oc.opcintype, null)
            end,
            parts.list
        )
    ) as definition
from pg_opclass oc
join namespace n on n.oid = oc.opcnamespace
join pg_am am on am.oid = oc.opcmethod
join pg_opfamily f on f.oid = oc.opcfamily
join pg_namespace fn on fn.oid = f.opfnamespace
left join lateral (
    select string_agg(part.text, E',\n    ' order by part.sort, part.number, part.text) as list
    from pg_depend d
    join operator_family_part part on part.classid = d.classid and part.oid = d.objid
    where d.refclassid = oc.tableoid and d.refobjid = oc.oid
) parts on true
where oc.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = oc.tableoid and m.objid = oc.oid
    )
order by n.name, 4
