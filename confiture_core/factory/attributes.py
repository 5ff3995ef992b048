"""What CREATE DATABASE does not copy from its template: settings, privileges, limits.

A clone must be exactly as the layer left it, `ALTER DATABASE … SET` and `REVOKE CONNECT` included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psycopg import sql

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection

# Their stored form is a list of quoted names, which a quoted literal would make one name.
# (GUC_LIST_QUOTE in PostgreSQL's sources; pg_dump has the same list.)
_LISTS = frozenset(
    ("local_preload_libraries", "search_path", "session_preload_libraries", "temp_tablespaces")
)

_CONFIG = """
select r.rolname, split_part(c.line, '=', 1), substr(c.line, strpos(c.line, '=') + 1)
from pg_catalog.pg_db_role_setting s
cross join lateral unnest(s.setconfig) with ordinality as c(line, position)
left join pg_catalog.pg_roles r on r.oid = s.setrole
where s.setdatabase = (select oid from pg_catalog.pg_database where datname = %s)
order by r.rolname nulls first, c.position
"""

_ACL = """
select coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
from pg_catalog.pg_database d
cross join lateral pg_catalog.aclexplode(d.datacl) with ordinality
  as a(grantor, grantee, privilege_type, is_grantable, position)
left join pg_catalog.pg_roles r on r.oid = a.grantee
where d.datname = %s
order by a.position
"""


class Attributes(NamedTuple):
    """The attributes of a database that its clones have to be given."""

    owner: str
    connection_limit: int
    config: tuple[tuple[str | None, str, str], ...]  # (role, name, value)
    acl: tuple[tuple[str, str, bool], ...] | None  # (role or "" for PUBLIC, privilege, grantable)


def read_attributes(connection: Connection, name: str) -> Attributes:
    """Read the attributes of a database, from a connection to any other."""
    row = connection.execute(
        "select pg_catalog.pg_get_userbyid(datdba), datconnlimit, datacl is not null,"
        " exists (select from pg_catalog.pg_db_role_setting where setdatabase = d.oid)"
        " from pg_catalog.pg_database d where datname = %s",
        (name,),
    ).fetchone()
    owner, limit, has_acl, has_config = row or ("", -1, False, False)
    acl = tuple(connection.execute(_ACL, (name,)).fetchall()) if has_acl else None
    config = tuple(connection.execute(_CONFIG, (name,)).fetchall()) if has_config else ()
    return Attributes(owner=owner, connection_limit=limit, config=config, acl=acl)


def apply_attributes(connection: Connection, attributes: Attributes, name: str) -> None:
    """Give a new database, which the user of the connection owns, the attributes."""
    database = sql.Identifier(name)
    for role, setting, value in attributes.config:
        _apply_setting(connection, database, role, setting, value)
    if attributes.acl is not None:
        _apply_acl(connection, database, attributes)
    if attributes.connection_limit != -1:
        limit = sql.Literal(attributes.connection_limit)
        connection.execute(sql.SQL("alter database {} connection limit {}").format(database, limit))
    if attributes.owner and attributes.owner != connection.info.user:
        owner = sql.Identifier(attributes.owner)
        connection.execute(sql.SQL("alter database {} owner to {}").format(database, owner))


def _apply_setting(
    connection: Connection, database: sql.Identifier, role: str | None, setting: str, value: str
) -> None:
    target = sql.SQL("alter database {}").format(database)
    if role is not None:
        target = sql.SQL("alter role {} in database {}").format(sql.Identifier(role), database)
    # A setting of an extension is two names: "plpgsql.extra_warnings".
    parameter = sql.Identifier(*setting.split("."))
    if setting.lower() not in _LISTS:
        connection.execute(sql.SQL("{} set {} to {}").format(target, parameter, sql.Literal(value)))
        return
    with connection.transaction():
        connection.execute("select pg_catalog.set_config(%s, %s, true)", (setting, value))
        connection.execute(sql.SQL("{} set {} from current").format(target, parameter))


def _apply_acl(connection: Connection, database: sql.Identifier, attributes: Attributes) -> None:
    owner = connection.info.user
    connection.execute(
        sql.SQL("revoke all on database {} from public, {}").format(database, sql.Identifier(owner))
    )
    for role, privilege, is_grantable in attributes.acl or ():
        # The owner of the template is here the one who makes the clone, until it is given away.
        name = owner if role == attributes.owner else role
        connection.execute(
            sql.SQL("grant {} on database {} to {}{}").format(
                sql.SQL(privilege),
                database,
                sql.Identifier(name) if name else sql.SQL("public"),
                sql.SQL(" with grant option" if is_grantable and name else ""),
            )
        )
