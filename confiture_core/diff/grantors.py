"""Privileges passed on: granted by a role that holds them with grant option, not by the owner.

PostgreSQL notes who granted what, and takes a privilege back only together with what hangs on it;
so they go from the last to the first, and come the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.diff.operation import Hazard, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.catalog.model import Privilege
    from confiture_core.diff.privileges import Grantable


def take_back(
    before: Sequence[Privilege], after: Sequence[Privilege], on: Grantable
) -> Iterator[Step]:
    """Write the REVOKE, by those who granted it, of what is not passed on any more."""
    kept = _passed_on(after, on)
    for each in reversed(_passed_on(before, on)):
        if each not in kept:
            listed = on.listed([each.privilege])
            yield from _by_grantor(f"REVOKE {listed} ON {on.target} FROM {_to(each, on)}", each, on)


def pass_on(
    before: Sequence[Privilege], after: Sequence[Privilege], on: Grantable
) -> Iterator[Step]:
    """Write the GRANT, by those who grant it, of what is passed on now."""
    there = _passed_on(before, on)
    for each in _passed_on(after, on):
        if each not in there:
            suffix = " WITH GRANT OPTION" if each.grantable else ""
            sql = f"GRANT {on.listed([each.privilege])} ON {on.target} TO {_to(each, on)}{suffix}"
            yield from _by_grantor(sql, each, on)


def _passed_on(privileges: Sequence[Privilege], on: Grantable) -> list[Privilege]:
    """Return the privileges that others than the owner grant, in an order in which they can."""
    left = [each for each in privileges if each.grantor not in (None, on.owner)]
    held = {(each.grantee, each.privilege) for each in privileges if each not in left}
    ordered: list[Privilege] = []
    while left:
        ready = [each for each in left if (each.grantor, each.privilege) in held] or left
        ordered += ready
        held.update((each.grantee, each.privilege) for each in ready)
        left = [each for each in left if each not in ready]
    return ordered


def _to(privilege: Privilege, on: Grantable) -> str:
    return on.role(privilege.grantee)


def _by_grantor(sql: str, privilege: Privilege, on: Grantable) -> Iterator[Step]:
    """Let the grantor say it: GRANTED BY takes nobody but the current role."""
    role = names.quote(privilege.grantor or "")
    message = f"only {role}, its members and superusers may say what {role} grants on {on.target}"
    yield Step(sql=f"SET ROLE {role}", hazards=(Hazard(kind="needs superuser", message=message),))
    yield Step(sql=sql)
    yield Step(sql="RESET ROLE")
