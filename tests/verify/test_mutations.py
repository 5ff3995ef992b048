"""Sound migrations whose way down is damaged: the damage is found.

Each change has a table of its own, made before. What it does to it, how that is taken back and
how that goes wrong is drawn by a number, so that a run is the same each time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.verify.conftest import Verify

_TYPES = ("varchar(20)", "varchar(21)", "char(20)", "text", "varchar")
_DEFAULTS = ("'a'", "'b'", "'a'::text || 'b'", "upper('a')", "NULL", "current_user")
_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "TRIGGER", "TRUNCATE")
_LABELS = ("low", "middle", "high", "extreme")
_OPTIONS = ("fillfactor = 60", "fillfactor = 70", "fillfactor = 80", "deduplicate_items = off")
_METHODS = ("btree (name)", "btree (name DESC)", "hash (name)", "btree (lower(name))")

_MAKE = """
CREATE TYPE level_{n} AS ENUM ('low', 'middle', 'high');
CREATE TABLE t_{n} (
    id int PRIMARY KEY,
    name varchar(20) NOT NULL DEFAULT 'a',
    size int CHECK (size <> 0),
    parent int REFERENCES t_{n} (id) ON DELETE CASCADE
);
CREATE INDEX t_{n}_name ON t_{n} (name) WITH (fillfactor = 60);
CREATE FUNCTION f_{n}() RETURNS int LANGUAGE sql AS 'SELECT 1';
COMMENT ON COLUMN t_{n}.name IS 'a name';
GRANT SELECT ON t_{n} TO public;
"""


@dataclass(frozen=True, kw_only=True)
class Change:
    up: str
    down: tuple[str, ...]
    damaged: tuple[str, ...]


def _type(n: int, draw: random.Random) -> Change:
    wrong = draw.choice(_TYPES[1:])
    alter = "ALTER TABLE t_{} ALTER COLUMN name TYPE {}"
    return Change(
        up=alter.format(n, "varchar(40)"),
        down=(alter.format(n, _TYPES[0]),),
        damaged=(alter.format(n, wrong),),
    )


def _default(n: int, draw: random.Random) -> Change:
    wrong = draw.choice(_DEFAULTS[1:])
    alter = "ALTER TABLE t_{} ALTER COLUMN name SET DEFAULT {}"
    return Change(
        up=alter.format(n, "'z'"), down=(alter.format(n, "'a'"),), damaged=(alter.format(n, wrong),)
    )


def _privilege(n: int, draw: random.Random) -> Change:
    wrong = draw.choice(_PRIVILEGES[1:])
    return Change(
        up=f"REVOKE SELECT ON t_{n} FROM public",
        down=(f"GRANT SELECT ON t_{n} TO public",),
        damaged=(f"GRANT {draw.choice([wrong, f'SELECT, {wrong}'])} ON t_{n} TO public",),
    )


def _comment(n: int, draw: random.Random) -> Change:
    comment = "COMMENT ON COLUMN t_{}.name IS {}"
    wrong = draw.choice(["'a  name'", "'A name'", "NULL", "'another'"])
    return Change(
        up=comment.format(n, "'of a person'"),
        down=(comment.format(n, "'a name'"),),
        damaged=(comment.format(n, wrong),),
    )


def _labels(n: int, draw: random.Random) -> Change:
    wrong = draw.choice([draw.sample(_LABELS, 3), ["low", "middlehigh"], _LABELS[:2]])
    if tuple(wrong) == _LABELS[:3]:
        wrong = _LABELS
    create = "CREATE TYPE level_{} AS ENUM ({})"
    return Change(
        up=f"DROP TYPE level_{n}",
        down=(create.format(n, ", ".join(f"'{label}'" for label in _LABELS[:3])),),
        damaged=(create.format(n, ", ".join(f"'{label}'" for label in wrong)),),
    )


def _index(n: int, draw: random.Random) -> Change:
    create = "CREATE INDEX t_{0}_name ON t_{0} USING {1} WITH ({2})"
    method, option = draw.choice(
        [(_METHODS[0], draw.choice(_OPTIONS[1:])), (draw.choice(_METHODS[1:]), _OPTIONS[0])]
    )
    return Change(
        up=f"DROP INDEX t_{n}_name",
        down=(create.format(n, _METHODS[0], _OPTIONS[0]),),
        damaged=(create.format(n, method, option),),
    )


def _rows(n: int, draw: random.Random) -> Change:
    back = "INSERT INTO t_{0} SELECT {1} FROM kept_{0} ORDER BY id{2}"
    what, rest = draw.choice(
        [
            ("*", " OFFSET 1"),
            ("id, name, size + 1, parent", ""),
            ("id, name, NULL, parent", ""),
            ("id, upper(name), size, parent", ""),
            ("*", " LIMIT 1"),
        ]
    )
    drop = f"DROP TABLE kept_{n}"
    return Change(
        up=f"CREATE TABLE kept_{n} AS SELECT * FROM t_{n}; DELETE FROM t_{n}",
        down=(back.format(n, "*", ""), drop),
        damaged=(back.format(n, what, rest), drop),
    )


def _statement(n: int, draw: random.Random) -> Change:
    down = (
        f"DROP FUNCTION g_{n}()",
        f"ALTER TABLE t_{n} DROP COLUMN added",
        f"DROP TABLE more_{n}",
        f"ALTER TABLE t_{n} ALTER COLUMN name SET NOT NULL",
        f"ALTER TABLE t_{n} DISABLE ROW LEVEL SECURITY",
        f"CREATE OR REPLACE FUNCTION f_{n}() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        f"ALTER TABLE t_{n} RESET (fillfactor)",
        f"ALTER TABLE t_{n} ALTER COLUMN name SET STATISTICS -1",
        f"ALTER TABLE t_{n} DROP CONSTRAINT more",
    )
    forgotten = draw.choice(down)
    return Change(
        up=f"""
            CREATE FUNCTION g_{n}() RETURNS int LANGUAGE sql AS 'SELECT 1';
            ALTER TABLE t_{n} ADD COLUMN added text;
            CREATE TABLE more_{n} (id serial);
            ALTER TABLE t_{n} ALTER COLUMN name DROP NOT NULL;
            ALTER TABLE t_{n} ENABLE ROW LEVEL SECURITY;
            CREATE OR REPLACE FUNCTION f_{n}() RETURNS int LANGUAGE sql AS 'SELECT 2';
            ALTER TABLE t_{n} SET (fillfactor = 50);
            ALTER TABLE t_{n} ALTER COLUMN name SET STATISTICS 50;
            ALTER TABLE t_{n} ADD CONSTRAINT more CHECK (id <> -1)
        """,
        down=down,
        damaged=tuple(each for each in down if each != forgotten),
    )


_CHANGES: tuple[Callable[[int, random.Random], Change], ...] = (
    _type,
    _default,
    _privilege,
    _comment,
    _labels,
    _index,
    _rows,
    _statement,
)


def _draw(number: int) -> Iterator[tuple[str, Change]]:
    for n in range(number):
        make = _CHANGES[n % len(_CHANGES)]
        yield f"{n + 2:04}_{make.__name__.strip('_')}", make(n, random.Random(n))


@pytest.mark.parametrize("number", [24, pytest.param(200, marks=pytest.mark.long)])
def test_what_is_sound_holds_and_what_is_damaged_is_found(verify: Verify, number: int) -> None:
    changes = dict(_draw(number))
    made = {"0001_made.up.sql": "".join(_MAKE.format(n=n) for n in range(number))}
    ups = {f"{label}.up.sql": change.up for label, change in changes.items()}

    sound = verify(
        {**made, **ups}
        | {f"{label}.down.sql": ";\n".join(change.down) for label, change in changes.items()}
    )
    damaged = verify(
        {f"{label}.down.sql": ";\n".join(change.damaged) for label, change in changes.items()}
    )

    false_alarms = [
        f"{label} {law}: {verdict.findings}"
        for label in changes
        for law, verdict in sound[label].items()
        if not verdict.holds
    ]
    missed = [
        f"{label}: {changes[label].damaged}"
        for label in changes
        if all(verdict.holds for verdict in damaged[label].values())
    ]
    assert false_alarms == []
    assert missed == []
