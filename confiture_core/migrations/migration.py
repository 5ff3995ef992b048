"""The class that migrations written in Python inherit from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import psycopg
    from psycopg import sql

    Query = str | sql.SQL | sql.Composed
    Cursor = psycopg.Cursor[tuple[Any, ...]]
    Parameters = Sequence[Any] | Mapping[str, Any]
    Rows = str | bytes | Iterable[Sequence[Any]]


class Hands(Protocol):
    """How a migration's statements reach the database, or the page they are written on."""

    def execute(self, query: Query, params: Parameters | None, /) -> Cursor:
        """Run one string of SQL, of one statement or several."""
        ...

    def copy(self, query: str, rows: Rows, /) -> int:
        """Run one COPY … FROM STDIN."""
        ...

    def in_batches(self, query: str, key: str, size: int, pause_s: float, /) -> int:
        """Run one statement by ranges of a key."""
        ...


class Migration:
    """A change of the database and the way back.

    `up` and `down` each run inside one transaction together with the row of the history. With
    `transactional = False` every statement commits by itself and its progress is kept: a run that
    was stopped calls the method again, and `execute` passes over what it has done already.
    """

    #: The digits the file's name starts with.
    version: ClassVar[str]
    #: The rest of the file's name.
    name: ClassVar[str]
    #: Whether everything runs in one transaction; False for CREATE INDEX CONCURRENTLY and its like.
    transactional: ClassVar[bool] = True
    #: Why there is no way back, where there is none.
    irreversible: ClassVar[str | None] = None
    #: Columns ("users.bio") and tables ("posts") whose rows `down` cannot bring back.
    lossy: ClassVar[tuple[str, ...]] = ()
    #: How long to wait for a lock, and how long a statement may take: "500ms", "10s"; "0" is for
    #: ever.
    lock_timeout: ClassVar[str | None] = None
    statement_timeout: ClassVar[str | None] = None

    def __init__(
        self, connection: psycopg.Connection[Any] | None = None, *, hands: Hands | None = None
    ) -> None:
        self._connection = connection
        self._hands = hands

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The connection the migration runs on; its transaction belongs to the runner."""
        if self._connection is None:
            raise RuntimeError("this migration is only written down, not run: it has no connection")
        return self._connection

    def up(self) -> None:
        """Apply the migration."""
        raise NotImplementedError(f"{type(self).__name__} has no method up()")

    def down(self) -> None:
        """Roll the migration back."""
        raise NotImplementedError(f"{type(self).__name__} has no method down()")

    def execute(self, sql: Query, params: Parameters | None = None) -> Cursor:
        """Run SQL, of one statement or several, and return the cursor of the last one.

        `%s` and `%(name)s` are placeholders only where `params` are given; with `params` the SQL
        must be one statement.
        """
        if self._hands is not None:
            return self._hands.execute(sql, params)
        return self.connection.execute(sql, params)

    def copy(self, sql: str, rows: Rows) -> int:
        """Run COPY … FROM STDIN with rows, or with text as COPY reads it; return how many."""
        return self._need_hands().copy(sql, rows)

    def in_batches(self, sql: str, *, key: str, size: int = 1000, pause: float = 0.0) -> int:
        """Run a statement over a table in batches that commit each; return how many rows it hit.

        The key is "users.id"; the SQL says `WHERE id BETWEEN %(first)s AND %(last)s`. Between
        batches it waits `pause` seconds. A run that was stopped goes on after the last batch that
        it committed. For migrations with `transactional = False`.
        """
        return self._need_hands().in_batches(sql, key, size, pause)

    def _need_hands(self) -> Hands:
        if self._hands is None:
            raise RuntimeError("only a runner of migrations can do this")
        return self._hands
