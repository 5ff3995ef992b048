"""What is read of each kind of object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from confiture_core.catalog import model
from confiture_core.catalog.model import Catalog, Identity, Object, Privilege
from confiture_core.catalog.reader import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    Read = Callable[[str], Catalog]

T = TypeVar("T", bound=Object)


def find(catalog: Catalog, type_: type[T], path: str, kind: str = "") -> T:
    """Find the one object of a type by `schema.name`, or `schema.name.member`."""
    found = [
        each
        for identity, each in catalog.objects.items()
        if isinstance(each, type_)
        and kind in ("", identity.kind)
        and path == ".".join(filter(None, (identity.schema, identity.name, identity.member)))
    ]
    assert len(found) == 1, (path, found)
    return found[0]


def depends(catalog: Catalog, dependent: str, referenced: str) -> bool:
    """Say whether one object depends on another, both as their identities show."""
    return (dependent, referenced) in {(str(a), str(b)) for a, b in catalog.dependencies}


def granted(each: Object, grantee: str | None) -> set[str]:
    return {found.privilege for found in each.privileges if found.grantee == grantee}


def test_a_fresh_database_has_its_public_schema_and_plpgsql(read: Read) -> None:
    catalog = read("")

    assert [str(identity) for identity in catalog.objects] == ["schema public", "extension plpgsql"]
    public = find(catalog, model.Schema, "public")
    assert public.owner is None
    assert granted(public, None) == {"CREATE", "USAGE"}
    plpgsql = find(catalog, model.Extension, "plpgsql")
    assert plpgsql.comment == plpgsql.default_comment == "PL/pgSQL procedural language"
    assert catalog.dependencies == frozenset()


def test_schemas_have_owner_privileges_and_comment(read: Read) -> None:
    catalog = read("schemas_and_extensions")

    app = find(catalog, model.Schema, "app")
    assert app.owner == "pg_monitor"
    assert granted(app, None) == {"CREATE", "USAGE"}
    assert granted(app, "pg_signal_backend") == {"USAGE"}
    assert app.comment == "the application"
    assert granted(find(catalog, model.Schema, "public"), "public") == set()


def test_members_of_an_extension_stand_for_the_extension(read: Read) -> None:
    catalog = read("schemas_and_extensions")

    citext = find(catalog, model.Extension, "citext")
    assert (citext.schema, citext.owner) == ("app", None)
    assert citext.comment == citext.default_comment
    assert {identity.kind for identity in catalog.objects} == {
        "schema", "extension", "table", "column", "function",
    }  # fmt: skip
    assert depends(catalog, "column app.people.name", "extension citext")
    assert depends(catalog, "function app.shout(app.citext)", "extension citext")
    assert depends(catalog, "extension citext", "schema app")
    shout = find(catalog, model.Routine, "app.shout(app.citext)")
    assert shout.required_extensions == ("citext",)


def test_an_extension_has_the_comment_and_the_privileges_it_did_not_bring(read: Read) -> None:
    hstore = find(read("schemas_and_extensions"), model.Extension, "hstore")

    assert hstore.comment == "a comment of our own"
    (member, privileges), *others = hstore.member_privileges
    assert member == "FUNCTION public.akeys(public.hstore)"
    assert privileges == (Privilege(grantee=None, privilege="EXECUTE"),)
    assert not others


def test_tables_have_their_options_and_switches(read: Read) -> None:
    catalog = read("tables")

    fast = find(catalog, model.Table, "public.fast")
    assert (fast.persistence, fast.owner) == ("u", "pg_monitor")
    assert fast.options == (
        "fillfactor=70", "autovacuum_enabled=false", "toast.autovacuum_enabled=off",
    )  # fmt: skip
    guarded = find(catalog, model.Table, "public.guarded")
    assert guarded.row_security
    assert guarded.force_row_security
    assert (guarded.replica_identity, guarded.replica_identity_index) == ("i", "guarded_id")
    assert find(catalog, model.Table, "public.clustered").clustered_index == "clustered_pkey"
    assert find(catalog, model.Table, "public.plain").replica_identity == "f"


def test_privileges_are_spelled_out_and_those_of_the_owner_are_nameless(read: Read) -> None:
    catalog = read("tables")

    plain = find(catalog, model.Table, "public.plain")
    assert granted(plain, None) >= {"DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "UPDATE"}
    assert "TRUNCATE" not in granted(plain, None)
    assert granted(plain, "public") == {"SELECT"}
    given = Privilege(grantee="pg_signal_backend", privilege="INSERT", grantable=True)
    assert given in plain.privileges
    assert "TRUNCATE" in granted(find(catalog, model.Table, "public.fast"), None)


def test_confitures_own_tables_are_left_out(read: Read) -> None:
    catalog = read("own_tables")

    tables = [str(identity) for identity in catalog.objects if identity.kind == "table"]
    assert tables == [
        "table app.confiture_migrations",
        "table public.confiture_migration_notes",
        "table public.kept",
    ]
    assert not any("public.confiture_migrations" in str(identity) for identity in catalog.objects)


def test_partitions_know_their_parent_and_bound(read: Read) -> None:
    catalog = read("partitions")

    parent = find(catalog, model.Table, "public.events")
    assert parent.partition_key == "RANGE (at)"
    partition = find(catalog, model.Table, "public.events_2025")
    assert partition.partition_of == parent.identity
    assert partition.partition_bound == "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
    assert partition.inherits == ()
    column = find(catalog, model.Column, "public.events_2025.kind")
    assert (column.is_local, column.is_inherited) == (False, True)
    assert find(catalog, model.Default, "public.events_2025.kind").expression == "'b'::text"
    assert depends(catalog, "table public.events_2025", "table public.events")
    assert depends(catalog, "column public.events_2025.kind", "column public.events.kind")


def test_constraints_and_indexes_of_partitions_know_what_they_belong_to(read: Read) -> None:
    catalog = read("partitions")

    key = find(catalog, model.Constraint, "public.events_2024.events_2024_pkey")
    assert key.parent == find(catalog, model.Constraint, "public.events.events_pkey").identity
    assert (key.is_local, key.is_inherited) == (False, True)
    index = find(catalog, model.Index, "public.events_2024_kind_idx")
    assert index.parent == find(catalog, model.Index, "public.events_kind").identity
    assert find(catalog, model.Index, "public.events_2024_local").parent is None
    # PostgreSQL has a copy of the foreign key to `events` for each partition.
    keys = [i.member for i in catalog.objects if (i.kind, i.name) == ("constraint", "notes")]
    assert keys == ["notes_event_id_event_at_fkey"]


def test_triggers_of_partitions_are_told_by_the_partitioned_table(read: Read) -> None:
    catalog = read("partitions")

    triggers = [each for each in catalog.objects.values() if isinstance(each, model.Trigger)]
    assert [str(trigger.identity) for trigger in triggers] == ["trigger touch on public.parts"]


@pytest.mark.pg(">= 13")
def test_a_trigger_switched_off_on_a_partition_is_told(read: Read) -> None:
    trigger = find(read("partitions"), model.Trigger, "public.parts.touch")

    partition = Identity(kind="table", schema="public", name="parts_0")
    assert trigger.enabled == "O"
    assert trigger.partitions_enabled == ((partition, "D"),)


def test_children_inherit_in_order_and_typed_tables_know_their_type(read: Read) -> None:
    catalog = read("inheritance")

    child = find(catalog, model.Table, "public.child")
    assert [parent.name for parent in child.inherits] == ["base", "other"]
    merged = find(catalog, model.Column, "public.child.note")
    assert (merged.is_local, merged.is_inherited) == (True, True)
    check = find(catalog, model.Constraint, "public.child.positive")
    assert (check.is_local, check.is_inherited) == (False, True)
    assert depends(catalog, "column public.child.name", "column public.other.name")
    assert find(catalog, model.Table, "public.points").of_type == "public.point3"
    assert depends(catalog, "table public.points", "type public.point3")


def test_columns_have_what_differs_from_their_types_defaults(read: Read) -> None:
    catalog = read("columns")

    name = find(catalog, model.Column, "public.columns.name")
    assert (name.type, name.position) == ("character varying(20)", 5)
    assert name.collation == 'pg_catalog."C"'
    assert name.statistics == 500
    assert name.options == ("n_distinct=-0.5", "n_distinct_inherited=10")
    assert granted(name, "pg_monitor") == {"SELECT", "UPDATE"}
    assert name.comment == "a name"
    assert name.storage is None
    assert find(catalog, model.Column, "public.columns.body").storage == "EXTERNAL"
    assert find(catalog, model.Column, "public.columns.amount").not_null
    assert "columns.gone" not in " ".join(map(str, catalog.objects))


def test_a_generated_columns_expression_is_its_own(read: Read) -> None:
    catalog = read("columns")

    doubled = find(catalog, model.Column, "public.columns.doubled")
    assert (doubled.generated, doubled.expression) == ("s", "(amount * (2)::numeric)")
    assert Identity(
        kind="default", schema="public", name="columns", member="doubled"
    ) not in catalog.objects  # fmt: skip
    assert depends(catalog, "column public.columns.doubled", "column public.columns.amount")


def test_an_identitys_sequence_is_part_of_its_column(read: Read) -> None:
    catalog = read("columns")

    column = find(catalog, model.Column, "public.columns.id")
    sequence = column.identity_sequence
    assert column.identity_kind == "a"
    assert sequence is not None
    assert (sequence.type, sequence.start, sequence.increment, sequence.cache) == (
        "integer", 10, 5, 2,
    )  # fmt: skip
    assert sequence.comment == "numbers"
    assert granted(sequence, "pg_monitor") == {"USAGE"}
    assert find(catalog, model.Column, "public.columns.other").identity_kind == "d"
    assert not [each for each in catalog.objects if each.kind == "sequence"]


def test_constraints_are_read_with_their_index(read: Read) -> None:
    catalog = read("constraints")

    key = find(catalog, model.Constraint, "public.teams.teams_pkey")
    assert (key.type, key.columns, key.index_options) == ("p", ("id",), ("fillfactor=80",))
    code = find(catalog, model.Constraint, "public.teams.teams_code")
    assert code.definition == "UNIQUE (code) INCLUDE (id) DEFERRABLE INITIALLY DEFERRED"
    exclusion = find(catalog, model.Constraint, "public.players.players_team_id_during_excl")
    assert (exclusion.type, exclusion.columns) == ("x", ("team_id", "during"))
    assert not [each for each in catalog.objects if each.kind == "index"]
    primary = find(catalog, model.Constraint, "public.players.players_pkey")
    assert primary.index_comment == "behind the key"


def test_foreign_keys_know_the_table_and_the_key_they_refer_to(read: Read) -> None:
    catalog = read("constraints")

    key = find(catalog, model.Constraint, "public.players.players_team_id_fkey")
    assert key.references == find(catalog, model.Table, "public.teams").identity
    assert key.columns == ("team_id",)
    assert depends(
        catalog,
        "constraint players_team_id_fkey on public.players",
        "constraint teams_pkey on public.teams",
    )
    later = find(catalog, model.Constraint, "public.players.later")
    assert (later.is_valid, later.comment) == (False, "to be validated")
    assert depends(catalog, "constraint later on public.players", "column public.players.age")


def test_indexes_are_read_with_their_table(read: Read) -> None:
    catalog = read("indexes")

    lower = find(catalog, model.Index, "public.docs_lower")
    assert lower.table == find(catalog, model.Table, "public.docs").identity
    assert lower.definition == (
        "CREATE UNIQUE INDEX docs_lower ON public.docs USING btree"
        " (lower(title) DESC NULLS LAST, id) INCLUDE (body) WHERE (id > 3)"
    )
    assert lower.is_unique
    assert lower.is_valid
    assert lower.statistics == ((1, 300),)
    assert find(catalog, model.Index, "public.docs_tags").comment == "by tag"
    assert find(catalog, model.Index, "public.titles_id").table.kind == "materialized view"


def test_sequences_know_the_column_that_owns_them(read: Read) -> None:
    catalog = read("sequences")

    odd = find(catalog, model.Sequence, "public.odd")
    assert (odd.type, odd.start, odd.increment) == ("smallint", 50, -2)
    assert (odd.minimum, odd.maximum, odd.cache, odd.cycle) == (-100, 100, 3, True)
    owned = find(catalog, model.Sequence, "public.owned")
    assert str(owned.owned_by) == "column public.numbered.code"
    assert find(catalog, model.Sequence, "public.plain").owned_by is None
    assert depends(catalog, "default public.numbered.id", "sequence public.numbered_id_seq")
    assert depends(catalog, "sequence public.numbered_id_seq", "column public.numbered.id")


def test_views_have_their_query_columns_and_defaults(read: Read) -> None:
    catalog = read("views")

    cheap = find(catalog, model.View, "public.cheap")
    assert cheap.query.endswith("(10)::numeric)")
    assert cheap.options == ("security_barrier=true", "check_option=local")
    assert granted(cheap, "pg_monitor") == {"SELECT"}
    title = find(catalog, model.RelationColumn, "public.cheap.title")
    assert (title.type, title.position, title.comment) == ("text", 2, "the title")
    assert find(catalog, model.Default, "public.cheap.title").expression == "'untitled'::text"
    assert granted(find(catalog, model.RelationColumn, "public.cheapest.id"), "pg_monitor")
    assert depends(catalog, "view public.cheap", "column public.books.price")
    assert depends(catalog, "view public.cheapest", "column public.cheap.id")
    assert depends(catalog, "view public.grouped", "constraint books_pkey on public.books")


def test_materialized_views_have_what_tables_have(read: Read) -> None:
    catalog = read("views")

    totals = find(catalog, model.View, "public.totals")
    assert totals.identity.kind == "materialized view"
    assert totals.options == ("fillfactor=90", "toast.autovacuum_enabled=off")
    assert totals.clustered_index == "totals_total"
    total = find(catalog, model.RelationColumn, "public.totals.total")
    assert (total.statistics, total.storage) == (50, "PLAIN")
    assert not find(catalog, model.View, "public.empty").is_populated


def test_routines_are_named_by_their_signature(read: Read) -> None:
    catalog = read("routines")

    names = [
        str(identity)
        for identity, each in catalog.objects.items()
        if isinstance(each, model.Routine)
    ]
    assert names == [
        'function public."Odd, name"(text)',
        "function public.add(integer, integer)",
        "function public.add(text, text)",
        "function public.listed(integer)",
        "function public.nothing()",
        "function public.ranked()",
        "function public.split(numeric, integer[])",
        "procedure public.work(numeric, boolean)",
    ]


def test_routines_have_their_arguments(read: Read) -> None:
    catalog = read("routines")

    add = find(catalog, model.Routine, "public.add(integer, integer)")
    assert (add.inputs, add.outputs, add.defaults_count) == (("a", "b"), (), 1)
    assert (add.arguments, add.result) == ("a integer, b integer DEFAULT 2", "integer")
    assert (add.language, add.definition[-1]) == ("sql", "$")
    unnamed = find(catalog, model.Routine, "public.add(text, text)")
    assert (unnamed.inputs, unnamed.comment) == (("", ""), "joins")
    split = find(catalog, model.Routine, "public.split(numeric, integer[])")
    assert (split.inputs, split.outputs) == (("a", "rest"), ("a numeric", "b text"))
    listed = find(catalog, model.Routine, "public.listed(integer)")
    assert listed.outputs == ("id integer", "name text")
    work = find(catalog, model.Routine, "public.work(numeric, boolean)")
    assert work.result is None
    assert granted(work, "pg_signal_backend") == {"EXECUTE"}
    nothing = find(catalog, model.Routine, "public.nothing()")
    assert nothing.owner == "pg_monitor"
    assert nothing.privileges == (Privilege(grantee=None, privilege="EXECUTE"),)


@pytest.mark.pg(">= 14")
def test_a_body_in_standard_sql_depends_on_what_it_reads(read: Read) -> None:
    catalog = read("sql_bodies")

    assert depends(catalog, "function public.newest()", "column public.things.id")
    give = find(catalog, model.Routine, "public.give()")
    assert (give.inputs, give.outputs) == ((), ("answer integer",))


def test_aggregates_are_named_as_statements_on_them_want_it(read: Read) -> None:
    catalog = read("aggregates")

    everything = find(catalog, model.Definition, "public.everything(*)")
    assert (everything.identity.kind, everything.comment) == ("aggregate", "counts")
    middle = find(catalog, model.Definition, "public.middle(double precision, anyelement)")
    assert middle.definition.startswith(
        "CREATE AGGREGATE public.middle(double precision ORDER BY anyelement) ("
    )
    assert "FINALFUNC_MODIFY" not in middle.definition
    pair = "aggregate public.pair(integer, text)"
    assert depends(catalog, pair, "function public.pair_add(text, integer, text)")


def test_triggers_are_those_that_somebody_made(read: Read) -> None:
    catalog = read("triggers")

    triggers = {
        identity.member: each
        for identity, each in catalog.objects.items()
        if isinstance(each, model.Trigger)
    }
    assert {name: (each.enabled, each.is_constraint) for name, each in triggers.items()} == {
        "before_row": ("A", False),
        "after_statement": ("D", False),
        "checked": ("O", True),
        "instead": ("O", False),
    }
    assert triggers["before_row"].comment == "looks"
    assert triggers["before_row"].definition.endswith("EXECUTE FUNCTION public.watch('a', 'b')")
    assert depends(catalog, "trigger before_row on public.watched", "column public.watched.name")
    assert depends(catalog, "trigger instead on public.seen", "function public.watch()")


def test_rules_are_those_that_are_no_views(read: Read) -> None:
    catalog = read("rules")

    kept = find(catalog, model.Rule, "public.ruled.kept")
    assert kept.enabled == "D"
    assert kept.definition.endswith("DO INSTEAD NOTHING")
    logged = find(catalog, model.Rule, "public.ruled.logged")
    assert logged.comment == "logs"
    assert depends(catalog, "rule logged on public.ruled", "column public.log.id")


def test_policies_name_their_roles_in_order(read: Read) -> None:
    catalog = read("policies")

    own = find(catalog, model.Policy, "public.rows.own")
    assert (own.command, own.is_permissive, own.roles) == ("ALL", True, ("public",))
    assert (own.using, own.with_check) == ("(owner = CURRENT_USER)", None)
    adding = find(catalog, model.Policy, "public.rows.adding")
    assert (adding.command, adding.is_permissive) == ("INSERT", False)
    assert adding.roles == ("pg_monitor", "pg_signal_backend")
    assert (adding.using, adding.with_check) == (None, "(id > 0)")


def test_enums_have_their_labels_in_order(read: Read) -> None:
    catalog = read("types")

    mood = find(catalog, model.Enum, "public.mood")
    assert mood.labels == ("sad", "ok", "great", "happy")
    assert granted(mood, "public") == set()
    assert find(catalog, model.Enum, "public.Empty").labels == ()
    assert depends(catalog, "default public.uses.m", "type public.mood")
    assert depends(catalog, "domain public.moods", "type public.mood")


def test_domains_and_their_constraints_are_objects_each(read: Read) -> None:
    catalog = read("types")

    positive = find(catalog, model.Domain, "public.positive")
    assert (positive.base_type, positive.default, positive.not_null) == ("integer", "1", True)
    assert positive.not_null_name is None
    assert find(catalog, model.Domain, "public.code").collation == 'pg_catalog."C"'
    above = find(catalog, model.DomainConstraint, "public.positive.above")
    assert (above.definition, above.comment) == ("CHECK ((VALUE > 0))", "above zero")
    assert not find(catalog, model.DomainConstraint, "public.positive.below").is_valid


def test_composites_have_columns_without_gaps(read: Read) -> None:
    catalog = read("types")

    assert find(catalog, model.Composite, "public.address").owner == "pg_monitor"
    town = find(catalog, model.RelationColumn, "public.address.town")
    assert (town.position, town.comment) == (3, "a town")
    street = find(catalog, model.RelationColumn, "public.address.street")
    assert street.collation == 'pg_catalog."C"'
    assert depends(catalog, "column public.address.number", "domain public.positive")
    assert depends(catalog, "column public.uses.a", "type public.address")


def test_a_range_type_comes_without_its_constructors(read: Read) -> None:
    catalog = read("ranges")

    routines = [each for each in catalog.objects if each.kind in ("function", "cast")]
    assert [each.name for each in routines] == ["distance(double precision, double precision)"]
    named = find(catalog, model.Definition, "public.named")
    assert named.identity.kind == "type"
    assert named.definition == (
        "CREATE TYPE public.named AS RANGE (\n"
        "    SUBTYPE = text,\n"
        "    SUBTYPE_OPCLASS = pg_catalog.text_pattern_ops,\n"
        '    COLLATION = pg_catalog."C"\n'
        ")"
    )


@pytest.mark.pg(">= 14")
def test_a_multirange_is_named_if_its_name_is_not_the_generated_one(read: Read) -> None:
    catalog = read("multiranges")

    span = find(catalog, model.Definition, "public.span")
    assert "MULTIRANGE_TYPE_NAME = app.spans" in span.definition
    time_range = find(catalog, model.Definition, "public.time_range")
    assert "MULTIRANGE" not in time_range.definition
    assert depends(catalog, "column public.spanned.ss", "type public.span")


def test_base_types_depend_on_their_functions(read: Read) -> None:
    catalog = read("base_types")

    tiny = find(catalog, model.Definition, "public.tiny")
    assert "INPUT = public.tiny_in" in tiny.definition
    assert "DELIMITER = ';'" in tiny.definition
    assert depends(catalog, "type public.tiny", "function public.tiny_in(cstring)")
    assert depends(catalog, "column public.typed.w", "type public.words")


def test_operators_keep_their_schema_apart_from_their_name(read: Read) -> None:
    catalog = read("operators")

    flip = find(catalog, model.Definition, "public.~~~ (NONE, public.pair)")
    assert str(flip.identity) == "operator public.~~~ (NONE, public.pair)"
    assert flip.comment == "flips"
    less = find(catalog, model.Definition, "public.#< (public.pair, public.pair)")
    assert "COMMUTATOR = OPERATOR(public.#>)" in less.definition


def test_loose_members_of_an_operator_family_are_its_own(read: Read) -> None:
    catalog = read("operators")

    family = find(catalog, model.Definition, "public.pair_family USING btree")
    assert family.extra == (
        "ALTER OPERATOR FAMILY public.pair_family USING btree"
        " ADD OPERATOR 1 public.#<(public.pair,integer)",
    )
    order = find(catalog, model.Definition, "public.pair_order USING btree")
    assert order.definition.splitlines()[1:] == [
        "    OPERATOR 1 public.#<(public.pair,public.pair),",
        "    OPERATOR 3 public.#=(public.pair,public.pair),",
        "    FUNCTION 1 (public.pair, public.pair) public.pair_cmp(public.pair,public.pair)",
    ]
    class_ = "operator class public.pair_order USING btree"
    assert depends(catalog, "index public.pairs_p", class_)
    assert depends(catalog, class_, "operator family public.pair_family USING btree")
    assert depends(catalog, class_, "function public.pair_cmp(public.pair, public.pair)")


def test_text_search_configurations_have_their_mappings(read: Read) -> None:
    catalog = read("text_search")

    site = find(catalog, model.Definition, "public.site")
    assert site.definition == "CREATE TEXT SEARCH CONFIGURATION public.site (PARSER = public.words)"
    assert site.extra[0] == (
        "ALTER TEXT SEARCH CONFIGURATION public.site"
        " ADD MAPPING FOR asciiword WITH public.short, simple"
    )
    assert depends(
        catalog, "text search configuration public.site", "text search dictionary public.short"
    )
    assert depends(catalog, "index public.texts_t", "text search configuration public.site")


def test_foreign_tables_have_server_and_options(read: Read) -> None:
    catalog = read("foreign_data")

    away = find(catalog, model.Table, "public.away")
    assert (away.identity.kind, away.server) == ("foreign table", "bare")
    assert away.server_options == (("schema_name", "s"), ("table_name", "away"))
    column = find(catalog, model.Column, "public.away.id")
    assert column.server_options == (("column_name", "ID"),)
    assert depends(catalog, "foreign table public.away", "server bare")
    assert depends(catalog, "server bare", "foreign data wrapper wrapper")
    remote = find(catalog, model.Definition, "remote")
    assert (granted(remote, "pg_monitor"), remote.comment) == ({"USAGE"}, "far")
    mapping = find(catalog, model.Definition, "pg_monitor SERVER remote")
    assert mapping.definition.endswith("""OPTIONS (password 's"e''cret', "user" 'u')""")


def test_languages_access_methods_and_transforms_are_objects(read: Read) -> None:
    catalog = read("languages")

    assert granted(find(catalog, model.Definition, "mine"), "public") == set()
    assert depends(catalog, "function public.one()", "language mine")
    assert depends(catalog, "table public.elsewhere", "access method heap_too")
    assert find(catalog, model.Table, "public.elsewhere").access_method == "heap_too"
    transform = find(catalog, model.Definition, "FOR integer LANGUAGE sql")
    assert str(transform.identity) == "transform FOR integer LANGUAGE sql"


def test_event_triggers_keep_their_tags_in_order(read: Read) -> None:
    catalog = read("event_triggers")

    on_ddl = find(catalog, model.EventTrigger, "on_ddl")
    assert on_ddl.definition == (
        "CREATE EVENT TRIGGER on_ddl ON ddl_command_end"
        " WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION public.note()"
    )
    assert find(catalog, model.EventTrigger, "on_drop").enabled == "D"
    assert depends(catalog, "event trigger on_ddl", "function public.note()")


def test_publications_have_members_and_options(read: Read) -> None:
    catalog = read("publications")

    chosen = find(catalog, model.Publication, "chosen")
    assert chosen.members == ("TABLE public.also_sent", "TABLE public.sent")
    assert ("publish", "insert, update") in chosen.options
    assert find(catalog, model.Publication, "everything").all_tables
    assert depends(catalog, "publication chosen", "table public.sent")


@pytest.mark.pg(">= 15")
def test_publications_may_filter_columns_and_rows(read: Read) -> None:
    catalog = read("publication_filters")

    detailed = find(catalog, model.Publication, "detailed")
    assert detailed.members == ("TABLE public.sent (id, b) WHERE (((b > 3) AND (id IS NOT NULL)))",)
    assert find(catalog, model.Publication, "by_schema").members == ("TABLES IN SCHEMA app",)
    assert depends(catalog, "publication by_schema", "schema app")
    assert depends(catalog, "publication detailed", "column public.sent.b")


def test_default_privileges_are_named_after_what_they_are_about(read: Read) -> None:
    catalog = read("default_privileges")

    tables = find(catalog, model.DefaultPrivileges, "TABLES")
    assert (tables.role, tables.in_schema, tables.object_type) == (None, None, "TABLES")
    assert granted(tables, "pg_monitor") == {"SELECT"}
    sequences = find(catalog, model.DefaultPrivileges, "SEQUENCES IN SCHEMA app")
    assert (sequences.in_schema, granted(sequences, None)) == ("app", set())
    functions = find(catalog, model.DefaultPrivileges, "FUNCTIONS FOR pg_monitor")
    assert (functions.role, granted(functions, "public")) == ("pg_monitor", set())
    assert granted(find(catalog, model.Sequence, "app.given_id_seq"), "pg_monitor")
    assert depends(catalog, "default privileges SEQUENCES IN SCHEMA app", "schema app")


def test_settings_of_the_database_are_objects(read: Read) -> None:
    catalog = read("database_settings")

    assert find(catalog, model.DatabaseSetting, "search_path").value == "app, public"
    assert find(catalog, model.DatabaseSetting, "statement_timeout").value == "10s"


@pytest.mark.pg(">= 18")
def test_names_of_not_null_constraints_are_told_if_somebody_chose_them(read: Read) -> None:
    catalog = read("not_null_constraints")

    named = find(catalog, model.Column, "public.named.a")
    assert (named.not_null_name, named.not_null_comment) == ("a_there", "there")
    unnamed = find(catalog, model.Column, "public.named.b")
    assert (unnamed.not_null_name, unnamed.not_null_no_inherit) == (None, True)
    assert not find(catalog, model.Column, "public.named.c").not_null_valid
    assert find(catalog, model.Column, "public.named.v").generated == "v"
    assert find(catalog, model.Column, "public.sub.a").not_null_name is None
    long = "a_table_with_a_name_long_enough_to_be_cut.a_column_with_a_name_long_enough_to_be_cut"
    assert find(catalog, model.Column, f"public.{long}").not_null_name is None
    assert find(catalog, model.Domain, "public.filled").not_null_name == "really filled"
    assert find(catalog, model.Domain, "public.also_filled").not_null_name is None


def test_objects_of_another_default_owner_are_read_as_nobodys(
    database: psycopg.Connection[Any],
) -> None:
    database.execute("create table mine (); create table theirs ()")
    database.execute("alter table theirs owner to pg_monitor")

    catalog = read_catalog(database, default_owner="pg_monitor")

    assert catalog.default_owner == "pg_monitor"
    assert find(catalog, model.Table, "public.mine").owner == database.info.user
    assert find(catalog, model.Table, "public.theirs").owner is None
