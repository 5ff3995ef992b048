"""A cheap look at the system catalogs: what the open transaction has touched, and what is there.

PostgreSQL counts for each catalog the rows that a transaction writes, so only those are looked at
that were written to. There, every row says which transaction wrote it. What is gone does not, so
the oids of relations and of what belongs to them are known, and listed again where one is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from confiture_core.catalog import reader
from confiture_core.catalog.dependencies import PG_CLASS, PG_CONSTRAINT

if TYPE_CHECKING:
    from collections.abc import Mapping

PG_PROC = "1255"
PG_DESCRIPTION = "pg_description"

# Listed, so that what is gone is known; by the oid of the catalog, as addresses have it.
_LISTED = {
    "pg_class": PG_CLASS,
    "pg_constraint": PG_CONSTRAINT,
    "pg_attrdef": "2604",
    "pg_trigger": "2620",
    "pg_policy": "3256",
    "pg_rewrite": "2618",
    "pg_proc": PG_PROC,
}
# The relation that a row is about.
_PARTS = {
    "pg_attribute": "attrelid",
    "pg_attrdef": "adrelid",
    "pg_constraint": "conrelid",
    "pg_index": "indrelid",
    "pg_trigger": "tgrelid",
    "pg_policy": "polrelid",
    "pg_rewrite": "ev_class",
    "pg_sequence": "seqrelid",
}
# A row of these that is touched or gone has everything read again: texts may have changed that
# are not their own, or they are too seldom to be worth more.
RARE = {
    "pg_attribute": "attrelid < 16384"
    " or attrelid in (select oid from pg_class where relkind = 'c')",
    "pg_class": "oid < 16384 or relkind in ('c', 'f', 'p') or relispartition",
    "pg_constraint": "contypid <> 0",
    "pg_proc": "oid < 16384 or prokind = 'a'",
    "pg_type": "typrelid = 0 and typcategory <> 'A'",
    "pg_depend": "deptype in ('e', 'x')",
}
_RARE_LISTED = frozenset({"pg_class", "pg_type"})
# The oids of what is touched, where that is not the oid of the row: of what a row is about.
_OIDS = {"pg_description": "objoid", "pg_depend": "objid"}
# What initdb makes is not listed, nor are other rows of these looked at.
_OURS = {
    "pg_attrdef": "adrelid >= 16384",
    "pg_attribute": "attrelid >= 16384 or attacl is not null",
    "pg_class": "oid >= 16384 or relacl is not null",
    "pg_index": "indrelid >= 16384",
    "pg_trigger": "tgrelid >= 16384",
}
_NEW = "pg_catalog.age(xmin) <= (select pg_catalog.age($1))"
RARELY_TOUCHED = (
    "pg_aggregate",
    "pg_am",
    "pg_amop",
    "pg_amproc",
    "pg_cast",
    "pg_collation",
    "pg_conversion",
    "pg_db_role_setting",
    "pg_default_acl",
    "pg_enum",
    "pg_event_trigger",
    "pg_extension",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_foreign_table",
    "pg_inherits",
    "pg_init_privs",
    "pg_language",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_publication",
    "pg_publication_namespace",
    "pg_publication_rel",
    "pg_range",
    "pg_seclabel",
    "pg_statistic_ext",
    "pg_subscription",
    "pg_transform",
    "pg_ts_config",
    "pg_ts_config_map",
    "pg_ts_dict",
    "pg_ts_parser",
    "pg_ts_template",
    "pg_user_mapping",
)
_SINCE = {"pg_publication_namespace": 15}
# Of the queries, those about relations; in the order that objects are made in.
_OF_RELATIONS = (
    "sequence",
    "table",
    "column",
    "default",
    "constraint",
    "index",
    "view",
    "relation_column",
    "trigger",
    "rule",
    "policy",
)

_WANTED = """with
touched as materialized (
    select unnest($1) as oid
    union select x.indrelid from pg_index x where x.indexrelid = any($1)
    union select c.oid from pg_class c where c.reltoastrelid = any($1)
    union
    select d.refobjid from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = any($1)
        and d.refclassid = 'pg_class'::regclass and d.deptype = 'i'
    union
    select r.ev_class
    from pg_depend d
    join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    where d.refclassid = 'pg_class'::regclass and d.refobjid = any($1)
),
wanted as materialized (
    select oid from touched
    union
    -- Sequences that are part of a column.
    select d.objid from pg_depend d
    where d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from touched)
        and d.classid = 'pg_class'::regclass and d.deptype = 'i'
),
pg_proc as materialized (
    select p.*, p.tableoid from pg_catalog.pg_proc p where p.oid = any($2)
)
"""
# By class, so that an index finds them; those of all other classes have everything read again.
_EDGES = """
select json_build_array(
    d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
) as edge
from (select unnest($3) as oid union select oid from wanted) o
join pg_depend d on d.objid = o.oid and d.classid = any(
    '{pg_class,pg_type,pg_proc,pg_constraint,pg_attrdef,pg_trigger,pg_rewrite,pg_policy}'
    ::regclass[]::oid[]
)
where d.deptype in ('n','a','i','P','S','x')
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one catalog after a reading."""

    count: int
    rare_count: int
    oids: frozenset[int] = frozenset()  # of the user's rows, where they are listed
    rare: frozenset[int] = frozenset()  # of those that have everything read again, where listed
    is_stale: bool = False  # rows were written since, of which there are other than rare ones


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look saw in one catalog that was written to."""

    count: int
    rare_count: int
    touched: frozenset[int] = frozenset()
    relations: frozenset[int] = frozenset()  # that touched rows are about
    is_rare: bool = False  # something was touched that has everything read again


@dataclass(frozen=True, slots=True)
class Look:
    """What a look saw: the catalogs that were written to, and in them what is new or gone."""

    seen: Mapping[str, Seen] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)  # of all catalogs, now
    gone: frozenset[tuple[str, str]] = frozenset()  # catalog and oid, as addresses have them

    @property
    def is_empty(self) -> bool:
        """Whether nothing was touched that is part of a catalog."""
        touched = self.relations() or self.touched("pg_proc") or self.gone
        return not touched and not self.has_other_comments

    @property
    def has_other_comments(self) -> bool:
        """Whether a comment may be new, or gone."""
        return PG_DESCRIPTION in self.seen

    def relations(self) -> set[int]:
        """Give the oids of the relations that were touched."""
        found = set(self.touched("pg_class"))
        for name in _PARTS:
            found |= self.seen[name].relations if name in self.seen else frozenset()
        return found - {0}

    def touched(self, name: str) -> frozenset[int]:
        """Give the oids that were touched in a catalog."""
        return self.seen[name].touched if name in self.seen else frozenset()


def is_rare(seen: Mapping[str, Seen], base: Mapping[str, Known]) -> bool:
    """Tell whether something was touched, or is gone, that has everything read again."""
    return any(
        each.is_rare or each.rare_count != base[name].rare_count for name, each in seen.items()
    )


def shrunk(seen: Mapping[str, Seen], base: Mapping[str, Known]) -> list[str]:
    """Find the catalogs in which something listed is gone: there is less than there should be."""
    return [
        name
        for name, each in seen.items()
        if name in _LISTED
        and each.count != len(base[name].oids) + len(each.touched - base[name].oids)
    ]


def conclude(
    seen: Mapping[str, Seen], base: Mapping[str, Known], listed: Mapping[str, frozenset[int]]
) -> Look:
    """Put together what was seen, what was known, and the lists of what has shrunk."""
    known = dict(base)
    gone: set[tuple[str, str]] = set()
    for name, each in seen.items():
        oids = frozenset[int]()
        if name in _LISTED:
            before = base[name].oids
            oids = listed.get(name, before if each.touched <= before else before | each.touched)
            if name in listed:
                gone |= {(_LISTED[name], str(oid)) for oid in before - oids}
        known[name] = replace(
            base[name], count=each.count, rare_count=each.rare_count, oids=oids, is_stale=False
        )
    return Look(seen=seen, known=known, gone=frozenset(gone))


@lru_cache(maxsize=16)
def catalogs(version: int) -> tuple[str, ...]:
    """Name all catalogs that are looked at."""
    every = {*_LISTED, *_PARTS, *RARE, *RARELY_TOUCHED, *_OIDS}
    return tuple(sorted(name for name in every if version >= _SINCE.get(name, 0)))


@lru_cache(maxsize=16)
def inventory(version: int) -> str:
    """Write the query for what is known of all catalogs."""
    selects = []
    for name in catalogs(version):
        oids = "array_agg(oid::int8) filter (where oid >= 16384)"
        rare = f"array_agg(oid::int8) filter (where oid >= 16384 and ({_rare(name)}))"
        columns = (
            f"'{name}'",
            *_counts(name),
            oids if name in _LISTED else "null::int8[]",
            rare if name in _RARE_LISTED else "null::int8[]",
        )
        selects.append(f"select {', '.join(columns)} from pg_catalog.{name}{_where(name)}")
    return " union all ".join(selects)


def look_statement(name: str) -> str:
    """Write a look at one catalog, as PREPARE takes it."""
    touched = _OIDS.get(name, "oid" if name in _LISTED else None)
    rare = _rare(name)
    columns = (
        f"'{name}'",
        *_counts(name),
        _array(touched),
        _array(_PARTS.get(name)),
        f"coalesce(bool_or({_NEW} and ({rare})), false)",
    )
    return f"(xid) as select {', '.join(columns)} from pg_catalog.{name}{_where(name)}"


def list_statement(name: str) -> str:
    """Write the query for the user's rows in a catalog."""
    return (
        f"select '{name}', array_agg(oid::int8) from pg_catalog.{name}"
        f" where oid >= 16384 and ({_OURS.get(name, 'true')})"
    )


def _counts(name: str) -> tuple[str, str]:
    counted = "oid >= 16384" if name in _LISTED else "true"
    return (
        f"count(*) filter (where {counted})",
        f"count(*) filter (where {_rare(name)})",
    )


def _rare(name: str) -> str:
    return "true" if name in RARELY_TOUCHED else RARE.get(name, "false")


def _where(name: str) -> str:
    return f" where {_OURS[name]}" if name in _OURS else ""


def _array(column: str | None) -> str:
    if column is None:
        return "null::int8[]"
    return f"array_agg(distinct {column}::int8) filter (where {_NEW})"


@lru_cache(maxsize=16)
def touched_statement(version: int) -> str:
    """Write the reading of what is touched, as PREPARE takes it."""
    texts = texts_of_relations(version)
    scope = texts.pop("scope")
    texts["dependency"] = _EDGES
    texts["wanted"] = "select oid from wanted"
    return f"(oid[], oid[], oid[]) as {_WANTED.rstrip()},\n{scope}\n{joined(texts)}"


def texts_of_relations(version: int) -> dict[str, str]:
    """Give the queries for relations and routines that are wanted, and what they choose from."""
    texts = {name: _query(name, version) for name in ("scope", "routine", *_OF_RELATIONS)}
    scope = texts["scope"].partition("\nwith\n")[2]
    every = "where c.oid >= 16384"
    assert scope.count(every) == 1
    # Few objects are looked up: an index is better than a list of all members.
    scope = scope.replace("extension_member as materialized", "extension_member as", 1)
    scope = scope.replace(every, f"where c.oid = any(array(select oid from wanted)) and{every[5:]}")
    return {**texts, "scope": scope.rstrip()}


@lru_cache(maxsize=16)
def comments_statement(version: int) -> str:
    """Write the reading of all comments."""
    return joined({"comment": _query("comment", version)})


def _query(name: str, version: int) -> str:
    return reader._for_version((reader._QUERIES / f"{name}.sql").read_text("utf-8"), version)


def joined(texts: Mapping[str, str]) -> str:
    """Write queries as one, which gives their names and their rows as JSON."""
    return "\nunion all\n".join(
        f"select '{name}', coalesce((select json_agg(q)::text from (\n{query}\n) q), '[]')"
        for name, query in texts.items()
    )
