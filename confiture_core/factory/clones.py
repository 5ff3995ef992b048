"""Clones: databases copied from a template, handed to one user at a time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg

from confiture_core.errors import DatabaseError, TemplateError
from confiture_core.factory import databases, marks
from confiture_core.factory.attributes import apply_attributes

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.layers import Template
    from confiture_core.factory.reset import Watch
    from confiture_core.server import Server


class _OwnConnection(psycopg.Connection[tuple[Any, ...]]):
    # One follows another in the same session; psycopg warns of connections that are not closed,
    # but for those of a pool.
    _pool = None


class Clone:
    """A database copied from a template, and our own session in it.

    The session is in autocommit mode; whoever has the clone may use it, too.
    """

    def __init__(self, server: Server, template: Template, name: str, oid: int) -> None:
        self.server = server
        self.template = template
        self.name = name
        self.oid = oid
        self.watch: Watch | None = None  # None: what is written to it is not known
        self.known_sessions: set[int] = set()  # of clients known to have closed them
        self._session: Connection | None = None
        self._is_told_to_leave = False

    @property
    def session(self) -> Connection:
        """Our session, opened again if it was lost."""
        if self._session is None or self._session.closed:
            # Statements prepared by name do not survive DISCARD ALL between two users.
            self._session = databases.connect(
                self.server, self.name, kind=_OwnConnection, prepare_threshold=None
            )
            self._session.add_notice_handler(self._note)
            self._is_told_to_leave = False
        return self._session

    def renew(self) -> None:
        """Undo what is under way in our session, and what Python keeps of it.

        A row factory, adapters, handlers, notifications that nobody read: the server knows nothing
        of them, and they belong to a connection that the next user does not get.
        """
        connection = _OwnConnection(self.session.pgconn)
        connection.rollback()
        connection.autocommit = True
        connection.prepare_threshold = None
        connection.add_notice_handler(self._note)
        self._session = connection

    @property
    def has_session(self) -> bool:
        """Whether our session was opened and not lost since."""
        return self._session is not None and not self._session.closed

    @property
    def is_cut_off(self) -> bool:
        """Whether the server ended our session, as it does when it crashes."""
        if self._session is None:
            return False
        # What came with an answer is already read, and the end of the connection may be to come.
        return self._is_told_to_leave or databases.is_cut_off(self._session)

    def _note(self, notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized in {"FATAL", "PANIC"}:
            self._is_told_to_leave = True

    def close(self) -> None:
        """Close our session; the database stays."""
        if self._session is not None and not self._session.closed:
            self.known_sessions.add(self._session.info.backend_pid)
            self._session.close()


def make_clone(
    connection: Connection, server: Server, template: Template, *, tried: set[str] | None = None
) -> Clone:
    """Copy the template, attributes included; on a maintenance connection.

    What it may be named is added to `tried` first.
    """
    mark = marks.new_mark("clone", shown=template.layer.shown)
    try:
        name = databases.create_numbered(
            connection, "clone", template=template.name, mark=mark, tried=tried
        )
    except psycopg.errors.InvalidCatalogName as exc:
        raise TemplateError(f'the template "{template.name}" was dropped') from exc
    try:
        apply_attributes(connection, template.attributes, name)
        oid = databases.read_oid(connection, name)
    except BaseException:
        with suppress(psycopg.Error, DatabaseError):
            databases.drop(connection, name)
        raise
    return Clone(server, template, name, oid)


def drop_clone(connection: Connection, clone: Clone) -> None:
    """Drop a clone, also where its user renamed it or took our mark off."""
    clone.close()
    found = connection.execute(
        "select datname, shobj_description(oid, 'pg_database')"
        " from pg_catalog.pg_database where oid = %s",
        (clone.oid,),
    ).fetchone()
    if found is None:
        return
    name, comment = found
    if marks.parse_mark(comment) is None:
        # We made it ourselves: its number says so.
        connection.execute(databases.comment_statement(name, marks.new_mark("clone")))
    databases.drop(connection, name)
