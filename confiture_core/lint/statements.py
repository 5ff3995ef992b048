"""The rules on single statements other than ALTER TABLE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import DropBehavior, ObjectType
from pglast.parser import scan

from confiture_core.lint.known import table_of
from confiture_core.lint.tables import alter_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.lint.known import Known
    from confiture_core.lint.tables import Broken

_Node = Any  # pglast's types make every field optional; the grammar says which are there

_CLUSTER_WIDE = (
    ast.AlterRoleStmt,
    ast.AlterSystemStmt,
    ast.CreateRoleStmt,
    ast.CreateTableSpaceStmt,
    ast.CreatedbStmt,
    ast.DropRoleStmt,
    ast.DropTableSpaceStmt,
    ast.DropdbStmt,
    ast.GrantRoleStmt,
)
_RENAMED = {
    ObjectType.OBJECT_COLUMN: "a column",
    ObjectType.OBJECT_TABLE: "a table",
    ObjectType.OBJECT_VIEW: "a view",
    ObjectType.OBJECT_SCHEMA: "a schema",
}


def broken_by(node: _Node, known: Known) -> Iterator[Broken]:
    """Say which rules a statement breaks."""
    match node:
        case ast.AlterTableStmt(objtype=ObjectType.OBJECT_TABLE):
            yield from alter_table(node, known)
        case ast.IndexStmt() | ast.ReindexStmt() if not known.is_new(node.relation):
            yield from _BUILDS[type(node)](node, known)
        case ast.DropStmt():
            yield from _drop(node, known)
        case ast.RenameStmt() if node.renameType in _RENAMED:
            if not known.is_new(node.relation):
                yield (
                    "L08",
                    f"renames {_RENAMED[node.renameType]} that programs use by its name",
                    ("add the new one, write to both, and drop the old one later"),
                )
        case ast.RenameStmt(renameType=ObjectType.OBJECT_TYPE) | ast.AlterEnumStmt(oldVal=str()):
            yield "L14", "renames what programs use by its name", None
        case ast.TruncateStmt():
            if not all(map(known.is_new, node.relations or ())):
                yield "L14", "TRUNCATE takes every row, and nobody can read meanwhile", None
        case _ if isinstance(node, _CLUSTER_WIDE):
            yield (
                "R03",
                "belongs to the whole server, and not to this database",
                ("keep it outside of migrations"),
            )


def takes_all(node: _Node, known: Known) -> bool:
    """Tell whether a statement changes all rows of a table in use."""
    is_change = isinstance(node, ast.UpdateStmt | ast.DeleteStmt)
    return is_change and node.whereClause is None and not known.is_new(node.relation)


def locks_out_all(node: _Node, known: Known) -> bool:
    """Tell whether nobody else can even read from here on, until the transaction ends."""
    match node:
        case ast.AlterTableStmt() | ast.RenameStmt():
            return node.relation is not None and not known.is_new(node.relation)
        case ast.DropStmt(removeType=ObjectType.OBJECT_TABLE):
            return not _drops_new(node, known)
        case ast.TruncateStmt():
            return not all(map(known.is_new, node.relations or ()))
    return False


def adjacent_literals(sql: str) -> Iterator[int]:
    """Find literals that stand below each other without a comma: they are one; give the lines."""
    for token in scan(sql):
        if token.name == "SCONST" and sql[token.start] != "$":
            for offset in _second_quotes(sql[token.start : token.end + 1]):
                yield sql.count("\n", 0, token.start + offset)


def _second_quotes(literal: str) -> Iterator[int]:
    """Give where the parts of a literal begin after its first, for the lexer joins them."""
    has_escapes = literal[0] in "eE"
    position = literal.index("'") + 1
    while position < len(literal):
        if has_escapes and literal[position] == "\\":
            position += 2
        elif literal[position] != "'":
            position += 1
        elif literal[position + 1 : position + 2] == "'":
            position += 2
        else:
            rest = literal[position + 1 :]
            position += 1 + len(rest) - len(rest.lstrip())
            if position < len(literal):
                yield position
            position += 1


def _drop(node: _Node, known: Known) -> Iterator[Broken]:
    match node.removeType:
        case ObjectType.OBJECT_INDEX if not node.concurrent and not _drops_new(node, known):
            yield (
                "L04",
                "nobody can use the table while the index is dropped",
                ("DROP INDEX CONCURRENTLY"),
            )
        case ObjectType.OBJECT_TABLE if not _drops_new(node, known):
            yield (
                "L09",
                "drops a table and what is in it; tables it refers to wait as well",
                ("release a version that does not use it first; drop its foreign keys before"),
            )
    if node.behavior == DropBehavior.DROP_CASCADE:
        yield "L14", "CASCADE drops whatever depends on it", "drop those by name"


def _drops_new(node: _Node, known: Known) -> bool:
    names = ([part.sval for part in name] for name in node.objects)
    relations = ((name[-2] if len(name) > 1 else "public", name[-1]) for name in names)
    return all(one in known.new_tables or one in known.new_indexes for one in relations)


def _index(node: _Node, known: Known) -> Iterator[Broken]:
    if table_of(node.relation) in known.partitioned:
        if not node.relation.inh:
            return  # of the partitions it waits to be told
        hint = (
            "CREATE INDEX … ON ONLY, CREATE INDEX CONCURRENTLY on each partition, and ALTER INDEX …"
            " ATTACH PARTITION: there is no CONCURRENTLY for a partitioned table"
        )
    elif node.concurrent:
        return
    else:
        hint = "CREATE INDEX CONCURRENTLY"
    yield "L01", "nobody can write to the table while the index is built", hint


def _reindex(node: _Node, known: Known) -> Iterator[Broken]:
    is_concurrent = any(one.defname == "concurrently" for one in node.params or ())
    is_index = node.relation is not None and table_of(node.relation) in known.new_indexes
    if not is_concurrent and not is_index:
        message = "nobody can write to the table while its indexes are built anew"
        yield "L16", message, "REINDEX … CONCURRENTLY"


_BUILDS = {ast.IndexStmt: _index, ast.ReindexStmt: _reindex}
