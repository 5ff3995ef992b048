"""Where a server comes from: the order, and that one that is named is never passed over."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING

import pytest

from confiture_core.errors import ServerError
from confiture_core.server import ephemeral_server, find_server, read_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from confiture_core.server import Server

NOBODY_THERE = "postgresql://someone:secret@127.0.0.1:1/postgres"
UNREACHABLE = {"CONFITURE_SERVER_URL": NOBODY_THERE, "PGHOST": "127.0.0.1", "PGPORT": "1"}


@pytest.fixture(scope="module")
def with_password() -> Iterator[Server]:
    with ephemeral_server(environ=os.environ, listen=True) as server:
        yield server


def test_the_given_url_goes_before_the_environment(server: Server):
    with find_server(environ=UNREACHABLE, url=server.url()) as found:
        assert found.source == "the given url"
        assert (found.host, found.port, found.user) == (server.host, server.port, server.user)


def test_the_variable_of_ours_goes_before_those_of_postgresql(server: Server):
    environ = {**UNREACHABLE, "CONFITURE_SERVER_URL": server.url()}

    with find_server(environ=environ) as found:
        assert found.source == "CONFITURE_SERVER_URL"
        assert found.host == server.host


def test_the_variables_of_postgresql_go_before_a_server_of_our_own(with_password: Server):
    environ = {
        "PGHOST": with_password.host,
        "PGPORT": str(with_password.port),
        "PGUSER": with_password.user,
        "PGPASSWORD": with_password.password or "",
        "PGDATABASE": "not_made_yet",
    }

    with find_server(environ=environ) as found:
        assert found.source == "PGHOST, PGPORT"
        assert found.port == with_password.port
        assert found.password == with_password.password
        assert found.maintenance_dbname == "postgres"


def test_a_service_names_a_server(
    with_password: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    services = tmp_path / "pg_service.conf"
    services.write_text(
        f"[tests]\nhost={with_password.host}\nport={with_password.port}\nsslmode=disable\n"
        f"user={with_password.user}\npassword={with_password.password}\n"
    )
    # libpq reads this one by itself.
    monkeypatch.setenv("PGSERVICEFILE", str(services))

    with find_server(environ={"PGSERVICE": "tests"}) as found:
        assert found.source == "PGSERVICE"
    monkeypatch.delenv("PGSERVICEFILE")

    assert ("sslmode", "disable") in found.parameters
    assert read_server(found.url(), source="without the file").port == with_password.port


@pytest.mark.parametrize(
    "environ", [{}, {"PGUSER": "app", "PGPASSWORD": "x", "CONFITURE_SERVER_URL": "", "PGHOST": ""}]
)
def test_where_none_is_named_it_is_one_of_our_own(environ: dict[str, str]):
    with find_server(environ={**environ, "PATH": os.environ["PATH"]}) as found:
        assert found.is_ephemeral
        assert found.source.startswith("ephemeral /")
        assert found.user == "postgres"


@pytest.mark.parametrize(
    ("environ", "url", "named"),
    [
        ({}, NOBODY_THERE, "the given url"),
        ({"CONFITURE_SERVER_URL": NOBODY_THERE}, None, "CONFITURE_SERVER_URL"),
        ({"PGHOST": "127.0.0.1", "PGPORT": "1"}, None, "PGHOST, PGPORT"),
        ({"PGSERVICE": "no_such_service"}, None, "PGSERVICE"),
    ],
    ids=["url", "CONFITURE_SERVER_URL", "PG*", "PGSERVICE"],
)
def test_a_named_server_that_cannot_be_reached_is_an_error(
    environ: dict[str, str], url: str | None, named: str
):
    with pytest.raises(ServerError) as caught, find_server(environ=environ, url=url):
        pass

    assert named in caught.value.message
    assert "secret" not in f"{caught.value} {caught.value.detail} {caught.value.hint}"


def test_a_wrong_password_is_an_error_that_does_not_show_it(with_password: Server):
    url = f"postgresql://postgres:guessed@127.0.0.1:{with_password.port}/postgres"

    with pytest.raises(ServerError) as caught, find_server(environ={}, url=url):
        pass

    assert f"host=127.0.0.1 port={with_password.port} user=postgres" in caught.value.message
    assert 'password authentication failed for user "postgres"' in str(caught.value.detail)
    assert "guessed" not in f"{caught.value} {caught.value.detail} {caught.value.hint}"


@pytest.mark.parametrize(
    "text",
    [
        "localhost:5432",
        "postgresql:/app:secret@localhost/app",
        "postgresql://app:secret@[localhost/app",
        "postgresql+psycopg://app:secret@localhost/app",
    ],
)
def test_a_text_that_is_no_url_is_an_error_that_does_not_repeat_it(text: str):
    with (
        pytest.raises(ServerError) as caught,
        find_server(environ={"CONFITURE_SERVER_URL": text}),
    ):
        pass

    assert "CONFITURE_SERVER_URL is neither" in caught.value.message
    assert "secret" not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_is_not_ours_is_known_as_such():
    settings = {"confiture.ephemeral": "off", "cluster_name": "confiture"}

    with ephemeral_server(environ=os.environ, settings=settings) as server:
        assert not server.is_ephemeral
