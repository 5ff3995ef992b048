"""Comments, owners, privileges and security labels of all kinds, and default privileges.

PostgreSQL moves an owner's own privileges along with the ownership, and merges into them what the
new owner had been granted; and a REVOKE on a table takes the privilege from its columns too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import (
    Column,
    Constraint,
    DefaultPrivileges,
    Definition,
    Domain,
    Extension,
    Identity,
    Object,
    Privilege,
    RelationColumn,
    SystemPrivileges,
)
from confiture_core.diff import grantors, not_null, privileges, types
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.privileges import Grantable, Grants
from confiture_core.diff.schemas import require_extensions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OWNED = frozenset(
    {
        "aggregate",
        "collation",
        "conversion",
        "domain",
        "event trigger",
        "foreign data wrapper",
        "foreign table",
        "function",
        "language",
        "materialized view",
        "operator",
        "operator class",
        "operator family",
        "procedure",
        "publication",
        "schema",
        "sequence",
        "server",
        "statistics",
        "subscription",
        "table",
        "text search configuration",
        "text search dictionary",
        "type",
        "view",
    }
)
_PUBLIC = Identity(kind="schema", name="public")
_RELATIONS = ("table", "foreign table", "view", "materialized view")
_DEFAULT_WORDS = {
    "TABLES": "TABLE",
    "SEQUENCES": "SEQUENCE",
    "FUNCTIONS": "FUNCTION",
    "TYPES": "TYPE",
    "SCHEMAS": "SCHEMA",
    "LARGE OBJECTS": "LARGE OBJECT",
}


def metadata(old: Object | None, new: Object, context: Context) -> tuple[Step, ...]:
    """Write what leads from the old comment, owner, privileges and labels to the new ones.

    Without `old` the object has just been made. Tables come before their columns.
    """
    if isinstance(new, DefaultPrivileges | SystemPrivileges):
        return ()  # its privileges are what it is
    return (
        *_comment(old, new, context),
        *_owner(old, new, context),
        *_privileges(old, new, context),
        *_labels(old, new, context),
        *_extensions(old, new, context),
        *_member_privileges(old, new, context),
        *_identity_sequence(old, new, context),
    )


def fresh_privileges(new: Object, context: Context) -> tuple[Privilege, ...]:
    """Return what the object has when it has just been made, before default privileges change."""
    if isinstance(new, Definition) and new.definition == f"CREATE TYPE {new.identity.qualified}":
        return ()  # a shell type
    return privileges.fresh(new.identity, context.old)


def _comment(old: Object | None, new: Object, context: Context) -> Iterator[Step]:
    before = old.comment if old else _initial_comment(new)
    if before != new.comment:
        yield Step(sql=f"COMMENT ON {context.target(new.identity)} IS {_text(new.comment)}")
    if isinstance(new, Constraint):
        yield from _index_comment(old, new, context)
    if isinstance(new, Column | Domain) and new.not_null:
        yield from _not_null_comment(old, new, context)


def _initial_comment(new: Object) -> str | None:
    return new.default_comment if isinstance(new, Extension) else None


def _index_comment(old: Object | None, new: Constraint, context: Context) -> Iterator[Step]:
    """Comment on the index behind a constraint."""
    before = old.index_comment if isinstance(old, Constraint) else None
    if before != new.index_comment:
        index = Identity(kind="index", schema=new.identity.schema, name=new.identity.member)
        yield Step(sql=f"COMMENT ON {context.target(index)} IS {_text(new.index_comment)}")


def _not_null_comment(old: Object | None, new: Column | Domain, context: Context) -> Iterator[Step]:
    """Comment on the NOT NULL of a column or domain."""
    before = old.not_null_comment if isinstance(old, Column | Domain) and old.not_null else None
    if before != new.not_null_comment:
        if isinstance(new, Domain):
            kind, name = "domain constraint", types.not_null_name(new)
        else:
            kind, name = "constraint", not_null.constraint_name(new)
        constraint = replace(new.identity, kind=kind, member=name)
        text = _text(new.not_null_comment)
        yield Step(sql=f"COMMENT ON {context.target(constraint)} IS {text}")


def _text(text: str | None) -> str:
    return "NULL" if text is None else names.literal(text)


def _owner(old: Object | None, new: Object, context: Context) -> Iterator[Step]:
    owner = _owner_of(new, context)
    before = _owner_of(old, context) if old else None
    if new.identity.kind not in _OWNED or before == owner:
        return
    role = "CURRENT_USER" if owner is None else names.quote(owner)
    yield Step(sql=f"ALTER {context.target(new.identity)} OWNER TO {role}")


def _owner_of(item: Object, context: Context) -> str | None:
    """Return the owner; that of the schema "public" is no default when it is made again."""
    if item.owner is None and item.identity == _PUBLIC and context.new.server_version >= 150000:
        return "pg_database_owner"
    return item.owner


def _labels(old: Object | None, new: Object, context: Context) -> Iterator[Step]:
    before, after = dict(old.security_labels if old else ()), dict(new.security_labels)
    target = context.target(new.identity)
    for provider in sorted(before.keys() | after.keys()):
        if before.get(provider) != after.get(provider):
            label = _text(after.get(provider))
            head = f"SECURITY LABEL FOR {names.quote(provider)} ON {target}"
            yield Step(sql=f"{head} IS {label}")


def _extensions(old: Object | None, new: Object, context: Context) -> Iterator[Step]:
    before = old.required_extensions if old else ()
    after = new.required_extensions
    for name in before:
        if name not in after:
            head = f"ALTER {context.target(new.identity)} NO DEPENDS ON EXTENSION"
            yield Step(sql=f"{head} {names.quote(name)}")
    yield from require_extensions(new, [name for name in after if name not in before], context)


def _member_privileges(old: Object | None, new: Object, context: Context) -> Iterator[Step]:
    """Grant on members of an extension; those not listed have what the extension gave them.

    That is taken to be what objects of their kind have by default.
    """
    if not isinstance(new, Extension):
        return
    before = dict(old.member_privileges) if isinstance(old, Extension) else {}
    after = dict(new.member_privileges)
    for member in sorted(before.keys() | after.keys()):
        word = privileges.leading_word(member)
        initial = privileges.built_in(word, context.new.server_version)
        held = privileges.as_grants(before.get(member, initial))
        wanted = privileges.as_grants(after.get(member, initial))
        rights = privileges.rights(word, context.new.server_version)
        on = Grantable(target=member, rights=rights, owner=new.owner)
        for sql in (
            *privileges.revokes(held, wanted, on),
            *privileges.grants(held, wanted, on),
        ):
            yield Step(sql=sql)


def _identity_sequence(old: Object | None, new: Object, context: Context) -> tuple[Step, ...]:
    """Write what is said of the sequence behind an identity column; its owner is the table's."""
    if not isinstance(new, Column) or new.identity_sequence is None:
        return ()
    before = old.identity_sequence if isinstance(old, Column) else None
    owner = new.identity_sequence.owner
    return metadata(
        replace(before, owner=owner) if before else None, new.identity_sequence, context
    )


def _privileges(old: Object | None, new: Object, context: Context) -> Iterator[Step]:
    before = fresh_privileges(new, context) if old is None else old.privileges
    on = _grantable(new, context)
    if on is None:
        return
    relation = new if new.identity.kind in _RELATIONS else None
    yield from _change_privileges(before, new.privileges, on, context, relation=relation)


def _change_privileges(
    before: tuple[Privilege, ...],
    after: tuple[Privilege, ...],
    on: Grantable,
    context: Context,
    *,
    relation: Object | None = None,
) -> Iterator[Step]:
    yield from grantors.take_back(before, after, on)
    held = privileges.as_grants(before, owner=on.owner or context.new.default_owner)
    wanted = privileges.as_grants(after)
    revoked = privileges.revokes(held, wanted, on)
    for sql in revoked:
        yield Step(sql=sql)
    if revoked and relation is not None:
        yield from _restored(relation, held, wanted, context)
    for sql in privileges.grants(held, wanted, on):
        yield Step(sql=sql)
    yield from grantors.pass_on(before, after, on)


def _grantable(item: Object, context: Context) -> Grantable | None:
    identity = item.identity
    if isinstance(item, (Column, RelationColumn)):
        return _column_grantable(identity, context)
    word = privileges.grant_word(identity)
    if word is None:
        return None
    name = context.name(identity)
    if identity.kind == "aggregate":
        name = _plain_signature(name)
    rights = privileges.rights(word, context.new.server_version)
    return Grantable(target=f"{word} {name}", rights=rights, owner=_owner_of(item, context))


def _column_grantable(column: Identity, context: Context) -> Grantable | None:
    for kind in _RELATIONS:
        relation = context.new.objects.get(replace(column, kind=kind, member=""))
        if relation is not None:
            return Grantable(
                target=f"TABLE {context.name(column)}",
                rights=privileges.COLUMN_RIGHTS,
                owner=relation.owner,
                column=column.member,
            )
    return None


def _plain_signature(signature: str) -> str:
    """Write an aggregate's signature as GRANT … ON FUNCTION takes it."""
    if signature.endswith("(*)"):
        return signature.removesuffix("*)") + ")"
    return signature.replace("(ORDER BY ", "(").replace(" ORDER BY ", ", ")


def _restored(relation: Object, held: Grants, wanted: Grants, context: Context) -> Iterator[Step]:
    """Grant again what REVOKE on a relation took from columns that keep it."""
    taken = {key for key in held if key not in wanted}
    options = {key for key in held if held[key] and wanted.get(key) is False}
    for column in _kept_columns(relation.identity, context):
        before = privileges.as_grants(context.old.objects[column.identity].privileges)
        after = privileges.as_grants(column.privileges)
        lost = {
            key: grantable
            for key, grantable in after.items()
            if key in before and (key in taken or (key in options and grantable))
        }
        on = _grantable(column, context)
        if lost and on:
            for sql in privileges.grants({}, lost, on):
                yield Step(sql=sql)


def _kept_columns(relation: Identity, context: Context) -> Iterable[Object]:
    place = (relation.schema, relation.name)
    return (
        item
        for identity, item in context.new.objects.items()
        if identity.kind == "column"
        and (identity.schema, identity.name) == place
        and item.privileges
        and identity in context.old.objects
    )


def _create_default(default: DefaultPrivileges, context: Context) -> tuple[Step, ...]:
    return _change_default(default, _initial(default, context), default.privileges, context)


def _drop_default(default: DefaultPrivileges, context: Context) -> tuple[Step, ...]:
    if default.in_schema is not None:
        schema = Identity(kind="schema", name=default.in_schema)
        if schema not in context.new.objects:
            return ()  # they went with the schema
    return _change_default(default, default.privileges, _initial(default, context), context)


def _alter_default(
    old: DefaultPrivileges, new: DefaultPrivileges, context: Context
) -> tuple[Step, ...]:
    return _change_default(new, old.privileges, new.privileges, context)


def _initial(default: DefaultPrivileges, context: Context) -> tuple[Privilege, ...]:
    """Return what holds where there is no entry; those of a schema only add to the others."""
    if default.in_schema is not None:
        return ()
    return privileges.built_in(_DEFAULT_WORDS[default.object_type], context.new.server_version)


def _change_default(
    default: DefaultPrivileges,
    old: tuple[Privilege, ...],
    new: tuple[Privilege, ...],
    context: Context,
) -> tuple[Step, ...]:
    word = _DEFAULT_WORDS[default.object_type]
    on = Grantable(
        target=default.object_type,
        rights=privileges.rights(word, context.new.server_version),
        owner=default.role,
    )
    head = "ALTER DEFAULT PRIVILEGES"
    if default.role is not None:
        head += f" FOR ROLE {names.quote(default.role)}"
    if default.in_schema is not None:
        head += f" IN SCHEMA {names.quote(default.in_schema)}"
    before, after = privileges.as_grants(old), privileges.as_grants(new)
    actions = (*privileges.revokes(before, after, on), *privileges.grants(before, after, on))
    return tuple(Step(sql=f"{head} {action}") for action in actions)


def _create_system(new: SystemPrivileges, context: Context) -> tuple[Step, ...]:
    return _change_system(new, new.initial, new.privileges, context)


def _drop_system(old: SystemPrivileges, context: Context) -> tuple[Step, ...]:
    return _change_system(old, old.privileges, old.initial, context)


def _alter_system(
    old: SystemPrivileges, new: SystemPrivileges, context: Context
) -> tuple[Step, ...]:
    return _change_system(new, old.privileges, new.privileges, context)


def _change_system(
    which: SystemPrivileges,
    old: tuple[Privilege, ...],
    new: tuple[Privilege, ...],
    context: Context,
) -> tuple[Step, ...]:
    word = privileges.leading_word(which.target)
    rights = privileges.rights(word, context.new.server_version)
    on = Grantable(
        target=which.target,
        rights=rights if which.column is None else privileges.COLUMN_RIGHTS,
        owner=which.system_owner,
        column=which.column,
    )
    message = f"only superusers may say who may use {which.target}"
    hazard = Hazard(kind="needs superuser", message=message)
    steps = _change_privileges(old, new, on, context)
    return tuple(replace(step, hazards=(*step.hazards, hazard)) for step in steps)


KINDS: dict[type[Object], Kind] = {
    DefaultPrivileges: Kind(create=_create_default, drop=_drop_default, alter=_alter_default),
    SystemPrivileges: Kind(create=_create_system, drop=_drop_system, alter=_alter_system),
}
