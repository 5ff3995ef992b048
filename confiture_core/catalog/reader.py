"""Reading a Catalog from a database.

All queries go out as one statement, so that they see one snapshot whatever the isolation level of
the caller's transaction. Nothing the caller set or holds is changed: settings are local to a
transaction, or a savepoint of the caller's, that is rolled back.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_core.catalog import rows

if TYPE_CHECKING:
    import psycopg

    from confiture_core.catalog.model import Catalog

_QUERIES = Path(__file__).parent / "queries"

# What the deparsed texts depend on, and what keeps one large statement over small tables fast.
# pg_temp last: a temporary table named like a system catalog must not hide it.
_SETTINGS = {
    "search_path": "pg_catalog, pg_temp",
    "client_encoding": "UTF8",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "lc_monetary": "C",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "xmlbinary": "base64",
    "statement_timeout": "0",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}


def read_catalog(
    connection: psycopg.Connection[Any], *, default_owner: str | None = None
) -> Catalog:
    """Read the whole schema of the database that the connection is open on.

    Works inside the caller's transaction and outside one, and leaves both as they were. Objects
    of `default_owner`, by default the connection's user, are read as having no owner of note.
    """
    with connection.transaction(force_rollback=True), connection.cursor(binary=False) as cursor:
        server = _prepare(cursor)
        cursor.execute(_statement(server.version // 10_000, server.is_privileged))
        found = {kind: json.loads(found) for kind, found in cursor}
    return rows.build_catalog(
        found,
        server_version=server.version,
        default_owner=default_owner or server.user,
    )


class _Server(NamedTuple):
    version: int
    user: str
    is_privileged: bool  # may read pg_subscription


def _prepare(cursor: psycopg.Cursor[Any]) -> _Server:
    settings = ", ".join(
        f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items()
    )
    cursor.execute(
        "select pg_catalog.current_setting('server_version_num')::int, current_user::text,"
        " pg_catalog.has_table_privilege('pg_catalog.pg_subscription', 'select'), " + settings
    )
    row = cursor.fetchone()
    assert row is not None
    return _Server(*row[:3])


@lru_cache(maxsize=16)
def _statement(version: int, is_privileged: bool) -> bytes:
    """Join the queries into one statement, a row each: the kind and its rows as JSON."""
    files = sorted(_QUERIES.glob("*.sql"))
    kinds = {file.stem: _for_version(file.read_text("utf-8"), version) for file in files}
    scope = kinds.pop("scope")
    if not is_privileged:
        del kinds["subscription"]
    selects = (
        f"select '{kind}', coalesce((select json_agg(q)::text from (\n{query}) q), '[]')"
        for kind, query in kinds.items()
    )
    return (scope + "\nunion all\n".join(selects)).encode()


def _for_version(query: str, version: int) -> str:
    """Keep the lines of a query that hold for a major version: `-- pg >= 15`, `-- pg < 15`."""
    return "".join(line for line in query.splitlines(keepends=True) if _holds(line, version))


def _holds(line: str, version: int) -> bool:
    _, marker, condition = line.rpartition("-- pg ")
    if not marker:
        return True
    comparison, number = condition.split()
    return (version >= int(number)) if comparison == ">=" else (version < int(number))
