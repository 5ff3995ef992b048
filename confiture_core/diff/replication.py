"""Publications and subscriptions. No statement here connects to another server."""

from __future__ import annotations

import pglast
from pglast import ast

from confiture_core import names
from confiture_core.catalog.model import Identity, Object, Publication, Subscription
from confiture_core.diff.operation import Context, Hazard, Kind, Step

_PUBLICATION_DEFAULTS = {
    "publish": "insert, update, delete, truncate",
    "publish_via_partition_root": "false",
    "publish_generated_columns": "none",
}
_SUBSCRIPTION_DEFAULTS = {
    "synchronous_commit": "off",
    "binary": "false",
    "two_phase": "false",
    "disable_on_error": "false",
    "password_required": "true",
    "run_as_owner": "false",
    "origin": "any",
    "failover": "false",
}
# Setting these asks the publisher.
_FIXED = frozenset({"two_phase", "failover"})


def _create_publication(publication: Publication, context: Context) -> tuple[Step, ...]:
    lines = [f"CREATE PUBLICATION {context.name(publication.identity)}"]
    if publication.all_tables:
        lines.append("FOR ALL TABLES")
    if publication.members:
        lines.append(f"FOR {_listed(publication.members, context)}")
    changed = {
        name: value
        for name, value in publication.options
        if value != _PUBLICATION_DEFAULTS.get(name)
    }
    if changed:
        lines.append(f"WITH ({_options(changed)})")
    is_short = sum(map(len, lines)) <= 80
    sql = (" " if is_short else "\n    ").join(lines)
    return (Step(sql=sql, hazards=_publication_hazards(publication)),)


def _publication_hazards(publication: Publication) -> tuple[Hazard, ...]:
    if not publication.all_tables and not any(map(_schema, publication.members)):
        return ()
    message = f"only a superuser may publish whole schemas, as {publication.identity} does"
    return (Hazard(kind="needs superuser", message=message),)


def _listed(members: tuple[str, ...], context: Context) -> str:
    """Write members after FOR, ADD and the like; the word TABLE holds for those that follow."""
    tables = [_table_words(member, context) for member in members if not _schema(member)]
    parts = [f"TABLE {', '.join(tables)}"] if tables else []
    return ", ".join([*parts, *(member for member in members if _schema(member))])


def _table_words(member: str, context: Context) -> str:
    table = _table(member)
    only = "ONLY " if table in context.parents else ""
    filtered = member.removeprefix(f"TABLE {table.qualified}")
    return f"{only}{context.name(table)}{filtered}"


def _table(member: str) -> Identity:
    table = _specification(member).pubtable
    assert table is not None
    assert table.relation is not None
    schema, name = table.relation.schemaname or "", table.relation.relname or ""
    return Identity(kind="table", schema=schema, name=name)


def _schema(member: str) -> str | None:
    if not member.startswith("TABLES IN SCHEMA "):
        return None
    return _specification(member).name


def _specification(member: str) -> ast.PublicationObjSpec:
    statement = pglast.parse_sql(f"CREATE PUBLICATION p FOR {member}")[0].stmt
    assert isinstance(statement, ast.CreatePublicationStmt)
    assert statement.pubobjects is not None
    (specification,) = statement.pubobjects
    assert isinstance(specification, ast.PublicationObjSpec)
    return specification


def _options(options: dict[str, str]) -> str:
    return ", ".join(f"{name} = {_value(value)}" for name, value in options.items())


def _value(value: str) -> str:
    return value if value in ("true", "false", "NONE") else names.literal(value)


def _drop_publication(publication: Publication, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP PUBLICATION {context.name(publication.identity)}"),)


def _alter_publication(
    old: Publication, new: Publication, context: Context
) -> tuple[Step, ...] | None:
    if old.all_tables != new.all_tables:
        return None
    head = f"ALTER PUBLICATION {context.name(new.identity)}"
    members = tuple(Step(sql=f"{head} {text}") for text in _alter_members(old, new, context))
    before, after = (_PUBLICATION_DEFAULTS | dict(side.options) for side in (old, new))
    changed = {name: value for name, value in after.items() if before[name] != value}
    options = (Step(sql=f"{head} SET ({_options(changed)})"),) if changed else ()
    # Row filters of partitioned tables are allowed only while their root is published.
    if changed.get("publish_via_partition_root") == "false":
        return (*members, *options)
    return (*options, *members)


def _alter_members(old: Publication, new: Publication, context: Context) -> list[str]:
    added = tuple(member for member in new.members if member not in old.members)
    gone = tuple(member for member in old.members if member not in new.members)
    tables = {_table(member) for member in added if not _schema(member)}
    if any(not _schema(member) and _table(member) in tables for member in gone):
        return [f"SET {_listed(new.members, context)}"]  # another column list or filter
    # What is dropped altogether leaves its publications by itself.
    gone = tuple(member for member in gone if _is_kept(member, context))
    texts = []
    if gone:
        texts.append(f"DROP {_listed(tuple(map(_without_filter, gone)), context)}")
    if added:
        texts.append(f"ADD {_listed(added, context)}")
    return texts


def _is_kept(member: str, context: Context) -> bool:
    schema = _schema(member)
    identity = Identity(kind="schema", name=schema) if schema else _table(member)
    return identity in context.new.objects


def _without_filter(member: str) -> str:
    return member if _schema(member) else f"TABLE {_table(member).qualified}"


def _create_subscription(subscription: Subscription, context: Context) -> tuple[Step, ...]:
    name, options = context.name(subscription.identity), {"connect": "false"}
    defaults = _subscription_defaults(subscription, context)
    options |= {
        option: value
        for option, value in subscription.options
        if _boolean(value) != _boolean(defaults.get(option))
    }
    sql = (
        f"CREATE SUBSCRIPTION {name}\n"
        f"    CONNECTION {names.literal(subscription.connection)}\n"
        f"    PUBLICATION {_publications(subscription)}\n"
        f"    WITH ({_options(options)})"
    )
    message = f"only a superuser may create {subscription.identity}, or the role allowed to"
    hazards = (Hazard(kind="needs superuser", message=message),)
    enable = _enable(subscription, context) if subscription.is_enabled else ()
    return (Step(sql=sql, hazards=hazards), *enable)


def _subscription_defaults(subscription: Subscription, context: Context) -> dict[str, str]:
    streaming = "parallel" if context.new.server_version >= 180000 else "off"
    name = subscription.identity.name
    return _SUBSCRIPTION_DEFAULTS | {"slot_name": name, "streaming": streaming}


def _boolean(value: str | None) -> str | None:
    """Versions differ in how they say yes and no."""
    return {"t": "true", "on": "true", "f": "false", "off": "false"}.get(value or "", value)


def _publications(subscription: Subscription) -> str:
    return ", ".join(names.quote(name) for name in subscription.publications)


def _enable(subscription: Subscription, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"ALTER SUBSCRIPTION {context.name(subscription.identity)} ENABLE"),)


def _disable(subscription: Subscription, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"ALTER SUBSCRIPTION {context.name(subscription.identity)} DISABLE"),)


def _drop_subscription(subscription: Subscription, context: Context) -> tuple[Step, ...]:
    """Let go of the publisher's replication slot first, which DROP would connect to remove."""
    name = context.name(subscription.identity)
    disable = _disable(subscription, context) if subscription.is_enabled else ()
    has_slot = dict(subscription.options).get("slot_name") != "NONE"
    slot = (Step(sql=f"ALTER SUBSCRIPTION {name} SET (slot_name = NONE)"),) if has_slot else ()
    return (*disable, *slot, Step(sql=f"DROP SUBSCRIPTION {name}"))


def _alter_subscription(
    old: Subscription, new: Subscription, context: Context
) -> tuple[Step, ...] | None:
    before = _subscription_defaults(old, context) | dict(old.options)
    after = _subscription_defaults(new, context) | dict(new.options)
    changed = {name: value for name, value in after.items() if before[name] != value}
    if _FIXED & changed.keys():
        return None
    head = f"ALTER SUBSCRIPTION {context.name(new.identity)}"
    stops = old.is_enabled and (not new.is_enabled or "slot_name" in changed)
    steps = [*(_disable(old, context) if stops else ())]
    if old.connection != new.connection:
        steps.append(Step(sql=f"{head} CONNECTION {names.literal(new.connection)}"))
    if old.publications != new.publications:
        sql = f"{head} SET PUBLICATION {_publications(new)} WITH (refresh = false)"
        steps.append(Step(sql=sql))
    if changed:
        steps.append(Step(sql=f"{head} SET ({_options(changed)})"))
    if new.is_enabled and (stops or not old.is_enabled):
        steps += _enable(new, context)
    return tuple(steps)


KINDS: dict[type[Object], Kind] = {
    Publication: Kind(create=_create_publication, drop=_drop_publication, alter=_alter_publication),
    Subscription: Kind(
        create=_create_subscription, drop=_drop_subscription, alter=_alter_subscription
    ),
}
