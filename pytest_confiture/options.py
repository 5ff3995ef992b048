"""The options of the group "confiture" and the ini keys of the same names."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

KEEP = ("failed", "all")
ISOLATIONS = ("auto", "database", "transaction")


class _Key(NamedTuple):
    """One setting: a value on the command line wins over one in the ini file."""

    name: str
    help: str
    choices: tuple[str, ...] | None = None
    is_flag: bool = False
    ini_only: bool = False


_KEYS = (
    _Key(
        name="env",
        help="environment the tests are built from (default: test if there is one, else local)",
    ),
    _Key(
        name="server_url",
        help="PostgreSQL server the test databases are made on (default: CONFITURE_SERVER_URL, "
        "PG*, else one of our own for this run)",
    ),
    _Key(
        name="keep",
        help="keep the databases of failed tests, or all; the report says how to open them",
        choices=KEEP,
    ),
    _Key(
        name="isolation",
        help="auto: a database is brought back after a test as cheaply as can be exact; "
        "database: every test gets a fresh one; transaction: what a test does is rolled back",
        choices=ISOLATIONS,
    ),
    _Key(name="timings", help="list what each database cost", is_flag=True),
    _Key(
        name="export_pg",
        help="set PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE while a test has a database",
        is_flag=True,
    ),
    _Key(
        name="since",
        help="verify the migrations that have changed since a commit or branch of git",
    ),
    _Key(
        name="report",
        help="draw what verifying the migrations has shown: a page (.html), or JSON (.json)",
    ),
    _Key(
        name="max_lock",
        help="the strongest lock that a statement of a migration may take on what was there "
        "before, as SHARE ROW EXCLUSIVE",
    ),
    _Key(
        name="forbid_rewrite",
        help="a migration that writes a table anew fails",
        is_flag=True,
    ),
    _Key(
        name="postgresql_fixture",
        help="fixture of pytest-postgresql, process or no-process, whose server is used",
        ini_only=True,
    ),
)


# Where argparse leaves what is no option, to be read as positional later.
_LEFT = "_unrecognized_args"


class _VerifyMigrations(argparse.Action):
    """Take all, changed or a number; anything else is what to run, as after any flag."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        if values is None or _is_extent(str(values)):
            setattr(namespace, self.dest, str(values or "all"))
            return
        setattr(namespace, self.dest, "all")
        left = getattr(namespace, _LEFT, None) or []
        setattr(namespace, _LEFT, [*left, str(values)])


def add_options(parser: pytest.Parser) -> None:
    """Declare the options and ini keys."""
    group = parser.getgroup("confiture", "databases and migrations (confiture)")
    for key in _KEYS:
        kind: Literal["bool", "string"] = "bool" if key.is_flag else "string"
        parser.addini(f"confiture_{key.name}", key.help, type=kind)
        if key.ini_only:
            continue
        flag = "--confiture-" + key.name.replace("_", "-")
        dest = f"confiture_{key.name}"
        if key.is_flag:
            group.addoption(flag, dest=dest, help=key.help, action="store_true", default=None)
        else:
            group.addoption(flag, dest=dest, help=key.help, default=None, choices=key.choices)
    verify = "collect the migrations and verify each law: all of them, those changed, the last N"
    parser.addini("confiture_verify_migrations", verify, type="string")
    group.addoption(
        "--confiture-verify-migrations",
        dest="confiture_verify_migrations",
        action=_VerifyMigrations,
        nargs="?",
        default=None,
        metavar="all|changed|N",
        help=verify,
    )


def option(config: pytest.Config, name: str) -> str | None:
    """Read a setting: the command line, else the ini file, else None."""
    value = config.getoption(f"confiture_{name}", None) or config.getini(f"confiture_{name}")
    return str(value) if value else None


def choice(config: pytest.Config, name: str, choices: Sequence[str]) -> str | None:
    """Read a setting that has to be one of several words."""
    import pytest

    value = option(config, name)
    if value is not None and value not in choices:
        raise pytest.UsageError(
            f'confiture_{name} = "{value}" is none of {", ".join(choices)}',
        )
    return value


def flag(config: pytest.Config, name: str) -> bool:
    """Read a setting that is on or off."""
    return bool(option(config, name))


def _is_extent(value: str) -> bool:
    return value in {"all", "changed"} or value.isdigit()
