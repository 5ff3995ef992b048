"""The form of a plan that keeps nobody waiting, cut into stages.

Indexes are built concurrently, foreign keys and CHECK constraints are added unchecked and checked
later, NOT NULL and keys come by way of those. What a plan makes itself is left as it is: nobody
uses it yet. Even stages are one transaction each; odd ones commit statement by statement.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import AlterTableType, ConstrType, ObjectType
from pglast.parser import scan

from confiture_core import names
from confiture_core.catalog.model import Catalog, Constraint, Identity, Index, Table, View
from confiture_core.diff.facts import with_facts
from confiture_core.diff.operation import Hazard, Operation, Step
from confiture_core.diff.options import quoted_option
from confiture_core.diff.words.nodes import Node, is_a
from confiture_core.statements import runs_in_transaction, split_statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BLOCKS = ("blocks reads", "blocks writes", "scans table")
_MEANWHILE = "__not_null"
_LONGEST = 63  # bytes: NAMEDATALEN - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is committed together, or one after the other where it cannot be."""

    steps: tuple[Step, ...]
    transactional: bool


def stages(
    steps: Sequence[Step],
    operations: Sequence[Operation],
    new: Catalog,
    *,
    in_order: bool,
    transactional: bool,
) -> tuple[Stage, ...]:
    """Rewrite the steps of a plan that leads to a catalog and cut them into stages.

    With `in_order` no step overtakes another; else each goes into the first stage that what it
    depends on allows. A plan that is not `transactional` has its enum values committed first.
    """
    cutter = _Cutter(operations, new, in_order=in_order)
    if not transactional and not in_order and any(map(_adds_value, steps)):
        cutter.first = 2
    for step in steps:
        cutter.add(step, commits=not transactional)
    found = sorted(cutter.stages.items())
    return tuple(
        Stage(steps=tuple(listed), transactional=number % 2 == 0) for number, listed in found
    )


def concurrently(steps: Iterable[Step], old: Catalog, new: Catalog) -> tuple[Step, ...]:
    """Rewrite the building and dropping of indexes in a plan that commits in steps."""
    tables = _Tables((), old, new)
    return tuple(_index_step(step, _node(step), tables) or step for step in steps)


class _Tables:
    """Which tables have rows and readers, and are not partitioned."""

    def __init__(self, operations: Sequence[Operation], *catalogs: Catalog) -> None:
        self._made = {
            operation.identity
            for operation in operations
            if operation.action == "create" and isinstance(operation.new, Table | View)
        }
        self._partitioned: set[Identity] = set()
        self._indexes: dict[tuple[str, str], Index] = {}
        items = [item for catalog in catalogs for item in catalog.objects.values()]
        items += [op.old for op in operations if op.old is not None]
        for item in items:
            if isinstance(item, Table) and item.partition_key:
                self._partitioned.add(item.identity)
            if isinstance(item, Index):
                self._indexes[item.identity.schema, item.identity.name] = item

    def in_use(self, relation: Node) -> Identity | None:
        """Return the table that a statement is about, if it was there before."""
        identity = Identity(
            kind="table", schema=relation.schemaname or "public", name=relation.relname
        )
        view = replace(identity, kind="materialized view")
        return None if {identity, view} & self._made else identity

    def is_partitioned(self, table: Identity) -> bool:
        return table in self._partitioned

    def can_be_concurrent(self, index: Node) -> bool:
        """Tell whether an index, by its name, can be dropped while it is used."""
        *schema, name = (part.sval for part in index)
        found = self._indexes.get((schema[-1] if schema else "public", name))
        return found is not None and not (found.parent or self.is_partitioned(found.table))


@dataclass(slots=True)
class _Cutter:
    """The stages so far, and in which of them each object was made."""

    operations: Sequence[Operation]
    new: Catalog
    in_order: bool
    first: int = 0
    stages: dict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))
    _made: dict[Identity, int] = field(default_factory=dict)
    _not_null: dict[Identity, int] = field(default_factory=dict)
    _needs: dict[Identity, list[Identity]] = field(default_factory=lambda: defaultdict(list))
    _tables: _Tables = field(init=False)
    _created: dict[Identity, Operation] = field(init=False)

    def __post_init__(self) -> None:
        self._tables = _Tables(self.operations, self.new)
        self._created = {op.identity: op for op in self.operations if op.action == "create"}
        for dependent, referenced in with_facts(self.new).dependencies:
            self._needs[dependent].append(referenced)

    def add(self, step: Step, *, commits: bool) -> None:
        """Put a step, or what stands for it, into its stages."""
        node = _node(step)
        if commits and _adds_value(step):
            self._put(step, at=0 if not self.in_order else self.first)
            self.first = max(self.first, 2)
            if self.in_order:
                self.first = max(self.stages) // 2 * 2 + 2
            return
        rewritten = _index_step(step, node, self._tables)
        if rewritten:
            self._put(rewritten, at=_odd(self._earliest(step)))
        elif node is not None and not _fits_transaction(step):
            self._put(step, at=_odd(self._earliest(step)))
        elif is_a(node, ast.AlterTableStmt) and len(node.cmds) == 1:
            self._alter_table(step, node)
        else:
            self._put_plain(step)

    def _alter_table(self, step: Step, node: Node) -> None:
        table, command = self._tables.in_use(node.relation), node.cmds[0]
        if table is None:
            self._put_plain(step)
        elif command.subtype == AlterTableType.AT_SetNotNull:
            self._set_not_null(step, table, command.name)
        elif command.subtype == AlterTableType.AT_AddConstraint:
            self._add_constraint(step, table, command.def_)
        else:
            self._put_plain(step)

    def _set_not_null(self, step: Step, table: Identity, column: str) -> None:
        head = f"ALTER TABLE {_shown(table)}"
        check = names.quote(_cut(f"{table.name}_{column}") + _MEANWHILE)
        text = f"{head} ADD CONSTRAINT {check} CHECK ({names.quote(column)} IS NOT NULL) NOT VALID"
        at = self._put_plain(replace(step, sql=text, hazards=()))
        later = at + 2
        self._put(_validate(step, head, check, table), at=later, counts=False)
        self._put(replace(step, hazards=()), at=later, counts=False)
        gone = replace(step, sql=f"{head} DROP CONSTRAINT {check}", hazards=())
        self._put(gone, at=later, counts=False)
        self._not_null[replace(table, kind="column", member=column)] = later

    def _add_constraint(self, step: Step, table: Identity, node: Node) -> None:
        operation = self._created.get(step.identity) if step.identity else None
        constraint = operation.new if operation else None
        is_checked_later = node.contype == ConstrType.CONSTR_CHECK or (
            node.contype == ConstrType.CONSTR_FOREIGN and not self._tables.is_partitioned(table)
        )
        if not isinstance(constraint, Constraint) or node.skip_validation:
            self._put_plain(step)
        elif is_checked_later:
            hazards = tuple(hazard for hazard in step.hazards if hazard.kind == "needs superuser")
            at = self._put_plain(replace(step, sql=f"{step.sql} NOT VALID", hazards=hazards))
            head, name = f"ALTER TABLE {_shown(table)}", names.quote(constraint.identity.member)
            self._put(_validate(step, head, name, table), at=at + 2, counts=False)
        elif _is_plain_key(node) and not self._tables.is_partitioned(table):
            self._add_key(step, table, node, constraint)
        else:
            self._put_plain(step)

    def _add_key(self, step: Step, table: Identity, node: Node, key: Constraint) -> None:
        index, attach = _key_steps(step, table, node, key)
        at = _odd(self._earliest(step))
        self._put(index, at=at)
        columns = (replace(table, kind="column", member=name) for name in key.columns)
        checked = max((self._not_null.get(column, 0) for column in columns), default=0)
        later = max(at + 1, checked)
        self._put(attach, at=later)

    def _put_plain(self, step: Step) -> int:
        at = self._earliest(step)
        if at % 2:  # what is said of an index that was built apart may be said right there
            own = self._made.get(step.identity) if step.identity else None
            at = at if own == at and step.identity and step.identity.kind == "index" else at + 1
        self._put(step, at=at)
        return at

    def _earliest(self, step: Step) -> int:
        identity = step.identity
        needed = [identity, *self._needs.get(identity, ())] if identity else []
        made = [self._made[one] for one in needed if one in self._made]
        return max([self.first, *made])

    def _put(self, step: Step, *, at: int, counts: bool = True) -> None:
        self.stages[at].append(step)
        if counts and step.identity:
            self._made[step.identity] = max(at, self._made.get(step.identity, 0))
        if self.in_order:
            self.first = max(self.first, at)


def _index_step(step: Step, node: Node, tables: _Tables) -> Step | None:
    """Write the step as one that lets others read and write, where it is about an index."""
    if is_a(node, ast.IndexStmt) and not node.concurrent:
        table = tables.in_use(node.relation)
        if table is None or tables.is_partitioned(table):
            return None
    elif is_a(node, ast.DropStmt) and node.removeType == ObjectType.OBJECT_INDEX:
        if node.concurrent or not tables.can_be_concurrent(node.objects[0]):
            return None
    else:
        return None
    token = next(token for token in scan(step.sql) if token.name == "INDEX")
    text = f"{step.sql[: token.end + 1]} CONCURRENTLY{step.sql[token.end + 1 :]}"
    return replace(step, sql=text, hazards=_apart(step))


def _apart(step: Step) -> tuple[Hazard, ...]:
    kept = tuple(hazard for hazard in step.hazards if hazard.kind not in _BLOCKS)
    message = "runs outside a transaction, and waits for those that are open"
    return (*kept, Hazard(kind="not in a transaction", message=message))


def _validate(step: Step, head: str, name: str, table: Identity) -> Step:
    may_fail = tuple(hazard for hazard in step.hazards if hazard.kind == "may fail")
    message = f"reads all of {table.qualified}, and lets others write meanwhile"
    return Step(
        sql=f"{head} VALIDATE CONSTRAINT {name}",
        hazards=(Hazard(kind="scans table", message=message), *may_fail),
        identity=step.identity,
    )


def _is_plain_key(node: Node) -> bool:
    is_key = node.contype in (ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_UNIQUE)
    return is_key and not node.indexname and not getattr(node, "without_overlaps", False)


def _key_steps(step: Step, table: Identity, node: Node, key: Constraint) -> tuple[Step, Step]:
    name = names.quote(key.identity.member)
    text = f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {_shown(table)} ({_listed(node.keys)})"
    if node.including:
        text += f" INCLUDE ({_listed(node.including)})"
    if node.nulls_not_distinct:
        text += " NULLS NOT DISTINCT"
    if key.index_options:
        pairs = (option.split("=", 1) for option in key.index_options)
        text += f" WITH ({', '.join(f'{word}={quoted_option(value)}' for word, value in pairs)})"
    if key.index_tablespace:
        text += f" TABLESPACE {names.quote(key.index_tablespace)}"
    index = replace(step, sql=text, hazards=_apart(step))
    word = "PRIMARY KEY" if node.contype == ConstrType.CONSTR_PRIMARY else "UNIQUE"
    late = " DEFERRABLE" if node.deferrable else ""
    late += " INITIALLY DEFERRED" if node.initdeferred else ""
    head = f"ALTER TABLE {_shown(table)} ADD CONSTRAINT {name}"
    return index, replace(step, sql=f"{head} {word} USING INDEX {name}{late}", hazards=())


def _listed(keys: Sequence[Node]) -> str:
    return ", ".join(names.quote(key.sval) for key in keys)


def _adds_value(step: Step) -> bool:
    if not step.sql.startswith("ALTER TYPE"):
        return False
    node = _node(step)
    return is_a(node, ast.AlterEnumStmt) and not node.oldVal


def _fits_transaction(step: Step) -> bool:
    return all(map(runs_in_transaction, split_statements(step.sql)))


def _node(step: Step) -> Node:
    found = split_statements(step.sql)
    return found[0].node if len(found) == 1 else None


def _odd(number: int) -> int:
    return number if number % 2 else number + 1


def _shown(table: Identity) -> str:
    return (replace(table, schema="") if table.schema == "public" else table).qualified


def _cut(name: str) -> str:
    return name.encode()[: _LONGEST - len(_MEANWHILE)].decode(errors="ignore")


def has_folded_constraint(step: Step) -> bool:
    """Tell whether a column is added together with a constraint that reads the table."""
    if " ADD COLUMN " not in step.sql:
        return False
    node = _node(step)
    checked = (
        ConstrType.CONSTR_CHECK,
        ConstrType.CONSTR_FOREIGN,
        ConstrType.CONSTR_PRIMARY,
        ConstrType.CONSTR_UNIQUE,
    )
    return is_a(node, ast.AlterTableStmt) and any(
        constraint.contype in checked
        for command in node.cmds
        if command.subtype == AlterTableType.AT_AddColumn
        for constraint in command.def_.constraints or ()
    )
