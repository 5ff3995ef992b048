"""The law of a difference over one folder per change: `cases/<kind>/<case>/{old,new}.sql`.

A first line `-- pg >= 15` in `new.sql` says which servers a case is for. `operations.txt` holds
what is done to which object, and `operations_pg17.txt` what from PostgreSQL 17 on, where that is
otherwise; `refused.txt` what confiture says where it writes no migration.

`plan.sql` holds both ways as they were judged; its first line says on which version, and of which
files by their digest. What is the same is not judged again, which takes half of the time. A judge
that changed judges again with CONFITURE_JUDGE_AGAIN=1, as under tox; CONFITURE_RECORD=1 records.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confiture_core.difference import between
from confiture_core.errors import Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.difference import Difference
    from confiture_core.server import Server

    Law = Any  # of conftest.py, which cannot be imported

_FOUND = sorted(path.parent for path in Path(__file__).parent.glob("cases/*/*/old.sql"))
# pg_dump leaves out a database's settings, who may use a subscription, and that a comment is gone;
# labels can be put back only where their provider is.
_DUMPED = [
    case
    for case in _FOUND
    if case.parent.name not in ("setting", "subscription", "security_label")
    and case.name != "comment_removed"
]
# In this order a case has the same number in both, by which pytest runs its tests together.
_CASES = [*_DUMPED, *(case for case in _FOUND if case not in _DUMPED)]


def _each(cases: list[Path]) -> pytest.MarkDecorator:
    names = [f"{case.parent.name}/{case.name}" for case in cases]
    return pytest.mark.parametrize("case", cases, ids=names, indirect=True)


@pytest.fixture(scope="module")
def case(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def law(case: Path, fresh_law: Any) -> Iterator[Law]:
    """One law for the tests of a case: each of its states is built and dumped once."""
    with fresh_law() as law:
        yield law


@_each(_CASES)
def test_both_ways_lead_where_they_should(case: Path, law: Law, server: Server) -> None:
    _skip_other_versions(case, server)
    old, new = ((case / f"{side}.sql").read_text("utf-8") for side in ("old", "new"))

    refused = case / "refused.txt"
    if refused.exists():
        with pytest.raises(Unsupported) as caught:
            law.difference(old, new)
        assert f"{caught.value.message}\n" == refused.read_text("utf-8")
        return

    difference = law.difference(old, new)

    _judge(case, difference, law, old, new)
    _compare_operations(case, law.operations(difference), server)


@_each(_DUMPED)
def test_a_schema_and_its_own_dump_are_the_same(case: Path, law: Law, server: Server) -> None:
    _skip_other_versions(case, server)
    text = (case / "new.sql").read_text("utf-8")
    state = law.state(text, "new.sql")
    dumped = law.state(law.said(state.database).dump, "dump.sql")

    difference = between(state, dumped, law.shadows)

    assert [step.sql for step in (*difference.up.steps, *difference.down.steps)] == []


def _judge(case: Path, difference: Difference, law: Law, old: str, new: str) -> None:
    """Have the law checked unless it was, of these ways; compare them with what was judged."""
    file = case / "plan.sql"
    before = file.read_text("utf-8") if file.exists() else ""
    plan = _written(difference, law.server, f"{old}{new}")
    if plan != before or "CONFITURE_JUDGE_AGAIN" in os.environ:
        law.check(old, new, difference)
    if "CONFITURE_RECORD" in os.environ:
        file.write_text(plan, "utf-8")
    elif _head(plan) == _head(before):
        assert plan == before, "run this test with CONFITURE_RECORD=1, and look at the plan"


def _written(difference: Difference, server: Server, sides: str) -> str:
    digest = hashlib.sha256(sides.encode()).hexdigest()[:16]
    lines = [f"-- judged on PostgreSQL {server.version_num // 10000}, of {digest}"]
    for name, way in (("up", difference.up), ("down", difference.down)):
        lines.append(f"-- {name}" if way.transactional else f"-- {name}, not in a transaction")
        lines += [f"{step.sql};" for step in way.steps]
    return "\n".join([*lines, ""])


def _head(plan: str) -> str:
    return plan.partition("\n")[0]


def _compare_operations(case: Path, done: str, server: Server) -> None:
    """Compare what is done to which object with what it was; the documentation counts on it."""
    major = server.version_num // 10000
    later = (case / f"operations_pg{version}.txt" for version in range(major, 11, -1))
    file = next((each for each in later if each.exists()), case / "operations.txt")
    if "CONFITURE_RECORD" in os.environ:
        file.write_text(done, "utf-8")
    assert file.exists(), f"no {file}: run this test with CONFITURE_RECORD=1, and look at it"
    assert done == file.read_text("utf-8")


def _skip_other_versions(case: Path, server: Server) -> None:
    first = (case / "new.sql").read_text("utf-8").partition("\n")[0]
    _, marker, version = first.partition("-- pg >= ")
    if marker and server.version_num < int(version) * 10000:
        pytest.skip(f"for PostgreSQL {version} and later")
