"""What PostgreSQL counts of a database, by which nothing that is written goes unseen.

From version 15 on the counters are exact once every other session has left and our own has
flushed its own: a session flushes before it leaves pg_stat_activity. They include what was rolled
back, catalogs, TRUNCATE and large objects. What they do not include: `nextval` (seen by the blocks
of sequences that were read) and what is kept outside of the database (settings, privileges, the
comment, prepared transactions, subscriptions, slots: read as they are).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import ExecStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.factory.databases import Connection

FIRST_VERSION = 150000

Counts = tuple[int, int, int]  # rows inserted, updated, deleted

# Everything by number: what needs no look-up is planned in no time.
_SIGNALS = """
select
  pg_catalog.pg_stat_get_db_tuples_inserted({oid}),
  pg_catalog.pg_stat_get_db_tuples_updated({oid}),
  pg_catalog.pg_stat_get_db_tuples_deleted({oid}),
  (select coalesce(sum(pg_catalog.pg_stat_get_blocks_fetched(s)), 0)::bigint
     from unnest('{{{sequences}}}'::oid[]) s),
  row(
    pg_catalog.pg_stat_get_db_stat_reset_time({oid}),
    pg_catalog.pg_postmaster_start_time(),
    (select row(d.datname, d.datdba, d.datistemplate, d.datallowconn, d.datconnlimit, d.datacl)
       from pg_catalog.pg_database d where d.oid = {oid}),
    (select array_agg(row(s.setrole, s.setconfig)::text order by s.setrole)
       from pg_catalog.pg_db_role_setting s where s.setdatabase = {oid}),
    (select description from pg_catalog.pg_shdescription
       where objoid = {oid} and classoid = 1262),
    (select count(*) from pg_catalog.pg_prepared_xact() where dbid = {oid}),
    (select count(*) from pg_catalog.pg_subscription where subdbid = {oid}),
    (select count(*) from pg_catalog.pg_get_replication_slots() where datoid = {oid})
  )::text
"""

_COUNTS = """
select o, pg_catalog.pg_stat_get_tuples_inserted(o), pg_catalog.pg_stat_get_tuples_updated(o),
  pg_catalog.pg_stat_get_tuples_deleted(o)
from unnest(%s::oid[]) o
"""


@dataclass(frozen=True, slots=True)
class Signals:
    """The counters of a database at one moment."""

    rows: Counts
    sequence_blocks: int
    surroundings: bytes  # settings, privileges and the like, as one text


def signals_query(database: int, sequences: Sequence[int]) -> bytes:
    """Write the query for read_signals."""
    numbers = ",".join(map(str, sequences))
    return _SIGNALS.format(oid=int(database), sequences=numbers).encode()


def flush_signals(session: Connection, database: int) -> int:
    """Flush the counters of our session, and say how many sessions the database has."""
    query = (
        f"select pg_catalog.pg_stat_get_db_numbackends({int(database)}),"
        " pg_catalog.pg_stat_force_next_flush()"
    )
    return int(run_raw(session, query.encode())[0])


def read_signals(session: Connection, query: bytes) -> Signals:
    """Read the counters of the database; they must have been flushed."""
    inserted, updated, deleted, blocks, surroundings = run_raw(session, query)
    return Signals((int(inserted), int(updated), int(deleted)), int(blocks), surroundings)


def run_raw(session: Connection, query: bytes) -> tuple[bytes, ...]:
    """Run a query and give its one row as text: psycopg's conversions would cost as much again."""
    result = session.pgconn.exec_(query)
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
    return tuple(result.get_value(0, column) or b"" for column in range(result.nfields))


def read_counts(session: Connection, relations: Sequence[int]) -> dict[int, Counts]:
    """Read the counters of relations; those that have none are left out."""
    rows = session.execute(_COUNTS, (list(relations),)).fetchall()
    return {oid: (i, u, d) for oid, i, u, d in rows if i or u or d}


def read_sequence_blocks(session: Connection, sequences: Sequence[int]) -> dict[int, int]:
    """Read how often each sequence was looked at, by anyone, to read or to write."""
    rows = session.execute(
        "select o, pg_catalog.pg_stat_get_blocks_fetched(o) from unnest(%s::oid[]) o",
        (list(sequences),),
    ).fetchall()
    return dict(rows)


def subtract(counts: Counts, before: Counts) -> Counts:
    """Give what was counted since."""
    return (counts[0] - before[0], counts[1] - before[1], counts[2] - before[2])
