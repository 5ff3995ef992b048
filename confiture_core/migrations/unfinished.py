"""Statements that PostgreSQL runs outside a transaction, and what they leave when they are stopped.

CREATE INDEX CONCURRENTLY leaves an INVALID index, which costs every write and helps no query, and
which IF NOT EXISTS then takes for the index itself; REINDEX CONCURRENTLY leaves copies; DETACH
PARTITION CONCURRENTLY is left pending. What is left is taken away, or found to be complete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast, parse_sql
from pglast.enums import AlterTableType, ObjectType

from confiture_core import names
from confiture_core.errors import MigrationError
from confiture_core.migrations.progress import Running

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    Connection = psycopg.Connection[Any]
    Tell = Callable[[str], None]

_INDEXES = """
select i.indexrelid::int8, i.indisvalid,
    pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relname,
    i.indisunique, i.indnkeyatts,
    exists (
        select from pg_catalog.pg_stat_progress_create_index as p
        where p.index_relid = i.indexrelid
    )
from pg_catalog.pg_index as i
join pg_catalog.pg_class as c on c.oid = i.indexrelid and c.relkind = 'i'
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where {}
order by i.indexrelid
"""
_OF_TABLE = "i.indrelid = pg_catalog.to_regclass(%s)"
# The names REINDEX CONCURRENTLY gives to what it makes and to what it replaces.
_LEFT_BY_REINDEX = "not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'"


def prepare(connection: Connection, sql: str, tell: Tell) -> Running:
    """Take an INVALID index of the same name out of the way, and note what else is there."""
    node = _parse(sql)
    if isinstance(node, ast.IndexStmt):
        for index in _indexes_of(connection, node):
            if index.name == node.idxname and not index.is_valid and not index.is_built:
                _drop(connection, index)
                tell(f"dropped the invalid index {index.qualified}, to build it again")
        return Running(sql=sql, indexes=tuple(one.oid for one in _indexes_of(connection, node)))
    if isinstance(node, ast.ReindexStmt):
        return Running(sql=sql, indexes=tuple(one.oid for one in _reindexed(connection)))
    return Running(sql=sql)


def refuse_invalid(connection: Connection, sql: str) -> None:
    """Raise an error if the index that a statement names is there but cannot be used."""
    node = _parse(sql)
    if not isinstance(node, ast.IndexStmt) or node.idxname is None:
        return
    for index in _indexes_of(connection, node):
        if index.name == node.idxname and not index.is_valid:
            raise MigrationError(
                f"index {index.qualified} is there, but not valid",
                detail="another session is building it" if index.is_built else None,
                hint="run it again when that session is done",
            )


def clean(connection: Connection, running: Running, tell: Tell) -> bool:
    """Take away what a stopped statement left; True if it turns out to have been complete."""
    node = _parse(running.sql)
    recover = _RECOVERIES.get(type(node))
    return recover(connection, node, running, tell) if recover else False


class _Index:
    """A row of _INDEXES."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.oid, self.is_valid, self.qualified, self.name = row[:4]
        self.is_unique, self.columns, self.is_built = row[4:]


def _parse(sql: str) -> ast.Node:
    node: ast.Node | None = parse_sql(sql)[0].stmt
    assert node is not None  # pglast's types make every field optional
    return node


def _indexes_of(connection: Connection, node: Any) -> list[_Index]:
    table = names.qualified(node.relation.schemaname, node.relation.relname)
    rows = connection.execute(_INDEXES.format(_OF_TABLE), (table,), prepare=False)
    return [_Index(row) for row in rows]


def _reindexed(connection: Connection) -> list[_Index]:
    rows = connection.execute(_INDEXES.format(_LEFT_BY_REINDEX), prepare=False)
    return [_Index(row) for row in rows]


def _drop(connection: Connection, index: _Index) -> None:
    connection.execute(f"drop index concurrently if exists {index.qualified}", prepare=False)


def _recover_index(connection: Connection, node: Any, running: Running, tell: Tell) -> bool:
    is_complete = False
    for index in _indexes_of(connection, node):
        if index.oid in running.indexes or index.is_built:
            continue
        if not index.is_valid:
            if node.idxname in (None, index.name):
                _drop(connection, index)
                tell(f"dropped the invalid index {index.qualified} that was left behind")
        elif _is_of(index, node):
            tell(f"the index {index.qualified} was complete")
            is_complete = True
    return is_complete


def _is_of(index: _Index, node: Any) -> bool:
    return (
        node.idxname in (None, index.name)
        and bool(node.unique) == index.is_unique
        and len(node.indexParams or ()) == index.columns
    )


def _recover_reindex(connection: Connection, node: Any, running: Running, tell: Tell) -> bool:
    del node
    for index in _reindexed(connection):
        if index.oid not in running.indexes and not index.is_built:
            _drop(connection, index)
            tell(f"dropped the index {index.qualified} that REINDEX left behind")
    return False


def _recover_drop(connection: Connection, node: Any, running: Running, tell: Tell) -> bool:
    del running
    if node.removeType != ObjectType.OBJECT_INDEX:
        return False
    name = ".".join(names.quote(part.sval) for part in node.objects[0])
    row = connection.execute(
        "select pg_catalog.to_regclass(%s) is null", (name,), prepare=False
    ).fetchone()
    is_gone = row is not None and bool(row[0])
    if is_gone:
        tell(f"the index {name} was dropped already")
    return is_gone


def _recover_detach(connection: Connection, node: Any, running: Running, tell: Tell) -> bool:
    del running
    command = node.cmds[0]
    if command.subtype != AlterTableType.AT_DetachPartition:
        return False
    parent = names.qualified(node.relation.schemaname, node.relation.relname)
    part = names.qualified(command.def_.name.schemaname, command.def_.name.relname)
    row = connection.execute(
        "select inhdetachpending from pg_catalog.pg_inherits"
        " where inhrelid = pg_catalog.to_regclass(%s) and inhparent = pg_catalog.to_regclass(%s)",
        (part, parent),
        prepare=False,
    ).fetchone()
    if row == (False,):
        return False
    if row == (True,):
        connection.execute(f"alter table {parent} detach partition {part} finalize", prepare=False)
    tell(f"the partition {part} is detached")
    return True


def _recover_database(connection: Connection, node: Any, running: Running, tell: Tell) -> bool:
    del running
    row = connection.execute(
        "select 1 from pg_catalog.pg_database where datname = %s", (node.dbname,), prepare=False
    ).fetchone()
    is_complete = (row is not None) == isinstance(node, ast.CreatedbStmt)
    if is_complete:
        tell(f'the database "{node.dbname}" was made or dropped already')
    return is_complete


_RECOVERIES: dict[type[ast.Node], Callable[[Connection, Any, Running, Tell], bool]] = {
    ast.AlterTableStmt: _recover_detach,
    ast.CreatedbStmt: _recover_database,
    ast.DropStmt: _recover_drop,
    ast.DropdbStmt: _recover_database,
    ast.IndexStmt: _recover_index,
    ast.ReindexStmt: _recover_reindex,
}
