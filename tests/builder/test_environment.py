from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from confiture_core.builder.environment import build_environment
from confiture_core.config import Environment, load_environment
from confiture_core.errors import ConfigError, DatabaseError, LockedError, SqlError
from confiture_core.reach import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from confiture_core.reach import Connection
    from confiture_core.server import Server

    Project = Callable[..., Environment]

NAME = f"Confiture test {os.getpid()}"
USERS = {"db/schema/users.sql": "CREATE TABLE users (id serial PRIMARY KEY, name text);"}
SEEDS = {"db/seeds/users.sql": "INSERT INTO users (name) VALUES ('ann');"}


@pytest.fixture
def owner(server: Server) -> Iterator[sql.Identifier]:
    """A role that owns nothing when the database is gone."""
    role = sql.Identifier(f"confiture_test_owner_{os.getpid()}")
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("create role {}").format(role))
        yield role
        connection.execute(sql.SQL("drop role {}").format(role))


@pytest.fixture
def maintenance(server: Server, owner: sql.Identifier) -> Iterator[Connection]:
    """A connection to the server, on which nothing of a build may be left."""
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        yield connection
        assert names(connection) in ([], [NAME])
        connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(NAME)))


@pytest.fixture
def project(server: Server, tmp_path: Path, maintenance: Connection) -> Project:
    """Write a project and give its environment, whose database is NAME."""

    def project(files: dict[str, str], *, more: str = "") -> Environment:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        folder = tmp_path / "db/environments"
        folder.mkdir(parents=True, exist_ok=True)
        include = "".join(f"  - {path}\n" for path in sorted({n.rsplit("/", 1)[0] for n in files}))
        (folder / "local.yaml").write_text(
            f"name: local\ninclude_dirs:\n{include}database:\n  url: {server.url(NAME)}\n{more}"
        )
        return load_environment(directory=tmp_path)

    return project


def names(connection: Connection) -> list[object]:
    query = "select datname from pg_database where left(datname, length(%s)) = %s order by 1"
    return [name for (name,) in connection.execute(query, (NAME, NAME))]


def query(environment: Environment, text: str) -> list[tuple[object, ...]]:
    with connect(environment) as connection:
        return connection.execute(text.encode()).fetchall()


def execute(environment: Environment, text: str) -> None:
    with connect(environment) as connection:
        connection.execute(text.encode())


def test_a_build_makes_the_database_with_its_seeds(project: Project, maintenance: Connection):
    environment = project(USERS | SEEDS)

    report = build_environment(environment)

    assert (report.database, report.schema_files, report.seed_files) == (NAME, 1, 1)
    assert report.replaced is False
    assert query(environment, "select id, name from users") == [(1, "ann")]
    assert names(maintenance) == [NAME]


def test_seeds_can_be_left_out(project: Project):
    environment = project(USERS | SEEDS)

    report = build_environment(environment, schema_only=True)

    assert report.seed_files == 0
    assert query(environment, "select id, name from users") == []


def test_an_empty_database_is_replaced(project: Project, maintenance: Connection):
    maintenance.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))

    report = build_environment(project(USERS))

    assert report.replaced is True


def test_what_a_build_made_is_replaced_while_it_holds_no_rows(project: Project):
    environment = project(USERS)
    history = "create table public.confiture_migrations (version text)"

    def record(connection: Connection) -> None:
        connection.execute(history.encode())
        connection.execute("insert into confiture_migrations values ('001')")

    build_environment(environment, after=lambda: record)
    build_environment(environment, after=lambda: record)

    assert query(environment, "select version from confiture_migrations") == [("001",)]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("create table t as select 1 as a", "rows in public.t"),
        ("create table t (a int)", "relation t, which confiture has not built"),
        ("create function f() returns int language sql as 'select 1'", "routine f(), which"),
        ("create schema s", "schema s, which"),
        ("create domain d as int", "type d, which"),
        ("select lo_create(0)", "large objects"),
    ],
)
def test_a_database_that_holds_something_is_kept(
    project: Project, maintenance: Connection, content: str, what: str
):
    maintenance.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))
    environment = project(USERS)
    execute(environment, content)

    with pytest.raises(DatabaseError) as caught:
        build_environment(environment)

    assert caught.value.message.startswith(f'database "{NAME}" holds {what}')
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("--recreate replaces it")
    assert query(environment, "select to_regclass('users')") == [(None,)]


def test_recreate_replaces_what_the_database_holds(project: Project):
    environment = project(USERS | SEEDS)
    build_environment(environment)
    execute(environment, "insert into users (name) values ('bob')")

    report = build_environment(environment, recreate=True)

    assert report.replaced is True
    assert query(environment, "select name from users") == [("ann",)]


def test_the_database_of_a_protected_environment_is_made_but_never_replaced(project: Project):
    environment = project(USERS, more="protected: true\n")
    build_environment(environment)

    with pytest.raises(DatabaseError, match="protected: it is never replaced") as caught:
        build_environment(environment, recreate=True)

    assert caught.value.path == "db/environments/local.yaml"


def test_a_failed_build_leaves_what_was_there(project: Project, maintenance: Connection):
    environment = project(USERS | SEEDS)
    build_environment(environment)
    broken = project(USERS | SEEDS | {"db/schema/z.sql": "CREATE TABLE t (a txt);"})

    with pytest.raises(SqlError) as caught:
        build_environment(broken, recreate=True)

    assert str(caught.value) == 'db/schema/z.sql:1: type "txt" does not exist'
    assert query(environment, "select name from users") == [("ann",)]
    assert names(maintenance) == [NAME]


def test_what_happens_after_the_files_belongs_to_the_build(
    project: Project, maintenance: Connection
):
    def fail(_: Connection) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_environment(project(USERS), after=lambda: fail)

    assert names(maintenance) == []


def test_a_file_far_behind_that_cannot_be_read_leaves_nothing(
    project: Project, maintenance: Connection
):
    many = {f"db/schema/{number:03}.sql": "SELECT 1;" for number in range(120)}

    with pytest.raises(SqlError) as caught:
        build_environment(project(many | {"db/schema/119.sql": "SELECT 1;\nCREATE TABEL a ();"}))

    assert str(caught.value) == 'db/schema/119.sql:2: syntax error at or near "TABEL"'
    assert names(maintenance) == []


def test_what_cannot_be_made_ready_beside_the_files_leaves_nothing(
    project: Project, maintenance: Connection
):
    def fail() -> Callable[[Connection], None]:
        raise DatabaseError("not ready")

    with pytest.raises(DatabaseError, match="not ready"):
        build_environment(project(USERS), after=fail)

    assert names(maintenance) == []


def test_a_database_in_use_is_not_replaced(project: Project):
    environment = project(USERS)
    build_environment(environment)

    with connect(environment) as connection:
        process = connection.info.backend_pid
        with pytest.raises(DatabaseError, match="is in use, it cannot be replaced") as caught:
            build_environment(environment, recreate=True)

    assert caught.value.detail is not None
    assert caught.value.detail.startswith("confiture of ")
    assert caught.value.detail.endswith(f"process {process}")


def test_one_build_at_a_time(project: Project):
    environment = project(USERS)

    def again(_: Connection) -> None:
        build_environment(environment)

    with pytest.raises(LockedError, match="another build of database"):
        build_environment(environment, after=lambda: again)


def test_what_a_killed_build_has_left_is_dropped_by_the_next(
    project: Project, maintenance: Connection
):
    left, other = f"{NAME}__confiture_new_1", f"{NAME}__confiture_new_2"
    for name in (left, other):
        maintenance.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    maintenance.execute(
        sql.SQL("comment on database {} is 'left by confiture build: can be dropped'").format(
            sql.Identifier(left)
        )
    )

    build_environment(project(USERS))

    assert names(maintenance) == [NAME, other]
    maintenance.execute(sql.SQL("drop database {}").format(sql.Identifier(other)))


def test_the_new_database_inherits_what_is_not_in_the_files(
    project: Project, maintenance: Connection, owner: sql.Identifier
):
    database = sql.Identifier(NAME)
    maintenance.execute(
        sql.SQL(
            "create database {} template template0 owner {} encoding 'LATIN1'"
            " lc_collate 'C' lc_ctype 'C' connection limit 7"
        ).format(database, owner)
    )
    for statement in (
        "comment on database {} is 'the shop'",
        "alter database {} set search_path to app, public",
        "alter database {} set work_mem to '5MB'",
        "alter role {owner} in database {} set confiture.x to 'a, b'",
        "revoke all on database {} from public",
        "grant connect on database {} to pg_monitor with grant option",
    ):
        maintenance.execute(sql.SQL(statement).format(database, owner=owner))
    before = facts(maintenance)

    build_environment(project({"db/schema/a.sql": "CREATE TABLE users (name text DEFAULT 'é');"}))

    assert before == facts(maintenance)
    assert before["work_mem"] == ["work_mem=5MB"]


def facts(connection: Connection) -> dict[str, object]:
    found = connection.execute(
        "select d.datdba, d.encoding, d.datcollate, d.datctype, d.datconnlimit,"
        " shobj_description(d.oid, 'pg_database'), array(select a::text from unnest(datacl) a"
        " order by 1) from pg_database d where datname = %s",
        (NAME,),
    ).fetchone()
    settings = connection.execute(
        "select setrole::regrole::text, unnest(setconfig) from pg_db_role_setting s"
        " join pg_database d on d.oid = s.setdatabase where datname = %s order by 1, 2",
        (NAME,),
    ).fetchall()
    work_mem = [entry for _, entry in settings if str(entry).startswith("work_mem")]
    return {"database": found, "settings": settings, "work_mem": work_mem}


def test_an_environment_without_a_database_cannot_be_built(tmp_path: Path):
    (tmp_path / "db/environments").mkdir(parents=True)
    (tmp_path / "db/environments/local.yaml").write_text("name: local\n")

    with pytest.raises(ConfigError) as caught:
        build_environment(load_environment(directory=tmp_path))

    assert str(caught.value) == "db/environments/local.yaml: the environment names no database"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@127.0.0.1:1/shop",
        "postgresql://me@127.0.0.1:1/shop?password=hunter2",
        "postgresql://me:hunter2@127.0.0.1:port/shop",
    ],
    ids=["no-server", "password-as-parameter", "malformed"],
)
def test_a_failed_connection_is_said_without_the_password(tmp_path: Path, url: str):
    (tmp_path / "db/environments").mkdir(parents=True)
    (tmp_path / "db/environments/local.yaml").write_text(f"database:\n  url: {url}\n")

    with pytest.raises(DatabaseError) as caught:
        build_environment(load_environment(directory=tmp_path))

    assert str(caught.value).startswith(
        "db/environments/local.yaml: database connection failed: postgresql://me@127.0.0.1:"
    )
    assert caught.value.detail
    assert "hunter2" not in f"{caught.value} {caught.value.detail} {caught.value.hint}"
