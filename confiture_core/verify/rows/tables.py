"""What is needed to know of a table to put rows into it. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pglast import ast, parse_sql

from confiture_core import names
from confiture_core.catalog.model import Catalog, Column, Constraint, Identity, Index, Object, Table
from confiture_core.verify.rows.constants import Constants, bound_constants, constants_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key: columns here, and those of the other table they are equal to."""

    columns: tuple[str, ...]
    table: Identity
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A table that can be given rows: an ordinary one, or the top of a partitioned one."""

    identity: Identity
    columns: tuple[Column, ...]  # those that a value can be given for
    references: tuple[Reference, ...] = ()
    # What its checks and the bounds of its partitions name, by column.
    constants: Mapping[str, Constants]
    # Columns of constraints, unique indexes and, under "", of the partition key: to blame them.
    parts: Mapping[str, tuple[str, ...]]
    computed: tuple[str, ...] = ()  # columns that indexes and generated columns compute from
    empty_reason: str | None = None  # why no row can be put in at all

    @property
    def name(self) -> str:
        """The qualified name."""
        return self.identity.qualified

    def is_nullable(self, reference: Reference) -> bool:
        """Tell whether one of the reference's columns can be null."""
        not_null = {each.identity.member for each in self.columns if each.not_null}
        keys = self.parts.get("primary key", ())
        return any(name not in not_null and name not in keys for name in reference.columns)


_KINDS = frozenset({"column", "constraint", "index", "table"})


class Tables:
    """The tables of a state with what belongs to each, kept up to date from state to state."""

    def __init__(self, catalog: Catalog) -> None:
        self._parts: dict[Identity, dict[Identity, Object]] = defaultdict(dict)
        self._owners: dict[Identity, Identity] = {}  # of a part, or of a partition, the table
        for identity, item in catalog.objects.items():
            if identity.kind in _KINDS:
                self._add(item)

    def follow(self, catalog: Catalog, changed: Iterable[Identity]) -> None:
        """Go on to another state, of which it is known what has changed."""
        for identity in changed:
            if identity.kind not in _KINDS:
                continue
            for owner in (identity, self._owners.pop(identity, None)):
                if owner is not None and owner in self._parts:
                    self._parts[owner].pop(identity, None)
            item = catalog.objects.get(identity)
            if item is not None:
                self._add(item)

    def targets(self, wanted: Collection[Identity] | None = None) -> dict[Identity, Target]:
        """Give the tables, of those wanted or of all, that rows can be put into.

        Partitions get theirs from above.
        """
        found = {}
        for identity in sorted(self._parts if wanted is None else wanted):
            parts = self._parts.get(identity, {})
            table = parts.get(identity)
            if isinstance(table, Table) and table.partition_of is None:
                found[identity] = _target(table, [parts[each] for each in sorted(parts)])
        return found

    def _add(self, item: Object) -> None:
        identity = item.identity
        owner = _table_of(identity)
        match item:
            case Index(table=table):
                owner = table
            case Table(partition_of=Identity() as above):
                self._parts[identity][identity] = item
                owner = above
        self._parts[owner][identity] = item
        if owner != identity:
            self._owners[identity] = owner


def find_targets(
    catalog: Catalog, wanted: Collection[Identity] | None = None
) -> dict[Identity, Target]:
    """Find the tables, of those wanted or of all, that rows can be put into."""
    return Tables(catalog).targets(wanted)


def _table_of(identity: Identity) -> Identity:
    return Identity(kind="table", schema=identity.schema, name=identity.name)


def _target(table: Table, items: Collection[Object]) -> Target:
    constraints = [each for each in items if isinstance(each, Constraint)]
    indexes = [each for each in items if isinstance(each, Index)]
    partitions = [each for each in items if isinstance(each, Table) and each is not table]
    columns = [each for each in items if isinstance(each, Column)]
    columns.sort(key=lambda each: each.position)
    parts = {
        name: each.columns
        for each in constraints
        for name in (each.identity.member, *(["primary key"] if each.type == "p" else []))
    }
    parts |= {
        each.identity.name: _mentioned(_keys(each), columns) for each in indexes if each.is_unique
    }
    if table.partition_key:
        parts[""] = _mentioned(table.partition_key, columns)
    computing = [each.expression or "" for each in columns if each.generated]
    computing += [_keys(each) for each in indexes if "(" in _keys(each).partition("(")[2]]
    return Target(
        identity=table.identity,
        columns=tuple(each for each in columns if not each.generated),
        references=tuple(
            _reference(each, each.references) for each in constraints if each.references
        ),
        constants=_constants(constraints, partitions, parts.get("", ())),
        parts=parts,
        computed=_mentioned(" ".join(computing), columns),
        empty_reason="it has no partition" if table.partition_key and not partitions else None,
    )


def _keys(index: Index) -> str:
    return index.definition.partition(" USING ")[2]


def _constants(
    constraints: list[Constraint], partitions: list[Table], partition_key: tuple[str, ...]
) -> dict[str, Constants]:
    """Find what is named by checks, and by the bounds of partitions, of each column."""
    constants: dict[str, Constants] = defaultdict(Constants)
    found = [
        (each.columns, constants_of(each.definition)) for each in constraints if each.type == "c"
    ]
    found += [(partition_key, bound_constants(each.partition_bound or "")) for each in partitions]
    for columns, named in found:
        for name in columns:
            constants[name] = constants[name].and_(named)
    return constants


def _reference(constraint: Constraint, table: Identity) -> Reference:
    columns, others = _keys_of(constraint.definition)
    return Reference(columns=columns, table=table, others=others)


@lru_cache(maxsize=4096)
def _keys_of(definition: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Find the columns of a foreign key, here and in the other table."""
    statement = parse_sql(f"ALTER TABLE t ADD CONSTRAINT c {definition}")[0].stmt
    assert isinstance(statement, ast.AlterTableStmt)
    node = next(iter(statement.cmds or ())).def_
    here, there = (
        tuple(each.sval for each in attributes or ())
        for attributes in (node.fk_attrs, node.pk_attrs)
    )
    return here, there


def _mentioned(text: str, columns: Iterable[Column]) -> tuple[str, ...]:
    found = []
    for column in columns:
        name = column.identity.member
        if re.search(rf"(?<![\w\"]){re.escape(names.quote(name))}(?![\w\"])", text):
            found.append(name)
    return tuple(found)
