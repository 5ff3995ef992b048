"""The class that migrations written in Python inherit from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg
    from psycopg import sql

    Query = str | sql.SQL | sql.Composed
    Cursor = psycopg.Cursor[tuple[Any, ...]]
    Parameters = Sequence[Any] | Mapping[str, Any]


class Execute(Protocol):
    """How a migration's statements reach the database, or the page they are written on."""

    def __call__(self, query: Query, params: Parameters | None, /) -> Cursor:
        """Run one string of SQL, of one statement or several."""
        ...


class Migration:
    """A change of the database and the way back.

    `up` and `down` each run inside one transaction together with the row of the history. With
    `transactional = False` every statement commits by itself and its progress is kept: a run that
    was stopped calls the method again, and `execute` passes over what it has done already.
    """

    # The digits the file's name starts with.
    version: ClassVar[str]
    # The rest of the file's name.
    name: ClassVar[str]
    # Whether everything runs in one transaction; False for CREATE INDEX CONCURRENTLY and its like.
    transactional: ClassVar[bool] = True
    # Why there is no way back, where there is none.
    irreversible: ClassVar[str | None] = None
    # Columns ("users.bio") and tables ("posts") whose rows `down` cannot bring back.
    lossy: ClassVar[tuple[str, ...]] = ()
    # How long to wait for a lock, and how long a statement may take: "500ms", "10s"; "0" is for
    # ever.
    lock_timeout: ClassVar[str | None] = None
    statement_timeout: ClassVar[str | None] = None

    def __init__(
        self, connection: psycopg.Connection[Any] | None = None, *, execute: Execute | None = None
    ) -> None:
        self._connection = connection
        self._execute = execute

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
        if self._execute is not None:
            return self._execute(sql, params)
        return self.connection.execute(sql, params)
