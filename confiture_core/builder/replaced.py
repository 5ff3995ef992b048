"""A database that is about to be replaced: what it holds, and what its successor inherits."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from psycopg import errors, sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confiture_core.reach import Connection

# Ours, and made anew by every build.
_HISTORY = ("public", "confiture_migrations")

# An object made since initdb, of the kinds a schema is made of.
_FIRST_OBJECT = """
select format('%s %s', kind, name) from (
    select 'extension' as kind, extname::text as name, oid from pg_extension
    union all select 'schema', nspname, oid from pg_namespace
        where nspname !~ '^pg_(toast_)?temp_'
    union all select 'relation', c.oid::regclass::text, c.oid from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all select 'routine', oid::regprocedure::text, oid from pg_proc
    union all select 'type', format_type(oid, null), oid from pg_type
        where typtype in ('d', 'e', 'r')
    union all select 'operator', oid::regoperator::text, oid from pg_operator
    union all select 'cast', oid::text, oid from pg_cast
    union all select 'collation', collname, oid from pg_collation where collnamespace
        <> 'pg_catalog'::regnamespace
    union all select 'text search configuration', cfgname, oid from pg_ts_config
    union all select 'text search dictionary', dictname, oid from pg_ts_dict
    union all select 'foreign-data wrapper', fdwname, oid from pg_foreign_data_wrapper
    union all select 'event trigger', evtname, oid from pg_event_trigger
    union all select 'publication', pubname, oid from pg_publication
) as object
where oid >= 16384
limit 1
"""

_TABLES = """
select n.nspname, c.relname
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                  and d.objid = c.oid and d.deptype = 'e')
order by c.relpages desc, c.oid
"""


def held(connection: Connection) -> str | None:
    """Name something that would be lost with the database; None if files can bring all back.

    That is rows and large objects, and any object of a database that has no history table:
    confiture did not build that one.
    """
    connection.execute("set row_security to off")  # rows that are hidden count too
    tables = connection.execute(_TABLES).fetchall()
    for schema, table in tables:
        if (schema, table) != _HISTORY and _has_rows(connection, schema, table):
            return f"rows in {schema}.{table}"
    if connection.execute("select 1 from pg_largeobject_metadata limit 1").fetchone():
        return "large objects"
    if _HISTORY in tables:
        return None
    found = connection.execute(_FIRST_OBJECT).fetchone()
    return None if found is None else f"{found[0]}, which confiture has not built"


def _has_rows(connection: Connection, schema: str, table: str) -> bool:
    query = sql.SQL("select 1 from only {} limit 1").format(sql.Identifier(schema, table))
    try:
        return connection.execute(query).fetchone() is not None
    except errors.InsufficientPrivilege:  # a table we may not read is not known to be empty
        return True


def read_database(server: Connection, name: str) -> Mapping[str, object] | None:
    """Read a database's row of pg_database, with its owner, tablespace and comment by name.

    As json, because the columns of a locale differ from version to version.
    """
    found = server.execute(
        "select to_jsonb(d) || jsonb_build_object("
        " 'oid', d.oid::bigint,"
        " 'owner', pg_get_userbyid(d.datdba),"
        " 'encoding_name', pg_encoding_to_char(d.encoding),"
        " 'tablespace', t.spcname,"
        " 'comment', shobj_description(d.oid, 'pg_database'))"
        " from pg_database d join pg_tablespace t on t.oid = d.dattablespace"
        " where d.datname = %s",
        (name,),
    ).fetchone()
    # what to_jsonb makes of a row is an object
    return None if found is None else cast("Mapping[str, object]", found[0])


def creation_options(old: Mapping[str, object] | None) -> sql.Composable:
    """Write the options of CREATE DATABASE that give a new one the character of the old."""
    if old is None:
        return sql.SQL("")
    options: dict[str, object] = {
        "encoding": old["encoding_name"],
        "lc_collate": old["datcollate"],
        "lc_ctype": old["datctype"],
        "locale_provider": _PROVIDERS.get(str(old.get("datlocprovider"))),
        "icu_rules": old.get("daticurules"),  # PostgreSQL 16
    }
    locale = old.get("datlocale") or old.get("daticulocale")  # 17, and 15 to 16
    if locale:
        builtin = old["datlocprovider"] == "b"
        options["builtin_locale" if builtin else "icu_locale"] = locale
    parts = [
        sql.SQL("{} {}").format(sql.SQL(option), sql.Literal(value))
        for option, value in options.items()
        if value is not None
    ]
    for option in ("owner", "tablespace"):
        parts.append(sql.SQL("{} {}").format(sql.SQL(option), sql.Identifier(str(old[option]))))
    parts.append(sql.SQL("connection limit {}").format(sql.Literal(old["datconnlimit"])))
    return sql.SQL(" ").join(parts)


_PROVIDERS = {"b": "builtin", "c": "libc", "i": "icu"}


def carry_over(server: Connection, old: Mapping[str, object], name: str) -> None:
    """Give a database the settings and privileges of the old, where the files set none."""
    _carry_settings(server, old["oid"], name)
    _carry_privileges(server, old, name)


def _carry_settings(server: Connection, oid: object, name: str) -> None:
    settings = server.execute(
        """
        select role.rolname, split_part(entry, '=', 1), substr(entry, strpos(entry, '=') + 1)
        from pg_db_role_setting s cross join unnest(s.setconfig) as entry
        left join pg_roles role on role.oid = s.setrole
        where s.setdatabase = %(oid)s and not exists (
            select 1 from pg_db_role_setting n cross join unnest(n.setconfig) as new_entry
            where n.setdatabase = (select oid from pg_database where datname = %(name)s)
              and n.setrole = s.setrole
              and split_part(new_entry, '=', 1) = split_part(entry, '=', 1))
        """,
        {"oid": oid, "name": name},
    ).fetchall()
    database = sql.Identifier(name)
    for role, setting, value in settings:
        # FROM CURRENT takes a list such as search_path as the list it is.
        server.execute("select set_config(%s, %s, true)", (setting, value))
        target = (
            sql.SQL("alter database {}").format(database)
            if role is None
            else sql.SQL("alter role {} in database {}").format(sql.Identifier(role), database)
        )
        server.execute(
            sql.SQL("{} set {} from current").format(
                target, sql.SQL(".").join(map(sql.Identifier, setting.split(".")))
            )
        )


def _carry_privileges(server: Connection, old: Mapping[str, object], name: str) -> None:
    untouched = server.execute(
        "select datacl is null from pg_database where datname = %s", (name,)
    ).fetchone()
    privileges = server.execute(
        "select coalesce(pg_get_userbyid(nullif(grantee, 0)), ''), privilege_type, is_grantable"
        " from pg_database, aclexplode(datacl) where oid = %s",
        (old["oid"],),
    ).fetchall()
    if not privileges or untouched != (True,):
        return
    database = sql.Identifier(name)
    server.execute(sql.SQL("revoke all on database {} from public, current_user").format(database))
    for grantee, privilege, is_grantable in privileges:
        server.execute(
            sql.SQL("grant {} on database {} to {}{}").format(
                sql.SQL(privilege),
                database,
                sql.Identifier(grantee) if grantee else sql.SQL("public"),
                sql.SQL(" with grant option" if is_grantable else ""),
            )
        )
