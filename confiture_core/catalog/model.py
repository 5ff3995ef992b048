"""Values of the catalog: every object of a schema, flat, keyed by identity.

A Catalog is what a real server says after running a schema. Texts (`definition`, `expression`,
types) are PostgreSQL's own, deparsed with an empty search_path, so that every name in them is
qualified. Catalogs are compared only when servers of one version wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confiture_core import names

if TYPE_CHECKING:
    from collections.abc import Mapping

# Kinds whose `Identity.name` is SQL text already (a signature, an operator), not a bare name.
TEXT_NAMED_KINDS = frozenset(
    {
        "aggregate",
        "cast",
        "default privileges",
        "function",
        "operator",
        "operator class",
        "operator family",
        "procedure",
        "system privileges",
        "transform",
        "user mapping",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Identity:
    """The key of an object: what stays the same while the object is altered.

    `kind` is PostgreSQL's word in lower case ("table", "materialized view", "column"). Parts of a
    relation (column, default, constraint, trigger, policy, rule) have the relation's `schema` and
    `name` and their own `member`. Routines are named by their signature: `f(integer, text)`.
    """

    kind: str
    schema: str = ""  # "" for objects outside schemas
    name: str
    member: str = ""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.kind, self.schema, self.name, self.member)))

    def __hash__(self) -> int:
        # A diff looks identities up by the hundred thousand.
        return self._hash

    @property
    def qualified(self) -> str:
        """The object's, or for a member its relation's, quoted and qualified name."""
        name = self.name if self.kind in TEXT_NAMED_KINDS else names.quote(self.name)
        return f"{names.quote(self.schema)}.{name}" if self.schema else name

    def __str__(self) -> str:
        if not self.member:
            return f"{self.kind} {self.qualified}"
        if self.kind in ("column", "default"):
            return f"{self.kind} {self.qualified}.{names.quote(self.member)}"
        return f"{self.kind} {names.quote(self.member)} on {self.qualified}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Privilege:
    """One right of one role on one object."""

    grantee: str | None  # None: the object's owner; "public": everyone
    privilege: str  # "SELECT", "USAGE", …
    grantable: bool = False
    grantor: str | None = None  # None: the object's owner; others hold it with grant option


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """What all objects have."""

    identity: Identity
    owner: str | None = None  # None: no owner, or the one by default (who built the database)
    privileges: tuple[Privilege, ...] = ()  # sorted; the defaults of a fresh object are spelled out
    comment: str | None = None
    security_labels: tuple[tuple[str, str], ...] = ()  # (provider, label)
    required_extensions: tuple[str, ...] = ()  # it goes with: ALTER … DEPENDS ON EXTENSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema(Object):
    """A namespace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(Object):
    """An installed extension; its members are not objects of the catalog."""

    schema: str
    version: str
    is_relocatable: bool = field(compare=False, default=False)
    default_comment: str | None = field(compare=False, default=None)  # it comes with
    # Privileges on members that are not those the extension gave: ("TABLE public.t", …).
    member_privileges: tuple[tuple[str, tuple[Privilege, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Object):
    """A table, partitioned table, partition, typed or foreign table (kind "foreign table")."""

    persistence: str = "p"  # pg_class.relpersistence: p permanent, u unlogged
    partition_key: str | None = None  # "RANGE (created_at)"
    partition_of: Identity | None = None
    partition_bound: str | None = None  # "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"
    inherits: tuple[Identity, ...] = ()  # parents in order; not for partitions
    of_type: str | None = None  # qualified composite type of a typed table
    options: tuple[str, ...] = ()  # reloptions, then "toast.autovacuum_enabled=off"; as set
    access_method: str | None = None  # None: heap, the default; of a partitioned table: none
    row_security: bool = False
    force_row_security: bool = False
    replica_identity: str = "d"  # d default, n nothing, f full, i index
    replica_identity_index: str | None = None
    clustered_index: str | None = None  # CLUSTER ON
    tablespace: str | None = None
    server: str | None = None  # of a foreign table
    server_options: tuple[tuple[str, str], ...] = ()  # in the order given


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Object):
    """A column of a table; its default is an object of its own (kind "default")."""

    type: str
    position: int = field(compare=False)  # column order is no difference by default
    collation: str | None = None  # qualified; None: the type's default
    not_null: bool = False
    not_null_name: str | None = None  # PostgreSQL 18: the constraint's, None if generated
    not_null_is_local: bool = True  # PostgreSQL 18: declared here, not only inherited
    not_null_no_inherit: bool = False  # PostgreSQL 18
    not_null_valid: bool = True  # PostgreSQL 18: false for NOT VALID
    not_null_comment: str | None = None  # PostgreSQL 18
    generated: str = ""  # s stored, v virtual
    expression: str | None = None  # of a generated column
    identity_kind: str = ""  # a always, d by default
    identity_sequence: Sequence | None = None  # its options; the sequence is no object of its own
    is_local: bool = True  # declared here, not (only) inherited
    is_inherited: bool = False
    storage: str | None = None  # "EXTERNAL", …; None: the type's default
    compression: str | None = None  # "lz4", "pglz"; None: default
    statistics: int | None = None  # None: default target
    options: tuple[str, ...] = ()  # attoptions: n_distinct=…
    server_options: tuple[tuple[str, str], ...] = ()  # of a foreign table's column


@dataclass(frozen=True, slots=True, kw_only=True)
class Default(Object):
    """The default of a column of a table or view (kind "default")."""

    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationColumn(Object):
    """A column of a view or materialized view, or a composite type's attribute (kind "column")."""

    type: str
    position: int  # counts: views are replaced in place only if columns keep their order
    collation: str | None = None
    # The rest is of materialized views.
    statistics: int | None = None
    storage: str | None = None  # None: the type's default
    compression: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint(Object):
    """A table constraint; the index behind it is part of it, not an object of its own."""

    type: str  # pg_constraint.contype: p, u, c, f, x
    definition: str  # pg_get_constraintdef
    columns: tuple[str, ...] = ()  # in key order
    references: Identity | None = None  # the table a foreign key points to
    index_options: tuple[str, ...] = ()  # reloptions of the index behind it
    index_tablespace: str | None = None
    index_comment: str | None = None  # COMMENT ON INDEX, of the index behind it
    is_valid: bool = True
    is_local: bool = True
    is_inherited: bool = False  # coninhcount > 0
    # The constraint of the partitioned table it belongs to, or the index that its own is under.
    parent: Identity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Object):
    """An index that backs no constraint."""

    table: Identity
    definition: str  # pg_get_indexdef
    is_unique: bool = False
    is_valid: bool = True
    parent: Identity | None = None  # the partitioned index it is attached to
    statistics: tuple[tuple[int, int], ...] = ()  # (column number, target) of expression columns
    options: tuple[str, ...] = ()  # reloptions
    tablespace: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence(Object):
    """A sequence; the one behind an identity column is part of its Column."""

    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool
    persistence: str = "p"
    owned_by: Identity | None = None  # a column


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Object):
    """A view or materialized view (by kind)."""

    query: str  # pg_get_viewdef, without the final semicolon
    options: tuple[str, ...] = ()
    access_method: str | None = None
    tablespace: str | None = None
    is_populated: bool = True
    clustered_index: str | None = None  # CLUSTER ON


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine(Object):
    """A function (window functions too) or procedure, by kind."""

    definition: str  # pg_get_functiondef
    result: str | None  # pg_get_function_result; None for procedures
    arguments: str  # pg_get_function_arguments, with names, modes and defaults
    language: str
    inputs: tuple[str, ...] = ()  # names of input arguments ("" unnamed), fixed once given
    outputs: tuple[str, ...] = ()  # "name type" of OUT, INOUT and TABLE arguments
    defaults_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(Object):
    """A trigger of a table or view that is neither internal nor cloned from a partitioned table."""

    definition: str  # pg_get_triggerdef
    enabled: str = "O"  # pg_trigger.tgenabled: O origin, D disabled, R replica, A always
    # Where the clone on a partition is enabled otherwise than the trigger above it.
    partitions_enabled: tuple[tuple[Identity, str], ...] = ()
    is_constraint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Object):
    """A rewrite rule other than a view's own."""

    definition: str  # pg_get_ruledef
    enabled: str = "O"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Object):
    """A row-security policy."""

    command: str  # "ALL", "SELECT", …
    is_permissive: bool
    roles: tuple[str, ...]  # "public": everyone
    using: str | None = None
    with_check: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum(Object):
    """An enumerated type."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(Object):
    """A domain; its CHECK constraints are objects of their own (kind "domain constraint")."""

    base_type: str
    collation: str | None = None
    default: str | None = None
    not_null: bool = False
    not_null_name: str | None = None  # PostgreSQL 18: the constraint's, None if generated
    not_null_comment: str | None = None  # PostgreSQL 18


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainConstraint(Object):
    """A CHECK constraint of a domain (kind "domain constraint", member = its name)."""

    definition: str
    is_valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite(Object):
    """A stand-alone composite type; its attributes are RelationColumns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Object):
    """An object of a kind that is replaced as a whole when its definition changes.

    Range and base types, aggregates, collations, casts, operators, operator classes and families,
    conversions, text search objects, languages, access methods, foreign data wrappers, servers,
    user mappings, transforms, extended statistics.
    """

    definition: str  # the CREATE statement, without a final semicolon
    extra: tuple[str, ...] = ()  # further statements that complete it, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTrigger(Object):
    """An event trigger."""

    definition: str
    enabled: str = "O"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication(Object):
    """A publication for logical replication."""

    all_tables: bool = False
    options: tuple[tuple[str, str], ...] = ()  # (publish, 'insert, update'), …
    members: tuple[str, ...] = ()  # "TABLE public.t (a, b) WHERE (…)", "TABLES IN SCHEMA s"; sorted


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription(Object):
    """A subscription, made without connecting; the connection string is part of it."""

    connection: str
    publications: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    is_enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultPrivileges(Object):
    """Privileges that future objects get (kind "default privileges").

    `Object.privileges` holds them; compared with the built-in ones for the object type.
    """

    role: str | None  # None: the role that built the database
    in_schema: str | None
    object_type: str  # "TABLES", "SEQUENCES", "FUNCTIONS", "TYPES", "SCHEMAS"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPrivileges(Object):
    """Privileges on an object that PostgreSQL brings, where they are not those it came with.

    `Object.privileges` holds them.
    """

    target: str  # "FUNCTION pg_catalog.pg_ls_dir(text)"
    column: str | None = None
    initial: tuple[Privilege, ...] = field(compare=False, default=())  # it came with
    # PostgreSQL's own role; not `Object.owner`, as nobody gives these away.
    system_owner: str | None = field(compare=False, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSetting(Object):
    """A setting of the database (ALTER DATABASE … SET); its name is the identity's."""

    value: str
    position: int = field(compare=False, default=0)  # the order means nothing, and is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All objects of a database's schema, and what depends on what.

    Left out: system objects, members of extensions, confiture's own history tables.
    """

    objects: Mapping[Identity, Object]
    # (dependent, referenced) from pg_depend, and member → relation. Follows from the objects.
    dependencies: frozenset[tuple[Identity, Identity]] = field(compare=False, default=frozenset())
    server_version: int = field(compare=False, default=0)  # server_version_num
    # Owner of what no statement gave away: `Object.owner` None stands for it.
    default_owner: str = field(compare=False, default="")
