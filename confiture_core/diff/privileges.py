"""Privileges: what a new object has by itself, and the GRANT and REVOKE between two sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confiture_core import names
from confiture_core.catalog.model import Catalog, Identity, Privilege

# (grantee, privilege) → with grant option. The owner is the grantee None.
Grants = Mapping[tuple[str | None, str], bool]

_TABLE = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
_RIGHTS = {
    "TABLE": _TABLE,
    "SEQUENCE": ("USAGE", "SELECT", "UPDATE"),
    "FUNCTION": ("EXECUTE",),
    "PROCEDURE": ("EXECUTE",),
    "SCHEMA": ("USAGE", "CREATE"),
    "TYPE": ("USAGE",),
    "DOMAIN": ("USAGE",),
    "LANGUAGE": ("USAGE",),
    "FOREIGN DATA WRAPPER": ("USAGE",),
    "FOREIGN SERVER": ("USAGE",),
    "LARGE OBJECT": ("SELECT", "UPDATE"),
}
COLUMN_RIGHTS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
# acldefault() in PostgreSQL's acl.c: everyone may use these.
_OPEN = frozenset({"FUNCTION", "PROCEDURE", "TYPE", "DOMAIN", "LANGUAGE"})
_DEFAULTS = {
    "TABLE": "TABLES",
    "SEQUENCE": "SEQUENCES",
    "FUNCTION": "FUNCTIONS",
    "PROCEDURE": "FUNCTIONS",
    "TYPE": "TYPES",
    "DOMAIN": "TYPES",
    "SCHEMA": "SCHEMAS",
}
# Words of GRANT, by kind of object.
_WORDS = {
    "table": "TABLE",
    "foreign table": "TABLE",
    "view": "TABLE",
    "materialized view": "TABLE",
    "sequence": "SEQUENCE",
    "function": "FUNCTION",
    "aggregate": "FUNCTION",
    "procedure": "PROCEDURE",
    "schema": "SCHEMA",
    "type": "TYPE",
    "domain": "DOMAIN",
    "language": "LANGUAGE",
    "foreign data wrapper": "FOREIGN DATA WRAPPER",
    "server": "FOREIGN SERVER",
}


def grant_word(identity: Identity) -> str | None:
    """Return the word of GRANT for the object, None if its kind has no privileges."""
    return _WORDS.get(identity.kind)


def leading_word(target: str) -> str:
    """Return the word of GRANT that a target like `TABLE public.t` starts with."""
    return next(word for word in _RIGHTS if target.startswith(f"{word} "))


def rights(word: str, server_version: int) -> tuple[str, ...]:
    """Return all privileges of objects under a word of GRANT, in the order they are shown."""
    if word == "TABLE" and server_version >= 170000:
        return (*_TABLE, "MAINTAIN")
    return _RIGHTS[word]


def built_in(word: str, server_version: int) -> tuple[Privilege, ...]:
    """Return what an object has where no default privileges say otherwise."""
    grantees = (None, "public") if word in _OPEN else (None,)
    return tuple(
        Privilege(grantee=grantee, privilege=right)
        for grantee in grantees
        for right in rights(word, server_version)
    )


def fresh(identity: Identity, catalog: Catalog) -> tuple[Privilege, ...]:
    """Return what the object has when the role that runs migrations has just made it."""
    word = grant_word(identity)
    if word is None:
        return ()
    kept, objects = built_in(word, catalog.server_version), catalog.objects
    everywhere = objects.get(default_privileges(_DEFAULTS.get(word, "")))
    if everywhere is not None:
        kept = everywhere.privileges
    added = objects.get(default_privileges(_DEFAULTS.get(word, ""), in_schema=identity.schema))
    return tuple(as_privileges(as_grants((*kept, *(added.privileges if added else ())))))


def default_privileges(object_type: str, *, in_schema: str = "") -> Identity:
    """Return the identity of the default privileges of the role that runs migrations."""
    place = f" IN SCHEMA {names.quote(in_schema)}" if in_schema else ""
    return Identity(kind="default privileges", name=f"{object_type}{place}")


def as_grants(privileges: Iterable[Privilege], *, owner: str | None = None) -> Grants:
    """Merge the privileges that the owner has granted; those of the role `owner` become its."""
    grants: dict[tuple[str | None, str], bool] = {}
    for each in privileges:
        if each.grantor not in (None, owner):
            continue  # passed on by another role
        grantee = None if each.grantee == owner else each.grantee
        key = (grantee, each.privilege)
        grants[key] = grants.get(key, False) or each.grantable
    return grants


def as_privileges(grants: Grants) -> list[Privilege]:
    """Return the merged privileges as values."""
    return [
        Privilege(grantee=grantee, privilege=privilege, grantable=grantable)
        for (grantee, privilege), grantable in grants.items()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grantable:
    """What privileges are granted on, in the words of GRANT."""

    target: str  # "TABLE users", "TABLES"
    rights: tuple[str, ...]  # all there are
    owner: str | None  # None: the role that runs migrations
    column: str | None = None

    def role(self, grantee: str | None) -> str:
        """Write a grantee."""
        if grantee == "public":
            return "PUBLIC"
        name = self.owner if grantee is None else grantee
        return "CURRENT_USER" if name is None else names.quote(name)

    def listed(self, privileges: Iterable[str]) -> str:
        """Write privileges in their usual order, ALL if they are."""
        wanted = set(privileges)
        if self.column is None and len(wanted) > 1 and wanted == set(self.rights):
            return "ALL"
        known = [right for right in self.rights if right in wanted]
        column = f" ({names.quote(self.column)})" if self.column is not None else ""
        return ", ".join(f"{right}{column}" for right in known)


def revokes(old: Grants, new: Grants, on: Grantable) -> list[str]:
    """Write the REVOKE of what is only in the old set."""
    gone = (key for key in old if key not in new)
    options = (key for key, grantable in old.items() if grantable and new.get(key) is False)
    return [
        f"REVOKE {prefix}{on.listed(privileges)} ON {on.target} FROM {on.role(grantee)}"
        for prefix, keys in (("", gone), ("GRANT OPTION FOR ", options))
        for grantee, privileges in _by_grantee(keys)
    ]


def grants(old: Grants, new: Grants, on: Grantable) -> list[str]:
    """Write the GRANT of what is only in the new set."""
    plain = (key for key, grantable in new.items() if not grantable and key not in old)
    options = (key for key, grantable in new.items() if grantable and not old.get(key))
    return [
        f"GRANT {on.listed(privileges)} ON {on.target} TO {on.role(grantee)}{suffix}"
        for suffix, keys in (("", plain), (" WITH GRANT OPTION", options))
        for grantee, privileges in _by_grantee(keys)
    ]


def _by_grantee(keys: Iterable[tuple[str | None, str]]) -> list[tuple[str | None, list[str]]]:
    grouped: dict[str | None, list[str]] = defaultdict(list)
    for grantee, privilege in keys:
        grouped[grantee].append(privilege)
    return sorted(grouped.items(), key=lambda group: (group[0] is not None, group[0] or ""))
