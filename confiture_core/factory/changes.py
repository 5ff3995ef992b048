"""What was written to a database: what is restored, and what reports say of it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confiture_core.factory.contents import Sequence, Table
    from confiture_core.factory.signals import Counts


class Changes(NamedTuple):
    """What was written to a database since its baseline."""

    tables: tuple[Table, ...] = ()
    counts: Mapping[int, Counts] = MappingProxyType({})  # by table, where they were asked for
    rows: int = 0  # so many were written at most
    sequences: tuple[Sequence, ...] = ()
    left_schemas: tuple[str, ...] = ()  # empty, in which temporary tables were
    moved: frozenset[int] = frozenset()  # what is in files of its own: truncated, for the most part
    reason: str = ""  # why restoring rows and sequences would not bring it back

    @property
    def is_nothing(self) -> bool:
        """Whether the database is as it was."""
        return not (self.tables or self.sequences or self.left_schemas or self.reason)

    @property
    def shown(self) -> str:
        """The changes on one line: "orders +2 ~1 -0, sequence orders_id_seq"."""
        parts = [text for table in self.tables if (text := self._shown(table))]
        parts += [f"sequence {sequence.shown}" for sequence in self.sequences]
        return ", ".join([*parts, self.reason] if self.reason else parts)

    def _shown(self, table: Table) -> str:
        counts = self.counts.get(table.oid, (0, 0, 0))
        is_moved = table.oid in self.moved
        # Of those the log says nothing.
        if table.is_unlogged and not (any(counts) or is_moved):
            return ""
        numbers = " +{} ~{} -{}".format(*counts) if table.oid in self.counts else ""
        return table.shown + numbers + (" (truncated, or written anew)" if is_moved else "")
