"""Differences cut into several migrations, so that nobody waits for them.

The whole sequence is run on scratch databases as the executor would run it: each transactional
migration in one transaction, the others statement by statement; up to the new state, and down
again through every state between to the old one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core.diff.online import Stage, concurrently, has_folded_constraint, stages
from confiture_core.difference import Difference
from confiture_core.errors import Unsupported
from confiture_core.proof import (
    Proved,
    State,
    follow,
    lead,
    prove,
    reason_not_reached,
)
from confiture_core.settling import unchecked

if TYPE_CHECKING:
    from confiture_core.diff.operation import Step
    from confiture_core.difference import Basis
    from confiture_core.factory.shadows import Shadows


def in_stages(difference: Difference, shadows: Shadows) -> tuple[Difference, ...]:
    """Return the migrations that lead the same way without blocking; one if one will do.

    Raises Unsupported where no way to cut the difference holds.
    """
    basis = difference.basis
    if difference.is_empty or basis is None:
        return (difference,)
    up = basis.up
    if any(map(has_folded_constraint, up.steps)):
        up, _ = prove(basis.renamed, replace(basis.new, statements=()), shadows)
    steps, is_unchecked = _without_settings(up.steps)
    failure: Unsupported | None = None
    for in_order in (False, True):
        cut = stages(
            steps,
            up.operations,
            basis.new.catalog,
            in_order=in_order,
            transactional=up.transactional,
        )
        if len(cut) <= 1 and all(stage.steps == steps for stage in cut):
            return (difference,)
        if is_unchecked:
            cut = tuple(replace(stage, steps=unchecked(stage.steps)) for stage in cut)
        try:
            return _proved(_with_renames(cut, basis), basis, difference.notes, shadows)
        except Unsupported as exc:
            failure = failure or exc
    assert failure is not None
    raise failure


def _without_settings(steps: tuple[Step, ...]) -> tuple[tuple[Step, ...], bool]:
    """Return the steps without those that leave the bodies of functions unchecked."""
    is_unchecked = bool(steps) and steps == unchecked(steps[1:-1])
    return (steps[1:-1] if is_unchecked else steps), is_unchecked


def _with_renames(cut: tuple[Stage, ...], basis: Basis) -> tuple[Stage, ...]:
    if not basis.rename:
        return cut
    first = cut[0]
    if not first.transactional:
        return (Stage(steps=basis.rename, transactional=True), *cut)
    return (replace(first, steps=(*basis.rename, *first.steps)), *cut[1:])


def _proved(
    cut: tuple[Stage, ...], basis: Basis, notes: tuple[str, ...], shadows: Shadows
) -> tuple[Difference, ...]:
    ups = [
        Proved(steps=stage.steps, operations=(), transactional=stage.transactional) for stage in cut
    ]
    states = [basis.old]
    for up in ups:
        states.append(follow(up, states[-1], shadows))
    _require_reached(states[-1], basis.new, shadows)
    downs = [
        _down(stage, before, after, basis, shadows)
        for stage, before, after in zip(cut, states, states[1:], strict=False)
    ]
    reached = states[-1]
    for down in reversed(downs):
        reached = follow(down, reached, shadows)
    _require_reached(reached, basis.old, shadows)
    return tuple(
        Difference(up=up, down=down, notes=() if number else notes)
        for number, (up, down) in enumerate(zip(ups, downs, strict=True))
    )


def _down(stage: Stage, before: State, after: State, basis: Basis, shadows: Shadows) -> Proved:
    """Find the way back over one stage."""
    is_renaming = bool(basis.rename) and before is basis.old
    goal = basis.renamed if is_renaming else replace(before, statements=basis.old.statements)
    down = lead(after, goal, shadows)
    steps = down.steps
    if not stage.transactional:
        steps = concurrently(steps, after.catalog, before.catalog)
    if is_renaming:
        steps = (*steps, *basis.give_back)
    return replace(down, steps=steps, transactional=stage.transactional and down.transactional)


def _require_reached(reached: State, wanted: State, shadows: Shadows) -> None:
    reason = reason_not_reached(reached.catalog, wanted.catalog, shadows)
    if reason:
        raise Unsupported(
            f"these changes cannot be cut into stages: {reason}", hint="write them without --online"
        )
