"""Objects of the kinds that are one definition, replaced as a whole unless ALTER can say it all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pglast
from pglast import ast

from confiture_core import names
from confiture_core.catalog.model import Column, Definition, Object
from confiture_core.diff.actions import action_on
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.options import alter_options

_Alter = Callable[[Definition, Definition, Context], tuple[Step, ...] | None]

_WithOptions = ast.CreateForeignServerStmt | ast.CreateFdwStmt | ast.CreateUserMappingStmt

_SUPERUSER_KINDS = frozenset(
    {
        "access method",
        "foreign data wrapper",
        "language",
        "operator class",
        "operator family",
        "text search parser",
        "text search template",
    }
)


def _create(item: Definition, context: Context) -> tuple[Step, ...]:
    first = Step(sql=item.definition, hazards=_hazards(item))
    return (first, *(Step(sql=sql) for sql in item.extra))


def _hazards(item: Definition) -> tuple[Hazard, ...]:
    if item.identity.kind not in _SUPERUSER_KINDS and not _is_superusers(item):
        return ()
    message = f"only a superuser may create {item.identity}"
    return (Hazard(kind="needs superuser", message=message),)


def _is_superusers(item: Definition) -> bool:
    """Tell whether it is one of those of its kind that only a superuser may create."""
    if item.identity.kind not in ("type", "cast", "aggregate"):
        return False
    match _parse(item.definition):
        case ast.CreateCastStmt(func=None, inout=False):
            return True
        case ast.DefineStmt(definition=elements) if elements and item.identity.kind == "type":
            return True  # a base type; a range is another statement
        case ast.DefineStmt(definition=elements):
            types = (e.arg for e in elements or () if e.defname in ("stype", "mstype"))
            return any(_type_name(type_) == "internal" for type_ in types)
    return False


def _parse(definition: str) -> ast.Node | None:
    """Parse a definition; None in the words of a PostgreSQL newer than pglast."""
    try:
        return pglast.parse_sql(definition)[0].stmt
    except pglast.parser.ParseError:
        return None


def _drop(item: Definition, context: Context) -> tuple[Step, ...]:
    if item.identity.kind == "user mapping":
        return (Step(sql=f"DROP {_user_mapping(item)}"),)
    # A base type and its functions depend on each other.
    shell = replace(item.identity, kind="shell type")
    cascade = " CASCADE" if shell in context.old.objects else ""
    return (Step(sql=f"DROP {context.target(item.identity)}{cascade}"),)


def _user_mapping(item: Definition) -> str:
    return f"USER MAPPING FOR {item.identity.name.removeprefix('FOR ')}"


def _alter(old: Definition, new: Definition, context: Context) -> tuple[Step, ...] | None:
    if (old.definition, old.extra) == (new.definition, new.extra):
        return ()
    in_place = _IN_PLACE.get(new.identity.kind)
    return in_place(old, new, context) if in_place else None


def _alter_statistics(
    old: Definition, new: Definition, context: Context
) -> tuple[Step, ...] | None:
    if old.definition != new.definition:
        return None
    if new.extra:
        return tuple(Step(sql=sql) for sql in new.extra)
    return (Step(sql=f"ALTER STATISTICS {context.name(new.identity)} SET STATISTICS -1"),)


def _alter_server(old: Definition, new: Definition, context: Context) -> tuple[Step, ...] | None:
    before, after = _parse(old.definition), _parse(new.definition)
    if not isinstance(before, ast.CreateForeignServerStmt):
        return None
    if not isinstance(after, ast.CreateForeignServerStmt):
        return None
    if (before.servertype, before.fdwname) != (after.servertype, after.fdwname):
        return None
    clauses = []
    if before.version != after.version:
        version = "NULL" if after.version is None else names.literal(after.version)
        clauses.append(f"VERSION {version}")
    return _alter_with_options(f"SERVER {context.name(new.identity)}", clauses, before, after)


def _alter_user_mapping(
    old: Definition, new: Definition, context: Context
) -> tuple[Step, ...] | None:
    before, after = _parse(old.definition), _parse(new.definition)
    if not isinstance(before, ast.CreateUserMappingStmt):
        return None
    if not isinstance(after, ast.CreateUserMappingStmt):
        return None
    return _alter_with_options(_user_mapping(new), [], before, after)


def _alter_wrapper(old: Definition, new: Definition, context: Context) -> tuple[Step, ...] | None:
    before, after = _parse(old.definition), _parse(new.definition)
    if not isinstance(before, ast.CreateFdwStmt) or not isinstance(after, ast.CreateFdwStmt):
        return None
    clauses = []
    functions = {element.defname: element.arg for element in before.func_options or ()}
    wanted = {element.defname: element.arg for element in after.func_options or ()}
    for word in ("handler", "validator"):
        name = wanted.get(word)
        if name != functions.get(word):
            clauses.append(f"{word.upper()} {_dotted(name)}" if name else f"NO {word.upper()}")
    target = f"FOREIGN DATA WRAPPER {context.name(new.identity)}"
    return _alter_with_options(target, clauses, before, after)


def _alter_with_options(
    target: str, clauses: list[str], before: _WithOptions, after: _WithOptions
) -> tuple[Step, ...]:
    changes = alter_options(_option_pairs(before), _option_pairs(after))
    if changes:
        clauses = [*clauses, f"OPTIONS ({changes})"]
    return (Step(sql=" ".join([f"ALTER {target}", *clauses])),) if clauses else ()


def _option_pairs(statement: _WithOptions) -> tuple[tuple[str, str], ...]:
    return tuple((option.defname, option.arg.sval) for option in statement.options or ())


def _dotted(parts: tuple[ast.String, ...] | None) -> str:
    return ".".join(names.quote(part.sval or "") for part in parts or ())


def _type_name(node: ast.Node | None) -> str | None:
    return _dotted(node.names) if isinstance(node, ast.TypeName) else None


def _alter_dictionary(
    old: Definition, new: Definition, context: Context
) -> tuple[Step, ...] | None:
    """Set all options anew: the order in which they are kept is that of the last change."""
    before, after = _elements(old), _elements(new)
    if before is None or after is None or before.pop("template") != after.pop("template"):
        return None
    values = {name: _option_value(arg) for name, arg in after.items()}
    if None in values.values():
        return None
    settings = [names.quote(name) for name in before if name not in after]
    settings += [f"{names.quote(name)} = {value}" for name, value in values.items()]
    target = f"TEXT SEARCH DICTIONARY {context.name(new.identity)}"
    return (Step(sql=f"ALTER {target} ({', '.join(settings)})"),)


def _elements(item: Definition) -> dict[str, ast.Node | None] | None:
    """Return what stands between the parentheses of CREATE, by name."""
    statement = _parse(item.definition)
    if not isinstance(statement, ast.DefineStmt):
        return None
    return {element.defname: element.arg for element in statement.definition or ()}


def _option_value(arg: ast.Node | None) -> str | None:
    match arg:
        case ast.String():
            return names.literal(arg.sval or "")
        case ast.Integer():
            return str(arg.ival)
        case ast.Float():
            return str(arg.fval)
    return None


def _alter_configuration(
    old: Definition, new: Definition, context: Context
) -> tuple[Step, ...] | None:
    if old.definition != new.definition:
        return None
    head = f"ALTER TEXT SEARCH CONFIGURATION {context.name(new.identity)}"
    before, after = _mappings(old), _mappings(new)
    gone = [names.quote(token) for token in before if token not in after]
    texts = [f"DROP MAPPING FOR {', '.join(gone)}"] if gone else []
    for token, dictionaries in after.items():
        if before.get(token) != dictionaries:
            word = "ALTER" if token in before else "ADD"
            texts.append(f"{word} MAPPING FOR {names.quote(token)} WITH {dictionaries}")
    return tuple(Step(sql=f"{head} {text}") for text in texts)


def _mappings(item: Definition) -> dict[str, str]:
    """Return the dictionaries of each token type."""
    statements = (_parse(sql) for sql in item.extra)
    return {
        token.sval: ", ".join(_dotted(name) for name in statement.dicts or ())
        for statement in statements
        if isinstance(statement, ast.AlterTSConfigurationStmt)
        for token in statement.tokentype or ()
    }


def _alter_operator(old: Definition, new: Definition, context: Context) -> tuple[Step, ...] | None:
    before, after = _elements(old), _elements(new)
    if before is None or after is None:
        return None
    settings = []
    for word in ("restrict", "join"):
        was, becomes = _type_name(before.pop(word, None)), _type_name(after.pop(word, None))
        if was != becomes:
            settings.append(f"{word.upper()} = {becomes or 'NONE'}")
    for word in ("hashes", "merges"):
        if context.new.server_version >= 170000 and word in after and word not in before:
            del after[word]
            settings.append(word.upper())
    if before != after:
        return None
    target = context.target(new.identity)
    return (Step(sql=f"ALTER {target} SET ({', '.join(settings)})"),)


def _alter_family(old: Definition, new: Definition, context: Context) -> tuple[Step, ...] | None:
    if old.definition != new.definition or not set(old.extra) <= set(new.extra):
        return None
    return tuple(Step(sql=sql) for sql in new.extra if sql not in old.extra)


def _replace_language(
    old: Definition, new: Definition, context: Context
) -> tuple[Step, ...] | None:
    if _is_trusted(old) and not _is_trusted(new) and old.privileges != new.privileges:
        return None  # nothing can be granted or revoked any more once it is not trusted
    return _create_or_replace(new)


def _is_trusted(language: Definition) -> bool:
    return language.definition.startswith("CREATE TRUSTED ")


def _replace_aggregate(
    old: Definition, new: Definition, context: Context
) -> tuple[Step, ...] | None:
    """Replace it where the arguments stay, and the functions that decide on the result's type."""
    before, after = _parse(old.definition), _parse(new.definition)
    if not isinstance(before, ast.DefineStmt) or not isinstance(after, ast.DefineStmt):
        return None
    if before.args != after.args or _result(before) != _result(after):
        return None
    return _create_or_replace(new)


def _alter_base_type(old: Definition, new: Definition, context: Context) -> tuple[Step, ...] | None:
    before, after = _elements(old), _elements(new)
    if before is None or after is None or context.new.server_version < 130000:
        return None
    settings = []
    for word in _TYPE_SETTINGS:
        was, becomes = before.pop(word, None), after.pop(word, None)
        if was != becomes:
            settings.append(f"{word.upper()} = {_setting(becomes)}")
    stored, storage = (_type_name(side.pop("storage", None)) for side in (before, after))
    if stored != storage:
        settings.append(f"STORAGE = {storage}")
    if before != after or (stored != storage and "plain" in (stored, storage)):
        return None
    hazard = Hazard(kind="needs superuser", message=f"only a superuser may alter {new.identity}")
    sql = f"ALTER {context.target(new.identity)} SET ({', '.join(settings)})"
    columns = _stored_so(new, storage, context) if storage and stored != storage else ()
    return (Step(sql=sql, hazards=(hazard,)), *columns)


def _stored_so(type_: Definition, storage: str, context: Context) -> Iterator[Step]:
    """Store columns as new ones of the type would be, where they have no storage of their own."""
    for dependent, referenced in sorted(context.old.dependencies & context.new.dependencies):
        before, after = (side.objects.get(dependent) for side in (context.old, context.new))
        if referenced != type_.identity or not isinstance(before, Column):
            continue
        if not isinstance(after, Column) or before.storage or after.storage:
            continue
        if before.type == after.type == type_.identity.qualified:
            yield action_on(after, context, f"SET STORAGE {storage.upper()}")


_TYPE_SETTINGS = (
    "receive",
    "send",
    "typmod_in",
    "typmod_out",
    "analyze",
    "subscript",
)


def _setting(node: ast.Node | None) -> str:
    return _type_name(node) or "NONE"


def _result(aggregate: ast.DefineStmt) -> list[ast.Node]:
    deciding = ("stype", "finalfunc", "finalfunc_extra", "hypothetical")
    return [element for element in aggregate.definition or () if element.defname in deciding]


def _create_or_replace(item: Definition) -> tuple[Step, ...]:
    definition = "CREATE OR REPLACE" + item.definition.removeprefix("CREATE")
    return (Step(sql=definition, hazards=_hazards(item)),)


_IN_PLACE: dict[str, _Alter] = {
    "aggregate": _replace_aggregate,
    "foreign data wrapper": _alter_wrapper,
    "language": _replace_language,
    "operator": _alter_operator,
    "operator family": _alter_family,
    "server": _alter_server,
    "statistics": _alter_statistics,
    "text search configuration": _alter_configuration,
    "text search dictionary": _alter_dictionary,
    "type": _alter_base_type,
    "user mapping": _alter_user_mapping,
}

KINDS: dict[type[Object], Kind] = {Definition: Kind(create=_create, drop=_drop, alter=_alter)}
