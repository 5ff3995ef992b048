"""The law of a difference, with pg_dump as its judge.

A way from one state to another is right if pg_dump says the same of the state it leads to as of
the state that was wanted, if tables and columns that both states have are the same ones
afterwards, and if their rows are. Nothing of confiture takes part in the judgement.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pglast
import psycopg
import pytest
from psycopg import sql

from confiture_core.builder.runner import run_files
from confiture_core.difference import Difference, between
from confiture_core.factory.databases import connect, connect_maintenance
from confiture_core.factory.shadows import Shadows, shadows
from confiture_core.project import SqlFile
from confiture_core.sources import open_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.catalog.model import Object
    from confiture_core.proof import Proved, State
    from confiture_core.server import Server

_ROLES = ("owner", "reader", "writer", "Ädmin", "super")
_LOCK = 4_711_004  # advisory, for those who make or drop the roles
_Place = tuple[str, str]
_Entry = tuple[str, str]  # what makes two statements the same, and the statement

# What pg_dump --schema-only leaves out.
_BESIDES = """
select 'extension ' || extname || ' ' || extversion from pg_extension
union all
select 'invalid index ' || indexrelid::regclass from pg_index where not indisvalid
union all
select 'empty ' || oid::regclass from pg_class where relkind = 'm' and not relispopulated
union all
select 'setting ' || unnest(setconfig) from pg_db_role_setting
where setdatabase = (select oid from pg_database where datname = current_database())
"""

_TABLES = """
select n.nspname, c.relname, c.oid::int8, c.relkind::text || coalesce(pg_get_partkeydef(c.oid), ''),
  coalesce(json_object_agg(a.attname, json_build_object(
    'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod),
    'is_computed', a.attgenerated <> '' or t.typtype = 'c', 'enum', (
      select min(enumlabel) from pg_enum where enumtypid = a.atttypid
    )
  )) filter (where a.attname is not null), '{}'),
  (select inhparent::int8 from pg_inherits where inhrelid = c.oid and c.relispartition)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_type t on t.oid = a.atttypid
where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by n.nspname, c.oid, c.relname, c.relkind, c.relispartition
"""

# Another one each time that pg_dump runs.
_SECRET = re.compile(r"^\\(un)?restrict .*$", re.MULTILINE)

# What PostgreSQL keeps in the order in which it came to be, though it means the same in any.
_WITHOUT_ORDER: dict[type, tuple[str, ...]] = {
    pglast.ast.CreateStmt: ("tableElts",),
    pglast.ast.CreateStatsStmt: ("exprs",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it stands in one database."""

    oid: int
    form: str  # pg_class.relkind, and its partition key
    columns: dict[str, dict[str, Any]]
    partition_of: int | None  # oid


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What PostgreSQL says of one database."""

    dump: str
    besides: list[tuple[str, ...]]  # what pg_dump leaves out
    tables: dict[_Place, Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Builds states, asks for their difference, runs it and judges what comes of it."""

    server: Server
    shadows: Shadows
    pg_dump: str
    _states: dict[tuple[str, str], State] = field(default_factory=dict)
    _said: dict[str, Said] = field(default_factory=dict)  # by database, of those states

    def state(self, text: str, shown: str) -> State:
        """Build a state from the text of one file, once; its database is only to be read."""
        if (text, shown) not in self._states:
            self._states[text, shown] = open_files((_file(text, shown),), shown, self.shadows)
        return self._states[text, shown]

    def _build(self, text: str, shown: str) -> str:
        """Build a database to be changed; a clone would lack settings and subscriptions."""
        database = self.shadows.make()
        with connect(self.server, database) as connection:
            create: Literal["create", "skip"] = "create" if self.server.is_ephemeral else "skip"
            run_files(connection, (_file(text, shown),), on_missing_role=create)
        return database

    def difference(self, old: str, new: str) -> Difference:
        return between(self.state(old, "old.sql"), self.state(new, "new.sql"), self.shadows)

    def check(self, old: str, new: str, difference: Difference) -> None:
        """Run both directions, on rows where they can, and judge each."""
        wanted, source = self.state(new, "new.sql").database, self.state(old, "old.sql").database
        database = self._build(old, "old.sql")
        before, rows = self._fill(database)
        if not self._run(difference.up, database, rows=True):
            database, rows = self._build(old, "old.sql"), {}
            before = self.tables(database)
            self._run(difference.up, database, rows=False)
        before = self._judge(before, database, wanted, rows)
        if not self._run(difference.down, database, rows=True):
            database = self._build(new, "new.sql")
            before = self.tables(database)
            self._run(difference.down, database, rows=False)
        self._judge(before, database, source, {})

    def operations(self, difference: Difference) -> str:
        return operations_of(difference)

    def tables(self, database: str) -> dict[_Place, Table]:
        with connect(self.server, database) as connection:
            return _tables(connection)

    def _judge(
        self, before: dict[_Place, Table], reached: str, wanted: str, rows: dict[_Place, Any]
    ) -> dict[_Place, Table]:
        """Judge what was reached; give its tables."""
        after = self.same(reached, wanted)
        assert _lost(before, after, self.said(wanted).tables) == []
        kept = {place: held for place, held in rows.items() if place in after}
        if not kept:
            return after
        with connect(self.server, reached) as connection:
            values = _rows(connection, {place: after[place] for place in kept})
        for place, held in kept.items():
            if before[place].oid != after[place].oid:
                continue
            if before[place].form[0] == "r" == after[place].form[0]:
                assert values[place][0] == 1, f"the row of {place} is lost"
            same = _same_columns(before[place], after[place]) & held.keys()
            if values[place][0]:
                assert {c: values[place][1][c] for c in same} == {c: held[c] for c in same}
        return after

    def same(self, reached: str, wanted: str) -> dict[_Place, Table]:
        """Tell how a database differs from that of a state, by what pg_dump says of them."""
        found, state = self._ask(reached), self.said(wanted)
        assert found.besides == state.besides
        if _SECRET.sub("", found.dump) == _SECRET.sub("", state.dump):
            return found.tables
        one, other = _entries(found.dump), _entries(state.dump)
        for _ in range(2):
            if _keys(one) == _keys(other):
                break
            # Some expressions are not deparsed to a text that gives itself when it is run again.
            one, other = self._dump_again(one), self._dump_again(other)
        left = [text for key, text in one if key not in _keys(other)]
        missing = [text for key, text in other if key not in _keys(one)]
        assert (left, missing) == ([], [])
        assert _keys(one) == _keys(other)
        return found.tables

    def said(self, database: str) -> Said:
        """Give what is said of the database of a state, which stays as it is."""
        if database not in self._said:
            self._said[database] = self._ask(database)
        return self._said[database]

    def _ask(self, database: str) -> Said:
        with connect(self.server, database) as connection:
            besides = sorted(connection.execute(_BESIDES).fetchall())
            tables = _tables(connection)
        return Said(dump=self._dump(database), besides=besides, tables=tables)

    def _dump(self, database: str) -> str:
        command = [self.pg_dump, "--schema-only", "--dbname", self.server.conninfo(database)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _dump_again(self, entries: list[_Entry]) -> list[_Entry]:
        database = self.shadows.make()
        with connect(self.server, database) as connection:
            connection.execute("set check_function_bodies = off")
            for _, text in entries:
                try:
                    connection.execute(text.encode())
                except (psycopg.errors.DuplicateSchema, psycopg.errors.InvalidTextRepresentation):
                    continue
        dumped = _entries(self._dump(database))
        self.shadows.drop(database)
        return dumped

    def _run(self, plan: Proved, database: str, *, rows: bool) -> bool:
        """Run the steps; False where one failed on rows, which it had said it might."""
        with connect(self.server, database) as connection:
            step = None
            try:
                with connection.transaction() if plan.transactional else nullcontext():
                    for step in plan.steps:
                        connection.execute(step.sql.encode())
            except psycopg.Error as exc:
                if not rows:
                    raise
                assert step is not None
                said = {hazard.kind for hazard in step.hazards}
                if "may fail" not in said:
                    raise AssertionError(f"did not say that it may fail: {step.sql}") from exc
                return False
        return True

    def _fill(self, database: str) -> tuple[dict[_Place, Table], dict[_Place, dict[str, str]]]:
        """Insert a row into each table that takes one; give the tables, and what they hold."""
        with connect(self.server, database) as connection:
            connection.execute("set session_replication_role = replica")
            tables = _tables(connection)
            for place, table in tables.items():
                if table.form == "r":
                    _insert(connection, place, table)
            found = _rows(connection, tables)
        return tables, {place: values for place, (count, values) in found.items() if count == 1}


def _file(text: str, shown: str) -> SqlFile:
    return SqlFile(path=Path(shown).absolute(), shown=shown, text=text)


def operations_of(difference: Difference) -> str:
    """Say what a difference does to which object, a line each."""
    done: dict[str, set[str]] = {}
    for operation in difference.up.operations:
        actions = done.setdefault(str(operation.identity), set())
        actions |= set(_actions(operation.old, operation.new))
    lines = []
    for name, actions in done.items():
        if {"create", "drop"} <= actions:
            actions = {"replace"}
        lines += [f"{action} {name}\n" for action in actions]
    return "".join(sorted(lines))


def _actions(old: Object | None, new: Object | None) -> Iterator[str]:
    if new is None:
        yield "drop"
        return
    words = {"comment": "comment", "owner": "owner", "privileges": "grant"}
    if old is None:
        yield "create"
    elif _bare(old) != _bare(new):
        yield "alter"
    for name, word in words.items():
        if old is not None and getattr(old, name) != getattr(new, name):
            yield word
    if old is None and new.comment not in (None, getattr(new, "default_comment", None)):
        yield "comment"
    if old is None and new.owner is not None:
        yield "owner"


def _bare(item: Object) -> Object:
    return replace(item, comment=None, owner=None, privileges=())


def _entries(dump: str) -> list[_Entry]:
    """Cut a dump into statements; the order of a table's columns is no difference."""
    entries, access_method = [], ""
    for statement in pglast.split(_SECRET.sub("", dump)):
        if statement.startswith(("SET ", "SELECT pg_catalog.set_config(")):
            if statement.startswith("SET default_table_access_method"):
                access_method = statement
            continue
        node: Any = pglast.parse_sql(statement)[0].stmt
        key = _without_places(node(skip_none=True))
        for name in _WITHOUT_ORDER.get(type(node), ()):
            key[name] = sorted(key.get(name, ()), key=repr)
        if isinstance(node, pglast.ast.CreateStmt):
            is_heap = "heap" in access_method or node.partspec is not None
            key["access_method"] = "" if is_heap else access_method
        entries.append((repr(key), statement))
    return entries


def _without_places(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            name: _without_places(value)
            for name, value in node.items()
            if not name.endswith(("location", "_start", "_end", "stmt_len"))
        }
    return tuple(map(_without_places, node)) if isinstance(node, tuple) else node


def _keys(entries: list[_Entry]) -> Counter[str]:
    return Counter(key for key, _ in entries)


def _tables(connection: psycopg.Connection[Any]) -> dict[_Place, Table]:
    rows = connection.execute(_TABLES)
    return {
        (schema, name): Table(oid=oid, form=form, columns=columns, partition_of=parent)
        for schema, name, oid, form, columns, parent in rows
    }


def _lost(
    before: dict[_Place, Table], after: dict[_Place, Table], aim: dict[_Place, Table]
) -> list[str]:
    """Name the tables and columns of both states that were dropped and made again."""
    lost = []
    for place, table in before.items():
        wanted, reached = aim.get(place), after.get(place)
        if wanted is None or reached is None or table.form != wanted.form:
            continue
        if _is_partitioned_anew(table, before, aim):
            continue
        if reached.oid != table.oid:
            lost.append(f"table {place}")
            continue
        lost += [
            f"column {place} {name}"
            for name, column in table.columns.items()
            if name in wanted.columns
            and not (wanted.columns[name]["is_computed"] or column["is_computed"])
            and reached.columns[name]["number"] != column["number"]
        ]
    return lost


def _is_partitioned_anew(
    table: Table, before: dict[_Place, Table], aim: dict[_Place, Table]
) -> bool:
    """Tell whether the table above has another partition key, so that rows change places."""
    return any(
        above.oid == table.partition_of and place in aim and aim[place].form != above.form
        for place, above in before.items()
    )


def _same_columns(before: Table, after: Table) -> set[str]:
    return {
        name
        for name, column in before.columns.items()
        if name in after.columns
        and column["type"] == after.columns[name]["type"]
        and not after.columns[name]["is_computed"]
    }


_VALUES = ("1", "10", "0", "2024-01-01", "t", "{}", "a", "empty")


def _insert(connection: psycopg.Connection[Any], place: _Place, table: Table) -> None:
    columns = [name for name, column in table.columns.items() if not column["is_computed"]]
    for number in ("1", "10", "100"):
        values = [_value(connection, table.columns[name], number) for name in columns]
        statement = sql.SQL("insert into {} ({}) overriding system value values ({})").format(
            sql.Identifier(*place),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(values),
        )
        if not columns:
            statement = sql.SQL("insert into {} default values").format(sql.Identifier(*place))
        try:
            connection.execute(statement)
        except psycopg.Error:
            continue  # rows are wanted where they are easily had
        return


def _value(
    connection: psycopg.Connection[Any], column: dict[str, Any], number: str
) -> sql.Composable:
    candidates = (column["enum"],) if column["enum"] else (number, *_VALUES)
    for text in candidates:
        cast = sql.SQL("{}::{}").format(sql.Literal(text), sql.SQL(column["type"]))
        try:
            connection.execute(sql.SQL("select {}").format(cast))
        except psycopg.Error:
            continue
        return cast
    return sql.SQL("null")


def _rows(
    connection: psycopg.Connection[Any], tables: dict[_Place, Table]
) -> dict[_Place, tuple[int, dict[str, str]]]:
    """Read how many rows each table holds, and one of them as text."""
    found = {}
    for place in tables:
        relation = sql.Identifier(*place)
        count = connection.execute(sql.SQL("select count(*) from only {}").format(relation))
        (number,) = count.fetchone() or (0,)
        statement = sql.SQL("select to_json(t)::text from only {} t limit 1").format(relation)
        row = connection.execute(statement).fetchone()
        found[place] = (number, json.loads(row[0]) if row else {})
    return found


@pytest.fixture
def law(server: Server, _roles: None, pg_dump: str) -> Iterator[Law]:
    """The law on the server of the tests, with the roles that cases name."""
    with shadows(server) as made:
        yield Law(server=server, shadows=made, pg_dump=pg_dump)


@pytest.fixture(scope="session")
def fresh_law(
    server: Server, _roles: None, pg_dump: str
) -> Callable[[], AbstractContextManager[Law]]:
    """The law for those who state it many times: databases are dropped after each."""

    @contextmanager
    def fresh() -> Iterator[Law]:
        with shadows(server) as made:
            yield Law(server=server, shadows=made, pg_dump=pg_dump)

    return fresh


@pytest.fixture(scope="session")
def _roles(server: Server) -> Iterator[None]:
    names = [f"confiture_test_{name}" for name in _ROLES]
    with connect_maintenance(server) as connection:
        with _locked(connection):
            known = {name for (name,) in connection.execute("select rolname from pg_roles")}
            for name in names:
                if name not in known:
                    # Only a superuser can own an event trigger or a foreign data wrapper.
                    option = sql.SQL(" superuser" if name == "confiture_test_super" else "")
                    role = sql.Identifier(name)
                    connection.execute(sql.SQL("create role {}{}").format(role, option))
        try:
            yield
        finally:
            with _locked(connection):
                for name in names:
                    _drop_role(connection, name)


@contextmanager
def _locked(connection: psycopg.Connection[Any]) -> Iterator[None]:
    connection.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _drop_role(connection: psycopg.Connection[Any], name: str) -> None:
    # Another process may have databases with it, and drops it at its end.
    with suppress(psycopg.errors.DependentObjectsStillExist):
        connection.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(name)))
