"""The rules on ALTER TABLE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType, DropBehavior

from confiture_core.lint.known import keeps_rows, not_null_column, table_of, type_of
from confiture_core.statements.tree import nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.lint.known import Known, Table

_Node = Any  # pglast's types make every field optional; the grammar says which are there
Broken = tuple[str, str, str | None]  # rule, message, hint

_SERIALS = frozenset({"serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"})
# Stable or immutable: one value for the whole table, so nothing is rewritten.
_ONE_VALUE = frozenset(
    {"now", "transaction_timestamp", "statement_timestamp", "timezone", "date_trunc", "lower"}
    | {"upper", "concat", "coalesce", "current_setting", "to_char", "make_interval", "date"}
    | {"current_database", "current_schema", "md5", "jsonb_build_object", "jsonb_build_array"}
)
_CHECK_FIRST = (
    "add CHECK (… IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL,"
    " then drop the check"
)
_NOT_NULL_FIRST = (
    "ADD CONSTRAINT … NOT NULL … NOT VALID, and VALIDATE CONSTRAINT in a later migration"
)
_BY_PARTITION = (
    "add it NOT VALID to each partition, and validate it there; the partitioned table then takes"
    " those for its own"
)
_TWICE = "add it NOT VALID, and VALIDATE CONSTRAINT in a later migration"


def alter_table(node: _Node, known: Known) -> Iterator[Broken]:
    """Say what an ALTER TABLE does to those who use the table."""
    if known.is_new(node.relation):
        return
    table = table_of(node.relation)
    for command in node.cmds or ():
        match command.subtype:
            case AlterTableType.AT_DropColumn:
                yield (
                    "L02",
                    f'drops column "{command.name}" and what is in it',
                    ("release a version that does not use it first"),
                )
            case AlterTableType.AT_AddColumn:
                yield from _added_column(command.def_)
            case AlterTableType.AT_AddConstraint:
                yield from _constraint(table, command.def_, known)
            case AlterTableType.AT_AlterColumnType:
                yield from _changed_type(table, command, known)
            case AlterTableType.AT_SetNotNull:
                yield from _not_null(table, command.name, known)
            case AlterTableType.AT_DetachPartition if known.has(14) and not command.def_.concurrent:
                yield (
                    "L15",
                    "nobody can use the partitioned table until the partition is detached",
                    "DETACH PARTITION … CONCURRENTLY, unless there is a default partition",
                )
        if command.behavior == DropBehavior.DROP_CASCADE:
            yield "L14", "CASCADE drops whatever depends on it", "drop those by name"


def _constraint(table: Table, node: _Node, known: Known) -> Iterator[Broken]:
    column = not_null_column(node)
    if node.contype == ConstrType.CONSTR_NOTNULL:
        if column is not None and not node.skip_validation:
            yield from _not_null(table, column, known)
        return
    for rule, message, hint in added_constraint(node):
        is_key = rule == "L03" and table in known.partitioned and not known.has(18)
        yield rule, message, _BY_PARTITION if is_key else hint


def _not_null(table: Table, column: str, known: Known) -> Iterator[Broken]:
    if (table, column) not in known.validated:
        message = f'scans the table for "{column}" while all others wait'
        yield "L06", message, _NOT_NULL_FIRST if known.has(18) else _CHECK_FIRST


def added_constraint(node: _Node) -> Iterator[Broken]:
    """Say what adding a constraint to a table in use does."""
    match node.contype:
        case ConstrType.CONSTR_FOREIGN if not node.skip_validation:
            yield "L03", "checks all rows while both tables wait for it", _TWICE
        case ConstrType.CONSTR_CHECK if not node.skip_validation:
            column = not_null_column(node)
            yield (
                "L11",
                "checks all rows while the table waits for it"
                + (f' ("{column}" is not null)' if column else ""),
                _TWICE,
            )
        case ConstrType.CONSTR_UNIQUE | ConstrType.CONSTR_PRIMARY if not node.indexname:
            yield (
                "L10",
                "builds its index while the table waits for it",
                ("CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX"),
            )
        case ConstrType.CONSTR_EXCLUSION:
            yield "L14", "an exclusion constraint builds its index while the table waits", None


def _added_column(column: _Node) -> Iterator[Broken]:
    constraints = column.constraints or ()
    kinds = {one.contype for one in constraints}
    name, type_name = column.colname, type_of(column.typeName)[0]
    default = next((one for one in constraints if one.contype == ConstrType.CONSTR_DEFAULT), None)
    makes_values = default is not None or type_name in _SERIALS
    makes_values |= bool(kinds & {ConstrType.CONSTR_IDENTITY, ConstrType.CONSTR_GENERATED})
    is_needed = bool(kinds & {ConstrType.CONSTR_NOTNULL, ConstrType.CONSTR_PRIMARY})
    if is_needed and not makes_values:
        yield (
            "L12",
            f'"{name}" is NOT NULL without a DEFAULT: it fails where there are rows',
            ("give it a DEFAULT, or add it without NOT NULL and fill it first"),
        )
    reason = None
    if type_name in _SERIALS or ConstrType.CONSTR_IDENTITY in kinds:
        reason = "is numbered"
    elif any(one.generated_kind == "s" for one in constraints):
        reason = "is generated and stored"
    elif default is not None and (function := _volatile(default.raw_expr)) is not None:
        reason = f"has a value of its own in each row, by {function}()"
    if reason:
        yield (
            "L13",
            f'"{name}" {reason}: the whole table is rewritten',
            ("add it without, set the DEFAULT, and fill the rows in batches"),
        )
    if type_name == "json":
        yield "L14", f'"{name}" is json, which has no equality: DISTINCT over it fails', "use jsonb"
    for one in constraints:
        # What a new column refers to is NULL at first: there is nothing to check.
        if one.contype != ConstrType.CONSTR_FOREIGN or default is not None:
            yield from added_constraint(one)


def _changed_type(table: tuple[str, str], command: _Node, known: Known) -> Iterator[Broken]:
    new = type_of(command.def_.typeName)
    has_using = command.def_.raw_default is not None
    if not keeps_rows(known.types.get((table, command.name)), new, has_using=has_using):
        yield (
            "L05",
            f'may rewrite the whole table for the type of "{command.name}"',
            ("add a column of the new type, fill it in batches, and change over"),
        )


def _volatile(expression: _Node) -> str | None:
    """Return the first function of an expression that may give each row another value."""
    calls: Iterator[_Node] = (one for one in nodes_of(expression) if isinstance(one, ast.FuncCall))
    names = (call.funcname[-1].sval for call in calls)
    return next((name for name in names if name not in _ONE_VALUE), None)
