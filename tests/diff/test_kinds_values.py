"""What steps say that no catalog shows: hazards, and what this server cannot be made to have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from confiture_core.catalog.model import (
    Catalog,
    Column,
    Composite,
    Definition,
    Domain,
    DomainConstraint,
    Enum,
    Extension,
    Identity,
    Object,
    Publication,
    RelationColumn,
    Routine,
    Subscription,
    Table,
    View,
)
from confiture_core.diff import kinds
from confiture_core.diff.access import metadata
from confiture_core.diff.operation import Context, Step
from confiture_core.diff.types import are_attributes_alterable, create_domain

_SERVER = 150018


def _catalog(*objects: Object, dependencies: frozenset[tuple[Identity, Identity]]) -> Catalog:
    return Catalog(
        objects={item.identity: item for item in objects},
        dependencies=dependencies,
        server_version=_SERVER,
        default_owner="postgres",
    )


def _context(
    old: tuple[Object, ...] = (),
    new: tuple[Object, ...] = (),
    dependencies: frozenset[tuple[Identity, Identity]] = frozenset(),
) -> Context:
    return Context(
        old=_catalog(*old, dependencies=dependencies),
        new=_catalog(*new, dependencies=dependencies),
    )


def _public(kind: str, name: str, member: str = "") -> Identity:
    return Identity(kind=kind, schema="public", name=name, member=member)


def _hazards(steps: tuple[Step, ...] | None) -> list[str]:
    return [hazard.kind for step in steps or () for hazard in step.hazards]


def _texts(steps: tuple[Step, ...] | None) -> list[str]:
    assert steps is not None
    return [step.sql for step in steps]


def _routine(*options: str, language: str = "sql") -> Routine:
    words = "\n ".join(["RETURNS integer", f"LANGUAGE {language}", *options])
    return Routine(
        identity=_public("function", "one()"),
        definition=f"CREATE OR REPLACE FUNCTION public.one()\n {words}\nAS $$SELECT 1$$",
        result="integer",
        arguments="",
        language=language,
    )


@pytest.mark.parametrize(
    ("routine", "is_for_superusers"),
    [
        (_routine(), False),
        (_routine("IMMUTABLE LEAKPROOF"), True),
        (_routine("SUPPORT public.help"), True),
        (_routine(language="c"), True),
        (replace(_routine(), definition="CREATE FUNCTION one() LEAKPROOF LATER"), False),
        (replace(_routine(), definition=_routine().definition + " -- LEAKPROOF"), False),
    ],
    ids=["plain", "leakproof", "support", "language c", "not understood", "only a comment"],
)
def test_a_routine_tells_that_it_needs_a_superuser(
    routine: Routine, is_for_superusers: bool
) -> None:
    hazards = _hazards(kinds.create(routine, _context()))

    assert hazards == (["needs superuser"] if is_for_superusers else [])


@pytest.mark.parametrize(
    ("kind", "definition", "is_for_superusers"),
    [
        ("type", "CREATE TYPE public.t AS RANGE (SUBTYPE = integer)", False),
        ("type", "CREATE TYPE public.t (INPUT = f, OUTPUT = g)", True),
        ("type", "CREATE TYPE public.t", False),
        ("cast", "CREATE CAST (a AS b) WITHOUT FUNCTION", True),
        ("cast", "CREATE CAST (a AS b) WITH INOUT", False),
        ("aggregate", "CREATE AGGREGATE a(integer) (SFUNC = f, STYPE = internal)", True),
        ("aggregate", "CREATE AGGREGATE a(integer) (SFUNC = f, STYPE = integer)", False),
        ("access method", "CREATE ACCESS METHOD a TYPE INDEX HANDLER f", True),
        ("collation", "CREATE COLLATION public.c (LOCALE = 'C')", False),
        ("type", "CREATE TYPE IN WORDS OF THE FUTURE", False),
    ],
)
def test_a_definition_tells_that_it_needs_a_superuser(
    kind: str, definition: str, is_for_superusers: bool
) -> None:
    item = Definition(identity=_public(kind, "t"), definition=definition)

    hazards = _hazards(kinds.create(item, _context()))

    assert hazards == (["needs superuser"] if is_for_superusers else [])


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("server", "CREATE SERVER s", "CREATE SERVER s FOREIGN DATA WRAPPER w"),
        ("server", "CREATE SERVER s FOREIGN DATA WRAPPER w", "CREATE SERVER s"),
        ("user mapping", "CREATE USER MAPPING", "CREATE USER MAPPING FOR a SERVER s"),
        ("user mapping", "CREATE USER MAPPING FOR a SERVER s", "CREATE USER MAPPING"),
        ("foreign data wrapper", "CREATE FOREIGN DATA WRAPPER", "CREATE FOREIGN DATA WRAPPER w"),
        ("text search dictionary", "CREATE TEXT", "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = t)"),
        ("operator", "CREATE OPERATOR", "CREATE OPERATOR === (FUNCTION = f)"),
        ("aggregate", "CREATE AGGREGATE", "CREATE AGGREGATE a(*) (SFUNC = f, STYPE = integer)"),
    ],
)
def test_a_definition_that_is_not_understood_is_replaced(kind: str, old: str, new: str) -> None:
    identity = _public(kind, "x")
    before, after = (Definition(identity=identity, definition=text) for text in (old, new))

    assert kinds.alter(before, after, _context()) is None


@pytest.mark.parametrize("is_known", [True, False], ids=["trusted", "others"])
def test_an_extension_that_is_not_trusted_needs_a_superuser(is_known: bool) -> None:
    name = "pg_trgm" if is_known else "postgis"
    extension = Extension(
        identity=Identity(kind="extension", name=name), schema="public", version="1.10"
    )

    hazards = _hazards(kinds.create(extension, _context()))

    assert hazards == ([] if is_known else ["needs superuser"])


def test_an_extension_is_replaced_where_it_cannot_be_altered() -> None:
    old = Extension(identity=Identity(kind="extension", name="x"), schema="a", version="1.9")
    earlier, moved, later = (
        replace(old, version="1.8-rc"),
        replace(old, schema="b"),
        replace(old, version="1.10"),
    )

    assert kinds.alter(old, earlier, _context()) is None
    assert kinds.alter(old, moved, _context()) is None
    assert _texts(kinds.alter(old, later, _context())) == ["ALTER EXTENSION x UPDATE TO '1.10'"]


def test_security_labels_are_set_and_taken_away() -> None:
    identity = _public("type", "mood")
    old = Enum(
        identity=identity, labels=("ok",), security_labels=(("a", "1"), ("b", "2"), ("c", "3"))
    )
    new = replace(old, security_labels=(("b", "it's"), ("c", "3")))

    assert _texts(metadata(old, new, _context())) == [
        "SECURITY LABEL FOR a ON TYPE mood IS NULL",
        "SECURITY LABEL FOR b ON TYPE mood IS 'it''s'",
    ]


def test_a_shell_type_has_no_privileges() -> None:
    shell = Definition(identity=_public("type", "later"), definition="CREATE TYPE public.later")

    assert metadata(None, shell, _context()) == ()


def test_a_new_constraint_of_a_domain_in_use_reads_tables() -> None:
    domain = Domain(identity=_public("domain", "email"), base_type="text")
    constraint = DomainConstraint(
        identity=_public("domain constraint", "email", "c"), definition="CHECK (VALUE <> '')"
    )

    used = kinds.create(constraint, _context(old=(domain,), new=(domain, constraint)))
    unused = kinds.create(constraint, _context(new=(domain, constraint)))

    assert _hazards(used) == ["scans table", "may fail"]
    assert _hazards(unused) == []


def test_a_materialized_view_made_again_cannot_be_read_meanwhile() -> None:
    view = View(
        identity=_public("materialized view", "v"), query="SELECT 1 AS a", tablespace="fast"
    )

    again = kinds.create(view, _context(old=(view,), new=(view,)))
    empty = kinds.create(replace(view, is_populated=False), _context(old=(view,)))

    assert _hazards(again) == ["blocks reads"]
    assert _hazards(empty) == []
    assert "TABLESPACE fast" in again[0].sql


def test_a_materialized_view_moves_to_another_tablespace() -> None:
    old = View(identity=_public("materialized view", "v"), query="SELECT 1 AS a")

    steps = kinds.alter(old, replace(old, tablespace="fast"), _context())

    assert _texts(steps) == ["ALTER MATERIALIZED VIEW v SET TABLESPACE fast"]
    assert _hazards(steps) == ["rewrites table"]


@pytest.mark.parametrize(
    ("old", "new", "is_alterable"),
    [
        ("a integer, b text", "a integer, b text, c date", True),
        ("a integer, b text", "b text", True),
        ("a integer, b text", "a integer, c date, b text", False),
        ("a integer, b text, c date", "a integer, x date, c date", False),
        ("a integer", "a bigint", False),
    ],
)
def test_attributes_of_a_stored_type_are_altered_if_their_order_and_types_stay(
    old: str, new: str, is_alterable: bool
) -> None:
    type_ = Composite(identity=_public("type", "address"))
    home = _public("column", "users", "home")
    table = Table(identity=_public("table", "users"))
    column = Column(identity=home, type="public.address", position=1)
    context = _context(
        old=(type_, *_attributes(old), table, column),
        new=(type_, *_attributes(new), table, column),
        dependencies=frozenset({(home, type_.identity)}),
    )

    assert are_attributes_alterable(type_.identity, context) is is_alterable


def test_a_materialized_view_changes_its_access_method_from_15_on() -> None:
    old = View(identity=_public("materialized view", "v"), query="SELECT 1 AS a")
    context = _context()
    older = replace(context, new=replace(context.new, server_version=140000))

    assert kinds.alter(old, replace(old, access_method="pile"), older) is None


def test_a_domain_is_made_with_the_constraints_folded_into_it() -> None:
    domain = Domain(identity=_public("domain", "email"), base_type="text")
    constraints = [
        DomainConstraint(
            identity=_public("domain constraint", "email", name),
            definition="CHECK (VALUE <> '')",
            is_valid=name == "checked",
        )
        for name in ("checked", "unchecked")
    ]

    assert _texts(create_domain(domain, constraints, _context())) == [
        "CREATE DOMAIN email AS text\n    CONSTRAINT checked CHECK (VALUE <> '')",
        "ALTER DOMAIN email ADD CONSTRAINT unchecked CHECK (VALUE <> '') NOT VALID",
    ]


def test_options_of_a_dictionary_are_numbers_and_strings() -> None:
    identity = _public("text search dictionary", "d")
    old, new, odd = (
        Definition(identity=identity, definition=f"CREATE TEXT SEARCH DICTIONARY d ({options})")
        for options in ("TEMPLATE = t", "TEMPLATE = t, a = 1, b = 1.5, c = 'x'", "TEMPLATE = t, a")
    )

    assert _texts(kinds.alter(old, new, _context())) == [
        "ALTER TEXT SEARCH DICTIONARY d (a = 1, b = 1.5, c = 'x')"
    ]
    assert kinds.alter(old, odd, _context()) is None


def test_attributes_of_a_type_in_a_type_that_is_not_stored_are_altered() -> None:
    inner, outer = (Composite(identity=_public("type", name)) for name in ("address", "person"))
    part = RelationColumn(
        identity=_public("column", "person", "home"), type="public.address", position=1
    )
    argument = _public("function", "f(person)")
    context = _context(
        old=(inner, outer, part, *_attributes("a integer")),
        new=(inner, outer, part, *_attributes("a bigint")),
        dependencies=frozenset(
            {
                (part.identity, inner.identity),
                (part.identity, outer.identity),
                (argument, outer.identity),
            }
        ),
    )

    assert are_attributes_alterable(inner.identity, context)


def _attributes(text: str) -> list[RelationColumn]:
    pairs = [attribute.split(" ") for attribute in text.split(", ")]
    return [
        RelationColumn(identity=_public("column", "address", name), type=type_, position=position)
        for position, (name, type_) in enumerate(pairs, start=1)
    ]


def test_publishing_everything_needs_a_superuser() -> None:
    news = Publication(identity=Identity(kind="publication", name="news"), all_tables=True)

    assert _hazards(kinds.create(news, _context())) == ["needs superuser"]


def _subscription(**fields: Any) -> Subscription:
    subscription = Subscription(
        identity=Identity(kind="subscription", name="reader"),
        connection="host=a",
        publications=("news",),
    )
    return replace(subscription, **fields)


def test_a_subscription_lets_go_of_its_slot_before_it_is_dropped() -> None:
    assert _texts(kinds.drop(_subscription(is_enabled=True), _context())) == [
        "ALTER SUBSCRIPTION reader DISABLE",
        "ALTER SUBSCRIPTION reader SET (slot_name = NONE)",
        "DROP SUBSCRIPTION reader",
    ]


def test_an_enabled_subscription_stops_while_its_slot_changes() -> None:
    old = _subscription(is_enabled=True)
    new = _subscription(is_enabled=True, options=(("slot_name", "other"),))

    assert _texts(kinds.alter(old, new, _context())) == [
        "ALTER SUBSCRIPTION reader DISABLE",
        "ALTER SUBSCRIPTION reader SET (slot_name = 'other')",
        "ALTER SUBSCRIPTION reader ENABLE",
    ]


def test_a_subscription_is_stopped_alone() -> None:
    assert _texts(kinds.alter(_subscription(is_enabled=True), _subscription(), _context())) == [
        "ALTER SUBSCRIPTION reader DISABLE"
    ]


def test_a_subscription_is_replaced_where_altering_it_would_connect() -> None:
    new = _subscription(options=(("two_phase", "true"),))

    assert kinds.alter(_subscription(), new, _context()) is None


def test_a_subscription_is_enabled_when_all_is_set() -> None:
    made = kinds.create(_subscription(is_enabled=True), _context())

    assert _texts(made)[-1] == "ALTER SUBSCRIPTION reader ENABLE"
