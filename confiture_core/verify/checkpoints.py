"""Checkpoints: the state after every so many migrations, kept as layers from run to run.

A lane that is wanted far down the chain starts from the last one before, so a second run goes
through little more than what it looks at, and so does each worker. They hold what the migrations
give on an empty database and no made-up rows: so it does not matter who built them.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import psycopg

from confiture_core.errors import ConfitureError
from confiture_core.factory.databases import maintenance
from confiture_core.factory.layers import Layer, ensure
from confiture_core.migrations.run import apply_migration
from confiture_core.verify.memory import own_code, up_digests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.factory.databases import Connection
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.server import Server

EMPTY = ("template0", 0)

_LEAST, _MOST = 16, 6  # migrations between two; how many there are
# They belong to the whole server: what a migration finds of them is part of what it gives.
_ROLES = """
select coalesce(jsonb_agg(facts order by facts::text), '[]')::text from (
    select to_jsonb(r) - 'rolpassword' as facts from pg_catalog.pg_roles r
    union all select to_jsonb(m) from pg_catalog.pg_auth_members m
) one
"""


class Checkpoints:
    """The checkpoints of a chain on a server; they are built when they are first wanted."""

    def __init__(
        self, server: Server, migrations: Sequence[MigrationFile], *, every: int | None = None
    ) -> None:
        self._server = server
        self._migrations = tuple(migrations)
        self._open = ExitStack()
        self._connection: Connection | None = None  # holds locks on those in use
        self._layers: dict[int, Layer] | None = None  # by the number of migrations in them
        self._every = every or _spacing(len(migrations))

    def nearest(self, position: int) -> tuple[str, int]:
        """Give the database of the last checkpoint up to a position, and its position."""
        at = position // self._every * self._every
        layers = self._all() if at else {}
        while at and at not in layers:
            # What comes before it cannot be told by its text.
            at -= self._every
        name = self._ensure(layers[at]) if at else None
        return (name, at) if name is not None else EMPTY

    def keep(self, position: int) -> None:
        """Build the checkpoint of a position that was reached, where there is to be one."""
        if position and position % self._every == 0 and position in self._all():
            self._ensure(self._all()[position])

    def close(self) -> None:
        """Leave them to others."""
        self._open.close()

    def _ensure(self, layer: Layer) -> str | None:
        try:
            return ensure(self._maintenance(), self._server, layer).name
        except (ConfitureError, psycopg.Error):
            # An up that fails is said where it is looked at; so is a server that went away.
            self._layers = {}
            return None

    def _maintenance(self) -> Connection:
        if self._connection is None:
            self._connection = self._open.enter_context(maintenance(self._server))
        return self._connection

    def _all(self) -> dict[int, Layer]:
        if self._layers is None:
            self._layers = dict(self._written())
        return self._layers

    def _written(self) -> Iterator[tuple[int, Layer]]:
        try:
            row = self._maintenance().execute(_ROLES).fetchone()
        except (ConfitureError, psycopg.Error):
            return
        roles = hashlib.sha256(str(row).encode()).hexdigest()
        layer = None
        digests = list(up_digests(self._migrations))
        for position in range(self._every, len(digests) + 1, self._every):
            added = self._migrations[position - self._every : position]
            layer = Layer(
                kind="migrations",
                contents=(digests[position - 1],),
                parent=layer,
                settings=(own_code(), roles),
                build=partial(_apply, added),
                shown=f"migrations up to {added[-1].shown}",
            )
            yield position, layer


def _apply(migrations: Sequence[MigrationFile], connection: Connection) -> None:
    for file in migrations:
        apply_migration(connection, file, record=False)


def _spacing(number: int) -> int:
    """Say how many migrations apart they are: the same as long as a chain grows by little."""
    every = _LEAST
    while number // every > _MOST:
        every *= 2
    return every
