"""The factory: databases of layers, handed out and brought back."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from confiture_core.errors import ConfitureError, DatabaseError, TemplateError
from confiture_core.factory import databases, layers, marks, sessions, signals
from confiture_core.factory.clones import make_clone
from confiture_core.factory.contents import Original, Sequence, read_sequences
from confiture_core.factory.failures import Failures
from confiture_core.factory.handlings import Handling, Tally
from confiture_core.factory.inventory import list_databases, reap
from confiture_core.factory.owners import this_process
from confiture_core.factory.pool import Pool
from confiture_core.factory.reset import Watch, set_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.changes import Changes
    from confiture_core.factory.clones import Clone
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.handlings import Isolation
    from confiture_core.factory.layers import Layer, Template
    from confiture_core.server import Server

_MUCH_LOG_BYTES = 128 << 10


class Factory:
    """Databases of layers on one server, for one process and one thread.

    Whatever it made and did not keep on purpose is gone once it is closed.
    """

    def __init__(
        self,
        server: Server,
        *,
        failures: Failures | None = None,
        maintenance: Connection | None = None,  # opened ahead, after a reaping; closed here
        tally: Tally | None = None,
    ) -> None:
        self.server = server
        self._opened = maintenance
        self.tally = Tally() if tally is None else tally
        self._connection: Connection | None = None
        self._pool = Pool(server, self._make)
        self._templates: dict[str, Template] = {}
        self._failures = Failures() if failures is None else failures
        self._sequences: dict[int, tuple[Sequence, ...]] = {}  # by number of the template
        self._sequences_lock = threading.Lock()
        self._originals: dict[int, Original] = {}
        self._log_end = 0  # as last seen
        self._idle: dict[int, list[Clone]] = {}
        self._taken: dict[str, tuple[Clone, Handling]] = {}
        self._tried: set[str] = set()  # names of clones, also of those that were never made
        self._has_lost_track = False  # of some of them, perhaps

    @property
    def templates(self) -> tuple[Template, ...]:
        """The templates that were needed so far, as they were found or built."""
        needed: dict[str, Template] = {}
        for template in self._templates.values():
            for one in _lineage(template):
                if one.name not in needed or not one.is_hit:
                    needed[one.name] = one
        return tuple(needed.values())

    def template(self, layer: Layer) -> Template:
        """Give the template of a layer, building it if the server has none.

        A build that failed is not tried again by the same factory.
        """
        if layer.digest not in self._templates:
            self._templates[layer.digest] = layers.ensure(
                self._maintenance, self.server, self._built_once(layer)
            )
        return self._templates[layer.digest]

    def take(self, layer: Layer, *, shown: str = "", isolation: Isolation = "auto") -> Clone:
        """Hand out a database that is exactly as the layer left it."""
        start = time.perf_counter()
        handling = Handling(shown=shown, isolation=isolation)
        with self._noticing_interrupts():
            try:
                taken = self._take(layer, handling)
            except (psycopg.OperationalError, DatabaseError, TemplateError):
                if self._failures.has_any:
                    raise
                # The server was restarted, or the template dropped by hand: start over, once.
                self._forget()
                taken = self._take(layer, handling)
        handling.taken_s = time.perf_counter() - start
        self.tally.note_taken(handling)
        self._taken[taken.name] = taken, handling
        return taken

    def give_back(self, taken: Clone, *, in_detail: bool = False) -> Handling:
        """Take a database back from its user, who has closed the connections that are known.

        What its user changed is known in full where it is asked for.
        """
        start = time.perf_counter()
        _, handling = self._taken.pop(taken.name)
        with self._noticing_interrupts():
            try:
                changes = self._read_changes(taken, handling, in_detail=in_detail)
                is_as_new = changes is not None and self._bring_back(taken, handling, changes)
            except (psycopg.OperationalError, DatabaseError, TemplateError):
                # The user dropped it, or its template, or the server under it.
                is_as_new = False
                self._has_lost_track = True
        if is_as_new:
            self._idle.setdefault(taken.template.oid, []).append(taken)
        else:
            handling.outcome = "dropped"
            self._pool.drop(taken)
        handling.returned_s = time.perf_counter() - start
        self.tally.note_returned(handling)
        return handling

    def is_rolled_back(self, taken: Clone) -> bool:
        """Say whether a database, all of whose work was rolled back, is as it was.

        It stays with its user then. Sequences are set back; no one else may have been let in.
        """
        if sessions.refresh(taken) is None:
            return False
        if taken.watch is not None:
            return taken.watch.set_sequences_back(taken.session)
        set_back(taken.session, self._sequences[taken.template.oid])
        return True

    def close_to_others(self, taken: Clone) -> None:
        """Let no one else into a database; our own session stays."""
        session = taken.session
        self._allow_connections(taken, is_allowed=False)
        if taken.watch is not None:
            taken.watch.set_baseline(session)

    def keep(self, taken: Clone, *, shown: str = "") -> Handling:
        """Leave a database to whoever wants to look at it, until it is pruned."""
        _, handling = self._taken.pop(taken.name)
        handling.shown = shown or handling.shown
        mark = marks.new_mark("clone", shown=handling.shown)._replace(kept=True)
        try:
            # Without a template, or room, to compare with, what was written is not known.
            with suppress(TemplateError, psycopg.errors.DiskFull):
                self._read_changes(taken, handling, in_detail=True)
            taken.close()
            self._maintenance.execute(databases.comment_statement(taken.name, mark))
            self._allow_connections(taken, is_allowed=True)
        except (psycopg.Error, DatabaseError, TemplateError) as exc:
            self._pool.drop(taken)
            raise DatabaseError(f'database "{taken.name}" cannot be kept: {exc}') from exc
        handling.outcome = "kept"
        self.tally.note_returned(handling)
        return handling

    def close(self) -> None:
        """Drop what is left."""
        clones = [taken for taken, _ in self._taken.values()]
        clones += [idle for clones in self._idle.values() for idle in clones]
        clones += [original.clone for original in self._originals.values()]
        for left in clones:
            self._pool.drop(left)
        self._pool.close()
        if self._has_lost_track:
            self._drop_lost()
        for connection in (self._connection, self._opened):
            if connection is not None:
                connection.close()

    @property
    def _maintenance(self) -> Connection:
        if self._connection is None or self._connection.closed:
            opened, self._opened = self._opened, None
            self._connection = opened or databases.connect_maintenance(self.server)
            if opened is None:
                reap(self._connection)
        return self._connection

    def _allow_connections(self, taken: Clone, *, is_allowed: bool) -> None:
        self._maintenance.execute(
            sql.SQL("alter database {} allow_connections {}").format(
                sql.Identifier(taken.name), sql.Literal(is_allowed)
            )
        )

    def _built_once(self, layer: Layer) -> Layer:
        """Give the layer with builds that, once they failed, fail as before."""
        parent = self._built_once(layer.parent) if layer.parent else None
        return replace(layer, parent=parent, build=partial(self._build, layer))

    def _build(self, layer: Layer, connection: Connection) -> None:
        if self._failures.has(layer.digest):
            raise self._failures.again(layer.digest)
        try:
            layers.fill_layer(layer, connection)
        except ConfitureError as exc:
            self._failures.note(layer.digest, exc)
            raise

    def _take(self, layer: Layer, handling: Handling) -> Clone:
        template = self.template(layer)
        if handling.isolation == "auto" and self._idle.get(template.oid):
            handling.origin = "handed on"
            return self._sound(self._idle[template.oid].pop())
        ready = self._pool.take(template)
        if ready is not None:
            handling.origin = "made ahead"
            return self._with_short_log(self._sound(ready))
        handling.origin = "cloned"
        return self._make(self._maintenance, template)

    def _sound(self, clone: Clone) -> Clone:
        """Give the clone, or a DatabaseError if the server was gone since it was looked at."""
        if clone.watch is not None and clone.has_session:
            try:
                clone.watch.settle(clone.session)
            except psycopg.OperationalError:
                self._pool.drop(clone)
                raise
        if clone.is_cut_off:
            self._pool.drop(clone)
            raise DatabaseError(f'the server ended the session in "{clone.name}"')
        return clone

    def _with_short_log(self, unused: Clone) -> Clone:
        """Look again at a clone that no one had yet: else what others wrote would be read later."""
        if unused.watch is not None and self._log_end - unused.watch.log_end > _MUCH_LOG_BYTES:
            unused.watch.set_baseline(unused.session)
        return unused

    def _make(self, connection: Connection, template: Template) -> Clone:
        """Make a clone and set its watch; also called by the thread that fills the pool."""
        made = make_clone(connection, self.server, template, tried=self._tried)
        with self._sequences_lock:
            if template.oid not in self._sequences:
                self._sequences[template.oid] = read_sequences(made.session)
        if connection.info.server_version >= signals.FIRST_VERSION:
            made.watch = Watch(made.session, made.oid, self._sequences[template.oid])
        return made

    def _read_changes(self, taken: Clone, handling: Handling, *, in_detail: bool) -> Changes | None:
        """End what the user left open, and say what was written; None if that is not known."""
        results = sessions.refresh(taken, *(taken.watch.questions if taken.watch else ()))
        if taken.watch is None:
            return None
        now = taken.watch.answer(taken.session, results) if results is not None else None
        if now is None and not taken.watch.is_alone(taken.session):
            leaks = sessions.end_others(taken.session, taken.known_sessions)
            handling.leaks = leaks or ()
            if leaks is None or not taken.watch.is_alone(taken.session):
                return None
        if results is None:
            return None
        self._log_end = max(self._log_end, taken.watch.log_end)
        template = taken.template
        changes = taken.watch.read_changes(
            taken.session, lambda: self._original(template), in_detail=in_detail, now=now
        )
        handling.changes = changes.shown
        handling.are_changes_known = True
        return changes

    def _bring_back(self, taken: Clone, handling: Handling, changes: Changes) -> bool:
        # Whoever left a connection open may come back by another one, but not to another name.
        if handling.isolation != "auto" or taken.watch is None or handling.leaks:
            return False
        if changes.is_nothing:
            handling.outcome = "untouched"
            return True
        template = taken.template
        if taken.watch.restore(taken.session, changes, lambda: self._original(template)):
            handling.outcome = "restored"
            return True
        return False

    def _original(self, template: Template) -> Original:
        if template.oid not in self._originals:
            made = self._make(self._maintenance, template)
            self._originals[template.oid] = Original(made, self._sequences[template.oid])
        return self._originals[template.oid]

    @contextmanager
    def _noticing_interrupts(self) -> Iterator[None]:
        """Start over after an interrupt, as of a test whose time is up.

        Nothing that was under way with the server can be gone on with.
        """
        try:
            yield
        except (ConfitureError, psycopg.Error):
            raise
        except BaseException:
            self._forget()
            raise

    def _drop_lost(self) -> None:
        """Drop the clones that were made for this factory and are in no one's hands."""
        with suppress(psycopg.Error, ConfitureError), databases.maintenance(self.server) as own:
            for database in list_databases(own):
                is_own = database.mark.owner == this_process() and not database.mark.kept
                if database.name in self._tried and is_own:
                    databases.drop(own, database.name)

    def _forget(self) -> None:
        self._has_lost_track = True
        for clones in self._idle.values():
            for idle in clones:
                self._pool.drop(idle)
        for original in self._originals.values():
            self._pool.drop(original.clone)
        self._pool.clear()
        self._idle.clear()
        self._originals.clear()
        self._templates.clear()
        if self._connection is not None:
            self._connection.close()


def _lineage(template: Template) -> tuple[Template, ...]:
    parents = _lineage(template.parent) if template.parent else ()
    return (*parents, template)
