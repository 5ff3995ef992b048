"""Since which version PostgreSQL understands a statement, as far as that is 13 or later.

Of what all supported servers understand nothing is said. tests/lint/test_newer.py sends an example
of each to the server there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import (
    AlterTableType,
    ConstrType,
    LimitOption,
    MergeMatchKind,
    ObjectType,
    PublicationObjSpecType,
)

from confiture_core.lint.known import table_of
from confiture_core.statements.tree import nodes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.lint.known import Known

_Node = Any  # pglast's types make every field optional; the grammar says which are there
_Test = tuple[int, str, "Callable[[_Node], object]"]  # version, what it is, whether it is that

_OF_COMMANDS = {
    AlterTableType.AT_DropExpression: (13, "DROP EXPRESSION"),
    AlterTableType.AT_SetCompression: (14, "SET COMPRESSION"),
    AlterTableType.AT_DetachPartitionFinalize: (14, "DETACH PARTITION … FINALIZE"),
    AlterTableType.AT_SetAccessMethod: (15, "SET ACCESS METHOD"),
    AlterTableType.AT_SetExpression: (17, "SET EXPRESSION"),
}
_IN_SCHEMA = (
    PublicationObjSpecType.PUBLICATIONOBJ_TABLES_IN_SCHEMA,
    PublicationObjSpecType.PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA,
)
_NOT_ENFORCED = (ConstrType.CONSTR_ATTR_ENFORCED, ConstrType.CONSTR_ATTR_NOT_ENFORCED)
_BY_SOURCE = MergeMatchKind.MERGE_WHEN_NOT_MATCHED_BY_SOURCE


def newer_than(node: _Node, version: int, known: Known) -> Iterator[tuple[int, str]]:
    """Name what in a statement a server of that version does not understand, and since when."""
    needs = [need for one in nodes_of(node) for need in _needs_of(one) if need[0] > version]
    yield from dict.fromkeys(needs)
    if version < 18 and _adds_key_not_valid(node, known):
        yield 18, "a foreign key NOT VALID on a partitioned table"


def _needs_of(node: _Node) -> Iterator[tuple[int, str]]:
    for version, what, holds in _TESTS.get(type(node), ()):
        if holds(node):
            yield version, what
    if type(node) is ast.AlterTableCmd and node.subtype in _OF_COMMANDS:
        yield _OF_COMMANDS[AlterTableType(node.subtype)]


def _adds_key_not_valid(node: _Node, known: Known) -> bool:
    if type(node) is not ast.AlterTableStmt or table_of(node.relation) not in known.partitioned:
        return False
    return any(
        command.subtype == AlterTableType.AT_AddConstraint
        and command.def_.contype == ConstrType.CONSTR_FOREIGN
        and command.def_.skip_validation
        for command in node.cmds or ()
    )


def _always(_: _Node) -> bool:
    return True


def _has(*names: str) -> Callable[[_Node], bool]:
    """Make a test that a node has one of these fields set."""
    return lambda node: any(getattr(node, name) not in (None, False, ()) for name in names)


def _says(field: str, *names: str) -> Callable[[_Node], bool]:
    """Make a test that one of the options in a field is called so."""
    return lambda node: any(
        getattr(one, "defname", None) in names for one in getattr(node, field) or ()
    )


def _constraint_of_its_own(node: _Node) -> bool:
    # Behind a column it is understood by all; `keys` has it where it stands by itself.
    return bool(node.contype == ConstrType.CONSTR_NOTNULL and node.keys)


def _not_inherited(node: _Node) -> bool:
    return bool(node.contype == ConstrType.CONSTR_NOTNULL and node.is_no_inherit)


def _not_enforced(node: _Node) -> bool:
    is_checked = node.contype in (ConstrType.CONSTR_CHECK, ConstrType.CONSTR_FOREIGN)
    return node.contype in _NOT_ENFORCED or (is_checked and not node.is_enforced)


_TESTS: dict[type[ast.Node], tuple[_Test, ...]] = {
    ast.AlterStatsStmt: ((13, "ALTER STATISTICS … SET STATISTICS", _always),),
    ast.AlterTypeStmt: ((13, "ALTER TYPE … SET", _always),),
    ast.DropdbStmt: ((13, "DROP DATABASE … WITH (FORCE)", _says("options", "force")),),
    ast.RenameStmt: (
        (
            13,
            "ALTER VIEW … RENAME COLUMN",
            lambda node: (
                node.renameType == ObjectType.OBJECT_COLUMN
                and node.relationType == ObjectType.OBJECT_VIEW
            ),
        ),
    ),
    ast.SelectStmt: (
        (
            13,
            "FETCH FIRST … WITH TIES",
            lambda node: node.limitOption == LimitOption.LIMIT_OPTION_WITH_TIES,
        ),
        (14, "GROUP BY DISTINCT", _has("groupDistinct")),
    ),
    ast.PartitionCmd: ((14, "DETACH PARTITION … CONCURRENTLY", _has("concurrent")),),
    ast.CommonTableExpr: ((14, "SEARCH and CYCLE", _has("search_clause", "cycle_clause")),),
    ast.CreateFunctionStmt: ((14, "a body in standard SQL", _has("sql_body")),),
    ast.CreateTrigStmt: ((14, "CREATE OR REPLACE TRIGGER", _has("replace")),),
    ast.ReindexStmt: ((14, "REINDEX (TABLESPACE …)", _says("params", "tablespace")),),
    ast.StatsElem: ((14, "statistics on an expression", _has("expr")),),
    ast.ColumnDef: (
        (14, "COMPRESSION", _has("compression")),
        (16, "STORAGE behind a column", _has("storage_name")),
    ),
    ast.IndexStmt: ((15, "NULLS NOT DISTINCT", _has("nulls_not_distinct")),),
    ast.Constraint: (
        (15, "NULLS NOT DISTINCT", _has("nulls_not_distinct")),
        (15, "ON DELETE SET … with columns", _has("fk_del_set_cols")),
        (18, "NOT NULL as a constraint of its own", _constraint_of_its_own),
        (18, "NOT NULL … NO INHERIT", _not_inherited),
        (18, "NOT ENFORCED", _not_enforced),
        (18, "WITHOUT OVERLAPS", _has("without_overlaps")),
        (18, "PERIOD in a foreign key", _has("fk_with_period")),
        (18, "a generated column that is not STORED", lambda node: node.generated_kind == "v"),
    ),
    ast.GrantStmt: (
        (15, "GRANT … ON PARAMETER", lambda node: node.objtype == ObjectType.OBJECT_PARAMETER_ACL),
    ),
    ast.MergeStmt: (
        (15, "MERGE", _always),
        (17, "MERGE … RETURNING", _has("returningClause")),
    ),
    ast.MergeWhenClause: (
        (17, "WHEN NOT MATCHED BY SOURCE", lambda node: node.matchKind == _BY_SOURCE),
    ),
    ast.PublicationObjSpec: (
        (15, "FOR TABLES IN SCHEMA", lambda node: node.pubobjtype in _IN_SCHEMA),
    ),
    ast.PublicationTable: (
        (15, "rows or columns of a published table", _has("whereClause", "columns")),
    ),
    ast.ViewStmt: ((15, "security_invoker", _says("options", "security_invoker")),),
    ast.CreateStatsStmt: ((16, "statistics without a name", lambda node: not node.defnames),),
    ast.GrantRoleStmt: ((16, "GRANT … WITH INHERIT or SET", _says("opt", "inherit", "set")),),
    ast.JsonArrayAgg: ((16, "JSON_ARRAYAGG", _always),),
    ast.JsonArrayConstructor: ((16, "JSON_ARRAY", _always),),
    ast.JsonArrayQueryConstructor: ((16, "JSON_ARRAY", _always),),
    ast.JsonIsPredicate: ((16, "IS JSON", _always),),
    ast.JsonObjectAgg: ((16, "JSON_OBJECTAGG", _always),),
    ast.JsonObjectConstructor: ((16, "JSON_OBJECT", _always),),
    ast.RangeSubselect: ((16, "a query in FROM without a name", lambda node: node.alias is None),),
    ast.CopyStmt: ((17, "COPY … ON_ERROR", _says("options", "on_error")),),
    ast.JsonFuncExpr: ((17, "JSON_EXISTS, JSON_QUERY and JSON_VALUE", _always),),
    ast.JsonParseExpr: ((17, "JSON(… WITH UNIQUE KEYS)", _has("unique_keys")),),
    ast.JsonScalarExpr: ((17, "JSON_SCALAR", _always),),
    ast.JsonSerializeExpr: ((17, "JSON_SERIALIZE", _always),),
    ast.JsonTable: ((17, "JSON_TABLE", _always),),
    ast.ATAlterConstraint: (
        (18, "ALTER CONSTRAINT … ENFORCED or INHERIT", lambda node: (
            node.alterEnforceability or node.alterInheritability
        )),
    ),
    ast.ReturningClause: ((18, "RETURNING WITH (OLD AS …)", _has("options")),),
}  # fmt: skip
