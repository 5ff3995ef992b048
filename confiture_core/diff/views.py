"""Views and materialized views."""

from __future__ import annotations

from confiture_core import names
from confiture_core.catalog.model import Object, RelationColumn, View
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.options import quoted_option, set_and_reset
from confiture_core.diff.types import alter_settings, relation_columns


def _create(view: View, context: Context) -> tuple[Step, ...]:
    if view.identity.kind == "view":
        return (Step(sql=_view("CREATE VIEW", view, context)),)
    made = Step(sql=_materialized_view(view, context), hazards=_build_hazards(view, context))
    columns = relation_columns(view.identity, context.new)
    targets = [step for column in columns for step in alter_settings(None, column, context)]
    return (made, *targets)


def _view(head: str, view: View, context: Context) -> str:
    options = f" {_with(view.options)}" if view.options else ""
    return f"{head} {context.name(view.identity)}{options} AS\n{view.query.rstrip(';')}"


def _materialized_view(view: View, context: Context) -> str:
    lines = [f"CREATE MATERIALIZED VIEW {context.name(view.identity)}"]
    if view.access_method:
        lines.append(f"USING {names.quote(view.access_method)}")
    if view.options:
        lines.append(_with(view.options))
    if view.tablespace:
        lines.append(f"TABLESPACE {names.quote(view.tablespace)}")
    lines[-1] += " AS"
    lines.append(view.query.rstrip(";"))
    if not view.is_populated:
        lines.append("WITH NO DATA")
    return "\n".join(lines)


def _with(options: tuple[str, ...]) -> str:
    pairs = (option.split("=", 1) for option in options)
    return f"WITH ({', '.join(f'{name}={quoted_option(value)}' for name, value in pairs)})"


def _build_hazards(view: View, context: Context) -> tuple[Hazard, ...]:
    if not view.is_populated or view.identity not in context.old.objects:
        return ()
    message = f"{view.identity} cannot be read until its query has run again"
    return (Hazard(kind="blocks reads", message=message),)


def _drop(view: View, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP {context.target(view.identity)}"),)


def _alter(old: View, new: View, context: Context) -> tuple[Step, ...] | None:
    if new.identity.kind != "view":
        return _alter_materialized_view(old, new, context)
    if old.query != new.query:
        if not _keeps_columns(old, context):
            return None
        # The options become those given here, none if none are.
        return (Step(sql=_view("CREATE OR REPLACE VIEW", new, context)),)
    head = f"ALTER VIEW {context.name(new.identity)}"
    return tuple(Step(sql=f"{head} {text}") for text in set_and_reset(old.options, new.options))


def _keeps_columns(view: View, context: Context) -> bool:
    """Tell whether the old columns are the first of the new ones, as CREATE OR REPLACE demands."""
    old = relation_columns(view.identity, context.old)
    new = relation_columns(view.identity, context.new)
    return [_shape(column) for column in old] == [_shape(column) for column in new[: len(old)]]


def _shape(column: RelationColumn) -> tuple[str, str, str | None]:
    return column.identity.member, column.type, column.collation


def _alter_materialized_view(old: View, new: View, context: Context) -> tuple[Step, ...] | None:
    if old.query != new.query:
        return None
    if old.access_method != new.access_method and context.new.server_version < 150000:
        return None
    name = context.name(new.identity)
    head = f"ALTER MATERIALIZED VIEW {name}"
    actions = []
    if old.access_method != new.access_method:
        actions.append(f"SET ACCESS METHOD {names.quote(new.access_method or 'heap')}")
    if old.tablespace != new.tablespace:
        actions.append(f"SET TABLESPACE {names.quote(new.tablespace or 'pg_default')}")
    steps = [Step(sql=f"{head} {action}", hazards=_rewrite_hazards(new)) for action in actions]
    steps += [Step(sql=f"{head} {text}") for text in set_and_reset(old.options, new.options)]
    if old.is_populated != new.is_populated:
        data = "" if new.is_populated else " WITH NO DATA"
        hazards = _build_hazards(new, context)
        steps.append(Step(sql=f"REFRESH MATERIALIZED VIEW {name}{data}", hazards=hazards))
    return tuple(steps)


def _rewrite_hazards(view: View) -> tuple[Hazard, ...]:
    message = f"{view.identity} is written again as a whole"
    return (Hazard(kind="rewrites table", message=message),)


KINDS: dict[type[Object], Kind] = {View: Kind(create=_create, drop=_drop, alter=_alter)}
