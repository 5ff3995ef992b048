"""Other sessions of the server, and a second connection beside one that is at work."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

    Connection = psycopg.Connection[Any]

# The fields of Session, in their order.
SESSION_COLUMNS = """
    a.pid, a.usename::text as user, nullif(a.application_name, '') as application,
    coalesce(a.client_hostname, host(a.client_addr)) as client,
    nullif(a.query, '') as query, a.state,
    extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start))::float8
        as since_s
"""


@contextmanager
def connect_beside(connection: Connection) -> Iterator[Connection]:
    """Connect once more to where a connection goes, in autocommit mode."""
    info = connection.info
    with psycopg.connect(
        info.dsn,
        password=info.password or None,
        autocommit=True,
        application_name="confiture watch",
        prepare_threshold=None,
    ) as beside:
        yield beside
