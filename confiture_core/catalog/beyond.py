"""What a database holds beyond its own schema: changes to PostgreSQL's own objects.

pg_dump knows nothing of them, and no catalog does; they are read so that they can be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.rows import tuple_row

if TYPE_CHECKING:
    import psycopg

# What initdb wrote has older transactions than the functions of the information schema, which
# come after all comments and text search objects.
_QUERY = """
with
extension_member as materialized (
    select d.classid, d.objid from pg_catalog.pg_depend d where d.deptype = 'e'
),
first as materialized (
    select min(p.xmin::text::int8) as xid
    from pg_catalog.pg_proc p
    where p.pronamespace = 'information_schema'::regnamespace and p.oid < 16384
),
made as not materialized (
    select tableoid as classid, oid, relname as name, relnamespace as namespace
    from pg_catalog.pg_class where relkind not in ('i', 'I', 't')
    union all
    select tableoid, oid, proname, pronamespace from pg_catalog.pg_proc
    union all
    select tableoid, oid, typname, typnamespace
    from pg_catalog.pg_type where typrelid = 0 and typcategory <> 'A'
    union all
    select tableoid, oid, oprname, oprnamespace from pg_catalog.pg_operator
    union all
    select tableoid, oid, collname, collnamespace from pg_catalog.pg_collation
    union all
    select tableoid, oid, conname, connamespace from pg_catalog.pg_conversion
    union all
    select tableoid, oid, opcname, opcnamespace from pg_catalog.pg_opclass
    union all
    select tableoid, oid, opfname, opfnamespace from pg_catalog.pg_opfamily
    union all
    select tableoid, oid, cfgname, cfgnamespace from pg_catalog.pg_ts_config
    union all
    select tableoid, oid, dictname, dictnamespace from pg_catalog.pg_ts_dict
),
fact as (
    select
        'comment' as verb,
        format(
            'the comment on %s: %L',
            pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description
        ) as text,
        d.description as definition,
        d.classoid as classid,
        d.objoid as objid
    from pg_catalog.pg_description d
    where d.classoid <> 'pg_largeobject'::regclass
        and d.objoid < 16384 and d.xmin::text::int8 > (select xid from first)
        and (d.classoid, d.objoid) <> ('pg_namespace'::regclass, 2200)
        and d.classoid <> 'pg_extension'::regclass
    union all
    select
        'security',
        format(
            'the security label on %s: %L', pg_describe_object(l.classoid, l.objoid, l.objsubid),
            l.label
        ),
        l.label,
        l.classoid,
        l.objoid
    from pg_catalog.pg_seclabel l
    where l.classoid <> 'pg_largeobject'::regclass and l.objoid < 16384
        and (l.classoid, l.objoid) <> ('pg_namespace'::regclass, 2200)
    union all
    select 'create', pg_describe_object(m.classid, m.oid, 0), null, m.classid, m.oid
    from made m
    where m.oid >= 16384
        and m.namespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    union all
    select
        'alter',
        'the change of ' || pg_describe_object(p.tableoid, p.oid, 0),
        pg_get_functiondef(p.oid) || pg_get_userbyid(p.proowner),
        p.tableoid,
        p.oid
    from pg_catalog.pg_proc p
    where p.oid < 16384 and p.proacl is null and p.prokind <> 'a'
        and p.pronamespace = 'pg_catalog'::regnamespace
        and p.xmin::text::int8 > (select xid from first)
    union all
    select 'alter', pg_describe_object(o.tableoid, o.oid, 0), null, o.tableoid, o.oid
    from (
        select tableoid, oid, amopfamily as family from pg_catalog.pg_amop
        union all
        select tableoid, oid, amprocfamily from pg_catalog.pg_amproc
    ) o
    where o.oid >= 16384 and o.family < 16384
        and not exists (
            -- It is part of an operator class.
            select from pg_catalog.pg_depend d
            where d.classid = o.tableoid and d.objid = o.oid
                and d.refclassid = 'pg_opclass'::regclass and d.deptype = 'i'
        )
    union all
    select
        'alter',
        format(
            '%s, mapping of token type %s to %s',
            pg_describe_object('pg_ts_config'::regclass, m.mapcfg, 0),
            m.maptokentype,
            m.mapdict::regdictionary
        ),
        null,
        'pg_ts_config'::regclass,
        m.mapcfg
    from pg_catalog.pg_ts_config_map m
    where m.mapcfg < 16384 and m.xmin::text::int8 > (select xid from first)
)
select f.verb, f.text, f.definition
from fact f
where not exists (
    select from extension_member e where e.classid = f.classid and e.objid = f.objid
)
order by f.verb, f.text
"""


class Beyond(NamedTuple):
    """A change to an object of PostgreSQL's own."""

    verb: str  # with which the statement begins that makes it: "comment", "alter"
    text: str  # "the comment on function now(): 'of day'"
    definition: str | None  # what else tells it from others with this text


def read_beyond(connection: psycopg.Connection[Any]) -> frozenset[Beyond]:
    """Read what was done to PostgreSQL's own objects, or put beside them, on any connection."""
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("set local search_path = pg_catalog", prepare=False)
        return frozenset(map(Beyond._make, cursor.execute(_QUERY.encode(), prepare=False)))
