"""The chain: the migrations one after the other, and each one's round trip on the way.

A trip is walked inside one transaction: up, down behind a savepoint, up again; the savepoint is
rolled back to and the first up committed. So the next migration starts from exactly what its
predecessor's up gives, whatever down does. What cannot be walked so (statements that PostgreSQL
refuses inside a transaction, values of an enum used where they were added) is walked on a clone.

Tables hold rows. Where something fails, a second lane without rows, which is made and moved on
only then, says whether it is for the rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core.verify.checkpoints import EMPTY
from confiture_core.verify.lane import Lane
from confiture_core.verify.laws import is_declared
from confiture_core.verify.trip import Trip, Unreached

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from confiture_core.catalog.model import Catalog
    from confiture_core.errors import ConfitureError
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.project import SqlFile
    from confiture_core.verify.checkpoints import Checkpoints

    Seen = Trip | Unreached


class Chain:
    """What is seen of each migration.

    Those that are wanted are walked when they are passed: in whatever order they are asked for,
    each is passed once. What was seen is given once and then forgotten, as all that is seen of a
    long chain would fill the memory; whoever asks again has it walked again.
    """

    def __init__(
        self,
        shadows: Shadows,
        migrations: Sequence[MigrationFile],
        *,
        wanted: Collection[str] | None = None,
        seeds: Sequence[SqlFile] = (),
        template: str = EMPTY[0],
        checkpoints: Checkpoints | None = None,
    ) -> None:
        self._shadows = shadows
        self._seeds = seeds
        self._template = template  # what the first migration finds
        self._checkpoints = checkpoints  # of an empty template
        self.migrations = tuple(migrations)
        self._places = {file.label: place for place, file in enumerate(migrations)}
        self._wanted = set(self._places) if wanted is None else set(wanted)
        self._seen: dict[str, Seen] = {}
        self._broken: Unreached | None = None
        self._lane: Lane | None = None  # once it is known where it is to go
        self._plain: Lane | None = None  # without rows

    @property
    def broken(self) -> MigrationFile | None:
        """The migration whose up fails: none after it is reached."""
        return self._broken.broken if self._broken else None

    def want(self, labels: Collection[str]) -> None:
        """Have migrations walked when they are passed."""
        self._wanted.update(labels)

    def see(self, file: MigrationFile) -> Seen:
        """Give what is seen of one migration, going there if need be."""
        place = self._places[file.label]
        if file.label not in self._seen and self._lane and place < self._lane.position:
            self._start_over()
        self._wanted.add(file.label)
        while file.label not in self._seen:
            self._step(place)
        seen = self._seen[file.label]
        if isinstance(seen, Trip) and not seen.up_error:
            del self._seen[file.label]
            self._wanted.discard(file.label)
        return seen

    def reach_end(self) -> tuple[str, Catalog] | Unreached:
        """Apply what is left; give the database, to which nobody is connected, and its catalog."""
        end = len(self.migrations)
        while self._broken is None and self._lane_to(end).position < end:
            self._step(end)
        if self._broken is not None:
            return self._broken
        lane = self._lane_to(end)
        catalog = lane.reading().complete()
        lane.close()
        return lane.database, catalog

    def close(self) -> None:
        """Close the connections; the databases go with the shadows."""
        for lane in (self._lane, self._plain, self._checkpoints):
            if lane is not None:
                lane.close()

    def _step(self, target: int) -> None:
        """Go on by one migration, walking it if it is wanted and not yet seen."""
        if self._broken is not None:
            for file in self.migrations[self._places[self._broken.file.label] + 1 :]:
                self._seen[file.label] = replace(self._broken, file=file)
            return
        lane = self._lane_to(target)
        file = self.migrations[lane.position]
        if file.label in self._wanted and file.label not in self._seen:
            trip = self._walk(lane, file)
            self._seen[file.label] = trip
            error = trip.up_error
        else:
            error = self._pass_by(lane, file)
        if error is not None:
            self._broken = Unreached(file=file, broken=file, error=error)
            return
        if self._checkpoints is not None:
            self._checkpoints.keep(self._places[file.label] + 1)
        if self._lane_to(target).is_lost:
            # A down, or an up after it, took the connection along.
            self._start_over()

    def _walk(self, lane: Lane, file: MigrationFile) -> Trip:
        trip = lane.walk(file)
        trip = replace(trip, rows=replace(trip.rows, unfilled=lane.unfilled))
        if file is self.migrations[-1]:
            trip = replace(trip, rows=replace(trip.rows, unfit=lane.seeds.unfit))
        if trip.failure is None or not any(trip.rows.before.rows.values()) or is_declared(trip):
            return trip
        if trip.up_error:
            fails_plainly = lane.fails_plainly(file)
            trip = replace(trip, rows=replace(trip.rows, fails_plainly=fails_plainly))
        plain = self._reach_plain(file)
        without_rows = plain.walk(file)
        if trip.up_error and not without_rows.up_error:
            self._change_lanes(lane, plain)
        return _joined(trip, without_rows)

    def _pass_by(self, lane: Lane, file: MigrationFile) -> ConfitureError | None:
        error = lane.pass_by(file)
        if error is None:
            return None
        plain = self._reach_plain(file)
        error = plain.pass_by(file)
        if error is None:
            self._change_lanes(lane, plain)
        return error

    def _reach_plain(self, file: MigrationFile) -> Lane:
        """Bring the lane without rows to the state before a migration."""
        number = self._places[file.label]
        if self._plain is not None and (self._plain.is_lost or self._plain.position > number):
            self._plain.drop()
            self._plain = None
        if self._plain is None:
            template, position = self._nearest(number)
            self._plain = Lane(self._shadows, has_rows=False, template=template, position=position)
        while self._plain.position < number:
            error = self._plain.pass_by(self.migrations[self._plain.position])
            assert error is None, "it was applied before"
        return self._plain

    def _change_lanes(self, lane: Lane, plain: Lane) -> None:
        """Go on from the state without rows: those there were do not get on."""
        lane.drop()
        plain.close()
        self._lane = self._start(plain.database, plain.position)
        self._lane.go_on_from(plain)

    def _start_over(self) -> None:
        if self._lane is not None:
            self._lane.drop()
        self._lane = None
        self._broken = None

    def _lane_to(self, target: int) -> Lane:
        """Give the lane; a new one where there is none, as far down as nothing wanted is past."""
        if self._lane is None:
            wanted = self._wanted - self._seen.keys()
            first = min([target, *(self._places[label] for label in wanted)])
            self._lane = self._start(*self._nearest(first))
        return self._lane

    def _nearest(self, position: int) -> tuple[str, int]:
        if self._checkpoints is None:
            return self._template, 0
        return self._checkpoints.nearest(position)

    def _start(self, template: str, position: int) -> Lane:
        return Lane(
            self._shadows,
            has_rows=True,
            seeds=self._seeds,
            template=template,
            position=position,
        )


def _joined(trip: Trip, without_rows: Trip) -> Trip:
    """Take what fails in any case from the trip without rows, and the rest as due to rows."""
    rows = trip.rows
    failure = trip.failure
    assert failure is not None
    failed, error = failure
    other = without_rows.failure
    if other is None or other[0] != failed:
        rows = replace(rows, failed=failed, error=error)
    return replace(without_rows, rows=rows)
