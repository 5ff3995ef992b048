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
_ROLE = r'("(?:[^"]|"")*"|[^"=]*)'
_ITEM = re.compile(f"{_ROLE}=([A-Za-z*]*)/{_ROLE}")
_RIGHT = re.compile(r"([A-Za-z])(\*?)")


@lru_cache(maxsize=4096)
def parse_acl(items: tuple[str, ...], owner: str) -> tuple[Privilege, ...]:
    """Parse the items of one object's list."""
    found = []
    for item in items:
        match = _ITEM.fullmatch(item)
        assert match is not None, item
        grantee, rights, grantor = match.groups()
        found += [
            Privilege(
                grantee=_role(grantee, owner) if grantee else "public",
                privilege=_NAMES[letter],
                grantable=bool(star),
                grantor=_role(grantor, owner),
            )
            for letter, star in _RIGHT.findall(rights)
        ]
    return tuple(sorted(found, key=lambda p: (p.grantee or "", p.privilege, p.grantor or "")))


def _role(text: str, owner: str) -> str | None:
    name = text[1:-1].replace('""', '"') if text.startswith('"') else text
    return None if name == owner else name
