"""Where an environment's database is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote

from confiture_core.errors import ConfigError

_SECRET_PARAMETERS = ("password", "sslpassword")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where a database is; what is left out, libpq takes from its own environment.

    With `unset`, a variable of the block has no value: nothing else is known, and the methods
    raise it. The password shows neither in the representation nor in `shown`.
    """

    host: str | None = None
    port: int | None = None
    dbname: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    unset: ConfigError | None = field(default=None, compare=False)

    def conninfo(self, dbname: str | None = None) -> str:
        """Write libpq's connection string, for another database of the server if one is named."""
        self._require_set()
        if self.url is not None:
            return self.url if dbname is None else _url_of(self.url, dbname)
        parts = {
            "host": self.host,
            "port": None if self.port is None else str(self.port),
            "dbname": dbname or self.dbname,
            "user": self.user,
            "password": self.password,
        }
        return " ".join(
            f"{key}={_conninfo_value(value)}" for key, value in parts.items() if value is not None
        )

    def of(self, dbname: str) -> DatabaseSettings:
        """Return the settings of another database of the same server."""
        url = None if self.url is None else _url_of(self.url, dbname)
        return replace(self, url=url, dbname=dbname)

    def database_name(self) -> str:
        """Name the database; that none is named is an error of the configuration."""
        self._require_set()
        if self.dbname is None:
            raise ConfigError(
                "the environment names no database",
                hint='add the key "database" to its block "database"',
            )
        return self.dbname

    @property
    def shown(self) -> str:
        """The place without its secrets, as a url."""
        self._require_set()
        if self.url is not None:
            return _without_secrets(self.url)
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"postgresql://{user}{self.host or ''}{port}/{self.dbname or ''}"

    def redacted(self, text: str) -> str:
        """Replace the secrets that a text of libpq's may quote."""
        if self.url is not None:
            text = text.replace(self.url, _without_secrets(self.url))
        secret = self.password or _url_password(self.url or "")
        return text.replace(secret, "***") if secret else text

    def _require_set(self) -> None:
        if self.unset is not None:
            raise self.unset


def url_database(url: str) -> str | None:
    """Read the name of the database that a url leads to."""
    *_, path, query = _url_parts(url)
    return unquote(dict(query).get("dbname", path)) or None


def _conninfo_value(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _url_parts(url: str) -> tuple[str, str, str, list[tuple[str, str]]]:
    """Split scheme, authority, database and parameters, leaving each encoded as it is.

    urllib would lose the empty authority of `postgresql:///name?host=/tmp`.
    """
    scheme, _, rest = url.partition("://")
    rest, _, query = rest.partition("?")
    authority, _, path = rest.partition("/")
    pairs = [tuple(pair.partition("=")[::2]) for pair in query.split("&") if pair]
    return scheme, authority, path, [(key, value) for key, value in pairs]


def _url_text(scheme: str, authority: str, path: str, query: list[tuple[str, str]]) -> str:
    parameters = "&".join(f"{key}={value}" for key, value in query)
    return f"{scheme}://{authority}/{path}" + (f"?{parameters}" if parameters else "")


def _url_of(url: str, dbname: str) -> str:
    scheme, authority, _, query = _url_parts(url)
    kept = [(key, value) for key, value in query if key != "dbname"]
    return _url_text(scheme, authority, quote(dbname, safe=""), kept)


def _url_password(url: str) -> str | None:
    _, authority, _, query = _url_parts(url)
    password = authority.rpartition("@")[0].partition(":")[2] or dict(query).get("password")
    return unquote(password) if password else None


def _without_secrets(url: str) -> str:
    scheme, authority, path, query = _url_parts(url)
    login, at, host = authority.rpartition("@")
    kept = [(key, value) for key, value in query if key not in _SECRET_PARAMETERS]
    return _url_text(scheme, login.partition(":")[0] + at + host, path, kept)
