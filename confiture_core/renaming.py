"""Renaming on the way from one state to another, carried out by PostgreSQL.

The renames run in a copy of the old state, which is read again: from there on, only what else has
changed is compared. Nothing is renamed on likeness alone unless nothing can be lost by it.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import psycopg

from confiture_core.catalog.reader import read_catalog
from confiture_core.diff.likeness import candidates, same_but_for_the_name
from confiture_core.diff.rename_requests import resolve
from confiture_core.diff.renames import Rename, arrange, dotted, write
from confiture_core.errors import Unsupported
from confiture_core.settling import complete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from confiture_core.diff.operation import Step
    from confiture_core.diff.rename_requests import RenameRequest
    from confiture_core.factory.shadows import Shadows
    from confiture_core.proof import State
    from confiture_core.statements import Statement

# A name that is freed lets another be taken; partitions' constraints follow their parents'.
_ROUNDS = 4


class RenameQuestion(Protocol):
    """What a shell supplies to ask its user."""

    def __call__(self, rename: Rename) -> bool:
        """Tell whether it was a rename."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """What a user says of renames: beforehand, and when asked."""

    requests: Sequence[RenameRequest] = ()
    question: RenameQuestion | None = None


@dataclass(slots=True)
class Renaming:
    """The old state as it is after the renames so far."""

    state: State
    done: list[Rename] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def up(self) -> tuple[Step, ...]:
        """The steps that rename."""
        return tuple(step for rename in self.done for step in write(rename))

    @property
    def down(self) -> tuple[Step, ...]:
        """The steps that give the old names back."""
        return tuple(step for rename in reversed(self.done) for step in write(rename.inverse))


def rename(
    old: State,
    new: State,
    shadows: Shadows,
    *,
    said: Renames,
    wanted: Callable[[State], State],
) -> Renaming:
    """Rename in a copy of the old state what the user, and likeness, say was renamed.

    `wanted` gives the state to reach from an old one; it may keep parts of the old one. Raises
    ConfigError where what the user says does not fit.
    """
    renaming = Renaming(old)
    asked, notes = resolve((*said.requests, *new.renames), old.catalog, new.catalog)
    renaming.notes += notes
    _run(renaming, asked, shadows)
    _rename_alike(renaming, wanted, shadows)
    refused: set[Rename] = set()
    for _ in range(_ROUNDS if said.question else 0):
        found = candidates(renaming.state.catalog, wanted(renaming.state).catalog, refused=refused)
        confirmed = [one for one in found if said.question and said.question(one)]
        refused |= {one for one in found if one not in confirmed}
        if not found:
            break
        _run(renaming, confirmed, shadows)
        _rename_alike(renaming, wanted, shadows)
    left = candidates(renaming.state.catalog, wanted(renaming.state).catalog, refused=refused)
    renaming.notes += [_note(one) for one in left]
    return renaming


def _rename_alike(renaming: Renaming, wanted: Callable[[State], State], shadows: Shadows) -> None:
    """Rename what differs in its name alone, as far as PostgreSQL lets it."""
    for _ in range(_ROUNDS):
        found = same_but_for_the_name(renaming.state.catalog, wanted(renaming.state).catalog)
        before = len(renaming.done)
        _run(renaming, found, shadows, is_wish=True)
        if len(renaming.done) == before:
            return


def _note(one: Rename) -> str:
    return (
        f"{one.old.kind} {dotted(one.old)} goes and {dotted(one.new)} comes;"
        f" if it was renamed: --rename {shlex.quote(one.option)}"
    )


def _run(
    renaming: Renaming, renames: Sequence[Rename], shadows: Shadows, *, is_wish: bool = False
) -> None:
    """Run renames in a copy of the state and read it again; a wish may be left unfulfilled."""
    if not renames:
        return
    before = renaming.state
    database = shadows.make(template=before.database)
    done = []
    with shadows.connect(database) as connection:
        complete(before.catalog, connection)
        for one in arrange(renames):
            try:
                with connection.transaction():
                    for step in write(one):
                        connection.execute(step.sql.encode())
            except psycopg.Error as exc:
                if not is_wish:
                    raise _refusal(one, exc) from exc
            else:
                done.append(one)
        catalog = read_catalog(connection, default_owner=before.catalog.default_owner)
    if renaming.done:
        shadows.drop(before.database)
    statements = tuple(_still_right(before.statements, done))
    renaming.state = replace(before, catalog=catalog, database=database, statements=statements)
    renaming.done += done


def _refusal(one: Rename, exc: psycopg.Error) -> Unsupported:
    reason = exc.diag.message_primary or str(exc)
    return Unsupported(f"{one.old} cannot be renamed to {one.new}: {reason}")


def _still_right(statements: Sequence[Statement], renames: Sequence[Rename]) -> Iterator[Statement]:
    """Keep the author's statements that use none of the old names."""
    gone = {(one.old.member or one.old.name.partition("(")[0]).lower() for one in renames}
    for statement in statements:
        if not any(name in statement.sql.lower() for name in gone):
            yield statement
