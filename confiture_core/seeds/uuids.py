"""UUIDs for seeds: valid ones of version 8, in which table and number can be read.

The number stands in the last twelve digits as it is written, the table's name before it in ASCII,
as far as it goes: 9 characters. RFC 9562 leaves all of version 8 to its maker but the version and
the variant, the 8s at the head of the third and fourth groups.
"""

from __future__ import annotations

import uuid

from confiture_core.errors import ConfitureError

_NAME_BYTES = 9
_MOST = 10**12 - 1


def seed_uuid(table: str, number: int) -> uuid.UUID:
    """Make the UUID of a row: `users` and 42 give 75736572-7300-8000-8000-000000000042."""
    if not 0 <= number <= _MOST:
        raise ConfitureError(f"{number} is not a number from 0 to {_MOST}")
    name = table.rpartition(".")[2].encode("ascii", errors="replace")[:_NAME_BYTES]
    if not name:
        raise ConfitureError("the table has no name")
    digits = name.ljust(_NAME_BYTES, b"\0").hex()
    groups = (digits[:8], digits[8:12], f"8{digits[12:15]}", f"8{digits[15:]}", f"{number:012}")
    return uuid.UUID("-".join(groups))


def parse_seed_uuid(text: str) -> tuple[str, int]:
    """Read the table, as far as its name was kept, and the number."""
    try:
        groups = str(uuid.UUID(text)).split("-")
    except ValueError:
        raise ConfitureError(f'"{text}" is no UUID') from None
    digits = groups[0] + groups[1] + groups[2][1:] + groups[3][1:]
    name = bytes.fromhex(digits).rstrip(b"\0")
    is_ours = groups[2][0] == groups[3][0] == "8" and groups[4].isdecimal()
    if not is_ours or not name or not name.isascii() or not name.decode().isprintable():
        raise ConfitureError(f'"{text}" was not made for a seed')
    return name.decode(), int(groups[4])
