"""What a CREATE statement defines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pglast import ast
from pglast.enums import FunctionParameterMode, ObjectType

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.statements.split import Statement

_Node = Any  # pglast's types make every field optional; the grammar says which are there

_RELATIONS = frozenset({"table", "foreign table", "view", "materialized view", "index", "sequence"})
_TYPES = frozenset({"type", "domain"})
_ROUTINES = frozenset({"function", "procedure", "aggregate"})


class DefinedObject(NamedTuple):
    """An object as its statement names it: an unqualified name has no schema."""

    kind: str  # in PostgreSQL's words: "table", "materialized view", "event trigger"
    name: str | None  # None: an index or statistics object that PostgreSQL names
    schema: str | None = None
    relation: tuple[str | None, str] | None = None  # (schema, table) of an index, trigger, policy
    arguments: tuple[str, ...] = ()  # input types of a routine, as parsed: ("int4", "text[]")

    @property
    def identity(self) -> tuple[object, ...]:
        """What no other object may share; an absent schema counts as public."""
        schema = self.schema or "public"
        if self.kind in _RELATIONS:
            return ("relation", self.relation_schema, self.name)
        if self.kind in _TYPES:
            return ("type", schema, self.name)
        if self.kind in _ROUTINES:
            return ("routine", schema, self.name, self.arguments)
        if self.relation is not None:
            return (self.kind, self.relation[0] or "public", self.relation[1], self.name)
        return (self.kind, schema, self.name, self.arguments)

    @property
    def relation_schema(self) -> str:
        """The schema a relation is in; an index is in that of its table."""
        own = self.relation[0] if self.relation is not None else self.schema
        return own or "public"


def defined_object(statement: Statement) -> DefinedObject | None:
    """Tell what the statement defines, or None if it is no CREATE statement."""
    define = _DEFINE.get(type(statement.node))
    return None if define is None else define(statement.node)


def _relation(kind: str, field: str) -> Callable[[_Node], DefinedObject]:
    def define(node: _Node) -> DefinedObject:
        schema, name = _range_var(getattr(node, field))
        return DefinedObject(kind=kind, schema=schema, name=name)

    return define


def _plain(kind: str, field: str) -> Callable[[_Node], DefinedObject]:
    return lambda node: DefinedObject(kind=kind, name=getattr(node, field))


def _qualified(kind: str, field: str) -> Callable[[_Node], DefinedObject]:
    def define(node: _Node) -> DefinedObject:
        schema, name = _name(getattr(node, field))
        return DefinedObject(kind=kind, schema=schema, name=name)

    return define


def _on_relation(kind: str, name: str, relation: str) -> Callable[[_Node], DefinedObject]:
    return lambda node: DefinedObject(
        kind=kind, name=getattr(node, name), relation=_range_var(getattr(node, relation))
    )


def _table_as(node: _Node) -> DefinedObject:
    schema, name = _range_var(node.into.rel)
    is_view = node.objtype == ObjectType.OBJECT_MATVIEW
    return DefinedObject(kind="materialized view" if is_view else "table", schema=schema, name=name)


def _select_into(node: _Node) -> DefinedObject | None:
    if node.intoClause is None:
        return None
    schema, name = _range_var(node.intoClause.rel)
    return DefinedObject(kind="table", schema=schema, name=name)


def _foreign_table(node: _Node) -> DefinedObject:
    schema, name = _range_var(node.base.relation)
    return DefinedObject(kind="foreign table", schema=schema, name=name)


def _schema(node: _Node) -> DefinedObject:
    # CREATE SCHEMA AUTHORIZATION app makes a schema "app"
    return DefinedObject(kind="schema", name=node.schemaname or node.authrole.rolename)


def _statistics(node: _Node) -> DefinedObject:
    schema, name = _name(node.defnames) if node.defnames else (None, None)
    return DefinedObject(kind="statistics", schema=schema, name=name)


def _function(node: _Node) -> DefinedObject:
    schema, name = _name(node.funcname)
    return DefinedObject(
        kind="procedure" if node.is_procedure else "function",
        schema=schema,
        name=name,
        arguments=_input_types(node.parameters),
    )


def _define(node: _Node) -> DefinedObject | None:
    kind = _DEFINE_KINDS.get(node.kind)
    if kind is None:
        return None
    schema, name = _name(node.defnames)
    arguments: tuple[str, ...] = ()
    if node.kind == ObjectType.OBJECT_AGGREGATE and node.args:
        arguments = _input_types(node.args[0])  # None for an aggregate over (*)
    if node.kind == ObjectType.OBJECT_OPERATOR:
        arguments = tuple(
            _type_name(option.arg)
            for option in node.definition or ()
            if option.defname in ("leftarg", "rightarg")
        )
    return DefinedObject(kind=kind, schema=schema, name=name, arguments=arguments)


def _cast(node: _Node) -> DefinedObject:
    types = (_type_name(node.sourcetype), _type_name(node.targettype))
    return DefinedObject(kind="cast", name=" as ".join(types))


def _user_mapping(node: _Node) -> DefinedObject:
    user = node.user.rolename or node.user.roletype.name.removeprefix("ROLESPEC_").lower()
    return DefinedObject(kind="user mapping", name=f"{user} on {node.servername}")


def _transform(node: _Node) -> DefinedObject:
    return DefinedObject(kind="transform", name=f"{_type_name(node.type_name)} for {node.lang}")


def _range_var(node: _Node) -> tuple[str | None, str]:
    return node.schemaname, node.relname


def _name(parts: tuple[_Node, ...]) -> tuple[str | None, str]:
    return (parts[-2].sval if len(parts) > 1 else None), parts[-1].sval


def _input_types(parameters: tuple[ast.FunctionParameter, ...] | None) -> tuple[str, ...]:
    """Give the types by which PostgreSQL tells routines of one name apart."""
    outputs = (FunctionParameterMode.FUNC_PARAM_OUT, FunctionParameterMode.FUNC_PARAM_TABLE)
    return tuple(
        _type_name(parameter.argType)
        for parameter in parameters or ()
        if parameter.mode not in outputs
    )


def _type_name(node: _Node) -> str:
    """Write a type without its modifiers: the grammar has made `integer` of it `int4`."""
    if not isinstance(node, ast.TypeName):  # CREATE OPERATOR (leftarg = none)
        return str(getattr(node, "sval", node))
    names = [part.sval for part in node.names or ()]
    if names[:-1] == ["pg_catalog"]:
        names = names[-1:]
    return ".".join(names) + "[]" * len(node.arrayBounds or ()) + ("%type" if node.pct_type else "")


_DEFINE_KINDS = {
    ObjectType.OBJECT_AGGREGATE: "aggregate",
    ObjectType.OBJECT_COLLATION: "collation",
    ObjectType.OBJECT_OPERATOR: "operator",
    ObjectType.OBJECT_TSCONFIGURATION: "text search configuration",
    ObjectType.OBJECT_TSDICTIONARY: "text search dictionary",
    ObjectType.OBJECT_TSPARSER: "text search parser",
    ObjectType.OBJECT_TSTEMPLATE: "text search template",
    ObjectType.OBJECT_TYPE: "type",
}

_DEFINE: dict[type[ast.Node], Callable[..., DefinedObject | None]] = {
    ast.CompositeTypeStmt: _relation("type", "typevar"),
    ast.CreateAmStmt: _plain("access method", "amname"),
    ast.CreateCastStmt: _cast,
    ast.CreateConversionStmt: _qualified("conversion", "conversion_name"),
    ast.CreateDomainStmt: _qualified("domain", "domainname"),
    ast.CreateEnumStmt: _qualified("type", "typeName"),
    ast.CreateEventTrigStmt: _plain("event trigger", "trigname"),
    ast.CreateExtensionStmt: _plain("extension", "extname"),
    ast.CreateFdwStmt: _plain("foreign-data wrapper", "fdwname"),
    ast.CreateForeignServerStmt: _plain("server", "servername"),
    ast.CreateForeignTableStmt: _foreign_table,
    ast.CreateFunctionStmt: _function,
    ast.CreateOpClassStmt: _qualified("operator class", "opclassname"),
    ast.CreateOpFamilyStmt: _qualified("operator family", "opfamilyname"),
    ast.CreatePLangStmt: _plain("language", "plname"),
    ast.CreatePolicyStmt: _on_relation("policy", "policy_name", "table"),
    ast.CreatePublicationStmt: _plain("publication", "pubname"),
    ast.CreateRangeStmt: _qualified("type", "typeName"),
    ast.CreateRoleStmt: _plain("role", "role"),
    ast.CreateSchemaStmt: _schema,
    ast.CreateSeqStmt: _relation("sequence", "sequence"),
    ast.CreateStatsStmt: _statistics,
    ast.CreateStmt: _relation("table", "relation"),
    ast.CreateSubscriptionStmt: _plain("subscription", "subname"),
    ast.CreateTableAsStmt: _table_as,
    ast.CreateTableSpaceStmt: _plain("tablespace", "tablespacename"),
    ast.CreateTransformStmt: _transform,
    ast.CreateTrigStmt: _on_relation("trigger", "trigname", "relation"),
    ast.CreateUserMappingStmt: _user_mapping,
    ast.CreatedbStmt: _plain("database", "dbname"),
    ast.DefineStmt: _define,
    ast.IndexStmt: _on_relation("index", "idxname", "relation"),
    ast.RuleStmt: _on_relation("rule", "rulename", "relation"),
    ast.SelectStmt: _select_into,
    ast.ViewStmt: _relation("view", "view"),
}
