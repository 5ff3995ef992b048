from __future__ import annotations

from pathlib import Path

import pytest

from confiture_core.config import Environment, find_root, load_environment
from confiture_core.errors import ConfigError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("schema", "schema/10_tables", "seeds/common", "migrations", "environments"):
        (tmp_path / "db" / folder).mkdir(parents=True, exist_ok=True)
    return tmp_path


def load(project: Path, text: str, **environ: str) -> Environment:
    (project / "db/environments/local.yaml").write_text(text)
    return load_environment(directory=project, environ=environ)


def refused(project: Path, text: str, **environ: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(project, text, **environ)
    return caught.value


def test_includes_are_relative_to_the_file(project: Path):
    environment = load(project, "name: local\nincludes:\n  - ../schema\n  - ../seeds/common\n")

    assert environment.name == "local"
    assert environment.root == project
    assert environment.includes == (project / "db/schema", project / "db/seeds/common")


def test_include_dirs_are_relative_to_the_project(project: Path):
    environment = load(project, "include_dirs:\n  - db/schema/10_tables\n  - db/seeds\n")

    assert environment.includes == (project / "db/schema/10_tables", project / "db/seeds")


def test_what_is_left_out_has_its_default(project: Path):
    environment = load(project, "name: local\n")

    assert environment.includes == (project / "db/schema",)
    assert environment.schema_dir == project / "db/schema"
    assert environment.migrations_dir == project / "db/migrations"
    assert environment.database is None
    assert environment.protected is False
    assert environment.lock_timeout_s == 5.0
    assert environment.statement_timeout_s is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5s", 5.0),
        ("500ms", 0.5),
        ("2min", 120.0),
        ("1h", 3600.0),
        ("3", 3.0),
        ("0.5", 0.5),
        ("0", 0.0),
    ],
)
def test_timeouts_are_durations(project: Path, text: str, seconds: float):
    environment = load(project, f"lock_timeout: {text}\nstatement_timeout: '{text}'\n")

    assert environment.lock_timeout_s == environment.statement_timeout_s == seconds


@pytest.mark.parametrize("text", ["true", "yes", "on", "'True'"])
def test_an_environment_can_be_protected(project: Path, text: str):
    assert load(project, f"protected: {text}\n").protected is True


def test_a_named_environment_is_the_file_of_that_name(project: Path):
    (project / "db/environments/test.yaml").write_text("protected: true\n")

    environment = load_environment(env="test", directory=project / "db/schema/10_tables")

    assert (environment.name, environment.shown) == ("test", "db/environments/test.yaml")


def test_a_file_may_be_given_instead_of_a_name(project: Path):
    (project / "db/environments/ci.yaml").write_text("include_dirs: [db/schema]\n")

    environment = load_environment(config=Path("db/environments/ci.yaml"), directory=project)

    assert environment.root == project
    assert environment.includes == (project / "db/schema",)


def test_a_file_elsewhere_belongs_to_the_project_it_is_in(project: Path):
    (project / "deploy").mkdir()
    (project / "deploy/prod.yaml").write_text("includes: [../db/schema]\n")

    environment = load_environment(config=project / "deploy/prod.yaml", directory=Path("/"))

    assert environment.root == project
    assert environment.includes == (project / "db/schema",)


def test_an_environment_and_a_file_exclude_each_other(project: Path):
    with pytest.raises(ConfigError, match="both given"):
        load_environment(env="local", config=Path("x.yaml"), directory=project)


def test_a_missing_file_names_the_environments_there_are(project: Path):
    (project / "db/environments/test.yaml").write_text("name: test\n")

    with pytest.raises(ConfigError) as caught:
        load_environment(env="staging", directory=project)

    assert str(caught.value) == "db/environments/staging.yaml: the file does not exist"
    assert caught.value.hint == "environments here: test"


def test_a_name_that_is_a_path_is_refused(project: Path):
    with pytest.raises(ConfigError, match="is not the name of an environment"):
        load_environment(env="../x", directory=project)


def test_outside_a_project_the_way_to_start_one_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match="no project found") as caught:
        find_root(tmp_path)

    assert caught.value.hint == 'start one with "confiture init"'


def test_the_nearest_folder_with_environments_is_the_project(project: Path):
    nested = project / "service"
    (nested / "db/schema").mkdir(parents=True)

    assert find_root(nested) == project


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "the file is empty"),
        ("# nothing\n", None, "the file is empty"),
        ("- a\n", 1, "the file must be a mapping of keys to values"),
        ("name: [a\nincludes: b\n", 2, "malformed yaml"),
        ("name: a\n\tb: c\n", 2, "malformed yaml"),
        ("name: a\nprotected: \x07\n", None, "malformed yaml: it holds a control character"),
        ("name: a\n---\nname: b\n", 2, "malformed yaml"),
        ("name: a\nname: b\n", 2, 'duplicate key "name"'),
        ("[a, b]: c\n", 1, "a key must be a single word"),
        ("name: [a]\n", 1, '"name" must be a single value'),
        ("name: a\nincludes:\n  a: b\n", 2, '"includes" must be a list'),
        ("includes:\n  - ../schema\n  - [x]\n", 3, 'each item of "includes"'),
        ("includes:\n  - ../schema\n  -\n", 3, 'each item of "includes"'),
        ("includes:\n  - ../schema\n  - ../views\n", 3, '"../views" does not exist'),
        ("include_dirs:\n  - db/view\n", 2, '"db/view" does not exist'),
        ("database: here\n", 1, '"database" must be a mapping'),
        ("name: a\nprotected: maybe\n", 2, '"protected" must be true or false'),
        ("name: a\nlock_timeout: 5 parsecs\n", 2, '"lock_timeout" is not a duration'),
        ("name: a\nlock_timeout: -1\n", 2, '"lock_timeout" is not a duration'),
        ("name: a\nmigrations_dir: ${X}\n", 2, 'environment variable "X" is not set'),
        ("name: a\nmigrations_dir: ${X\n", 2, "malformed variable"),
    ],
)
def test_a_mistake_is_named_with_its_line(project: Path, text: str, line: int | None, message: str):
    error = refused(project, text)

    assert (error.path, error.line) == ("db/environments/local.yaml", line)
    assert error.message.startswith(message)


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("name: a\ninclude: []\n", 2, 'unknown key "include"', 'did you mean "includes"?'),
        ("lock_timout: 5s\n", 1, 'unknown key "lock_timout"', 'did you mean "lock_timeout"?'),
        ("database_url: x\n", 1, 'unknown key "database_url"', 'did you mean "database"?'),
        (
            "database:\n  host: a\n  pasword: b\n",
            3,
            'unknown key "pasword" in "database"',
            'did you mean "password"?',
        ),
        ("zzz: 1\n", 1, 'unknown key "zzz"', "known keys: name, includes"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(
    project: Path, text: str, line: int, message: str, hint: str
):
    error = refused(project, text)

    assert (error.line, error.message) == (line, message)
    assert error.hint is not None
    assert error.hint.startswith(hint)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(project: Path):
    (project / "db/environments/local.yaml").write_bytes("name: a\n# é\n".encode("latin-1"))

    with pytest.raises(ConfigError) as caught:
        load_environment(directory=project)

    assert str(caught.value) == "db/environments/local.yaml:2: the file is not UTF-8"


def test_a_malformed_file_does_not_give_its_password_away(project: Path):
    for line in ("password: 'hunter2", "password: *hunter2", "password: @hunter2"):
        error = refused(project, f"database:\n  {line}\n")

        assert "hunter2" not in f"{error} {error.detail} {error.hint} {error.__cause__!r}"
