"""Rows of the catalog queries, turned into objects.

A row's names are the fields of its dataclass, except those that all kinds share (`tableoid`,
`oid`, `subid`: the object's address; `kind`, `schema`, `name`, `member`: its identity; `owner`,
`acl`) and those that the function of its kind takes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confiture_core.catalog import model
from confiture_core.catalog.acl import parse_acl
from confiture_core.catalog.dependencies import PG_CLASS, Address, dependency_pairs
from confiture_core.catalog.generated import generated_name
from confiture_core.catalog.model import Catalog, Identity, Object, Sequence

Row = dict[str, Any]
Found = Mapping[str, list[Row]]  # rows by query


def build_catalog(found: Found, *, server_version: int, default_owner: str) -> Catalog:
    """Make the Catalog from the rows of all queries."""
    context = _Context(found, default_owner)
    built = (_object(kind, row, context) for kind, row in _object_rows(found))
    objects = {each.identity: each for each in built}
    return Catalog(
        objects=objects,
        dependencies=dependency_pairs(
            objects, context.identities, [row["edge"] for row in found["dependency"]]
        ),
        server_version=server_version,
        default_owner=default_owner,
    )


def _object_rows(found: Found) -> Iterator[tuple[_Kind, Row]]:
    for query, kind in _KINDS.items():
        for row in found.get(query, ()):
            if not row.get("is_identity"):  # a sequence that is part of its column
                yield kind, row


class _Context:
    """What rows say of each other's objects, by address."""

    def __init__(self, found: Found, default_owner: str) -> None:
        self.default_owner = default_owner
        self.identities = {_address(row): _identity(kind, row) for kind, row in _object_rows(found)}
        self.comments = {_address(row): row["comment"] for row in found["comment"]}
        self.labels: dict[Address, list[tuple[str, str]]] = defaultdict(list)
        for row in found["label"]:
            self.labels[_address(row)].append((row["provider"], row["label"]))
        self._identity_sequences = {
            (PG_CLASS, row["relation"], row["column"]): row
            for row in found["sequence"]
            if row["is_identity"]
        }

    def relation(self, oid: str | None) -> Identity | None:
        return self.identities.get((PG_CLASS, oid, 0)) if oid else None

    def column(self, relation: str | None, number: int | None) -> Identity | None:
        return self.identities.get((PG_CLASS, relation, number or 0)) if relation else None

    def identity_sequence(self, column: Address) -> Sequence | None:
        row = self._identity_sequences.get(column)
        if row is None:
            return None
        built = _object(_KINDS["sequence"], {**row, "relation": None}, self)
        assert isinstance(built, Sequence)
        return built


def _address(row: Row) -> Address:
    return row["tableoid"], row["oid"], row.get("subid", 0)


def _identity(kind: _Kind, row: Row) -> Identity:
    return Identity(
        kind=row.get("kind", kind.word),
        schema=row.get("schema", ""),
        name=row["name"],
        member=row.get("member", ""),
    )


_SHARED = frozenset(
    {"tableoid", "oid", "subid", "kind", "schema", "name", "member", "owner", "acl"}
)


def _object(kind: _Kind, row: Row, context: _Context) -> Object:
    address = _address(row)
    fields: Row = {
        "comment": context.comments.get(address),
        "labels": tuple(context.labels.get(address, ())),
        "owner": _noted_owner(row, context.default_owner),
    }
    if row.get("acl"):
        fields["privileges"] = parse_acl(tuple(row["acl"]), row["owner"])
    for name, value in row.items():
        if name not in _SHARED:
            fields[name] = _frozen(value) if isinstance(value, list) else value
    if kind.complete:
        kind.complete(fields, address, context)
    return kind.type(identity=_identity(kind, row), **fields)


def _noted_owner(row: Row, default_owner: str) -> str | None:
    owner = row.get("owner")
    # From PostgreSQL 15 on, the owner of a fresh database's public schema.
    is_natural = owner == "pg_database_owner" and row["name"] == "public" and "schema" not in row
    return None if is_natural or owner == default_owner else owner


def _frozen(value: list[Any]) -> tuple[Any, ...]:
    return tuple(_frozen(item) if isinstance(item, list) else item for item in value)


# Each function below completes the fields of its kind: takes out of them what is no field, and
# puts in what other rows know. It gets the object's address.


def _extension(fields: Row, address: Address, context: _Context) -> None:
    fields["schema"] = fields.pop("extension_schema")
    if fields["comment"] == fields.pop("default_comment"):
        fields["comment"] = None


def _table(fields: Row, address: Address, context: _Context) -> None:
    found = (context.relation(oid) for oid in fields.pop("parents"))
    parents = tuple(parent for parent in found if parent)
    if fields.pop("is_partition"):
        fields["partition_of"] = parents[0] if parents else None
    else:
        fields["inherits"] = parents
    toast = (f"toast.{option}" for option in fields.pop("toast_options"))
    fields["options"] = tuple(sorted([*fields["options"], *toast]))
    fields["server_options"] = _pairs(fields["server_options"])


def _pairs(options: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Split `name=value` texts."""
    return tuple((name, value) for name, _, value in (each.partition("=") for each in options))


_STORAGE = {"p": "PLAIN", "e": "EXTERNAL", "x": "EXTENDED", "m": "MAIN"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}


def _column(fields: Row, address: Address, context: _Context) -> None:
    _relation_column(fields, address, context)
    fields["storage"] = _STORAGE.get(fields["storage"])
    fields["compression"] = _COMPRESSION.get(fields.get("compression", ""))
    fields["server_options"] = _pairs(fields["server_options"])
    if fields["identity_kind"]:
        fields["identity_sequence"] = context.identity_sequence(address)
    if "not_null_name" in fields:
        fields["not_null_name"] = _not_null_name(fields, context.identities[address])


def _not_null_name(fields: Row, column: Identity) -> str | None:
    """Take the name of a NOT NULL constraint if somebody chose it for this column."""
    name: str | None = fields["not_null_name"]
    is_local = fields.pop("not_null_is_local")
    is_generated = name == generated_name(column.name, column.member, "not_null")
    return None if is_generated or not is_local else name


def _relation_column(fields: Row, address: Address, context: _Context) -> None:
    relation_owner, acl = fields.pop("relation_owner"), fields.pop("column_acl")
    fields["privileges"] = parse_acl(acl, relation_owner) if acl else ()


def _constraint(fields: Row, address: Address, context: _Context) -> None:
    relation = fields.pop("relation")
    columns = (context.column(relation, number) for number in fields.pop("key"))
    fields["columns"] = tuple(column.member for column in columns if column)
    fields["references"] = context.relation(fields.pop("referenced_relation"))
    fields["parent"] = context.identities.get((address[0], fields.pop("parent_oid"), 0))


def _index(fields: Row, address: Address, context: _Context) -> None:
    fields["table"] = context.relation(fields.pop("relation"))
    fields["parent"] = context.relation(fields.pop("parent_oid"))


def _sequence(fields: Row, address: Address, context: _Context) -> None:
    del fields["is_identity"]
    fields["owned_by"] = context.column(fields.pop("relation"), fields.pop("column"))


def _routine(fields: Row, address: Address, context: _Context) -> None:
    names, modes, types = fields.pop("names"), fields.pop("modes"), fields.pop("types")
    count = fields.pop("inputs_count")
    modes = modes or ("i",) * count
    names = names or ("",) * len(modes)
    fields["inputs"] = tuple(name for name, mode in zip(names, modes, strict=True) if mode in "ibv")
    fields["outputs"] = tuple(
        f"{name} {type_}".strip()
        for name, mode, type_ in zip(names, modes, types or (), strict=False)
        if mode in "obt"
    )


def _enum(fields: Row, address: Address, context: _Context) -> None:
    fields["labels"] = fields.pop("enum_labels")


@dataclass(frozen=True, slots=True)
class _Kind:
    """How rows of a query become objects."""

    word: str  # Identity.kind, unless the row says it
    type: Callable[..., Object]
    complete: Callable[[Row, Address, _Context], None] | None = None


# By query, in the order of the Catalog's objects.
_KINDS = {
    "schema": _Kind("schema", model.Schema),
    "extension": _Kind("extension", model.Extension, _extension),
    "enum": _Kind("type", model.Enum, _enum),
    "domain": _Kind("domain", model.Domain),
    "domain_constraint": _Kind("domain constraint", model.DomainConstraint),
    "composite": _Kind("type", model.Composite),
    "sequence": _Kind("sequence", model.Sequence, _sequence),
    "table": _Kind("table", model.Table, _table),
    "column": _Kind("column", model.Column, _column),
    "default": _Kind("default", model.Default),
    "constraint": _Kind("constraint", model.Constraint, _constraint),
    "index": _Kind("index", model.Index, _index),
    "view": _Kind("view", model.View),
    "relation_column": _Kind("column", model.RelationColumn, _relation_column),
    "routine": _Kind("function", model.Routine, _routine),
    "trigger": _Kind("trigger", model.Trigger),
    "rule": _Kind("rule", model.Rule),
    "policy": _Kind("policy", model.Policy),
}
