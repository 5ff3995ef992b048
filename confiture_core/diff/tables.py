"""Tables: ordinary, partitioned, partitions, typed and foreign ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import Identity, Object, Table
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.options import alter_options, options_list, quoted_option, set_and_reset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.diff.facts import Partition


def create_table(
    table: Table, elements: Sequence[str], place: Partition | None, context: Context
) -> tuple[Step, ...]:
    """Write CREATE TABLE with the elements (columns, constraints) that are folded into it.

    With a `place` the table is made as a partition and takes its columns from the parent.
    """
    return (Step(sql=_create_sql(table, elements, place, context)), *settings(table, context))


def _create_sql(
    table: Table, elements: Sequence[str], place: Partition | None, context: Context
) -> str:
    unlogged = "UNLOGGED " if table.persistence == "u" else ""
    foreign = "FOREIGN " if table.server else ""
    head = f"CREATE {unlogged}{foreign}TABLE {context.name(table.identity)}"
    listed = ",\n".join(f"    {element}" for element in elements)
    if place:
        head += f" PARTITION OF {context.name(place.parent)}"
        head += f" (\n{listed}\n)" if listed else ""
        head += f"\n{place.bound}"
    elif table.of_type:
        head += f" OF {table.of_type}" + (f" (\n{listed}\n)" if listed else "")
    else:
        head += f" (\n{listed}\n)" if listed else " ()"
    return "\n".join([head, *_clauses(table, place, context)])


def _clauses(table: Table, place: Partition | None, context: Context) -> list[str]:
    clauses = []
    if table.inherits:
        parents = ", ".join(context.name(parent) for parent in table.inherits)
        clauses.append(f"INHERITS ({parents})")
    if table.partition_key:
        clauses.append(f"PARTITION BY {table.partition_key}")
    parent = context.new.objects.get(place.parent) if place else None
    if table.access_method:
        clauses.append(f"USING {names.quote(table.access_method)}")
    elif isinstance(parent, Table) and parent.access_method and not table.server:
        clauses.append("USING heap")
    if table.options:
        pairs = (option.split("=", 1) for option in table.options)
        listed = ", ".join(f"{name}={quoted_option(value)}" for name, value in pairs)
        clauses.append(f"WITH ({listed})")
    if table.tablespace:
        clauses.append(f"TABLESPACE {names.quote(table.tablespace)}")
    if table.server:
        clauses.append(f"SERVER {names.quote(table.server)}")
        if table.server_options:
            clauses.append(f"OPTIONS ({options_list(table.server_options)})")
    return clauses


def settings(table: Table, context: Context) -> tuple[Step, ...]:
    """Write what CREATE TABLE cannot say of a table."""
    return tuple(_alter_security(Table(identity=table.identity), table, context))


def _create(table: Table, context: Context) -> tuple[Step, ...]:
    return create_table(table, (), None, context)


def _drop(table: Table, context: Context) -> tuple[Step, ...]:
    word = "FOREIGN TABLE" if table.server else "TABLE"
    sql = f"DROP {word} {context.name(table.identity)}"
    if table.server:
        return (Step(sql=sql),)
    message = f"the rows of {table.identity} are lost"
    return (Step(sql=sql, hazards=(Hazard(kind="data lost", message=message),)),)


def _alter(old: Table, new: Table, context: Context) -> tuple[Step, ...] | None:
    if (old.partition_key, old.server) != (new.partition_key, new.server):
        return None
    head = f"ALTER {'FOREIGN ' if new.server else ''}TABLE {context.name(new.identity)}"
    steps = [*_alter_storage(old, new, head, context)]
    steps += [Step(sql=f"{head} {text}") for text in _alter_lineage(old, new, context)]
    steps += _alter_security(old, new, context)
    return tuple(steps)


def _alter_storage(old: Table, new: Table, head: str, context: Context) -> list[Step]:
    hazard = Hazard(kind="rewrites table", message=f"{new.identity} is written again as a whole")
    steps = []
    if old.persistence != new.persistence:
        word = "UNLOGGED" if new.persistence == "u" else "LOGGED"
        steps.append(Step(sql=f"{head} SET {word}", hazards=(hazard,)))
    if old.access_method != new.access_method:
        usual = "DEFAULT" if new.partition_key else "heap"
        method = names.quote(new.access_method) if new.access_method else usual
        steps.append(Step(sql=f"{head} SET ACCESS METHOD {method}", hazards=(hazard,)))
    if old.tablespace != new.tablespace:
        space = names.quote(new.tablespace or "pg_default")
        steps.append(Step(sql=f"{head} SET TABLESPACE {space}", hazards=(hazard,)))
    steps += [Step(sql=f"{head} {text}") for text in set_and_reset(old.options, new.options)]
    if old.server_options != new.server_options:
        changes = alter_options(old.server_options, new.server_options)
        steps.append(Step(sql=f"{head} OPTIONS ({changes})"))
    return steps


def _alter_lineage(old: Table, new: Table, context: Context) -> list[str]:
    texts = []
    if old.of_type and old.of_type != new.of_type:
        texts.append("NOT OF")
    if new.of_type and old.of_type != new.of_type:
        texts.append(f"OF {new.of_type}")
    # Parents have an order and a new one comes last: from the first difference on, all are set.
    same = 0
    while same < min(len(old.inherits), len(new.inherits)):
        if old.inherits[same] != new.inherits[same]:
            break
        same += 1
    texts += [f"NO INHERIT {context.name(parent)}" for parent in old.inherits[same:]]
    texts += [f"INHERIT {context.name(parent)}" for parent in new.inherits[same:]]
    return texts


def _alter_security(old: Table, new: Table, context: Context) -> list[Step]:
    head = f"ALTER TABLE {context.name(new.identity)}"
    steps: list[Step] = []
    if new.server:
        return steps  # PostgreSQL has none of this for foreign tables
    if old.row_security != new.row_security:
        word = "ENABLE" if new.row_security else "DISABLE"
        steps.append(Step(sql=f"{head} {word} ROW LEVEL SECURITY"))
    if old.force_row_security != new.force_row_security:
        word = "FORCE" if new.force_row_security else "NO FORCE"
        steps.append(Step(sql=f"{head} {word} ROW LEVEL SECURITY"))
    if old.replica_identity != new.replica_identity:
        # That by an index is a fact of its own; where one comes, the table says nothing.
        tie = Identity(kind="replica identity", schema=new.identity.schema, name=new.identity.name)
        if new.replica_identity != "d" or tie not in context.new.objects:
            word = {"d": "DEFAULT", "n": "NOTHING", "f": "FULL"}[new.replica_identity]
            steps.append(Step(sql=f"{head} REPLICA IDENTITY {word}"))
    return steps


KINDS: dict[type[Object], Kind] = {Table: Kind(create=_create, drop=_drop, alter=_alter)}
