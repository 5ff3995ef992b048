"""The server of a test session: one for all workers of pytest-xdist.

A server of our own is started by the process that the workers belong to, when the first of them
asks, and ends with it. They ask through a socket only their user can open.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_confiture.options import option
from pytest_confiture.state import STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    import pytest

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server

WORKER_INPUT = "confiture_desk"

_LEAVING_S = 2.0
_SWITCH_INTERVAL_S = 0.0002
_OTHERS = """
select exists (select from pg_catalog.pg_stat_activity
               where backend_type = 'client backend' and pid <> pg_catalog.pg_backend_pid())
"""


@contextmanager
def session_server(config: pytest.Config) -> Iterator[Server]:
    """Give the server that the options or the environment name, else one of our own.

    What tests need of this plugin is loaded meanwhile.
    """
    found = found_server(config)
    with ExitStack() as stack:
        with _load_supply():
            server = stack.enter_context(found)
            _connect_ahead(config, server)
        yield server


def found_server(config: pytest.Config) -> AbstractContextManager[Server]:
    """Find who gives the server; with what that takes being loaded, it is still to be entered."""
    from confiture_core.server import read_server
    from confiture_core.server.named import naming

    pg_ctl = _exec_option(config)
    url = option(config, "server_url") or _postgresql_url(config)
    # A program named on the command line is meant to be started, whatever the environment names.
    named = naming(environ={} if pg_ctl and not url else os.environ, url=url)
    if named is not None:
        return _given(partial(read_server, named[0], source=named[1]))
    desk = getattr(config, "workerinput", {}).get(WORKER_INPUT)
    if desk is not None:
        return _given(partial(_ask, desk))
    if option(config, "keep"):
        return _staying_server(pg_ctl)
    from confiture_core.server import find_server

    return find_server(environ=_own_environ(os.environ), pg_ctl=pg_ctl, project=config.rootpath)


@contextmanager
def _given(look: Callable[[], Server]) -> Iterator[Server]:
    yield look()


@contextmanager
def _load_supply() -> Iterator[None]:
    """Load the supply while a server is waited for; nothing of ours may be imported in between."""
    loading = threading.Thread(
        target=import_module, args=("pytest_confiture.supply",), name="confiture loading"
    )
    # Whoever gets an answer from the server would else wait for 5 ms each time, to act on it.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    loading.start()
    try:
        yield
    finally:
        loading.join()
        sys.setswitchinterval(interval)


def _connect_ahead(config: pytest.Config, server: Server) -> None:
    import psycopg

    from confiture_core.errors import DatabaseError
    from confiture_core.factory.databases import connect_maintenance
    from confiture_core.factory.inventory import reap

    # Where that fails, it is for the first test to say so.
    with suppress(DatabaseError, psycopg.Error):
        opened = connect_maintenance(server)
        config.stash[STATE].maintenance = server, opened
        reap(opened)


def maintenance_ahead(config: pytest.Config, server: Server) -> Connection | None:
    """Hand over the connection to a server that was opened ahead, if there is one."""
    opened, config.stash[STATE].maintenance = config.stash[STATE].maintenance, None
    if opened is None or opened[0] is server:
        return opened[1] if opened is not None else None
    opened[1].close()
    return None


def _staying_server(pg_ctl: Path | None) -> AbstractContextManager[Server]:
    """Give a server on which databases can be kept; it is stopped if it was of no use."""
    from confiture_core.server import standing_server, start_standing, stop_standing

    environ = _own_environ(os.environ)

    @contextmanager
    def staying() -> Iterator[Server]:
        was_there = standing_server(environ) is not None
        server = start_standing(environ, pg_ctl=pg_ctl)
        try:
            yield server
        finally:
            if not was_there and not _is_of_use(server):
                stop_standing(environ)

    return staying()


def _is_of_use(server: Server) -> bool:
    """Say whether a database was kept, or another run is at work there."""
    import psycopg

    from confiture_core.errors import DatabaseError
    from confiture_core.factory.databases import maintenance
    from confiture_core.factory.inventory import list_databases

    # It was stopped, or it was killed: the next one of ours removes what it left.
    with suppress(DatabaseError, psycopg.Error), maintenance(server) as connection:
        if any(database.mark.kept for database in list_databases(connection)):
            return True
        # The sessions of this run may still be leaving.
        deadline = time.monotonic() + _LEAVING_S
        while connection.execute(_OTHERS).fetchone() == (True,):
            if time.monotonic() > deadline:
                return True
            time.sleep(0.01)
    return False


@contextmanager
def fixture_server(fixture: Any, name: str) -> Iterator[Server]:
    """Give the server behind one of pytest-postgresql's process or no-process fixtures."""
    from psycopg.conninfo import make_conninfo

    from confiture_core.server import read_server

    yield read_server(
        make_conninfo(
            host=fixture.host,
            port=fixture.port,
            user=fixture.user,
            password=fixture.password or None,
            options=fixture.options or None,
        ),
        source=f"the fixture {name}",
    )


def named_by(config: pytest.Config) -> str:
    """Say who names the server, without looking for it."""
    fixture = config.getini("confiture_postgresql_fixture")
    if fixture:
        return f"of the fixture {fixture}"
    if option(config, "server_url"):
        return "of --confiture-server-url"
    for names in (("CONFITURE_SERVER_URL",), ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")):
        given = [name for name in names if os.environ.get(name)]
        if given:
            return f"of {', '.join(given)}"
    return "of our own, started when a test asks for it"


def run_folder(config: pytest.Config) -> Path | None:
    """Give the folder that the workers of a run on this machine share; None without workers."""
    desk = getattr(config, "workerinput", {}).get(WORKER_INPUT)
    folder = Path(desk).parent if desk is not None else None
    return folder if folder is not None and folder.is_dir() else None


class Desk:
    """Where workers ask for the server; it is found or started for the first of them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        # Short: the path of a socket has 107 bytes at most, and pytest's own folders are deep.
        self._folder = Path(tempfile.mkdtemp(prefix="confiture-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self.address = str(self._folder / "desk")
        self._listener.bind(self.address)
        self._listener.listen(64)
        self._thread = threading.Thread(target=self._serve, name="confiture desk", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the server if it was started, and stop answering."""
        with suppress_connection_errors(), socket.socket(socket.AF_UNIX) as caller:
            caller.connect(self.address)
            caller.sendall(b"close\n")
        self._thread.join()
        self._listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _serve(self) -> None:
        with ExitStack() as stack:
            answer = None
            while True:
                caller, _ = self._listener.accept()
                with caller, suppress_connection_errors():
                    if caller.makefile().readline() == "close\n":
                        return
                    answer = answer or self._find(stack)
                    caller.sendall(answer)

    def _find(self, stack: ExitStack) -> bytes:
        from confiture_core.errors import ConfitureError

        try:
            server = stack.enter_context(found_server(self._config))
        except ConfitureError as exc:
            failure = {"message": str(exc), "detail": exc.detail, "hint": exc.hint}
            return json.dumps({"failure": failure}).encode()
        return json.dumps({"server": asdict(server)}).encode()


@contextmanager
def suppress_connection_errors() -> Iterator[None]:
    """Pass over that the other side is gone: it is no longer interested."""
    try:
        yield
    except ConnectionError:
        pass
    except FileNotFoundError:
        pass


def _ask(address: str) -> Server:
    from confiture_core.errors import ServerError
    from confiture_core.server import Server

    try:
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(address)
            asking.sendall(b"server\n")
            answer = json.loads(asking.makefile().read())
    except (OSError, ValueError) as exc:
        raise ServerError(
            "the process that started this worker cannot be asked for its server",
            detail=str(exc),
            hint="for workers on other machines, name a server they all reach: "
            "--confiture-server-url",
        ) from exc
    if "failure" in answer:
        raise ServerError(**answer["failure"])
    facts = answer["server"]
    facts["parameters"] = tuple(map(tuple, facts["parameters"]))
    return Server(**facts)


def _exec_option(config: pytest.Config) -> Path | None:
    given = _postgresql_option(config, "exec")
    return Path(given) if given else None


def _postgresql_url(config: pytest.Config) -> str | None:
    """Read from pytest-postgresql's options which running server is meant, if one is."""
    from psycopg.conninfo import make_conninfo

    given = {name: _postgresql_option(config, name) for name in ("host", "port")}
    if not any(given.values()):
        return None
    for name in ("user", "password", "options"):
        given[name] = _postgresql_option(config, name)
    return make_conninfo(
        host=given["host"] or "127.0.0.1",
        port=given["port"] or "5432",
        user=given["user"] or "postgres",
        password=given["password"],
        options=given["options"] or None,
        dbname=_postgresql_option(config, "maintenance_dbname") or "postgres",
    )


def _postgresql_option(config: pytest.Config, name: str) -> str | None:
    """Read an option of pytest-postgresql, only if someone set it."""
    key = f"postgresql_{name}"
    value = config.getoption(key, None)
    # Its ini keys have defaults. Only what the file holds was meant; pytest 9 has a property of
    # the old name, which warns.
    try:
        in_file = vars(config)["_inicfg"]
    except KeyError:
        in_file = config.inicfg
    if value is None and key in in_file:
        value = config.getini(key)
    return str(value) if value else None


def _own_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Leave out what names a server: that was looked at before."""
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith("PG") and name != "CONFITURE_SERVER_URL"
    }
