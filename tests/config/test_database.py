from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg.conninfo
import pytest

from confiture_core.config import DatabaseSettings, load_environment
from confiture_core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = """\
name: production
database:
  host: ${DB_HOST}
  port: ${DB_PORT:-5432}
  database: ${DB_NAME}
  user: ${DB_USER}
  password: ${DB_PASSWORD:-}
"""


def load(tmp_path: Path, text: str, **environ: str) -> DatabaseSettings:
    folder = tmp_path / "db/environments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "local.yaml").write_text(text)
    database = load_environment(directory=tmp_path, environ=environ).database
    assert database is not None
    return database


def parsed(conninfo: str) -> dict[str, object]:
    return dict(psycopg.conninfo.conninfo_to_dict(conninfo))


def test_variables_are_replaced_by_their_values(tmp_path: Path):
    database = load(tmp_path, GUIDE, DB_HOST="db.example", DB_NAME="app", DB_USER="me")

    assert database == DatabaseSettings(host="db.example", port=5432, dbname="app", user="me")
    assert database.shown == "postgresql://me@db.example:5432/app"


def test_a_default_also_replaces_an_empty_value(tmp_path: Path):
    database = load(tmp_path, GUIDE, DB_HOST="", DB_PORT="", DB_NAME="app", DB_USER="me")

    assert (database.host, database.port) == (None, 5432)


def test_an_unset_variable_hurts_only_who_needs_the_database(tmp_path: Path):
    database = load(tmp_path, GUIDE, DB_HOST="db.example")

    for use in (database.conninfo, database.database_name, lambda: database.shown):
        with pytest.raises(ConfigError) as caught:
            use()
        assert str(caught.value) == (
            'db/environments/local.yaml:5: environment variable "DB_NAME" is not set'
        )


def test_a_dollar_before_a_variable_takes_it_literally(tmp_path: Path):
    database = load(tmp_path, "database:\n  password: a$${X}$b\n")

    assert database.password == "a${X}$b"


def test_a_value_keeps_its_authors_characters(tmp_path: Path):
    database = load(tmp_path, "database:\n  port: '5432'\n  password: 0123\n  user: 1e3\n")

    assert (database.port, database.password, database.user) == (5432, "0123", "1e3")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("port: abc", 2, '"port" must be a number from 1 to 65535'),
        ("port: 70000", 2, '"port" must be a number from 1 to 65535'),
        ("url: host=a", 2, '"url" must start with postgresql://'),
        ("url: postgresql:///a\n  host: b", 3, '"url" and "host" are both given: keep one'),
        ("host: [a]", 2, '"host" must be a single value'),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, text: str, line: int, message: str):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, f"database:\n  {text}\n")

    assert (caught.value.line, caught.value.message) == (line, message)


def test_the_connection_string_quotes_what_needs_it():
    database = DatabaseSettings(host="/tmp/a b", port=1, dbname="d'b", user="u\\", password="")

    assert parsed(database.conninfo()) == {
        "host": "/tmp/a b",
        "port": "1",
        "dbname": "d'b",
        "user": "u\\",
        "password": "",
    }


def test_another_database_of_the_server_can_be_asked_for():
    database = DatabaseSettings(host="h", dbname="app")

    assert parsed(database.conninfo("postgres")) == {"host": "h", "dbname": "postgres"}


@pytest.mark.parametrize(
    ("url", "dbname", "shown"),
    [
        ("postgresql://u:p%40w@h:1/app", "app", "postgresql://u@h:1/app"),
        ("postgres://h/a%20b", "a b", "postgres://h/a%20b"),
        (
            "postgresql://u:pw@h1:1,h2:2/app?sslmode=require&password=pw",
            "app",
            "postgresql://u@h1:1,h2:2/app?sslmode=require",
        ),
        ("postgresql:///app?host=/tmp", "app", "postgresql:///app?host=/tmp"),
        ("postgresql://h?dbname=app", "app", "postgresql://h/?dbname=app"),
        ("postgresql://u@h", None, "postgresql://u@h/"),
    ],
)
def test_a_url_is_read_without_being_changed(
    tmp_path: Path, url: str, dbname: str | None, shown: str
):
    database = load(tmp_path, f"database:\n  url: '{url}'\n")

    assert database.conninfo() == url
    assert (database.dbname, database.shown) == (dbname, shown)
    assert parsed(database.conninfo("o'x")) == {**parsed(url), "dbname": "o'x"}


def test_a_database_without_a_name_is_an_error_where_the_name_is_needed():
    with pytest.raises(ConfigError, match="names no database"):
        DatabaseSettings(host="h").database_name()


@pytest.mark.parametrize(
    "database",
    [
        DatabaseSettings(host="h", password="hunter2"),
        DatabaseSettings(url="postgresql://u:hunter2@h/d"),
        DatabaseSettings(url="postgresql://h/d?password=hunter2"),
    ],
    ids=["part", "url", "parameter"],
)
def test_the_password_is_never_shown(database: DatabaseSettings):
    quoted = f"invalid connection option in {database.url}: hunter2"

    assert "hunter2" not in f"{database!r} {database.shown} {database.redacted(quoted)}"
