-- What the other queries choose from: not the system's, not an extension's, not confiture's own.
-- Objects that initdb makes have oids below 16384; only the schema "public" and extensions count.
-- Constructors and casts of a range type come and go with it, as members of an extension do.
with
extension_member as materialized (
    select d.classid, d.objid, d.refobjid as extension
    from pg_depend d
    where d.deptype = 'e'
        or (d.deptype = 'i' and d.classid in ('pg_proc'::regclass, 'pg_cast'::regclass))
),
namespace as materialized (
    select n.oid, n.nspname as name, quote_ident(n.nspname) as quoted
    from pg_namespace n
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
),
relation as materialized (
    select c.*, c.tableoid, n.name as schema, n.quoted as quoted_schema
    from pg_class c
    join namespace n on n.oid = c.relnamespace
    where c.oid >= 16384
        and not (
            n.name = 'public'
            and (
                c.relname in ('confiture_migrations', 'confiture_migration_progress')
                or (c.relkind = 'S' and c.relname ~ '^confiture_migration(s|_progress)_')
            )
        )
        and not exists (
            -- An index finds it; of members that are materialized each would be looked at.
            select from pg_depend d
            where d.classid = c.tableoid and d.objid = c.oid and d.deptype = 'e'
        )
        and not exists (
            -- A history that is called otherwise: confiture has left its comment on it.
            select from pg_description d
            where d.objoid = c.oid and d.classoid = c.tableoid and d.objsubid = 0
                and d.description = 'confiture: the history of migrations'
        )
),
operator_family_part as (
    -- Operators and functions of access methods, as members of operator classes and families.
    select
        o.tableoid as classid,
        o.oid,
        1 as sort,
        o.amopstrategy as number,
        format('OPERATOR %s %s', o.amopstrategy, o.amopopr::regoperator)
        || coalesce(
            ' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(s.opfname), ''
        ) as text
    from pg_amop o
    left join pg_opfamily s on s.oid = o.amopsortfamily
    left join pg_namespace sn on sn.oid = s.opfnamespace
    where o.oid >= 16384
    union all
    select
        p.tableoid,
        p.oid,
        2,
        p.amprocnum,
        format(
            'FUNCTION %s (%s, %s) %s',
            p.amprocnum,
            format_type(p.amproclefttype, null),
            format_type(p.amprocrighttype, null),
            p.amproc::regprocedure
        )
    from pg_amproc p
    where p.oid >= 16384
)
