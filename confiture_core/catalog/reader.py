"""Reading a Catalog from a database.

All queries go out as one statement, so that they see one snapshot, whatever the isolation level
of the caller's transaction. Nothing the caller set or holds is changed: settings are local to a
transaction, or a savepoint of the caller's, that is rolled back.
"""

from __future__ import annotations

import gc
import json
from collections import defaultdict
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from confiture_core.catalog import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    "join_collapse_limit": "1",
    "max_parallel_workers_per_gather": "0",
}


def _of_no_extension(catalog: str, *, class_: str = "", oid: str = "oid") -> str:
    return (
        f"{catalog} c where {oid} >= 16384 and not exists (select from pg_catalog.pg_depend"
        f" where classid = 'pg_catalog.{class_ or catalog}'::pg_catalog.regclass"
        f" and objid = c.{oid} and deptype = 'e')"
    )


# Planning a query takes longer than running it on a small schema. These are left out where they
# would find nothing: by query, the rows that there must be.
_SELDOM = {
    "access_method": "pg_am where oid >= 16384",
    "aggregate": _of_no_extension("pg_aggregate", class_="pg_proc", oid="aggfnoid"),
    "cast": _of_no_extension("pg_cast"),
    "collation": "pg_collation where oid >= 16384",
    "conversion": "pg_conversion where oid >= 16384",
    "default_privileges": "pg_default_acl",
    "enum": "pg_type where typtype = 'e'",  # one without labels has no row in pg_enum
    "event_trigger": "pg_event_trigger",
    "foreign_data_wrapper": "pg_foreign_data_wrapper",
    "label": "pg_seclabel",
    "language": "pg_language where oid >= 16384",
    "member_privilege": "pg_extension where oid >= 16384 or exists"
    " (select from pg_catalog.pg_language where lanname = 'plpgsql' and lanacl is not null)",
    "operator": _of_no_extension("pg_operator"),
    "operator_class": _of_no_extension("pg_opclass"),
    "operator_family": _of_no_extension("pg_opfamily"),
    "policy": "pg_policy",
    "publication": "pg_publication",
    "range": "pg_range where rngtypid >= 16384",
    "rule": "pg_rewrite where rulename <> '_RETURN' and oid >= 16384",
    "sequence": "pg_sequence",
    "server": "pg_foreign_server",
    "statistics": "pg_statistic_ext",
    "text_search_configuration": "pg_ts_config where oid >= 16384",
    "text_search_dictionary": "pg_ts_dict where oid >= 16384",
    "text_search_parser": "pg_ts_parser where oid >= 16384",
    "text_search_template": "pg_ts_template where oid >= 16384",
    "transform": "pg_transform",
    "trigger": "pg_trigger",
    "trigger_clone": "pg_trigger",
    "user_mapping": "pg_foreign_server",
}


_ONE_SNAPSHOT = "set transaction isolation level repeatable read, read only"


def read_catalog(
    connection: psycopg.Connection[Any], *, default_owner: str | None = None
) -> Catalog:
    """Read the whole schema of the database that the connection is open on.

    Works inside the caller's transaction and outside one, and leaves both as they were. Objects
    of `default_owner`, by default the connection's user, are read as having no owner of note.
    """
    is_idle = connection.info.transaction_status == TransactionStatus.IDLE
    with (
        _collector_paused(),
        connection.transaction(force_rollback=True),
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        if is_idle:
            cursor.execute(_ONE_SNAPSHOT, prepare=False)
        server = _prepare(cursor)
        cursor.execute(_statement(server.version // 10_000, server.without), prepare=False)
        return rows.build_catalog(
            defaultdict(list, {query: json.loads(found) for query, found in cursor}),
            server_version=server.version,
            default_owner=default_owner or server.user,
        )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cyclic garbage collector from going through a large catalog while it is built.

    It would take half of the time, and find nothing: neither rows nor objects refer in circles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Server(NamedTuple):
    version: int
    user: str
    without: frozenset[str]  # queries that need not, or must not, be run


def _prepare(cursor: psycopg.Cursor[Any]) -> _Server:
    """Set what texts depend on, and find out which queries to leave out."""
    cursor.execute(_preparation(), prepare=False)
    row = cursor.fetchone()
    assert row is not None
    version, user, without, *_ = row
    return _Server(version, user, frozenset(without))


@lru_cache(maxsize=1)
def _preparation() -> bytes:
    settings = ", ".join(
        f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items()
    )
    without = ", ".join(
        f"case when not exists (select from pg_catalog.{rows}) then '{query}' end"
        for query, rows in _SELDOM.items()
    )
    # The connection string in a subscription is for superusers.
    subscription = (
        "case when not pg_catalog.has_table_privilege('pg_catalog.pg_subscription', 'select')"
        " then 'subscription' end"
    )
    return (
        "select pg_catalog.current_setting('server_version_num')::int, current_user::text,"
        f" pg_catalog.array_remove(array[{without}, {subscription}], null), {settings}"
    ).encode()


@lru_cache(maxsize=64)
def _statement(version: int, without: frozenset[str]) -> bytes:
    """Join the queries into one statement, a row each: its name and its rows as JSON."""
    files = sorted(_QUERIES.glob("*.sql"))
    queries = {
        file.stem: _for_version(file.read_text("utf-8"), version)
        for file in files
        if file.stem not in without
    }
    scope = queries.pop("scope")
    selects = (
        f"select '{name}', coalesce((select json_agg(q)::text from (\n{query}\n) q), '[]')"
        for name, query in queries.items()
    )
    return (scope + "\n" + "\nunion all\n".join(selects)).encode()


def _for_version(query: str, version: int) -> str:
    """Keep the lines of a query that hold for a major version.

    `-- pg >= 15`, `-- pg < 15` or `-- pg 15 16`, at the end of a line, is about that line; on a
    line of its own, about those that follow, until the next one or `-- pg all`.
    """
    kept, block_holds = [], True
    for line in query.splitlines():
        code, _, condition = line.partition("-- pg ")
        line_holds = _holds(condition.split(), version)
        if condition and not code.strip():
            block_holds = line_holds
        elif block_holds and line_holds:
            kept.append(line)
    return "\n".join(kept)


def _holds(condition: list[str], version: int) -> bool:
    match condition:
        case [] | ["all"]:
            return True
        case [">=", number]:
            return version >= int(number)
        case ["<", number]:
            return version < int(number)
        case numbers:
            return str(version) in numbers
