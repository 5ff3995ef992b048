"""The write-ahead log: what was written to a database, whoever wrote it and however.

A superuser can keep PostgreSQL from counting, with track_counts; nothing keeps it from logging.
What is logged names the file of the relation it changes. Only tables that are UNLOGGED or
temporary are not in the log, and `nextval` in between two entries.

Of the format only this is used, the same since PostgreSQL 9.5: the headers of pages and entries,
and that a file is named by the numbers of its tablespace, its database and itself, in a row.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg.pq import ExecStatus

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection

# To read more takes longer than to make a clone.
_MAX_BYTES = 4 << 20

_PAGE_BYTES = 8192
_BLOCK_BYTES = 32 * _PAGE_BYTES  # read at once
_PAGE_HEADER = struct.Struct("<HHIQ")  # magic, flags, timeline, address
_PAGE_HEADER_BYTES = 24
_LONG_PAGE_HEADER_BYTES = 40
_IS_LONG = 0x0002

_ENTRY = struct.Struct("<II8xBB")  # length, transaction, previous entry, info, resource manager
_ENTRY_HEADER_BYTES = 24

# Resource managers, and the operations of theirs that leave no trace a query could see.
_TRANSACTION, _HEAP2, _HEAP, _MESSAGE = 1, 9, 10, 21
_OPERATION = 0x70
_ROW_LOCK = 0x60
_IN_PLACE = 0x70

_FLUSH = """
begin; set local synchronous_commit = local;
select pg_catalog.pg_logical_emit_message(true, 'confiture', ''); commit;
"""
# Not beyond the end of the file: the rest is in the next one.
_READ = """
select pg_catalog.encode(pg_catalog.pg_read_binary_file(
  'pg_wal/' || pg_catalog.pg_walfile_name('0/0'::pg_lsn + {start}::bigint + 1),
  {start}::bigint % s.bytes, least({length}::bigint, s.bytes - {start}::bigint % s.bytes)), 'hex')
from (select pg_catalog.pg_size_bytes(current_setting('wal_segment_size')) as bytes) s
"""


class Written(NamedTuple):
    """What transactions wrote to one database."""

    files: frozenset[int]  # relfilenodes
    is_committed: bool  # a transaction was; only where wal_level is logical
    is_in_place: bool  # some of it carries no number of its transaction: statistics of pg_class


def read_written(session: Connection, database: int, *, since: int, until: int) -> Written | None:
    """Read what was written to a database between two addresses of the log.

    None if the log does not tell: it is no longer there, or too long. For superusers.
    """
    start = since - since % _PAGE_BYTES
    if until - start > _MAX_BYTES:
        return None
    entries = _read(session, start, until, skipped=since - start)
    return _find(entries, database) if entries is not None else None


def _read(session: Connection, start: int, until: int, *, skipped: int) -> bytes | None:
    """Read the pages, but for so many bytes of the first, and leave out what heads them."""
    entries = bytearray()
    query = _FLUSH  # in one message with the first
    while start < until:
        query += _READ.format(start=start, length=min(until - start, _BLOCK_BYTES))
        result = session.pgconn.exec_(query.encode())
        if result.status != ExecStatus.TUPLES_OK:
            if session.closed:
                raise psycopg.OperationalError(session.pgconn.get_error_message().strip())
            return None
        pages = bytes.fromhex((result.get_value(0, 0) or b"").decode())
        contents = _contents(pages, start) if pages else None
        if contents is None:
            return None
        entries += contents[max(skipped - _header_bytes(pages, 0), 0) :]
        start += len(pages)
        query, skipped = "", 0
    return bytes(entries)


def _header_bytes(pages: bytes, offset: int) -> int:
    _, flags, _, _ = _PAGE_HEADER.unpack_from(pages, offset)
    return _LONG_PAGE_HEADER_BYTES if flags & _IS_LONG else _PAGE_HEADER_BYTES


def _contents(pages: bytes, start: int) -> bytes | None:
    """Leave out the headers of pages; None if these are not the pages they should be."""
    parts = []
    for offset in range(0, len(pages), _PAGE_BYTES):
        if len(pages) - offset < _PAGE_HEADER_BYTES:
            return None
        if _PAGE_HEADER.unpack_from(pages, offset)[3] != start + offset:
            return None
        parts.append(pages[offset + _header_bytes(pages, offset) : offset + _PAGE_BYTES])
    return b"".join(parts)


def _find(entries: bytes, database: int) -> Written | None:
    files: set[int] = set()
    is_in_place = is_committed = False
    position = 0
    number = database.to_bytes(4, "little")
    while position + _ENTRY_HEADER_BYTES <= len(entries):
        length, transaction, info, manager = _ENTRY.unpack_from(entries, position)
        end = position + length
        if length < _ENTRY_HEADER_BYTES or end > len(entries):
            # The rest of a file that was left before it was full, or what is still written.
            return None
        operation = info & _OPERATION
        is_lock = manager in {_HEAP, _HEAP2} and operation == _ROW_LOCK
        # Without a transaction: vacuuming, and what reading does to pages.
        if transaction and not is_lock and manager != _MESSAGE:
            found = _files(entries, position + _ENTRY_HEADER_BYTES, end, number)
            if manager == _TRANSACTION:
                # Its numbers are those of invalidated caches, and of files that are gone.
                is_committed |= bool(found)
            else:
                is_in_place |= bool(found) and manager == _HEAP and operation == _IN_PLACE
                files.update(found)
        position = end + -end % 8
    return Written(frozenset(files), is_committed, is_in_place)


def _files(entries: bytes, start: int, end: int, database: bytes) -> list[int]:
    """Find whatever may be the number of a file of the database: rather one too many."""
    found = []
    at = entries.find(database, start, end)
    while at >= 0:
        if at + 8 <= end:
            found.append(int.from_bytes(entries[at + 4 : at + 8], "little"))
        at = entries.find(database, at + 1, end)
    return found
