"""The JSON Schema of environments accepts what confiture accepts, and refuses what it refuses."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest
import yaml

from confiture_core.config import load_environment
from confiture_core.config.environment import _DATABASE_KEYS, _KEYS
from confiture_core.errors import ConfigError

SCHEMA = json.loads(
    (resources.files("confiture_core.config") / "environment.schema.json").read_text("utf-8")
)
GOOD = {
    "nothing but a name": "name: local",
    "the guide's": (
        "name: local\nincludes:\n  - ../schema\n"
        "database:\n  host: localhost\n  port: 5432\n  database: x\n  user: u\n  password: p\n"
    ),
    "include_dirs": "include_dirs: [db/schema]",
    "one include": "includes: ../schema",
    "no includes": "includes:",
    "a url": "database: {url: 'postgresql://localhost/x'}",
    "the other scheme": "database: {url: 'postgres://localhost/x'}",
    "a url and nulls": "database: {url: 'postgresql://localhost/x', host: }",
    "no url": "database: {url: , host: localhost}",
    "an empty database": "database: {}",
    "a null database": "database:",
    "variables": "database: {host: '${H:-x}', port: '${P:-1}', user: '${U:-}', password: 12}",
    "a variable of a url": "database: {url: '${U:-postgresql://x/y}'}",
    "a port as text": "database: {port: '5432'}",
    "protected": "protected: true",
    "protected as text": "protected: 'Yes'",
    "protected by a variable": "protected: '${P:-no}'",
    "durations": "lock_timeout: 500ms\nstatement_timeout: 1.5 min",
    "seconds": "lock_timeout: 5\nstatement_timeout: 2.5",
    "a duration by a variable": "lock_timeout: '${T:-5s}'",
    "directories": "schema_dir: db/schema\nmigrations_dir: db/other",
    "a version": "postgres_version: 15",
    "a minor version": "postgres_version: 15.4",
    "a version as text": "postgres_version: '18'",
    "a version by a variable": "postgres_version: '${V:-16}'",
    "a null version": "postgres_version:",
    "a history table": "history_table: ops.migrations",
}
BAD = {
    "an unknown key": "nam: local",
    "an unknown key of the database": "database: {hots: x}",
    "a list of keys": "- name",
    "a text": "local",
    "includes of a mapping": "includes: {a: b}",
    "an include of a list": "includes: [[../schema]]",
    "a null include": "includes: [null]",
    "a database of a text": "database: localhost",
    "a url of another scheme": "database: {url: 'mysql://localhost/x'}",
    "a url and a host": "database: {url: 'postgresql://localhost/x', host: y}",
    "a port of a word": "database: {port: many}",
    "a port too high": "database: {port: 70000}",
    "a port of zero": "database: {port: 0}",
    "protected by a word": "protected: maybe",
    "a duration of a word": "lock_timeout: soon",
    "a duration below zero": "lock_timeout: -5",
    "a duration of a list": "lock_timeout: [5s]",
    "a version of a word": "postgres_version: new",
    "a version before the oldest": "postgres_version: 11",
    "a version of a list": "postgres_version: [15]",
    "a name of a list": "name: [a]",
    "a directory of a mapping": "schema_dir: {a: b}",
}


@pytest.fixture
def load(tmp_path):
    """Load the text of an environment."""
    (tmp_path / "db" / "environments").mkdir(parents=True)
    (tmp_path / "db" / "schema").mkdir()

    def run(text):
        (tmp_path / "db" / "environments" / "local.yaml").write_text(text)
        return load_environment(directory=tmp_path, environ={})

    return run


def is_valid(text):
    # Editors take scalars as YAML 1.2 does: yes and no are texts.
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return validator.is_valid(yaml.safe_load(text))


def test_it_is_a_schema_of_the_keys_there_are():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    assert set(SCHEMA["properties"]) == set(_KEYS)
    assert set(SCHEMA["$defs"]["database"]["properties"]) == set(_DATABASE_KEYS)


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_is_accepted_is_valid(load, text):
    load(text)

    assert is_valid(text)


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_is_refused_is_not_valid(load, text):
    with pytest.raises(ConfigError):
        load(text)

    assert not is_valid(text)


def test_what_init_writes_is_valid():
    folder = resources.files("confiture.scaffold") / "files" / "db" / "environments"
    files = [path for path in folder.iterdir() if path.name.endswith(".yaml")]

    assert len(files) == 3
    assert all(is_valid(path.read_text("utf-8")) for path in files)
