"""The address of a PostgreSQL server, and what is known of it.

A Server is a value: it holds no connection and can be handed to another process as a url.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from confiture_core.errors import ServerError

_Parameters = dict[str, str | int | None]

# Present on servers that confiture started and no other: see ephemeral.SETTINGS.
EPHEMERAL_SETTING = "confiture.ephemeral"

_OLDEST_VERSION_NUM = 120000

# What Server holds in a field of its own, or what is resolved once connected.
_OWN_PARAMETERS = frozenset(
    {"host", "hostaddr", "port", "user", "password", "passfile", "dbname", "service"}
    | {"connect_timeout", "application_name", "client_encoding", "fallback_application_name"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that answered when it was looked for."""

    host: str  # a name or address, or the directory of the unix socket
    port: int
    user: str
    password: str | None = field(default=None, repr=False)
    source: str  # who named it: "CONFITURE_SERVER_URL", "ephemeral /usr/lib/postgresql/15/bin"
    is_ephemeral: bool  # started by confiture: nothing on it outlives its owner
    version_num: int  # 150018
    maintenance_dbname: str = "postgres"
    parameters: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # ("sslmode", …)

    def conninfo(self, dbname: str | None = None) -> str:
        """Return libpq's connection string for `dbname`, or for the maintenance database."""
        return make_conninfo(
            "",
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=dbname or self.maintenance_dbname,
            **dict(self.parameters),
        )

    def url(self, dbname: str | None = None) -> str:
        """Return the connection as a url, which asyncpg and SQLAlchemy understand too."""
        secret = "" if self.password is None else f":{quote(self.password, safe='')}"
        return self._url(dbname or self.maintenance_dbname, secret=secret)

    @property
    def shown(self) -> str:
        """The url without what must not be printed."""
        return self._url(self.maintenance_dbname, secret="", parameters=())

    def _url(
        self, dbname: str, *, secret: str, parameters: tuple[tuple[str, str], ...] | None = None
    ) -> str:
        query = list(self.parameters if parameters is None else parameters)
        place = f"[{self.host}]" if ":" in self.host else self.host
        place = f"{place}:{self.port}"
        if self.host.startswith(("/", "@")):
            place = ""
            query = [("host", self.host), ("port", str(self.port)), *query]
        text = f"postgresql://{quote(self.user, safe='')}{secret}@{place}/{quote(dbname, safe='')}"
        return f"{text}?{urlencode(query, safe='/@', quote_via=quote)}" if query else text


def read_server(conninfo: str, *, source: str) -> Server:
    """Connect once and say what answered; a ServerError names `source`, never a password."""
    given = _parse_conninfo(conninfo, source=source)
    dbname = str(given.get("dbname") or "postgres")
    try:
        # libpq alone would wait for minutes where packets are dropped.
        with psycopg.connect(
            make_conninfo("", **{"connect_timeout": 10, **given, "dbname": dbname}),
            autocommit=True,
        ) as connection:
            return _server_behind(connection, given, source=source)
    except psycopg.Error as exc:
        raise ServerError(
            f'the server named by {source} cannot be used: "{shown_conninfo(given)}"',
            detail=str(exc).strip(),
            hint=f"correct {source}, or start the server it names",
        ) from exc


def shown_conninfo(parameters: _Parameters) -> str:
    """Return connection parameters as text that can be printed."""
    shown = ("service", "host", "hostaddr", "port", "user", "dbname")
    return make_conninfo("", **{key: parameters[key] for key in shown if key in parameters})


def _parse_conninfo(conninfo: str, *, source: str) -> _Parameters:
    try:
        return dict(conninfo_to_dict(conninfo))
    except psycopg.ProgrammingError:
        # libpq quotes the text it cannot read, password and all: neither shown nor chained.
        raise ServerError(
            f"{source} is neither a url nor a connection string of PostgreSQL",
            hint='write it as "postgresql://user:password@host:port/dbname"',
        ) from None


def _server_behind(
    connection: psycopg.Connection[tuple[object, ...]], given: _Parameters, *, source: str
) -> Server:
    row = connection.execute(
        "select current_setting(%s, true) = 'on'", [EPHEMERAL_SETTING]
    ).fetchone()
    info = connection.info
    if info.server_version < _OLDEST_VERSION_NUM:
        raise ServerError(
            f"the server named by {source} is PostgreSQL {info.server_version // 10000}",
            hint=f"PostgreSQL {_OLDEST_VERSION_NUM // 10000} or later is needed",
        )
    return Server(
        host=info.host,
        port=info.port,
        user=info.user,
        password=info.password or None,
        source=source,
        is_ephemeral=row is not None and row[0] is True,
        version_num=info.server_version,
        maintenance_dbname=info.dbname,
        # libpq reports defaults of its own among them, which other drivers refuse in a url;
        # a service file may have set any of them.
        parameters=tuple(
            (key, value)
            for key, value in info.get_parameters().items()
            if key not in _OWN_PARAMETERS and (key in given or "service" in given)
        ),
    )
