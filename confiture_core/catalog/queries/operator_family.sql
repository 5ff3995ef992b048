select
    f.tableoid,
    f.oid,
    n.name as schema,
    format('%I USING %I', f.opfname, am.amname) as name,
    pg_get_userbyid(f.opfowner) as owner,
    format('CREATE OPERATOR FAMILY %s.%I USING %I', n.quoted, f.opfname, am.amname) as definition,
    array(
        select format(
            'ALTER OPERATOR FAMILY %s.%I USING %I ADD %s',
            n.quoted, f.opfname, am.amname, part.text
        )
        from pg_depend d
        join operator_family_part part on part.classid = d.classid and part.oid = d.objid
        where d.refclassid = f.tableoid and d.refobjid = f.oid
        order by part.sort, part.number, part.text
    ) as extra
from pg_opfamily f
join namespace n on n.oid = f.opfnamespace
join pg_am am on am.oid = f.opfmethod
where f.oid >= 16384
    and not exists (
        select from extension_member m where m.classid = f.tableoid and m.objid = f.oid
    )
order by n.name, 4
