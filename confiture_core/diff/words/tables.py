"""What CREATE TABLE and ADD COLUMN make, compared with what the catalog has in the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pglast import ast
from pglast.enums import ConstrType

from confiture_core.catalog.model import Column, Constraint, Default, Identity, Object, Table
from confiture_core.diff.words.constraints import Declared, declared_constraints
from confiture_core.diff.words.nodes import Node, is_a
from confiture_core.diff.words.type_names import SERIAL, may_be

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.diff.words.lookup import Lookup
    from confiture_core.diff.words.places import Places


_NOT_NULL = frozenset(
    {ConstrType.CONSTR_NOTNULL, ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_IDENTITY}
)
_NONE: frozenset[Identity] = frozenset()


class Covers(NamedTuple):
    """What a statement makes: what it names, and what comes with it."""

    declared: frozenset[Identity]
    implied: frozenset[Identity] = _NONE  # through a parent table


def table_covers(node: Node, table: Identity, lookup: Lookup, places: Places) -> Covers | None:
    """Return what CREATE TABLE makes; None if the table is not, or not clearly, what it says."""
    item = lookup.objects[table]
    place = (table.schema, table.name)
    elements = node.tableElts or ()
    if any(is_a(element, ast.TableLikeClause) for element in elements):
        return None
    if not isinstance(item, Table) or not _is_made_so(item, node, lookup):
        return None
    columns, constraints = lookup.columns(place), list(lookup.constraints(place))
    inherited = {name for name, column in columns.items() if _is_inherited(column, node)}
    defined = {element.colname: element for element in elements if is_a(element, ast.ColumnDef)}
    if defined.keys() - columns.keys() or columns.keys() - inherited - defined.keys():
        return None
    found = declared_constraints(elements, table, lookup, places)
    parts = declared_columns(elements, table, found, lookup)
    if any(parts[name] is None for name in defined):
        return None
    if any(part.identity is None and not part.is_merged for part in found):
        return None
    if not all(_is_as_inherited(columns[name], lookup) for name in inherited - defined.keys()):
        return None
    declared = {table, *(part.identity for part in found if part.identity)}
    declared.update(identity for part in parts.values() if part for identity in part)
    implied: set[Identity] = set()
    if node.inhRelations or node.ofTypename:
        implied |= {*_inherited(table, inherited, constraints, lookup)}
    if node.partbound:
        implied |= lookup.tie("partition", table)
    return Covers(frozenset(declared), frozenset(implied - declared))


def declared_columns(
    elements: tuple[Node, ...], table: Identity, found: Sequence[Declared], lookup: Lookup
) -> dict[str, frozenset[Identity] | None]:
    """Return what the definition of each column makes; None if the column is not so any more."""
    columns = lookup.columns((table.schema, table.name))
    keys = {*_not_null_columns(elements)}
    covers: dict[str, frozenset[Identity] | None] = {}
    for number, element in enumerate(elements):
        if not is_a(element, ast.ColumnDef):
            continue
        column = columns.get(element.colname)
        inline = [part for part in found if part.element == number]
        is_found = all(part.identity or part.is_merged for part in inline)
        made = _column_parts(element, column, lookup, is_key=element.colname in keys)
        constraints = {part.identity for part in inline if part.identity}
        covers[element.colname] = made | constraints if made and is_found else None
    return covers


def added_column_covers(
    definition: Node, table: Identity, lookup: Lookup, places: Places
) -> Covers | None:
    """Return what ADD COLUMN makes, in the tables below this one too."""
    column = lookup.columns((table.schema, table.name)).get(definition.colname)
    made = _column_parts(definition, column, lookup, is_key=False)
    found = declared_constraints([definition], table, lookup, places)
    if not made or any(part.identity is None and not part.is_merged for part in found):
        return None
    constraints = [part.identity for part in found if part.identity]
    return column_covers(made.union(constraints), lookup)


def column_covers(declared: frozenset[Identity], lookup: Lookup) -> Covers:
    """Add to what a column's definition makes what follows in the tables below."""
    implied: set[Identity] = set()
    for identity in declared:
        if identity.kind == "constraint":
            implied |= constraint_heirs(identity, lookup)
        elif identity.kind in ("column", "default"):
            implied |= {*_column_heirs(identity, lookup)}
    return Covers(declared, frozenset(implied - declared))


def _column_heirs(identity: Identity, lookup: Lookup) -> Iterator[Identity]:
    """Yield the columns, or defaults, in the tables below that are the same as the table's own."""
    for heir in lookup.heirs(_table(identity, lookup)):
        own = replace(heir, kind=identity.kind, member=identity.member)
        item = lookup.objects.get(own)
        if item and _says(item) == _says(lookup.objects[identity]):
            yield own


def constraint_heirs(constraint: Identity, lookup: Lookup) -> frozenset[Identity]:
    """Return the constraints that a table's constraint makes in the tables below it."""
    heirs = set(lookup.attached(constraint))
    item = lookup.objects[constraint]
    if isinstance(item, Constraint) and item.type == "c":
        for heir in lookup.heirs(_table(constraint, lookup)):
            own = replace(heir, kind="constraint", member=constraint.member)
            inherited = lookup.objects.get(own)
            if isinstance(inherited, Constraint) and inherited.is_inherited:
                heirs.add(own)
    return frozenset(heirs)


def _table(member: Identity, lookup: Lookup) -> Identity:
    return lookup.relations[member.schema, member.name]


def _is_made_so(table: Table, node: Node, lookup: Lookup) -> bool:
    """Tell whether what CREATE TABLE says outside its parentheses is still so."""
    is_child = bool(node.inhRelations) and not node.partbound
    return (
        table.persistence == node.relation.relpersistence
        and bool(table.partition_key) == bool(node.partspec)
        and bool(table.of_type) == bool(node.ofTypename)
        and len(table.inherits) == (len(node.inhRelations) if is_child else 0)
        and (not node.partbound or bool(lookup.tie("partition", table.identity)))
    )


def _is_inherited(column: Column, node: Node) -> bool:
    """Tell whether the table has the column without naming it."""
    return bool(node.ofTypename) or (bool(node.inhRelations) and not column.is_local)


def _is_as_inherited(column: Column, lookup: Lookup) -> bool:
    """Tell whether the column is what a parent has, with its default; as in a composite type."""
    place = (column.identity.schema, column.identity.name)
    default = lookup.objects.get(replace(column.identity, kind="default"))
    parents = lookup.parents(place)
    if not parents:  # a typed table
        return not default and (not column.not_null or _is_in_key(column, lookup))
    is_key = _is_in_key(column, lookup)
    for parent in parents:
        above = replace(parent, kind="column", member=column.identity.member)
        item = lookup.objects.get(above)
        if item and _says(item, is_key=is_key) == _says(column, is_key=is_key):
            return _says(lookup.objects.get(replace(above, kind="default"))) == _says(default)
    return False


def _says(item: Object | None, *, is_key: bool = False) -> tuple[object, ...]:
    """Return what a column or default passes on to the tables below."""
    if isinstance(item, Column):
        return (item.type, item.collation, item.not_null or is_key, item.expression)
    return (item.expression,) if isinstance(item, Default) else ()


def _inherited(
    table: Identity, columns: set[str], constraints: list[Constraint], lookup: Lookup
) -> Iterator[Identity]:
    for name in columns:
        column = replace(table, kind="column", member=name)
        yield from lookup.existing(column, replace(column, kind="default"))
    for constraint in constraints:
        if constraint.is_inherited or lookup.is_attached(constraint.identity):
            yield constraint.identity
    for index in lookup.indexes[table.schema, table.name]:
        if lookup.is_attached(index):
            yield index


def _column_parts(
    definition: Node, column: Column | None, lookup: Lookup, *, is_key: bool
) -> frozenset[Identity] | None:
    """Return the column, its default and its sequence, if they are what the definition says."""
    if column is None:
        return None
    identity = column.identity
    kinds = {constraint.contype for constraint in definition.constraints or ()}
    default = lookup.existing(replace(identity, kind="default"))
    sequences: frozenset[Identity] = _NONE
    if _is_serial(definition):
        owned = lookup.sequences[identity]
        if len(owned) != 1:
            return None
        sequences = frozenset(owned) | lookup.tie("sequence owner", owned[0])
    # What a parent or a composite type says of a column is not repeated.
    is_own = definition.typeName is not None and not column.is_inherited
    if is_own and not _fits(definition, column, kinds, lookup, is_key=is_key):
        return None
    return frozenset({identity}) | default | sequences


def _fits(
    definition: Node, column: Column, kinds: set[ConstrType], lookup: Lookup, *, is_key: bool
) -> bool:
    has_default = bool(lookup.existing(replace(column.identity, kind="default")))
    says_default = _is_serial(definition) or ConstrType.CONSTR_DEFAULT in kinds
    says_not_null = is_key or _is_serial(definition) or bool(kinds & _NOT_NULL)
    return (
        may_be(definition.typeName, column.type)
        and (says_default or not has_default)
        and (has_default or not says_default or _is_null_default(definition))
        and (column.not_null == says_not_null or (column.not_null and _is_in_key(column, lookup)))
        and bool(column.identity_kind) == (ConstrType.CONSTR_IDENTITY in kinds)
        and bool(column.generated) == (ConstrType.CONSTR_GENERATED in kinds)
    )


def _is_serial(definition: Node) -> bool:
    type_ = definition.typeName
    return type_ is not None and len(type_.names) == 1 and type_.names[0].sval in SERIAL


def _is_null_default(definition: Node) -> bool:
    """PostgreSQL keeps no default for DEFAULT NULL."""
    defaults = [
        constraint.raw_expr
        for constraint in definition.constraints or ()
        if constraint.contype == ConstrType.CONSTR_DEFAULT
    ]
    values = [value.arg if is_a(value, ast.TypeCast) else value for value in defaults]
    return any(is_a(value, ast.A_Const) and value.isnull for value in values)


def _is_in_key(column: Column, lookup: Lookup) -> bool:
    """Tell whether a primary key, of its own statement perhaps, makes the column NOT NULL."""
    constraints = lookup.constraints((column.identity.schema, column.identity.name))
    return any(item.type == "p" and column.identity.member in item.columns for item in constraints)


def _not_null_columns(elements: tuple[Node, ...]) -> Iterator[str]:
    """Yield the columns of a primary key, or of PostgreSQL 18's NOT NULL, beside the columns."""
    for element in elements:
        if is_a(element, ast.Constraint) and element.contype in _NOT_NULL:
            yield from (key.sval for key in element.keys or ())
