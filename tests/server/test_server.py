"""A server as a value: its address as a connection string and as a url."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from confiture_core.server import Server

PLAIN = Server(
    host="db.example.org",
    port=5433,
    user="app",
    source="a test",
    is_ephemeral=False,
    version_num=150018,
)
SERVERS = {
    "plain": PLAIN,
    "password": replace(PLAIN, password="p@ss:w/o rd%?&='"),
    "user": replace(PLAIN, user="ann e@example.org"),
    "socket": replace(PLAIN, host="/run/a directory+more", password="x"),
    "ipv6": replace(PLAIN, host="::1"),
    "parameters": replace(PLAIN, parameters=(("sslmode", "require"), ("options", "-c a=b c"))),
}


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
@pytest.mark.parametrize("dbname", [None, "app", "a b/c?d", "späti"])
def test_the_url_says_what_the_connection_string_says(server: Server, dbname: str | None):
    from_url = conninfo_to_dict(server.url(dbname))
    from_conninfo = conninfo_to_dict(server.conninfo(dbname))

    assert from_url == from_conninfo
    assert from_url["dbname"] == (dbname or "postgres")
    assert from_url["host"] == server.host
    assert from_url.get("password") == server.password


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_what_is_shown_has_no_password(server: Server):
    server = replace(server, password="secret", parameters=(("sslpassword", "secret"),))

    assert "secret" not in f"{server.shown} {server!r} {server}"


def test_a_database_is_reached_by_both(server: Server):
    for address in (server.url("template1"), server.conninfo("template1")):
        with psycopg.connect(address) as connection:
            assert connection.info.dbname == "template1"
