"""What is known of the tables from the migrations before, and from the one that is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType, NullTestType, ObjectType

from confiture_core.config import OLDEST_VERSION
from confiture_core.diff import casts

_Node = Any  # pglast's types make every field optional; the grammar says which are there
Table = tuple[str, str]
Type = tuple[str, tuple[int, ...]]  # ("varchar", (80,))

# As format_type() writes what the parser calls otherwise.
_WRITTEN = {
    "time": "time without time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "varbit": "bit varying",
    "varchar": "character varying",
}


@dataclass(slots=True)
class Known:
    """Types of columns, checks that a column is not null, and what is new in this migration."""

    version: int | None = None  # of the server: 15
    types: dict[tuple[Table, str], Type] = field(default_factory=dict)
    not_null_checks: dict[tuple[Table, str], str] = field(default_factory=dict)  # by constraint
    validated: set[tuple[Table, str]] = field(default_factory=set)  # tables and columns
    new_tables: set[Table] = field(default_factory=set)
    new_indexes: set[Table] = field(default_factory=set)
    partitioned: set[Table] = field(default_factory=set)

    def has(self, version: int) -> bool:
        """Tell whether the server is as new; one that is not known is as old as can be."""
        return (self.version or OLDEST_VERSION) >= version

    def begin(self) -> None:
        """Begin with the next migration: nothing is new."""
        self.new_tables.clear()
        self.new_indexes.clear()

    def is_new(self, relation: _Node) -> bool:
        """Tell whether this migration has made a table, so that nobody uses it yet."""
        return relation is not None and table_of(relation) in self.new_tables

    def learn(self, node: _Node) -> None:
        """Take in what a statement does."""
        match node:
            case ast.CreateStmt():
                table = table_of(node.relation)
                self.new_tables.add(table)
                if node.partspec is not None:
                    self.partitioned.add(table)
                for element in node.tableElts or ():
                    self._learn_column(table, element)
            case ast.CreateTableAsStmt():
                self._learn_query(node)
            case ast.IndexStmt():
                self._learn_index(node)
            case ast.AlterTableStmt():
                for command in node.cmds or ():
                    self._learn_command(table_of(node.relation), command)
            case ast.RenameStmt(renameType=ObjectType.OBJECT_TABLE):
                self._rename(table_of(node.relation), node.newname or "")

    def _learn_query(self, node: _Node) -> None:
        self.new_tables.add(table_of(node.into.rel))

    def _learn_index(self, node: _Node) -> None:
        if node.idxname:
            self.new_indexes.add((table_of(node.relation)[0], node.idxname))

    def _learn_column(self, table: Table, element: _Node) -> None:
        is_column = type(element) is ast.ColumnDef
        if is_column and element.typeName is not None:
            self.types[table, element.colname] = type_of(element.typeName)

    def _learn_command(self, table: Table, command: _Node) -> None:
        match command.subtype:
            case AlterTableType.AT_AddColumn:
                self._learn_column(table, command.def_)
            case AlterTableType.AT_AlterColumnType:
                self.types[table, command.name] = type_of(command.def_.typeName)
            case AlterTableType.AT_AddConstraint:
                column = not_null_column(command.def_)
                if column is not None:
                    self.not_null_checks[table, command.def_.conname] = column
                    if not command.def_.skip_validation:
                        self.validated.add((table, column))
            case AlterTableType.AT_ValidateConstraint:
                column = self.not_null_checks.get((table, command.name))
                if column is not None:
                    self.validated.add((table, column))

    def _rename(self, table: Table, name: str) -> None:
        renamed = (table[0], name)
        if table in self.new_tables:
            self.new_tables.add(renamed)
        for (owner, column), kind in tuple(self.types.items()):
            if owner == table:
                self.types[renamed, column] = kind


def table_of(relation: _Node) -> Table:
    """Return schema and name; an absent schema counts as public."""
    return relation.schemaname or "public", relation.relname


def type_of(name: _Node) -> Type:
    """Return a type's own name and its modifiers."""
    values: list[_Node] = [one.val for one in name.typmods or ()]
    modifiers = tuple(getattr(value, "ival", None) or 0 for value in values)
    label = name.names[-1].sval
    return (f"{label}[]" if name.arrayBounds else label), modifiers


def not_null_column(constraint: _Node) -> str | None:
    """Return the column of CHECK (column IS NOT NULL), or of NOT NULL column."""
    if constraint.contype == ConstrType.CONSTR_NOTNULL and constraint.keys:
        return str(constraint.keys[0].sval)
    if constraint.contype != ConstrType.CONSTR_CHECK:
        return None
    test: _Node = constraint.raw_expr
    if type(test) is not ast.NullTest or test.nulltesttype != NullTestType.IS_NOT_NULL:
        return None
    column: _Node = test.arg
    is_column = type(column) is ast.ColumnRef
    return column.fields[-1].sval if is_column else None


def keeps_rows(old: Type | None, new: Type, *, has_using: bool) -> bool:
    """Tell whether a change of type is known to rewrite nothing."""
    return old is not None and not has_using and casts.keeps_rows(_written(old), _written(new))


def _written(type_: Type) -> str:
    label, modifiers = type_
    written = _WRITTEN.get(label, label)
    return f"{written}({','.join(map(str, modifiers))})" if modifiers else written
