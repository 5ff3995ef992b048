"""Schemas, extensions and settings of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import DatabaseSetting, Extension, Object, Schema
from confiture_core.diff.operation import Context, Hazard, Kind, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

# Extensions of PostgreSQL's own distribution whose control file says `trusted = true`.
_TRUSTED = frozenset(
    {
        "btree_gin",
        "btree_gist",
        "citext",
        "cube",
        "dict_int",
        "fuzzystrmatch",
        "hstore",
        "intarray",
        "isn",
        "lo",
        "ltree",
        "pg_trgm",
        "pgcrypto",
        "plperl",
        "plpgsql",
        "pltcl",
        "seg",
        "tablefunc",
        "tcn",
        "tsm_system_rows",
        "tsm_system_time",
        "unaccent",
        "uuid-ossp",
    }
)
# GUC_LIST_QUOTE in PostgreSQL's guc_tables.c: the value is a list of identifiers, quoted already.
_LISTS = frozenset(
    {
        "local_preload_libraries",
        "search_path",
        "session_preload_libraries",
        "shared_preload_libraries",
        "temp_tablespaces",
        "unix_socket_directories",
    }
)


def require_extensions(
    item: Object, extensions: Iterable[str], context: Context
) -> tuple[Step, ...]:
    """Write that the object goes when one of the extensions goes."""
    head = f"ALTER {context.target(item.identity)} DEPENDS ON EXTENSION"
    return tuple(Step(sql=f"{head} {names.quote(extension)}") for extension in extensions)


def keep_required_extensions(old: Object, new: Object, context: Context) -> tuple[Step, ...]:
    """Write again what CREATE OR REPLACE forgets."""
    kept = [name for name in new.required_extensions if name in old.required_extensions]
    return require_extensions(new, kept, context)


def _create_schema(schema: Schema, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"CREATE SCHEMA {context.name(schema.identity)}"),)


def _drop_schema(schema: Schema, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP SCHEMA {context.name(schema.identity)}"),)


def _create_extension(extension: Extension, context: Context) -> tuple[Step, ...]:
    name, schema = names.quote(extension.identity.name), names.quote(extension.schema)
    sql = f"CREATE EXTENSION {name} SCHEMA {schema} VERSION {names.literal(extension.version)}"
    return (Step(sql=sql, hazards=_extension_hazards(extension, context)),)


def _extension_hazards(extension: Extension, context: Context) -> tuple[Hazard, ...]:
    name = extension.identity.name
    if name in _TRUSTED and context.new.server_version >= 130000:
        return ()
    message = f'extension "{name}" needs a superuser, unless the server trusts it'
    return (Hazard(kind="needs superuser", message=message),)


def _drop_extension(extension: Extension, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP EXTENSION {names.quote(extension.identity.name)}"),)


def _alter_extension(old: Extension, new: Extension, context: Context) -> tuple[Step, ...] | None:
    steps = []
    if old.version != new.version:
        # Scripts lead to later versions; those that lead back hardly exist.
        if _version_key(new.version) < _version_key(old.version):
            return None
        sql = f"ALTER EXTENSION {names.quote(new.identity.name)} UPDATE TO "
        hazards = _extension_hazards(new, context)
        steps.append(Step(sql=sql + names.literal(new.version), hazards=hazards))
    if old.schema != new.schema:
        if not new.is_relocatable:
            return None
        head = f"ALTER EXTENSION {names.quote(new.identity.name)}"
        steps.append(Step(sql=f"{head} SET SCHEMA {names.quote(new.schema)}"))
    return tuple(steps)


def _version_key(version: str) -> tuple[tuple[int, str], ...]:
    """Order versions as numbers where they are: `1.10` comes after `1.9`."""
    parts = version.replace("-", ".").split(".")
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def _set(setting: DatabaseSetting, context: Context) -> tuple[Step, ...]:
    value = setting.value
    if setting.identity.name.lower() not in _LISTS or not value:
        value = names.literal(value)
    return _alter_database(setting, f"SET {_setting_name(setting)} TO {value}")


def _reset(setting: DatabaseSetting, context: Context) -> tuple[Step, ...]:
    return _alter_database(setting, f"RESET {_setting_name(setting)}")


def _set_instead(old: DatabaseSetting, new: DatabaseSetting, context: Context) -> tuple[Step, ...]:
    return _set(new, context)


def _setting_name(setting: DatabaseSetting) -> str:
    """Quote each part of a name like `app.tenant`."""
    return ".".join(names.quote(part) for part in setting.identity.name.split("."))


def _alter_database(setting: DatabaseSetting, action: str) -> tuple[Step, ...]:
    # ALTER DATABASE wants a name, and a schema is the same in databases of any name.
    role = setting.identity.member
    of_role = f"ALTER ROLE {names.quote(role)} IN DATABASE ".replace("%", "%%") if role else ""
    template = names.literal((of_role or "ALTER DATABASE ") + "%I " + action.replace("%", "%%"))
    body = f"\nBEGIN\n    EXECUTE format({template}, current_database());\nEND\n"
    return (Step(sql=f"DO {names.dollar_quoted(body)}"),)


KINDS: dict[type[Object], Kind] = {
    Schema: Kind(create=_create_schema, drop=_drop_schema, alter=lambda old, new, context: ()),
    Extension: Kind(create=_create_extension, drop=_drop_extension, alter=_alter_extension),
    DatabaseSetting: Kind(create=_set, drop=_reset, alter=_set_instead),
}
