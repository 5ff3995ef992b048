"""Triggers, rules, row-security policies and event triggers."""

from __future__ import annotations

from pglast.parser import scan

from confiture_core import names
from confiture_core.catalog.model import EventTrigger, Object, Policy, Rule, Trigger
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.schemas import keep_required_extensions

# pg_trigger.tgenabled, pg_rewrite.ev_enabled, pg_event_trigger.evtenabled
_STATES = {"O": "ENABLE", "D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}


def _create_trigger(trigger: Trigger, context: Context) -> tuple[Step, ...]:
    state = _set_state("O", trigger, context)
    return (Step(sql=trigger.definition), *state, *_set_partitions(trigger, context))


def _drop_member(member: Trigger | Rule | Policy, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP {context.target(member.identity)}"),)


def _alter_trigger(old: Trigger, new: Trigger, context: Context) -> tuple[Step, ...] | None:
    if old.definition == new.definition:
        # A partition that is as the table above it becomes so by setting the table.
        is_same = (old.enabled, old.partitions_enabled) == (new.enabled, new.partitions_enabled)
        before = "" if old.partitions_enabled else old.enabled
        state = () if is_same else _set_state(before, new, context)
        return (*state, *(() if is_same else _set_partitions(new, context)))
    if old.is_constraint or new.is_constraint or context.new.server_version < 140000:
        return None
    return (
        _replace(new.definition),
        *keep_required_extensions(old, new, context),
        *_set_state("O", new, context),  # replacing a trigger enables it
        *_set_partitions(new, context),
    )


def _set_partitions(trigger: Trigger, context: Context) -> tuple[Step, ...]:
    name = names.quote(trigger.identity.member)
    return tuple(
        Step(sql=f"ALTER TABLE {context.name(partition)} {_STATES[enabled]} TRIGGER {name}")
        for partition, enabled in trigger.partitions_enabled
    )


def _replace(definition: str) -> Step:
    return Step(sql="CREATE OR REPLACE" + definition.removeprefix("CREATE"))


def _set_state(old: str, new: Trigger | Rule, context: Context) -> tuple[Step, ...]:
    if old == new.enabled:
        return ()
    word, member = new.identity.kind.upper(), names.quote(new.identity.member)
    head = f"ALTER TABLE {context.name(new.identity)}"
    return (Step(sql=f"{head} {_STATES[new.enabled]} {word} {member}"),)


def _create_rule(rule: Rule, context: Context) -> tuple[Step, ...]:
    return (Step(sql=_rule_definition(rule)), *_set_state("O", rule, context))


def _alter_rule(old: Rule, new: Rule, context: Context) -> tuple[Step, ...]:
    # Replacing a rule leaves it enabled or disabled as it was.
    state = _set_state(old.enabled, new, context)
    changed = _rule_definition(old) != _rule_definition(new)
    return (_replace(_rule_definition(new)), *state) if changed else state


def _rule_definition(rule: Rule) -> str:
    return rule.definition.rstrip().removesuffix(";")


def _create_policy(policy: Policy, context: Context) -> tuple[Step, ...]:
    name, table = names.quote(policy.identity.member), context.name(policy.identity)
    clauses = []
    if not policy.is_permissive:
        clauses.append("AS RESTRICTIVE")
    if policy.command != "ALL":
        clauses.append(f"FOR {policy.command}")
    if policy.roles != ("public",):
        clauses.append(f"TO {_roles(policy)}")
    clauses += _expressions(policy)
    return (_policy_step(f"CREATE POLICY {name} ON {table}", clauses),)


def _alter_policy(old: Policy, new: Policy, context: Context) -> tuple[Step, ...] | None:
    if (old.command, old.is_permissive) != (new.command, new.is_permissive):
        return None
    if (old.using and not new.using) or (old.with_check and not new.with_check):
        return None
    clauses = []
    if old.roles != new.roles:
        clauses.append(f"TO {_roles(new)}")
    before = _expressions(old)
    clauses += [clause for clause in _expressions(new) if clause not in before]
    if not clauses:
        return ()
    name, table = names.quote(new.identity.member), context.name(new.identity)
    return (_policy_step(f"ALTER POLICY {name} ON {table}", clauses),)


def _policy_step(head: str, clauses: list[str]) -> Step:
    line = " ".join([head, *clauses])
    is_short = len(line) <= 80 and "\n" not in line
    return Step(sql=line if is_short else "\n    ".join([head, *clauses]))


def _roles(policy: Policy) -> str:
    return ", ".join("PUBLIC" if role == "public" else names.quote(role) for role in policy.roles)


def _expressions(policy: Policy) -> list[str]:
    clauses = []
    if policy.using is not None:
        clauses.append(f"USING {_in_parentheses(policy.using)}")
    if policy.with_check is not None:
        clauses.append(f"WITH CHECK {_in_parentheses(policy.with_check)}")
    return clauses


def _in_parentheses(expression: str) -> str:
    """Add parentheses unless one pair holds the whole expression already."""
    depth = 0
    tokens = scan(expression)
    for token in tokens:
        depth += {"ASCII_40": 1, "ASCII_41": -1}.get(token.name, 0)
        if depth == 0 and token is not tokens[-1]:
            return f"({expression})"
    return expression if tokens[-1].name == "ASCII_41" else f"({expression})"


def _create_event_trigger(trigger: EventTrigger, context: Context) -> tuple[Step, ...]:
    hazards = _event_hazards(trigger)
    made = Step(sql=trigger.definition.removesuffix(";"), hazards=hazards)
    return (made, *_set_event_state("O", trigger, context))


def _drop_event_trigger(trigger: EventTrigger, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP EVENT TRIGGER {context.name(trigger.identity)}"),)


def _alter_event_trigger(
    old: EventTrigger, new: EventTrigger, context: Context
) -> tuple[Step, ...] | None:
    if old.definition != new.definition:
        return None
    return _set_event_state(old.enabled, new, context)


def _set_event_state(old: str, new: EventTrigger, context: Context) -> tuple[Step, ...]:
    if old == new.enabled:
        return ()
    sql = f"ALTER EVENT TRIGGER {context.name(new.identity)} {_STATES[new.enabled]}"
    return (Step(sql=sql),)


def _event_hazards(trigger: EventTrigger) -> tuple[Hazard, ...]:
    message = f"only a superuser may create {trigger.identity}"
    return (Hazard(kind="needs superuser", message=message),)


KINDS: dict[type[Object], Kind] = {
    Trigger: Kind(create=_create_trigger, drop=_drop_member, alter=_alter_trigger),
    Rule: Kind(create=_create_rule, drop=_drop_member, alter=_alter_rule),
    Policy: Kind(create=_create_policy, drop=_drop_member, alter=_alter_policy),
    EventTrigger: Kind(
        create=_create_event_trigger, drop=_drop_event_trigger, alter=_alter_event_trigger
    ),
}
