"""What PostgreSQL says of a database, by which nothing that is written goes unseen.

From version 15 on the counters are exact once every other session has left and our own has
flushed its own: a session flushes before it leaves pg_stat_activity. They include what was rolled
back, catalogs, TRUNCATE and large objects. What they do not include: `nextval` (seen by where the
sequences stand) and what is kept outside of the database (settings, privileges, the comment,
prepared transactions, subscriptions, slots: read as they are).

A superuser can switch the counters off. But nothing is written to a table without the number of a
transaction, so that a superuser, who can also read the log, need not believe them: where no number
was given out on the whole server, nothing was written; else the log tells what was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import ConnStatus, ExecStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg.pq.abc import PGresult

    from confiture_core.factory.contents import Sequence as Stand
    from confiture_core.factory.databases import Connection

FIRST_VERSION = 150000

Counts = tuple[int, int, int]  # rows inserted, updated, deleted

# Everything by number: what needs no look-up is planned in no time.
_SIGNALS = """
select
  pg_catalog.pg_stat_get_db_tuples_inserted({oid}),
  pg_catalog.pg_stat_get_db_tuples_updated({oid}),
  pg_catalog.pg_stat_get_db_tuples_deleted({oid}),
  {sequences},
  pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()),
  pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
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

# Where they stand; a value that was not given out is none.
_VALUES = """
(select array_agg(pg_catalog.pg_sequence_last_value(s))
   from unnest('{{{numbers}}}'::oid[]) s)::text"""
_VALUE_UNLOGGED = " || (select (last_value, is_called)::text from {name})"

# How often they were looked at, to read or to write: for who may not read them all.
_BLOCKS = """
(select coalesce(sum(pg_catalog.pg_stat_get_blocks_fetched(s)), 0)::text
   from unnest('{{{numbers}}}'::oid[]) s)"""

_COUNTS = """
select o, pg_catalog.pg_stat_get_tuples_inserted(o), pg_catalog.pg_stat_get_tuples_updated(o),
  pg_catalog.pg_stat_get_tuples_deleted(o)
from unnest('{{{numbers}}}'::oid[]) o
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What is known of a database at one moment."""

    rows: Counts
    sequences: bytes  # as one text
    next_transaction: int | None  # on the whole server; None: all is counted
    log_end: int = field(compare=False)
    surroundings: bytes  # settings, privileges and the like, as one text


def signals_query(session: Connection, database: int, sequences: Sequence[Stand]) -> bytes:
    """Write the query whose row parse_signals reads."""
    numbers = ",".join(str(sequence.oid) for sequence in sequences)
    template = _VALUES if is_superuser(session) else _BLOCKS
    values = f"coalesce({template.format(numbers=numbers)}, '')"
    if is_superuser(session):
        for sequence in sequences:
            if sequence.is_unlogged:
                values += _VALUE_UNLOGGED.format(name=sequence.identifier.as_string(session))
    return _SIGNALS.format(oid=int(database), sequences=values).encode()


def is_superuser(session: Connection) -> bool:
    """Say whether our session may do everything."""
    return session.info.parameter_status("is_superuser") == "on"


def flush_query(database: int) -> bytes:
    """Write the query that flushes the counters of our session, and counts the sessions."""
    return (
        f"select pg_catalog.pg_stat_get_db_numbackends({int(database)}),"
        " pg_catalog.pg_stat_force_next_flush()"
    ).encode()


def parse_signals(session: Connection, row: tuple[bytes, ...]) -> Signals:
    """Read what is known of the database; its counters must have been flushed."""
    inserted, updated, deleted, sequences, transaction, log_end, around = row
    return Signals(
        rows=(int(inserted), int(updated), int(deleted)),
        sequences=sequences,
        next_transaction=int(transaction) if is_superuser(session) else None,
        log_end=int(log_end),
        surroundings=around,
    )


def read_values(sequences: bytes) -> list[bytes]:
    """Split what is known of sequences, as superusers read it, by sequence; in their order."""
    return sequences.partition(b"}")[0].strip(b"{").split(b",")


def run_raw(session: Connection, query: bytes) -> tuple[bytes, ...]:
    """Run a query and give its one row as text: psycopg's conversions would cost as much again."""
    result = session.pgconn.exec_(query)
    if session.pgconn.status != ConnStatus.OK:
        # A connection that is lost has no SQLSTATE, which is all that psycopg goes by there.
        raise psycopg.OperationalError(session.pgconn.get_error_message().strip())
    return row_of(result)


def row_of(result: PGresult) -> tuple[bytes, ...]:
    """Give the one row of a result, as text; raise the error that it may be instead."""
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
    return tuple(result.get_value(0, column) or b"" for column in range(result.nfields))


def counts_query(relations: Iterable[int]) -> bytes:
    """Write the query whose rows parse_counts reads."""
    return _COUNTS.format(numbers=",".join(map(str, relations))).encode()


def parse_counts(result: PGresult) -> dict[int, Counts]:
    """Read the counters of relations."""
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
    rows = [
        [int(result.get_value(row, column) or 0) for column in range(4)]
        for row in range(result.ntuples)
    ]
    return {oid: (i, u, d) for oid, i, u, d in rows}


def subtract(counts: Counts, before: Counts) -> Counts:
    """Give what was counted since."""
    return (counts[0] - before[0], counts[1] - before[1], counts[2] - before[2])
