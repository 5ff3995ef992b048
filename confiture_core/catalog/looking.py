"""A cheap look at the system catalogs: what the open transaction has touched, and what is there.

Every row says which transaction wrote it. What is gone does not, so relations and what belongs to
them are listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from confiture_core.catalog import reader
from confiture_core.catalog.dependencies import PG_CLASS, PG_CONSTRAINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PG_PROC = "1255"

There = dict[str, set[str]]  # oids by catalog, both as addresses have them

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
_RARE = {
    "pg_class": "relkind in ('c', 'f', 'p') or relispartition",
    "pg_constraint": "contypid <> 0",
    "pg_proc": "prokind = 'a'",
    "pg_type": "typrelid = 0 and typcategory <> 'A'",
    "pg_depend": "deptype in ('e', 'x')",
}
# The oids of what is touched: the objects themselves, or those a row is about.
_OIDS = {"pg_class": "oid", "pg_proc": "oid", "pg_description": "objoid", "pg_depend": "objid"}
_NEW = "pg_catalog.age(xmin) <= pg_catalog.age($1)"
# As the query "comment" has them.
_COUNTED = {
    "pg_description": "objoid >= 16384"
    " or classoid in ('pg_namespace'::regclass, 'pg_extension'::regclass)"
}
_RARELY_TOUCHED = (
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
    "pg_inherits",
    "pg_init_privs",
    "pg_language",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_publication",
    "pg_publication_rel",
    "pg_range",
    "pg_seclabel",
    "pg_statistic_ext",
    "pg_transform",
    "pg_ts_config",
    "pg_ts_config_map",
    "pg_ts_dict",
    "pg_ts_parser",
    "pg_ts_template",
    "pg_user_mapping",
)
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

_WANTED = """
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
relation as materialized (
    select * from whole_relation where oid in (select oid from wanted)
),
pg_proc as materialized (
    select p.*, p.tableoid from pg_catalog.pg_proc p where p.oid = any($2)
)
"""
_EDGES = """
select json_build_array(
    d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
) as edge
from pg_depend d
where d.objid = any($3 || array(select oid from wanted)) and d.deptype in ('n','a','i','P','S','x')
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look saw in one catalog."""

    count: int
    rare_count: int
    listed: list[int] | None
    touched: list[int] | None
    relations: list[int] | None
    is_rare: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at all catalogs saw."""

    seen: Mapping[str, Seen]

    @property
    def marks(self) -> tuple[object, ...]:
        """What is the same as long as no row of the rare catalogs is gone."""
        return tuple((name, seen.rare_count) for name, seen in sorted(self.seen.items()))

    def has_other_comments(self, number: int) -> bool:
        """Tell whether there is a comment that there was not among so many, or one less."""
        seen = self.seen["pg_description"]
        return bool(seen.touched) or seen.count != number

    @property
    def is_rare(self) -> bool:
        """Whether something was touched that has everything read again."""
        return any(seen.is_rare for seen in self.seen.values())

    def relations(self) -> set[int]:
        """Give the oids of the relations that were touched."""
        found = set(self.seen["pg_class"].touched or ())
        for name in _PARTS:
            found.update(self.seen[name].relations or ())
        return found - {0}

    def there(self) -> There:
        """Give the oids of what there is, by catalog."""
        return {
            classid: {str(oid) for oid in self.seen[name].listed or ()}
            for name, classid in _LISTED.items()
        }


def is_gone(address: Sequence[str | int], there: There) -> bool:
    """Tell whether what an address, or an edge, starts with is not there any more."""
    classid, oid, *_ = address
    listed = there.get(str(classid))
    return listed is not None and oid not in listed


@lru_cache(maxsize=16)
def prepared_statements(version: int) -> dict[str, str]:
    """Write a look at all catalogs, and a reading of what is touched, as PREPARE takes them."""
    return {
        "look": f"(xid) as {' union all '.join(_looks())}",
        "touched": f"(oid[], oid[], oid[]) as {_touched(version)}",
    }


def _looks() -> Iterator[str]:
    for name in sorted({*_LISTED, *_PARTS, *_RARE, *_RARELY_TOUCHED, *_OIDS}):
        rare = "true" if name in _RARELY_TOUCHED else _RARE.get(name, "false")
        listed = "oid" if name in _LISTED else None
        columns = (
            f"'{name}'",
            f"count(*) filter (where {_COUNTED.get(name, 'true')})",
            f"count(*) filter (where {rare})",
            _array(listed, "oid >= 16384"),
            _array(_OIDS.get(name), _NEW),
            _array(_PARTS.get(name), _NEW),
            f"coalesce(bool_or({_NEW} and ({rare})), false)",
        )
        yield f"select {', '.join(columns)} from pg_catalog.{name}"


def _array(column: str | None, condition: str) -> str:
    if column is None:
        return "null::int8[]"
    return f"array_agg(distinct {column}::int8) filter (where {condition})"


def _touched(version: int) -> str:
    texts = {
        name: reader._for_version((reader._QUERIES / f"{name}.sql").read_text("utf-8"), version)
        for name in ("scope", "routine", "comment", *_OF_RELATIONS)
    }
    whole = "relation as materialized ("
    scope = texts.pop("scope")
    assert whole in scope
    scope = scope.replace(whole, "whole_relation as not materialized (", 1)
    texts["dependency"] = _EDGES
    texts["wanted"] = "select oid from wanted"
    selects = (
        f"select '{name}', coalesce((select json_agg(q)::text from (\n{query}\n) q), '[]')"
        for name, query in texts.items()
    )
    return f"{scope.rstrip()},{_WANTED}" + "\nunion all\n".join(selects)
