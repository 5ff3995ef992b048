"""Operations between two catalogs, and the steps they become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from confiture_core import names
from confiture_core.catalog.model import TEXT_NAMED_KINDS, Catalog, Identity, Object

if TYPE_CHECKING:
    from collections.abc import Callable

HazardKind = Literal[
    "data lost",  # rows or values go, and the other direction cannot bring them back
    "may fail",  # depends on the rows that are there
    "rewrites table",
    "scans table",
    "blocks reads",  # for as long as a rewrite, a scan or an index build takes
    "blocks writes",
    "needs superuser",
    "not in a transaction",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """What a reviewer should know of a step before it runs."""

    kind: HazardKind
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One SQL statement of a plan, without its final semicolon."""

    sql: str
    hazards: tuple[Hazard, ...] = ()
    identity: Identity | None = None  # the object it serves


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change of one object; holds the whole object on both sides.

    Without `old` it creates, without `new` it drops, with both it alters in place. An object that
    is replaced has two operations, a drop and a creation.
    """

    identity: Identity
    old: Object | None = None
    new: Object | None = None
    renames: bool = False  # a replaced type is renamed away first, as columns still use it
    retypes: bool = False  # a column whose type is replaced, under the same name or another

    @property
    def action(self) -> Literal["create", "drop", "alter"]:
        """What happens to the object."""
        if self.old is None:
            return "create"
        return "drop" if self.new is None else "alter"

    @property
    def key(self) -> tuple[Identity, str]:
        """What tells the operation from all others between two catalogs."""
        return self.identity, self.action

    def __str__(self) -> str:
        return f"{self.action} {self.identity}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the functions that write SQL may look at: both catalogs, and how names are shown."""

    old: Catalog  # the state a plan starts from
    new: Catalog  # the state it leads to
    short_names: bool = True  # leave out "public.", which a default search_path finds
    parents: frozenset[Identity] = frozenset()  # tables that have partitions or heirs, on any side
    # Make each index of a partitioned table by itself and attach it, instead of all at once: needed
    # where their names are not those that PostgreSQL would choose.
    attach_indexes: bool = False

    def name(self, identity: Identity) -> str:
        """Return the SQL name of an object, or of the relation a member belongs to."""
        if self.short_names and identity.schema == "public":
            return (
                identity.name if identity.kind in TEXT_NAMED_KINDS else names.quote(identity.name)
            )
        return identity.qualified

    def target(self, identity: Identity) -> str:
        """Return the object as COMMENT ON and DROP name it: `TABLE users`, `COLUMN users.bio`."""
        name, member = self.name(identity), names.quote(identity.member)
        match identity.kind:
            case "column":
                return f"COLUMN {name}.{member}"
            case "constraint" | "trigger" | "rule" | "policy":
                return f"{identity.kind.upper()} {member} ON {name}"
            case "domain constraint":
                return f"CONSTRAINT {member} ON DOMAIN {name}"
            case "cast" | "user mapping" | "transform":
                return f"{identity.kind.upper()} {identity.name}"
            case kind:
                return f"{kind.upper()} {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How objects of one class are created, dropped and altered.

    The functions write structure only; comments, owners, privileges and labels are `access`'s.
    `alter` answers None where PostgreSQL cannot alter in place: the object is then replaced;
    and () where nothing of the structure differs.
    """

    create: Callable[[Any, Context], tuple[Step, ...]]
    drop: Callable[[Any, Context], tuple[Step, ...]]
    alter: Callable[[Any, Any, Context], tuple[Step, ...] | None]
