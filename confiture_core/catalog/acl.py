"""Access control lists: PostgreSQL's `grantee=privileges/grantor` items, as Privileges."""

from __future__ import annotations

import re
from functools import lru_cache

from confiture_core.catalog.model import Privilege

# https://www.postgresql.org/docs/current/ddl-priv.html#PRIVILEGE-ABBREVS-TABLE
_NAMES = {
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "m": "MAINTAIN",
    "C": "CREATE",
    "c": "CONNECT",
    "T": "TEMPORARY",
    "X": "EXECUTE",
    "U": "USAGE",
    "s": "SET",
    "A": "ALTER SYSTEM",
}
# A role's name is quoted unless it is made of letters, digits and underscores.
_ITEM = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^"=]*))=(?P<rights>[A-Za-z*]*)/')
_RIGHT = re.compile(r"([A-Za-z])(\*?)")


@lru_cache(maxsize=4096)
def parse_acl(items: tuple[str, ...], owner: str) -> tuple[Privilege, ...]:
    """Parse the items of one object's list; several grantors' grants of one right are merged."""
    grants: dict[tuple[str | None, str], bool] = {}
    for item in items:
        match = _ITEM.match(item)
        assert match is not None, item
        grantee = _grantee(match, owner)
        for letter, star in _RIGHT.findall(match["rights"]):
            key = (grantee, _NAMES[letter])
            grants[key] = grants.get(key, False) or bool(star)
    ordered = sorted(grants.items(), key=lambda grant: (grant[0][0] or "", grant[0][1]))
    return tuple(
        Privilege(grantee=grantee, privilege=privilege, grantable=grantable)
        for (grantee, privilege), grantable in ordered
    )


def _grantee(match: re.Match[str], owner: str) -> str | None:
    if match["quoted"] is None and not match["plain"]:
        return "public"
    name = match["plain"] if match["quoted"] is None else match["quoted"].replace('""', '"')
    return None if name == owner else name
