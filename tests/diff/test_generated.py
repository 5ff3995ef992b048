"""The law of a difference over schemas and edits that nobody thought of.

A schema is drawn part by part from small pools of names, and the one after it by dropping,
drawing anew and adding parts. What refers to something that is not there is left out when the
schema is written, so every drawing gives SQL that runs. CONFITURE_GENERATED is how many pairs are
tried, 12 by default; what fails is best kept as a folder in `cases`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, Phase, event, given, note, settings
from hypothesis import strategies as st

from confiture_core.errors import Unsupported

if TYPE_CHECKING:
    from collections.abc import Callable

    Law = Any  # of conftest.py, which cannot be imported

_EXAMPLES = int(os.environ.get("CONFITURE_GENERATED", "12"))
_READER, _OWNER = "confiture_test_reader", "confiture_test_owner"
_T = TypeVar("_T")

# A default, and another, for each type; a condition.
_TYPES = {
    "integer": ("0", "1 + 1", "{} > 0"),
    "bigint": ("5", "7", "{} < 1000"),
    "smallint": ("1", "2", "{} <> 3"),
    "numeric(10,2)": ("0.5", "1", "{} >= 0"),
    "text": ("'x'", "upper('y')", "{} <> ''"),
    "varchar(20)": ("'v'", "''", "length({}) < 9"),
    'text COLLATE "C"': ("'c'", "'d'", "{} > 'a'"),
    "boolean": ("true", "false", "{} IS NOT NULL"),
    "date": ("'2024-01-01'", "CURRENT_DATE", "{} > '2000-01-01'"),
    "timestamptz": ("now()", "'2024-01-01 00:00Z'", "{} IS NOT NULL"),
    "jsonb": ("'{{}}'", "'[]'", "{} IS NOT NULL"),
    "integer[]": ("'{{}}'", "ARRAY[1, 2]", "cardinality({}) < 5"),
    "e1": ("'a'", "'b'", "{} IN ('a', 'b')"),
    "e1[]": ("'{{}}'", "'{{a}}'", "{} IS NOT NULL"),
    "d1": ("1", "2", "{} < 50"),
    "k1": ("NULL", "NULL::k1", "{} IS NOT NULL"),
}
_NUMBERS = ("integer", "bigint", "smallint")
_COLUMNS = ("a", "b", "c", "Größe", "select")
_TABLES = ("t1", "t2", "app.t3", '"T 4"')
_VIEWS = ("v1", "v2", "app.v3")


def _named(name: str) -> str:
    return f'"{name}"' if name in ("Größe", "select") else name


@dataclass(frozen=True, kw_only=True)
class Column:
    type: str
    default: int  # 0 none, 1 and 2 the type's, 3 of a function or sequence
    not_null: bool
    made: str  # "" or how its values come: identity, serial, generated
    comment: bool


@dataclass(frozen=True, kw_only=True)
class Table:
    columns: dict[str, Column]
    form: str  # plain, list, range, hash, inherits
    partitions: tuple[int, ...]
    key: str
    unique: tuple[str, ...]
    checks: tuple[str, ...]
    references: dict[str, tuple[str, str]]  # by column: table and action
    indexes: dict[str, tuple[str, str]]  # by name: column and form
    security: int
    options: str
    access: tuple[str, ...]
    trigger: str


@dataclass(frozen=True, kw_only=True)
class View:
    source: str
    columns: tuple[str, ...]
    form: str
    condition: bool
    is_materialized: bool
    access: bool


@dataclass(frozen=True, kw_only=True)
class Schema:
    labels: tuple[str, ...]
    domain: tuple[str, str]
    attributes: tuple[str, ...]
    function: tuple[str, str]
    sequence: str
    tables: dict[str, Table] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    privileges: tuple[str, ...] = ()


_columns = st.builds(
    Column,
    type=st.sampled_from(sorted(_TYPES)),
    default=st.sampled_from([0, 0, 0, 1, 2, 3]),
    not_null=st.booleans(),
    made=st.sampled_from(["", "", "", "", "always", "by default", "serial", "generated"]),
    comment=st.booleans(),
)
_names = st.sampled_from(_COLUMNS)
_tables = st.builds(
    Table,
    columns=st.dictionaries(_names, _columns, max_size=4),
    form=st.sampled_from(["plain"] * 4 + ["list", "range", "hash", "inherits"]),
    partitions=st.sets(st.integers(0, 3), max_size=3).map(lambda found: tuple(sorted(found))),
    key=st.sampled_from(["", "a", "b"]),
    unique=st.sets(_names, max_size=2).map(lambda found: tuple(sorted(found))),
    checks=st.sets(_names, max_size=2).map(lambda found: tuple(sorted(found))),
    references=st.dictionaries(
        _names,
        st.tuples(
            st.sampled_from(_TABLES),
            st.sampled_from(["", " ON DELETE CASCADE", " DEFERRABLE", " NOT VALID"]),
        ),
        max_size=2,
    ),
    indexes=st.dictionaries(
        st.sampled_from(["i", "j", "k"]),
        st.tuples(_names, st.sampled_from(["plain", "unique", "partial", "desc", "expression"])),
        max_size=2,
    ),
    security=st.integers(0, 2),
    options=st.sampled_from(["", "", "fillfactor=70", "autovacuum_enabled=false"]),
    access=st.sets(st.sampled_from(["SELECT", "INSERT", "UPDATE (a)", "owner"]), max_size=2).map(
        lambda found: tuple(sorted(found))
    ),
    trigger=st.sampled_from(["", "", "before", "after", "of a", "disabled"]),
)
_views = st.builds(
    View,
    source=st.sampled_from(_TABLES + _VIEWS),
    columns=st.lists(_names, min_size=1, max_size=3, unique=True).map(tuple),
    form=st.sampled_from(["plain", "plain", "star", "group", "function"]),
    condition=st.booleans(),
    is_materialized=st.booleans(),
    access=st.booleans(),
)
_schemas = st.builds(
    Schema,
    labels=st.permutations(["a", "b", "c"]).map(tuple) | st.just(("a", "b")),
    domain=st.tuples(
        st.sampled_from(["integer", "bigint"]), st.sampled_from(["", "VALUE > 0", "VALUE < 99"])
    ),
    attributes=st.sampled_from([("x", "y"), ("x", "y", "z"), ("y", "x")]),
    function=st.tuples(
        st.sampled_from(["integer", "bigint"]), st.sampled_from(["1", "2", "(SELECT 3)"])
    ),
    sequence=st.sampled_from(["", "INCREMENT 5", "CACHE 3", "MAXVALUE 1000"]),
    tables=st.dictionaries(st.sampled_from(_TABLES), _tables, min_size=1, max_size=3),
    views=st.dictionaries(st.sampled_from(_VIEWS), _views, max_size=3),
    privileges=st.sets(st.sampled_from(["tables", "functions", "in schema"]), max_size=1).map(
        tuple
    ),
)


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """Draw a schema, and what becomes of it: most of it stays."""
    old, other = draw(_schemas), draw(_schemas)

    def either(before: _T, after: _T) -> _T:
        return after if draw(st.integers(0, 3)) == 0 else before

    def merged(
        before: dict[str, _T], after: dict[str, _T], both: Callable[[_T, _T], _T]
    ) -> dict[str, _T]:
        found = {}
        for name in sorted(before.keys() | after.keys()):
            if name in before and name in after:
                found[name] = both(before[name], after[name])
            elif draw(st.integers(0, 3)) > (2 if name in after else 0):
                found[name] = before.get(name) or after[name]
        return found

    def table(before: Table, after: Table) -> Table:
        fields = {
            name: either(getattr(before, name), getattr(after, name))
            for name in Table.__dataclass_fields__
        }
        fields["columns"] = merged(before.columns, after.columns, either)
        return Table(**fields)

    new = {
        name: either(getattr(old, name), getattr(other, name))
        for name in Schema.__dataclass_fields__
    }
    new["tables"] = merged(old.tables, other.tables, table)
    new["views"] = merged(old.views, other.views, either)
    return old, Schema(**new)


def _sql(schema: Schema) -> str:
    """Write the schema, without what refers to something that is not in it."""
    labels = ", ".join(f"'{label}'" for label in schema.labels)
    base, check = schema.domain
    lines = [
        "CREATE SCHEMA app",
        f"CREATE TYPE e1 AS ENUM ({labels})",
        f"CREATE DOMAIN d1 AS {base}" + (f" CHECK ({check})" if check else ""),
        f"CREATE TYPE k1 AS ({', '.join(f'{name} text' for name in schema.attributes)})",
        f"CREATE FUNCTION f1() RETURNS {schema.function[0]} LANGUAGE sql IMMUTABLE"
        f" AS 'SELECT {schema.function[1]}::{schema.function[0]}'",
        f"CREATE SEQUENCE s1 {schema.sequence}",
        "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
    ]
    lines += [_default_privileges(each) for each in schema.privileges]
    columns: dict[str, list[str]] = {}
    for name in _TABLES:
        if name in schema.tables:
            lines += _table_sql(name, schema.tables[name], schema, columns)
    for name in _TABLES:
        if name in schema.tables:
            lines += _references_sql(name, schema.tables[name], schema)
    for name in _VIEWS:
        if name in schema.views and schema.views[name].source in columns:
            lines += _view_sql(name, schema.views[name], columns)
    return "".join(f"{line};\n" for line in lines)


def _default_privileges(which: str) -> str:
    head = "ALTER DEFAULT PRIVILEGES"
    if which == "functions":
        return f"{head} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
    place = " IN SCHEMA app" if which == "in schema" else ""
    return f"{head}{place} GRANT SELECT ON TABLES TO {_READER}"


def _effective(name: str, table: Table, schema: Schema) -> dict[str, Column]:
    """Return the columns; the first is what a partitioned table is cut by, and an heir has more."""
    key = Column(type="integer", default=0, not_null=False, made="", comment=False)
    if table.form in ("list", "range", "hash"):
        plain = {
            column: replace(each, made="") if each.made != "serial" else each
            for column, each in table.columns.items()
        }
        return {**plain, "a": key}
    if table.form == "inherits" and _is_heir(name, table, schema):
        return {column: each for column, each in table.columns.items() if column not in ("a", "b")}
    return table.columns


def _is_heir(name: str, table: Table, schema: Schema) -> bool:
    parent = schema.tables.get("t1")
    return (
        table.form == "inherits"
        and name != "t1"
        and parent is not None
        and parent.form == "plain"
        and not set(parent.columns) & (set(table.columns) - {"a", "b"})
    )


def _table_sql(name: str, table: Table, schema: Schema, columns: dict[str, list[str]]) -> list[str]:
    own = _effective(name, table, schema)
    is_heir = _is_heir(name, table, schema)
    parts = [_column_sql(column, each, own) for column, each in own.items()]
    parts += [
        f"CHECK ({_TYPES[own[column].type][2].format(_named(column))})"
        for column in table.checks
        if column in own
    ]
    is_cut = table.form in ("list", "range", "hash")
    if _key(name, table, schema):
        parts.append(f"PRIMARY KEY ({_key(name, table, schema)})")
    if not is_cut:
        parts += [f"UNIQUE ({_named(column)})" for column in table.unique if column in own]
    tail = " INHERITS (t1)" if is_heir else ""
    tail += f" PARTITION BY {table.form} (a)" if is_cut else ""
    tail += f" WITH ({table.options})" if table.options and not is_cut else ""
    lines = [f"CREATE TABLE {name} ({', '.join(parts)}){tail}"]
    lines += _partitions_sql(name, table) if is_cut else []
    columns[name] = [*own, *(columns["t1"] if is_heir else ())]
    lines += _indexes_sql(name, table, own)
    lines += [
        f"COMMENT ON COLUMN {name}.{_named(column)} IS 'of {each.type}'"
        for column, each in own.items()
        if each.comment
    ]
    return lines + _security_sql(name, table, own)


def _key(name: str, table: Table, schema: Schema) -> str:
    own = _effective(name, table, schema)
    if table.form in ("list", "range", "hash"):
        return "a" if table.key == "a" else ""
    return table.key if table.key in own else ""


def _column_sql(name: str, column: Column, own: dict[str, Column]) -> str:
    words = [_named(name), column.type]
    if column.made == "serial" and column.type in _NUMBERS:
        return (
            f"{_named(name)} {column.type.replace('integer', 'int')}".replace(" int", " serial")
            .replace(" bigint", " bigserial")
            .replace(" smallint", " smallserial")
        )
    if column.made in ("always", "by default") and column.type in _NUMBERS:
        return " ".join([*words, f"GENERATED {column.made.upper()} AS IDENTITY"])
    if column.made == "generated" and column.type == "text":
        sources = [c for c, each in own.items() if each.type == "integer" and each.made == ""]
        if sources:
            source = _named(sources[0])
            return " ".join([*words, f"GENERATED ALWAYS AS ({source}::text || 'x') STORED"])
    if column.default in (1, 2):
        words.append(f"DEFAULT {_TYPES[column.type][column.default - 1].format()}")
    elif column.default == 3 and column.type in _NUMBERS:
        words.append("DEFAULT f1()" if column.type == "bigint" else "DEFAULT nextval('s1')")
    if column.not_null:
        words.append("NOT NULL")
    return " ".join(words)


def _partitions_sql(name: str, table: Table) -> list[str]:
    base = name.strip('"').replace(" ", "_").replace("app.", "")
    bounds: Callable[[int], str] = {
        "list": lambda n: f"IN ({n}, {n + 10})",
        "range": lambda n: f"FROM ({n * 10}) TO ({n * 10 + 10})",
        "hash": lambda n: f"WITH (MODULUS 4, REMAINDER {n})",
    }[table.form]
    return [
        f"CREATE TABLE {base}_p{number} PARTITION OF {name} FOR VALUES {bounds(number)}"
        for number in table.partitions
    ]


def _indexes_sql(name: str, table: Table, own: dict[str, Column]) -> list[str]:
    base = name.strip('"').replace(" ", "_").replace("app.", "")
    lines = []
    for index, (column, form) in table.indexes.items():
        if column not in own:
            continue
        target = _named(column)
        if form == "expression":
            target = f"({target} IS NULL)"
        unique = "UNIQUE " if form == "unique" and table.form in ("plain", "inherits") else ""
        order = " DESC NULLS LAST" if form == "desc" else ""
        where = f" WHERE {_named(column)} IS NOT NULL" if form == "partial" else ""
        lines.append(f"CREATE {unique}INDEX {base}_{index} ON {name} ({target}{order}){where}")
    return lines


def _security_sql(name: str, table: Table, own: dict[str, Column]) -> list[str]:
    lines = []
    if table.security:
        lines.append(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    if table.security == 2 and own:
        column = sorted(own)[0]
        lines.append(f"CREATE POLICY p ON {name} USING ({_named(column)} IS NOT NULL)")
    if table.trigger and (table.trigger != "of a" or "a" in own):
        moment = {"after": "AFTER INSERT", "of a": "BEFORE UPDATE OF a"}.get(
            table.trigger, "BEFORE UPDATE"
        )
        lines.append(f"CREATE TRIGGER g {moment} ON {name} FOR EACH ROW EXECUTE FUNCTION tf()")
        if table.trigger == "disabled":
            lines.append(f"ALTER TABLE {name} DISABLE TRIGGER g")
    for right in table.access:
        if right == "owner":
            lines.append(f"ALTER TABLE {name} OWNER TO {_OWNER}")
        elif "(" not in right or "a" in own:
            lines.append(f"GRANT {right} ON {name} TO {_READER}")
    return lines


def _references_sql(name: str, table: Table, schema: Schema) -> list[str]:
    own = _effective(name, table, schema)
    lines = []
    for column, (target, action) in table.references.items():
        other = schema.tables.get(target)
        key = _key(target, other, schema) if other else ""
        if not (other and key and column in own):
            continue
        is_cut = table.form in ("list", "range", "hash")
        aim = _effective(target, other, schema)[key].type
        if aim != own[column].type or (is_cut and "VALID" in action):
            continue
        lines.append(
            f"ALTER TABLE {name} ADD FOREIGN KEY ({_named(column)}) REFERENCES {target}{action}"
        )
    return lines


def _view_sql(name: str, view: View, columns: dict[str, list[str]]) -> list[str]:
    there = columns[view.source]
    chosen = [column for column in view.columns if column in there] or there[:1]
    outputs = ", ".join(map(_named, chosen)) or "1 AS one"
    names = chosen or ["one"]
    tail = f" WHERE {_named(chosen[0])} IS NOT NULL" if view.condition and chosen else ""
    match view.form:
        case "star" if there:
            outputs, names = "*", list(there)
        case "group" if chosen:
            outputs += ", count(*) AS n"
            tail += f" GROUP BY {', '.join(map(_named, chosen))}"
            names = [*chosen, "n"]
        case "function":
            outputs, names = f"{outputs}, f1() AS f", [*names, "f"]
    columns[name] = names
    word = "MATERIALIZED VIEW" if view.is_materialized else "VIEW"
    lines = [f"CREATE {word} {name} AS SELECT {outputs} FROM {view.source}{tail}"]
    if view.access:
        lines.append(f"GRANT SELECT ON {name} TO {_READER}")
        lines.append(f"COMMENT ON {word} {name} IS 'over {view.source}'")
    return lines


@settings(
    max_examples=_EXAMPLES,
    deadline=None,
    derandomize="CONFITURE_GENERATED" not in os.environ,
    database=None,
    phases=[Phase.generate],  # shrinking takes minutes, and the SQL is in the report
    suppress_health_check=list(HealthCheck),
)
@given(pair=_pairs())
def test_both_ways_lead_where_they_should(pair: tuple[Schema, Schema], fresh_law: Any) -> None:
    old, new = map(_sql, pair)
    note(f"{old}--->\n{new}")
    with fresh_law() as law:
        try:
            difference = law.difference(old, new)
        except Unsupported as exc:
            event(f"refused: {exc.message}")
            if any(reason in exc.message for reason in _REFUSED):
                return
            raise
        law.check(old, new, difference)


# What PostgreSQL has no way to do.
_REFUSED = ("is part of the partition key",)
