"""Rows of the catalog queries, turned into objects.

A row's names are the fields of its dataclass, except those that all kinds share (`tableoid`,
`oid`, `subid`: the object's address; `kind`, `schema`, `name`, `member`: its identity; `owner`,
`acl`) and those that the function of its kind takes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from confiture_core import names
from confiture_core.catalog import model
from confiture_core.catalog.acl import parse_acl
from confiture_core.catalog.dependencies import PG_CLASS, PG_CONSTRAINT, Address, dependency_pairs
from confiture_core.catalog.generated import generated_name
from confiture_core.catalog.model import Catalog, Identity, Object, Privilege, Sequence

Row = dict[str, Any]
Found = Mapping[str, list[Row]]  # rows by query; none for one that was not run


def build_catalog(found: Found, *, server_version: int, default_owner: str) -> Catalog:
    """Make the Catalog from the rows of all queries."""
    catalog, identities = build(found, server_version=server_version, default_owner=default_owner)
    edges = [row["edge"] for row in found["dependency"]]
    pairs = dependency_pairs(catalog.objects, identities, edges)
    return replace(catalog, dependencies=pairs)


def build(
    found: Found, *, server_version: int, default_owner: str
) -> tuple[Catalog, Mapping[Address, Identity]]:
    """Make the Catalog without its dependencies, and say where its objects are."""
    _name_default_privileges(found["default_privileges"], default_owner)
    _leave_out_initial(found["system_privilege"])
    context = _Context(found, default_owner)
    built = (_object(kind, row, context) for kind, row in _object_rows(found))
    objects = {each.identity: each for each in built}
    catalog = Catalog(
        objects=objects,
        dependencies=frozenset(),
        server_version=server_version,
        default_owner=default_owner,
    )
    return catalog, context.identities


def _object_rows(found: Found) -> Iterator[tuple[_Kind, Row]]:
    for query, kind in _KINDS.items():
        for row in found[query]:
            if not row.get("is_identity"):  # a sequence that is part of its column
                yield kind, row


class _Context:
    """What rows say of each other's objects, by address."""

    def __init__(self, found: Found, default_owner: str) -> None:
        self.default_owner = default_owner
        self.identities: MutableMapping[Address, Identity] = {
            _address(row): _identity(kind, row) for kind, row in _object_rows(found)
        }
        self.comments: Mapping[Address, str] = {
            _address(row): row["comment"] for row in found["comment"]
        }
        labels: dict[Address, list[tuple[str, str]]] = defaultdict(list)
        for row in found["label"]:
            labels[_address(row)].append((row["provider"], row["label"]))
        self.labels = {address: tuple(pairs) for address, pairs in labels.items()}
        self.required_extensions = self._required_extensions(found)
        self.member_privileges = _member_privileges(found["member_privilege"])
        self.partitions_enabled = _partitions_enabled(found["trigger_clone"])
        self._identity_sequences = {
            (PG_CLASS, row["relation"], row["column"]): row
            for row in found["sequence"]
            if row["is_identity"]
        }

    def _required_extensions(self, found: Found) -> dict[Address, list[str]]:
        required: dict[Address, list[str]] = defaultdict(list)
        for row in found["dependency"]:
            classid, objid, objsubid, *extension, _, deptype = row["edge"]
            if deptype == "x":
                name = self.identities[extension[0], extension[1], 0].name
                required[classid, objid, objsubid].append(name)
        return required

    def relation(self, oid: str | None) -> Identity | None:
        return self.identities.get((PG_CLASS, oid, 0)) if oid else None

    def column(self, relation: str | None, number: int | None) -> Identity | None:
        return self.identities.get((PG_CLASS, relation, number or 0)) if relation else None

    def identity_sequence(self, column: Address) -> Sequence | None:
        row = self._identity_sequences.get(column)
        if row is None:
            return None
        address = _address(row)
        # Addressed for itself only here: to all others, it is its column.
        self.identities[address] = _identity(_KINDS["sequence"], row)
        row["relation"] = None
        built = _object(_KINDS["sequence"], row, self)
        del self.identities[address]
        assert isinstance(built, Sequence)
        return built


def _address(row: Row) -> Address:
    return row["tableoid"], row["oid"], row.get("subid", 0)


def _identity(kind: _Kind, row: Row) -> Identity:
    get = row.get
    return _shared_identity(
        get("kind", kind.word), get("schema", ""), row["name"], get("member", "")
    )


@lru_cache(maxsize=1 << 16)
def _shared_identity(kind: str, schema: str, name: str, member: str) -> Identity:
    """Make an identity once for all catalogs that have it: they are compared much faster."""
    return Identity(kind=kind, schema=schema, name=name, member=member)


def _object(kind: _Kind, row: Row, context: _Context) -> Object:
    """Make an object of its row, which is used up."""
    address = _address(row)
    owner, acl = row.get("owner"), row.get("acl")
    for shared in _SHARED:
        row.pop(shared, None)
    for name, value in row.items():
        if type(value) is list:
            row[name] = _frozen(value, name)
    row["identity"] = context.identities[address]
    row["owner"] = _noted_owner(owner, row["identity"], context.default_owner)
    row["privileges"] = parse_acl(tuple(acl), owner or "") if acl else ()
    row["comment"] = context.comments.get(address)
    row["security_labels"] = context.labels.get(address, ())
    row["required_extensions"] = tuple(sorted(context.required_extensions.get(address, ())))
    if kind.complete:
        kind.complete(row, address, context)
    return kind.type(**row)


_SHARED = ("tableoid", "oid", "subid", "kind", "schema", "name", "member", "owner", "acl")


def _noted_owner(owner: str | None, identity: Identity, default_owner: str) -> str | None:
    # From PostgreSQL 15 on, the owner of a fresh database's public schema.
    is_natural = owner == "pg_database_owner" and identity == _PUBLIC
    return None if is_natural or owner == default_owner else owner


_PUBLIC = Identity(kind="schema", name="public")


def _frozen(value: list[Any], name: str = "") -> tuple[Any, ...]:
    if not value:
        return ()
    frozen = (_frozen(item) if isinstance(item, list) else item for item in value)
    # PostgreSQL keeps these in the order they were set, and pg_dump shows them in that of names.
    return tuple(sorted(frozen) if name == "server_options" else frozen)


# Each function below completes the fields of its kind: takes out of them what is no field, and
# puts in what other rows know. It gets the object's address.


def _extension(fields: Row, address: Address, context: _Context) -> None:
    fields["schema"] = fields.pop("extension_schema")
    fields["member_privileges"] = tuple(context.member_privileges.get(address[1], ()))


def _member_privileges(rows: list[Row]) -> dict[str, list[tuple[str, tuple[Privilege, ...]]]]:
    """Collect the privileges that differ from the initial ones, by extension."""
    found = defaultdict(list)
    for row in rows:
        privileges = parse_acl(tuple(row["acl"]), row["owner"])
        if privileges != parse_acl(tuple(row["initial_acl"]), row["owner"]):
            found[row["extension"]].append((row["member"], privileges))
    return found


def _table(fields: Row, address: Address, context: _Context) -> None:
    found = (context.relation(oid) for oid in fields.pop("parents"))
    parents = tuple(parent for parent in found if parent)
    if fields.pop("is_partition"):
        fields["partition_of"] = parents[0] if parents else None
    else:
        fields["inherits"] = parents
    _toast_options(fields)
    fields["server_options"] = _pairs(fields["server_options"])


def _toast_options(fields: Row) -> None:
    toast = (f"toast.{option}" for option in fields.pop("toast_options"))
    fields["options"] = (*fields["options"], *toast)


def _view(fields: Row, address: Address, context: _Context) -> None:
    _toast_options(fields)


def _pairs(options: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Split `name=value` texts."""
    return tuple((name, value) for name, _, value in (each.partition("=") for each in options))


_STORAGE = {"p": "PLAIN", "e": "EXTERNAL", "x": "EXTENDED", "m": "MAIN"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}


def _column(fields: Row, address: Address, context: _Context) -> None:
    _relation_column(fields, address, context)
    fields["server_options"] = _pairs(fields["server_options"])
    if fields["identity_kind"]:
        fields["identity_sequence"] = context.identity_sequence(address)
    if "not_null_oid" in fields:
        fields["not_null_name"] = _not_null_name(fields)
        constraint = (PG_CONSTRAINT, fields.pop("not_null_oid"), 0)
        fields["not_null_comment"] = context.comments.get(constraint)


def _not_null_name(fields: Row) -> str | None:
    """Take the name of a NOT NULL constraint if somebody chose it for this column."""
    name: str | None = fields["not_null_name"]
    column = fields["identity"]
    is_generated = name == generated_name(column.name, column.member, label="not_null")
    return None if is_generated else name


def _relation_column(fields: Row, address: Address, context: _Context) -> None:
    relation_owner, acl = fields.pop("relation_owner"), fields.pop("column_acl")
    fields["privileges"] = parse_acl(acl, relation_owner) if acl else ()
    fields["storage"] = _STORAGE.get(fields["storage"])
    fields["compression"] = _COMPRESSION.get(fields.get("compression", ""))


def _domain(fields: Row, address: Address, context: _Context) -> None:
    if fields.get("not_null_name") == generated_name(fields["identity"].name, label="not_null"):
        fields["not_null_name"] = None
    if "not_null_oid" in fields:
        constraint = (PG_CONSTRAINT, fields.pop("not_null_oid"), 0)
        fields["not_null_comment"] = context.comments.get(constraint)


def _constraint(fields: Row, address: Address, context: _Context) -> None:
    relation = fields.pop("relation")
    columns = (context.column(relation, number) for number in fields.pop("key"))
    fields["columns"] = tuple(column.member for column in columns if column)
    fields["references"] = context.relation(fields.pop("referenced_relation"))
    index = context.relation(fields.pop("parent_index_oid"))
    above = context.identities.get((PG_CONSTRAINT, fields.pop("parent_oid"), 0))
    fields["parent"] = above or index
    fields["index_comment"] = context.comments.get((PG_CLASS, fields.pop("index_oid"), 0))


def _index(fields: Row, address: Address, context: _Context) -> None:
    fields["table"] = context.relation(fields.pop("relation"))
    fields["parent"] = context.relation(fields.pop("parent_oid"))


def _sequence(fields: Row, address: Address, context: _Context) -> None:
    del fields["is_identity"]
    fields["owned_by"] = context.column(fields.pop("relation"), fields.pop("column"))


def _routine(fields: Row, address: Address, context: _Context) -> None:
    named, modes, types = fields.pop("names"), fields.pop("modes"), fields.pop("types")
    count = fields.pop("inputs_count")
    modes = modes or ("i",) * count
    named = named or ("",) * len(modes)
    fields["inputs"] = tuple(name for name, mode in zip(named, modes, strict=True) if mode in "ibv")
    fields["outputs"] = tuple(
        f"{name} {type_}".strip()
        for name, mode, type_ in zip(named, modes, types or (), strict=False)
        if mode in "obt"
    )


def _trigger(fields: Row, address: Address, context: _Context) -> None:
    found = context.partitions_enabled.get(address[1], ())
    enabled = ((context.relation(oid), enabled) for oid, enabled in found)
    fields["partitions_enabled"] = tuple(sorted(each for each in enabled if each[0]))


def _partitions_enabled(rows: list[Row]) -> dict[str, list[tuple[str, str]]]:
    """Collect the clones enabled otherwise than what they were cloned from, by first trigger."""
    parents = {row["oid"]: row["parent_oid"] for row in rows}
    found = defaultdict(list)
    for row in rows:
        if row["is_different"]:
            first = row["oid"]
            while first in parents:
                first = parents[first]
            found[first].append((row["relation"], row["enabled"]))
    return found


def _default_privileges(fields: Row, address: Address, context: _Context) -> None:
    role = fields["role"]
    fields["privileges"] = parse_acl(fields.pop("granted"), role)
    fields["role"] = None if role == context.default_owner else role


def _name_default_privileges(rows: list[Row], default_owner: str) -> None:
    """Name each row after what it is about: `TABLES FOR writer IN SCHEMA app`."""
    for row in rows:
        role = "" if row["role"] == default_owner else f" FOR {names.quote(row['role'])}"
        schema = f" IN SCHEMA {names.quote(row['in_schema'])}" if row["in_schema"] else ""
        row["name"] = f"{row['object_type']}{role}{schema}"


def _leave_out_initial(rows: list[Row]) -> None:
    """Leave out the privileges that an object came with, however they are written."""
    rows[:] = [
        row
        for row in rows
        if parse_acl(tuple(row["acl"]), row["owner"])
        != parse_acl(tuple(row["initial_acl"]), row["owner"])
    ]


def _system_privileges(fields: Row, address: Address, context: _Context) -> None:
    owner = fields.pop("system_owner")
    fields["initial"] = parse_acl(fields.pop("initial_acl"), owner)
    fields["system_owner"] = None if owner == context.default_owner else owner
    fields["owner"] = fields["comment"] = None


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
    "database_setting": _Kind("database setting", model.DatabaseSetting),
    "default_privileges": _Kind("default privileges", model.DefaultPrivileges, _default_privileges),
    "system_privilege": _Kind("system privileges", model.SystemPrivileges, _system_privileges),
    "language": _Kind("language", model.Definition),
    "access_method": _Kind("access method", model.Definition),
    "foreign_data_wrapper": _Kind("foreign data wrapper", model.Definition),
    "server": _Kind("server", model.Definition),
    "user_mapping": _Kind("user mapping", model.Definition),
    "collation": _Kind("collation", model.Definition),
    "conversion": _Kind("conversion", model.Definition),
    "enum": _Kind("type", model.Enum, _enum),
    "base_type": _Kind("type", model.Definition),
    "range": _Kind("type", model.Definition),
    "domain": _Kind("domain", model.Domain, _domain),
    "domain_constraint": _Kind("domain constraint", model.DomainConstraint),
    "composite": _Kind("type", model.Composite),
    "sequence": _Kind("sequence", model.Sequence, _sequence),
    "table": _Kind("table", model.Table, _table),
    "column": _Kind("column", model.Column, _column),
    "default": _Kind("default", model.Default),
    "constraint": _Kind("constraint", model.Constraint, _constraint),
    "index": _Kind("index", model.Index, _index),
    "statistics": _Kind("statistics", model.Definition),
    "view": _Kind("view", model.View, _view),
    "relation_column": _Kind("column", model.RelationColumn, _relation_column),
    "routine": _Kind("function", model.Routine, _routine),
    "aggregate": _Kind("aggregate", model.Definition),
    "cast": _Kind("cast", model.Definition),
    "operator": _Kind("operator", model.Definition),
    "operator_family": _Kind("operator family", model.Definition),
    "operator_class": _Kind("operator class", model.Definition),
    "transform": _Kind("transform", model.Definition),
    "text_search_parser": _Kind("text search parser", model.Definition),
    "text_search_template": _Kind("text search template", model.Definition),
    "text_search_dictionary": _Kind("text search dictionary", model.Definition),
    "text_search_configuration": _Kind("text search configuration", model.Definition),
    "trigger": _Kind("trigger", model.Trigger, _trigger),
    "rule": _Kind("rule", model.Rule),
    "policy": _Kind("policy", model.Policy),
    "event_trigger": _Kind("event trigger", model.EventTrigger),
    "publication": _Kind("publication", model.Publication),
    "subscription": _Kind("subscription", model.Subscription),
}
