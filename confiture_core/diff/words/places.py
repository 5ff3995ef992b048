"""Which objects the names of a statement mean: the search_path, followed through each file.

A file starts with the default path, on which an unqualified name is one of schema public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import DiscardMode, VariableSetKind

from confiture_core.diff.words.nodes import Node, is_a

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from confiture_core.diff.words.lookup import Lookup, Place
    from confiture_core.statements import Statement


_DEFAULT = ("public",)
_IMPLICIT = frozenset({"$user", "pg_catalog", "pg_temp", ""})


class Places:
    """The names in scope at one statement of a file."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._shown: str | None = None
        self._path: tuple[str, ...] | None = _DEFAULT  # None: not known
        self._temporary: set[str] = set()

    def follow(self, statement: Statement) -> None:
        """Take in what a statement does to names, before it is read."""
        if statement.shown != self._shown:
            self._shown, self._path = statement.shown, _DEFAULT
        node: Node = statement.node
        if is_a(node, ast.VariableSetStmt):
            self._path = _set_path(node, self._path)
        elif is_a(node, ast.DiscardStmt) and node.target == DiscardMode.DISCARD_ALL:
            self._path = _DEFAULT
        elif is_a(node, ast.SelectStmt) and "search_path" in statement.sql:
            self._path = _configured_path(node)

    def hide(self, name: str) -> None:
        """Let a temporary relation stand before the others of its name."""
        self._temporary.add(name)

    def relations(self, node: Node) -> tuple[Place, ...]:
        """Return the relations that a RangeVar can mean: more than one where it is not known."""
        if not node.schemaname and node.relname in self._temporary:
            return ()
        return self.named(node.schemaname, node.relname, self._lookup.relations)

    def named(self, schema: str | None, name: str, among: Collection[Place]) -> tuple[Place, ...]:
        """Return the objects that a name can mean."""
        if schema:
            return ((schema, name),) if (schema, name) in among else ()
        if self._path is None:
            schemas = {identity.schema for identity in self._lookup.by_name[name]}
            return tuple((schema, name) for schema in sorted(schemas) if (schema, name) in among)
        found = ((schema, name) for schema in self._path if (schema, name) in among)
        return tuple(found)[:1]

    def created(self, schema: str | None, name: str) -> Place | None:
        """Return where a new object goes, if that is known."""
        if schema:
            return schema, name
        return (self._path[0], name) if self._path else None

    def is_quotable(self, node: Node) -> bool:
        """Tell whether the statement means the same on the default search_path.

        With an empty path all names must be qualified, or it would not have run.
        """
        return self._path in (_DEFAULT, ()) or not any(_unqualified(node))


def name_parts(parts: tuple[Node, ...]) -> tuple[str | None, str]:
    """Split a list of names into schema and name."""
    return (parts[-2].sval if len(parts) > 1 else None), parts[-1].sval


def _set_path(node: Node, path: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if node.kind == VariableSetKind.VAR_RESET_ALL:
        return _DEFAULT
    if node.name != "search_path":
        return path
    if node.kind in (VariableSetKind.VAR_RESET, VariableSetKind.VAR_SET_DEFAULT):
        return _DEFAULT
    if node.is_local:  # ends with a transaction of which nothing is known here
        return None
    return _explicit(part.val.sval for part in node.args or ())


def _configured_path(node: Node) -> tuple[str, ...] | None:
    """Read `SELECT set_config('search_path', 'a, b', false)`."""
    calls = [target.val for target in node.targetList or ()]
    if len(calls) != 1 or not is_a(calls[0], ast.FuncCall):
        return None
    values = [getattr(argument, "val", None) for argument in calls[0].args or ()]
    match calls[0].funcname[-1].sval, values:
        case "set_config", [ast.String(sval="search_path"), ast.String(sval=str(path)), local]:
            if getattr(local, "boolval", None) is False:
                return _explicit(part.strip().strip('"') for part in path.split(","))
    return None


def _explicit(schemas: Iterator[str]) -> tuple[str, ...]:
    return tuple(schema for schema in schemas if schema not in _IMPLICIT)


def _unqualified(node: Node) -> Iterator[str]:
    """Yield names of relations, types and routines without a schema, those of pg_catalog too."""
    if isinstance(node, tuple):
        for item in node:
            yield from _unqualified(item)
    elif is_a(node, ast.RangeVar):
        yield from [] if node.schemaname else [node.relname]
    elif is_a(node, ast.TypeName):
        names = [part.sval for part in node.names]
        yield from names if len(names) == 1 and names[0] not in _KNOWN_TYPES else []
    elif is_a(node, ast.Node):
        for field in node:
            value = getattr(node, field)
            if _names_an_object(node, field) and isinstance(value, tuple):
                yield from (part.sval for part in value if len(value) == 1)
            else:
                yield from _unqualified(value)


def _names_an_object(node: Node, field: str) -> bool:
    # What expressions call is most often of pg_catalog.
    return field in _NAME_FIELDS or (field == "funcname" and not is_a(node, ast.FuncCall))


_NAME_FIELDS = frozenset({"defnames", "domainname", "typeName", "conversion_name"})
_KNOWN_TYPES = frozenset(
    """
    anyarray anyelement bit bool box bpchar bytea char cidr circle cstring date daterange
    event_trigger float4 float8 inet int2 int4 int4range int8 int8range internal interval json
    jsonb line lseg macaddr macaddr8 money name numeric numrange oid path pg_lsn point polygon
    record refcursor regclass regproc regprocedure regtype text time timestamp timestamptz timetz
    trigger tsquery tsrange tstzrange tsvector uuid varbit varchar void xml
    bigserial serial serial2 serial4 serial8 smallserial
    """.split()  # noqa: SIM905  # a list of them would be a column of 70 lines
)
