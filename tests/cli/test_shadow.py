"""Where shadow databases are made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from confiture.cli.shadow import shadow_server
from confiture_core.config import load_environment
from confiture_core.errors import ServerError

NOWHERE = Path("/nowhere/pg_ctl")


@pytest.fixture(autouse=True)
def _nobody_names_a_server(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("PG", "CONFITURE_"))]:
        monkeypatch.delenv(name)


def test_a_server_that_is_named_is_taken(project):
    with shadow_server(None, project.server.url(), pg_ctl=NOWHERE) as server:
        assert server.port == project.server.port


def test_else_one_is_started(project):
    environment = load_environment(directory=project.root)

    with shadow_server(environment, None) as server:
        assert server.is_ephemeral


def test_where_none_can_be_started_that_of_the_environment_will_do(project, capsys):
    environment = load_environment(directory=project.root)

    with shadow_server(environment, None, pg_ctl=NOWHERE) as server:
        assert server.port == project.server.port

    assert "shadows are made on" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "database"),
    [("protected: true\n", {}), ("", {"host": "127.0.0.1", "port": 1}), ("", {"host": "${UNSET}"})],
    ids=["protected", "not there", "unset"],
)
def test_where_that_will_not_do_either_the_first_failure_is_said(project, more, database):
    project.write_environment(more=more, **database)
    environment = load_environment(directory=project.root)

    with (
        pytest.raises(ServerError, match="there is no pg_ctl"),
        shadow_server(environment, None, pg_ctl=NOWHERE),
    ):
        pass


def test_outside_a_project_there_is_no_other():
    with pytest.raises(ServerError), shadow_server(None, None, pg_ctl=NOWHERE):
        pass
