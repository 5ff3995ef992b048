"""Columns of tables, and their defaults."""

from __future__ import annotations

from dataclasses import replace

from confiture_core import names
from confiture_core.catalog.model import Column, Default, Identity, Object, Sequence, Table
from confiture_core.diff import casts, not_null, sequences
from confiture_core.diff.actions import action_on, table_word
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.options import alter_options, options_list, set_and_reset

# PostgreSQL's default statistics target of a column; -1 is understood by every version.
_NO_TARGET = -1


def definition(column: Column, context: Context, *, default: str | None, serial: str | None) -> str:
    """Write the column as CREATE TABLE and ADD COLUMN take it."""
    parts = [names.quote(column.identity.member), serial or column.type]
    if column.compression and context.new.server_version >= 140000:
        parts.append(f"COMPRESSION {column.compression}")
    if column.server_options:
        parts.append(f"OPTIONS ({options_list(column.server_options)})")
    if column.collation:
        parts.append(f"COLLATE {column.collation}")
    if default is not None and not serial:
        parts.append(f"DEFAULT {default}")
    if column.generated:
        word = "STORED" if column.generated == "s" else "VIRTUAL"
        parts.append(f"GENERATED ALWAYS AS ({column.expression}) {word}")
    if column.identity_sequence:  # from PostgreSQL 17 on, partitions have their table's
        parts.append(_identity(column, context))
    if column.not_null and column.not_null_valid and not serial:
        parts.append(not_null.element(column))
    return " ".join(parts)


def settings(column: Column, context: Context) -> tuple[Step, ...]:
    """Write what CREATE TABLE cannot say of a column: storage, statistics, options."""
    plain = _plain(column)
    unchecked = [] if column.not_null_valid else not_null.alter(plain, column, context)
    return (*unchecked, *_alter_settings(plain, column, context))


def add_column(
    column: Column, context: Context, *, default: str | None, serial: str | None
) -> tuple[Step, ...]:
    """Write ADD COLUMN with what is folded into it."""
    text = definition(column, context, default=default, serial=serial)
    add = f"ALTER {table_word(column, context)} {context.name(column.identity)} ADD COLUMN {text}"
    hazards = add_hazards(column, has_default=default is not None or bool(serial))
    return (Step(sql=add, hazards=hazards), *settings(column, context))


def computed_before(column: Identity, context: Context) -> Column | None:
    """Return a column that PostgreSQL computed, and that is to hold its values from now on."""
    old, new = (side.objects.get(column) for side in (context.old, context.new))
    if not isinstance(old, Column) or not isinstance(new, Column):
        return None
    return old if old.generated and not new.generated else None


def add_filled(
    column: Column, before: Column, context: Context, *, default: str | None
) -> tuple[Step, ...]:
    """Write ADD COLUMN with the values that PostgreSQL computed for the one before.

    An UPDATE would have triggers fire and row security apply.
    """
    bare = replace(column, not_null=False, identity_kind="", identity_sequence=None)
    collate = f" COLLATE {column.collation}" if column.collation else ""
    values = f"({before.expression})::{column.type}"
    message = f"{column.identity} is written again with the values of its expression"
    hazard = Hazard(kind="rewrites table", message=message)
    fill = action_on(column, context, f"TYPE {column.type}{collate} USING {values}", hazard)
    added = add_column(bare, context, default=None, serial=None)
    steps = [added[0], fill, *added[1:], *not_null.alter(bare, column, context)]
    steps += _alter_identity(bare, column, context)
    if default is not None:
        steps.append(action_on(column, context, f"SET DEFAULT {default}"))
    return tuple(steps)


def add_hazards(column: Column, *, has_default: bool) -> tuple[Hazard, ...]:
    """Tell what adding the column to a table with rows means."""
    fills_itself = has_default or column.identity_kind or column.generated
    hazards = []
    if column.not_null and not fills_itself:
        message = f"{column.identity} is NOT NULL without a default: fails if the table has rows"
        hazards.append(Hazard(kind="may fail", message=message))
    if column.identity_kind or column.generated == "s":
        message = f"adding {column.identity} writes the whole table again"
        hazards.append(Hazard(kind="rewrites table", message=message))
    return tuple(hazards)


def _identity(column: Column, context: Context) -> str:
    word = "ALWAYS" if column.identity_kind == "a" else "BY DEFAULT"
    options = _identity_options(column, context)
    return f"GENERATED {word} AS IDENTITY" + (f" ({options})" if options else "")


def _identity_options(column: Column, context: Context) -> str:
    sequence = column.identity_sequence
    if sequence is None:
        return ""
    usual = f"{column.identity.name}_{column.identity.member}_seq"
    parts = []
    if sequence.identity.name != usual or sequence.identity.schema != column.identity.schema:
        parts.append(f"SEQUENCE NAME {context.name(sequence.identity)}")
    parts.append(sequences.options(sequence))
    return " ".join(part for part in parts if part)


def _plain(column: Column) -> Column:
    return Column(
        identity=column.identity,
        type=column.type,
        position=column.position,
        compression=column.compression,
        server_options=column.server_options,
    )


def _create(column: Column, context: Context) -> tuple[Step, ...]:
    return add_column(column, context, default=None, serial=None)


def _drop(column: Column, context: Context) -> tuple[Step, ...]:
    word, name = table_word(column, context), context.name(column.identity)
    heirs = _heirs(column.identity, context)
    is_kept = any(heir.identity in context.new.objects for heir in heirs)
    only = "ONLY " if is_kept else ""
    sql = f"ALTER {word} {only}{name} DROP COLUMN {names.quote(column.identity.member)}"
    lost = Hazard(kind="data lost", message=f"the values of {column.identity} are lost")
    step = Step(sql=sql, hazards=() if column.generated else (lost,))
    if not is_kept:
        return (step,)
    left = (h for h in heirs if h.identity not in context.new.objects and not h.is_local)
    return (step, *(each for heir in left for each in _drop(heir, context)))


def _heirs(column: Identity, context: Context) -> list[Column]:
    """Return the column in the tables that inherit it, where it is dropped from their parent."""
    table = replace(column, kind="table", member="")
    if table not in context.parents or table not in context.new.objects:
        return []
    objects = context.old.objects
    found = (
        objects.get(replace(column, schema=item.identity.schema, name=item.identity.name))
        for item in objects.values()
        if isinstance(item, Table) and table in item.inherits
    )
    return [heir for heir in found if isinstance(heir, Column) and heir.is_inherited]


def _alter(old: Column, new: Column, context: Context) -> tuple[Step, ...] | None:
    if not _is_generation_alterable(old, new, context):
        return None
    steps: list[Step] = []
    if old.generated and not new.generated:
        steps.append(action_on(new, context, "DROP EXPRESSION"))
    if old.identity_kind and not new.identity_kind:
        steps.append(action_on(new, context, "DROP IDENTITY"))
    if (old.type, old.collation) != (new.type, new.collation) and not stays_heir(old, new):
        steps.append(retype(old, new, context))
    if new.generated and old.expression != new.expression:
        steps.append(action_on(new, context, f"SET EXPRESSION AS ({new.expression})"))
    steps += not_null.alter(old, new, context)
    steps += _alter_identity(old, new, context)
    steps += _alter_settings(old, new, context)
    return tuple(steps)


def _is_generation_alterable(old: Column, new: Column, context: Context) -> bool:
    version = context.new.server_version
    if old.generated and not new.generated:
        return old.generated == "s" and version >= 130000
    if old.generated != new.generated:
        return False
    return old.expression == new.expression or version >= 170000


def stays_heir(old: Column, new: Column) -> bool:
    """Tell whether the column's type comes from a parent table, whose ALTER reaches it."""
    return old.is_inherited and new.is_inherited


def retype(old: Column, new: Column, context: Context, *, through_text: bool = False) -> Step:
    """Write ALTER COLUMN … TYPE; values go through text where their type itself is replaced."""
    column = names.quote(new.identity.member)
    collate = f" COLLATE {new.collation}" if new.collation else ""
    expression = casts.using(column, old.type, new.type, through_text=through_text)
    using = f" USING {expression}" if expression else ""
    hazards = []
    is_kept = expression is None and casts.keeps_rows(old.type, new.type)
    if not is_kept:
        message = (
            f"{new.identity} changes from {old.type} to {new.type}: its table may be rewritten"
        )
        hazards.append(Hazard(kind="rewrites table", message=message))
    if expression or not (is_kept or _widens(old.type, new.type)):
        message = f"values of {new.identity} that do not fit {new.type} stop it"
        hazards.append(Hazard(kind="may fail", message=message))
    return action_on(new, context, f"TYPE {new.type}{collate}{using}", *hazards)


def _widens(old: str, new: str) -> bool:
    order = ("smallint", "integer", "bigint", "numeric")
    if old in order and new in order:
        return order.index(old) <= order.index(new)
    return old == new or new == "text"


def _alter_identity(old: Column, new: Column, context: Context) -> list[Step]:
    if not new.identity_kind:
        return []
    if not old.identity_kind:
        steps = [action_on(new, context, "ADD " + _identity(new, context))]
        return [*steps, continue_from_rows(new.identity_sequence, new.identity, context)]
    steps = []
    if old.identity_kind != new.identity_kind:
        word = "ALWAYS" if new.identity_kind == "a" else "BY DEFAULT"
        steps.append(action_on(new, context, f"SET GENERATED {word}"))
    before, after = old.identity_sequence, new.identity_sequence
    if before and after and before != after:
        steps += _alter_identity_sequence(before, after, new, context)
    return steps


def _alter_identity_sequence(
    before: Sequence, after: Sequence, new: Column, context: Context
) -> list[Step]:
    steps = []
    if before.identity != after.identity:
        name = names.quote(after.identity.name)
        sql = f"ALTER SEQUENCE {context.name(before.identity)} RENAME TO {name}"
        steps.append(Step(sql=sql))
    # The sequence follows the column's type by itself, and bounds that were the type's own with it.
    follows = before.type != after.type and sequences.is_plain(before) and sequences.is_plain(after)
    changes = "" if follows else sequences.alter_options(before, after)
    if changes:
        name = context.name(after.identity)
        steps += sequences.into_bounds(before, after, name)
        steps.append(Step(sql=f"ALTER SEQUENCE {name} {changes}"))
    return steps


def continue_from_rows(sequence: Sequence | None, column: Identity, context: Context) -> Step:
    """Write the setval that lets a new sequence go on after the values that rows hold already."""
    name = sequence.identity.qualified if sequence else ""
    value, is_within = f"max({names.quote(column.member)})", "IS NOT NULL"
    if sequence and sequence.increment < 0:
        value = f"min({names.quote(column.member)})"
    if sequence and (sequence.minimum, sequence.maximum) != sequences.bounds(sequence.type, 1):
        is_within = f"BETWEEN {sequence.minimum} AND {sequence.maximum}"
    sql = (
        f"SELECT pg_catalog.setval({names.literal(name)}, {value}) "
        f"FROM {context.name(column)} HAVING {value} {is_within}"
    )
    return Step(sql=sql)


def _alter_settings(old: Column, new: Column, context: Context) -> tuple[Step, ...]:
    steps = []
    if old.storage != new.storage:
        word = storage_word(new.storage, new.type, context)
        steps.append(action_on(new, context, f"SET STORAGE {word}"))
    if old.compression != new.compression:
        steps.append(action_on(new, context, f"SET COMPRESSION {new.compression or 'default'}"))
    if old.statistics != new.statistics:
        target = _NO_TARGET if new.statistics is None else new.statistics
        steps.append(action_on(new, context, f"SET STATISTICS {target}"))
    if old.options != new.options:
        steps += [action_on(new, context, text) for text in set_and_reset(old.options, new.options)]
    if old.server_options != new.server_options:
        text = alter_options(old.server_options, new.server_options)
        steps.append(action_on(new, context, f"OPTIONS ({text})"))
    return tuple(steps)


def storage_word(storage: str | None, type_: str, context: Context) -> str:
    """Return the storage in a word that the server knows: DEFAULT came with PostgreSQL 16."""
    if storage or context.new.server_version >= 160000:
        return storage or "DEFAULT"
    # Only types of variable length take another storage; these are the ones not EXTENDED.
    return "MAIN" if casts.base_name(type_) in ("numeric", "inet", "cidr") else "EXTENDED"


def _relation_of(default: Default, context: Context) -> str:
    """Return the words before the name: a view's column may have a default too."""
    for catalog in (context.new, context.old):
        for kind, word in (("view", "VIEW"), ("foreign table", "FOREIGN TABLE ONLY")):
            identity = Identity(
                kind=kind, schema=default.identity.schema, name=default.identity.name
            )
            if identity in catalog.objects:
                return word
    table = Identity(kind="table", schema=default.identity.schema, name=default.identity.name)
    return "TABLE ONLY" if table in context.parents else "TABLE"


def set_default(default: Default, context: Context) -> tuple[Step, ...]:
    """Write SET DEFAULT; children keep their own."""
    head = f"ALTER {_relation_of(default, context)} {context.name(default.identity)}"
    column = names.quote(default.identity.member)
    return (Step(sql=f"{head} ALTER COLUMN {column} SET DEFAULT {default.expression}"),)


def _drop_default(default: Default, context: Context) -> tuple[Step, ...]:
    head = f"ALTER {_relation_of(default, context)} {context.name(default.identity)}"
    return (Step(sql=f"{head} ALTER COLUMN {names.quote(default.identity.member)} DROP DEFAULT"),)


def _alter_default(old: Default, new: Default, context: Context) -> tuple[Step, ...]:
    return set_default(new, context) if old.expression != new.expression else ()


KINDS: dict[type[Object], Kind] = {
    Column: Kind(create=_create, drop=_drop, alter=_alter),
    Default: Kind(create=set_default, drop=_drop_default, alter=_alter_default),
}
