"""A pooler in front of the server: one by session is no matter, one by transaction is refused."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from confiture_core.errors import DatabaseError
from confiture_core.migrations.executor import migrate_up
from confiture_core.migrations.history import read_history

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = pytest.mark.skipif(
    PGBOUNCER is None, reason="pgbouncer is not installed (apt-get install pgbouncer)"
)

CONFIGURATION = """
[databases]
* = host={host} port={port} user={user} {password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
ignore_startup_parameters = extra_float_digits,application_name,options
"""


@pytest.fixture
def pooled(server, database, request):
    """A connection to the database through PgBouncer in the mode of the parameter."""
    folder = Path(tempfile.mkdtemp(prefix="confiture-pgbouncer-"))
    listen = _free_port()
    (folder / "pgbouncer.ini").write_text(
        CONFIGURATION.format(
            host=server.host,
            port=server.port,
            user=server.user,
            password=f"password={server.password}" if server.password else "",
            listen=listen,
            mode=request.param,
        )
    )
    folder.chmod(0o755)
    process = subprocess.Popen(
        [str(PGBOUNCER), "-q", str(folder / "pgbouncer.ini")],
        user=_user(server.host),
        stderr=subprocess.DEVNULL,
    )
    try:
        with _connect(listen, database.info.dbname) as connection:
            yield connection
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)


@pytest.mark.parametrize("pooled", ["transaction"], indirect=True)
def test_a_pooler_that_shares_sessions_is_refused(pooled, load, database):
    migrations = load({"001_a.up.sql": "CREATE TABLE a (i int);"})

    with pytest.raises(DatabaseError, match="a pooler that shares sessions") as caught:
        migrate_up(pooled, migrations)

    assert caught.value.hint is not None
    assert read_history(database) == ()


@pytest.mark.parametrize("pooled", ["session"], indirect=True)
def test_a_pooler_that_gives_each_client_a_session_is_no_matter(pooled, load, database):
    migrate_up(pooled, load({"001_a.up.sql": "CREATE TABLE a (i int);"}))

    assert [row.version for row in read_history(database)] == ["001"]


def _user(host: str) -> str | int | None:
    # PgBouncer refuses to run as root; the socket of a server may be for its own user only.
    if os.geteuid() != 0:
        return None
    return Path(host).stat().st_uid if host.startswith("/") else "nobody"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _connect(port: int, dbname: str) -> psycopg.Connection[tuple[object, ...]]:
    deadline = time.monotonic() + 10
    while True:
        try:
            return psycopg.connect(
                host="127.0.0.1",
                port=port,
                dbname=dbname,
                user="any",
                autocommit=True,
                connect_timeout=3,
            )
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "pgbouncer does not answer"
            time.sleep(0.02)
