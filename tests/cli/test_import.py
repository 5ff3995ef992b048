"""`confiture migrate import`: a small project of each tool, half of it applied."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import psycopg
import pytest

FOREIGN = Path(__file__).parents[1] / "projects" / "foreign"
LABELS = {
    "golang-migrate": ["1_create_jars", "2_add_label", "3_index_label"],
    "dbmate": [
        "20260101120000_create_jars",
        "20260102120000_add_label",
        "20260103120000_index_label",
    ],
    "goose": ["00001_create_jars", "00002_add_label", "00003_index_label"],
    "flyway": ["1_create_jars", "2_add_label", "10_index_label", "11_repeated_labels"],
    "flyway-dotted": [
        "001_create_jars",
        "002_add_label",
        "003_index_label",
        "004_repeated_labels",
    ],
    "maragu": ["001_create_jars", "002_add_label", "003_index_label"],
    "sqitch": ["001_create_jars", "002_label", "003_label"],
    "alembic": ["001_create_jars", "002_add_label", "003_index_label"],
    "django": ["001_shop_0001_initial", "002_shop_0002_label", "003_shop_0003_index"],
}
WITH_SQL = [name for name in LABELS if name not in ("alembic", "django")]


@pytest.fixture
def jam(project, monkeypatch):
    """A project whose database exists; `jam(tool)` copies the tool's project beside it."""
    with psycopg.connect(project.server.conninfo(), autocommit=True) as connection:
        connection.execute(f"create database {project.database}_local".encode())
    server = project.server
    monkeypatch.setenv("PATH", f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}")
    place = {"HOST": server.host, "PORT": server.port, "USER": server.user}
    for key, value in {
        **place,
        "PASSWORD": server.password or "",
        "NAME": f"{project.database}_local",
    }.items():
        monkeypatch.setenv(f"JAM_{key}", str(value))

    def copy(tool):
        folder = project.root / "theirs"
        shutil.copytree(FOREIGN / tool, folder)
        applied = folder / "applied.sql"
        if applied.exists():
            text = applied.read_text()
            applied.unlink()
            return text
        return None

    return copy


def run(project, *command):
    subprocess.run(command, cwd=project.root / "theirs", check=True, capture_output=True)


def dumped(project):
    url = project.server.url(f"{project.database}_local")
    command = ["pg_dump", "--schema-only", "--exclude-table=confiture_migrations", "-d", url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [line for line in done.stdout.splitlines() if not line.startswith("\\")]


def states(confiture):
    found = confiture("migrate", "status", "--json").json["migrations"]
    return {f"{one['version']}_{one['name']}": one["status"] for one in found}


def check_taken_over(confiture, project, tool):
    before = dumped(project)

    outcome = confiture("migrate", "import", "theirs", "--env", "local", "--json")

    assert outcome.code == 0, outcome.err
    assert outcome.json["format"] == tool.partition("-dotted")[0]
    assert dumped(project) == before
    wanted = ["applied", "applied", "pending", "pending"]
    assert states(confiture) == dict(zip(LABELS[tool], wanted, strict=False))
    assert len(outcome.json["recorded"]) == 2
    again = confiture("migrate", "import", "theirs", "--env", "local", "--json").json
    assert (again["written"], again["recorded"]) == ([], [])
    assert confiture("migrate", "up").code == 0
    assert set(states(confiture).values()) == {"applied"}


@pytest.mark.parametrize("tool", WITH_SQL)
def test_what_is_applied_is_taken_over(confiture, project, jam, tool):
    applied = jam(tool)
    assert confiture("migrate", "import", "theirs").code == 0
    assert confiture("migrate", "up", "--steps", "2").code == 0
    project.query("DROP TABLE confiture_migrations")
    for file in (project.root / "db" / "migrations").iterdir():
        file.unlink()
    project.query(applied)

    check_taken_over(confiture, project, tool)


def test_revisions_of_alembic_are_written_by_it(confiture, project, jam):
    jam("alembic")
    run(project, "alembic", "upgrade", "0b2e")

    check_taken_over(confiture, project, "alembic")
    assert "ALTER TABLE jars ADD COLUMN label TEXT" in (
        project.root / "db/migrations/002_add_label.up.sql"
    ).read_text("utf-8")


def test_migrations_of_django_are_written_by_it(confiture, project, jam):
    jam("django")
    run(project, sys.executable, "manage.py", "migrate", "shop", "0002")

    check_taken_over(confiture, project, "django")


@pytest.mark.parametrize("tool", WITH_SQL)
def test_nothing_is_asked_of_a_database_that_is_not_named(confiture, project, jam, tool):
    jam(tool)

    outcome = confiture("migrate", "import", "theirs")

    assert outcome.code == 0
    assert "No database was looked at" in outcome.out
    assert project.query("select to_regclass('confiture_migrations')") == [(None,)]
    assert set(states(confiture).values()) == {"pending"}


@pytest.mark.parametrize("tool", ["dbmate", "golang-migrate", "goose"])
def test_what_can_be_read_in_place_is_not_copied(confiture, project, jam, tool):
    applied = jam(tool)
    shutil.rmtree(project.root / "db" / "migrations")
    (project.root / "theirs").rename(project.root / "db" / "migrations")
    project.query(applied)
    before = project.files("db/migrations")

    outcome = confiture("migrate", "import", "db/migrations", "--env", "local", "--json")

    assert outcome.code == 0, outcome.err
    assert outcome.json["written"] == []
    assert project.files("db/migrations") == before
    assert list(states(confiture).values()) == ["applied", "applied", "pending"]


def test_a_half_done_migration_is_not_taken_over(confiture, project, jam):
    applied = jam("golang-migrate")
    project.query(applied.replace("false", "true"))

    outcome = confiture("migrate", "import", "theirs", "--env", "local")

    assert outcome.code == 1
    assert "golang-migrate has left version 2 half-done" in outcome.err
    assert project.query("select to_regclass('confiture_migrations')") == [(None,)]


def test_what_the_files_do_not_have_is_not_taken_over(confiture, project, jam):
    applied = jam("dbmate")
    project.query(applied.replace("20260102", "20300102"))

    outcome = confiture("migrate", "import", "theirs", "--env", "local")

    assert outcome.code == 1
    assert "dbmate has applied 20300102120000, which is not among its files" in outcome.err


def test_migrations_that_are_there_are_left_alone(confiture, project, jam):
    jam("goose")
    project.write("db/migrations/001_mine.up.sql", "SELECT 1;\n")

    outcome = confiture("migrate", "import", "theirs")

    assert outcome.code == 1
    assert "there are other migrations already" in outcome.err
    assert project.files("db/migrations") == ["001_mine.up.sql"]


def test_a_directory_of_no_tool_is_refused(confiture, project):
    project.write("theirs/notes.txt", "nothing\n")

    outcome = confiture("migrate", "import", "theirs")

    assert outcome.code == 1
    assert "theirs: these are no migrations of a tool that confiture knows" in outcome.err


def test_a_revision_that_asks_the_database_is_named(confiture, project, jam):
    jam("alembic")
    path = project.root / "theirs/migrations/versions/93cc_index_label.py"
    path.write_text(
        path.read_text().replace("    op.create", "    op.get_bind().x()\n    op.create")
    )

    outcome = confiture("migrate", "import", "theirs")

    assert outcome.code == 1
    assert "alembic upgrade base:heads --sql fails" in outcome.err
    assert "Running upgrade 0b2e -> 93cc" in outcome.err


@pytest.mark.parametrize(
    ("upgraded", "applied"),
    [
        (["0b2e", "c1aa"], {"create_jars", "add_label", "add_price", "create_lids"}),
        (["m1aa"], {"create_jars", "add_label", "index_label", "add_price", "merge"}),
    ],
    ids=lambda value: "+".join(sorted(value)),
)
def test_branches_and_merges_of_alembic_become_a_line(confiture, project, jam, upgraded, applied):
    """The graph.

    a1f0 ─┬─ 0b2e ─ 93cc ─┬─ m1aa
          └─ b1ff ────────┘
    c1aa, which depends on b1ff
    """
    jam("alembic-branches")
    for revision in upgraded:
        run(project, "alembic", "upgrade", revision)
    before = dumped(project)

    outcome = confiture("migrate", "import", "theirs", "--env", "local", "--json")

    assert outcome.code == 0, outcome.err
    assert dumped(project) == before
    found = states(confiture)
    assert {label[4:] for label, state in found.items() if state == "applied"} == applied
    names = [label[4:] for label in found]
    for first, second in [
        ("create_jars", "add_label"),
        ("create_jars", "add_price"),
        ("index_label", "merge"),
        ("add_price", "merge"),
        ("add_price", "create_lids"),
    ]:
        assert names.index(first) < names.index(second)
    assert confiture("migrate", "up", "--out-of-order").code == 0
    ours = dumped(project)
    assert confiture("migrate", "down", "--to", "0").code == 0
    project.query("DROP TABLE alembic_version")
    run(project, "alembic", "upgrade", "heads")
    theirs = dumped(project)
    # The columns may stand in another order.
    assert {line.strip(" ,") for line in theirs} == {line.strip(" ,") for line in ours}


def test_a_project_is_begun_from_migrations(confiture, project, jam):
    jam("goose")

    outcome = confiture("init", "shop", "--from-migrations", "theirs", "--json")

    assert outcome.code == 0, outcome.err
    shop = project.root / "shop"
    assert sorted(path.name for path in (shop / "db/migrations").glob("*.sql")) == [
        f"{label}.{way}.sql" for label in LABELS["goose"] for way in ("down", "up")
    ]
    written = sorted(path.name for path in (shop / "db/schema").rglob("*.sql"))
    assert written == ["00_schemas.sql", "jars.sql", "label.sql"][-len(written) :]
    config = "shop/db/environments/local.yaml"
    assert confiture("migrate", "diff", "--check", "--config", config).code == 0


def test_migrations_that_do_not_run_begin_no_project(confiture, project, jam):
    jam("dbmate")
    project.write("theirs/20260104_broken.sql", "-- migrate:up\nDROP TABLE nothing;\n")

    outcome = confiture("init", "shop", "--from-migrations", "theirs")

    assert outcome.code == 1
    assert '20260104_broken.up.sql:1: table "nothing" does not exist' in outcome.err
    assert not (project.root / "shop").exists()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("flyway.conf", "# ours\nflyway.url=x\nflyway.placeholders.Note = it's\n"),
        ("theirs/conf/flyway.conf", "flyway.placeholders.note=it's\n"),
        ("flyway.toml", '[flyway]\nmixed = true\n[flyway.placeholders]\nnote = "it\'s"\n'),
        (
            "theirs/flyway.toml",
            "flyway.placeholderPrefix = '<'\nflyway.placeholderSuffix = '>'\n"
            'flyway.placeholders.note = "it\'s"\n',
        ),
    ],
)
def test_placeholders_of_flyway_become_their_values(confiture, project, jam, file, text):
    jam("flyway")
    project.write(file, text)
    place = "<note>" if "<" in text else "${note}"
    project.write("theirs/V20__note.sql", f"COMMENT ON TABLE jars IS $$\n{place}: {place}$$;\n")

    outcome = confiture("migrate", "import", "theirs", "--json")

    assert outcome.code == 0, outcome.err
    assert "placeholders became their values: note" in outcome.json["notes"]
    taken = (project.root / "db/migrations/20_note.up.sql").read_text("utf-8")
    assert taken == "COMMENT ON TABLE jars IS $$\nit's: it's$$;\n"


def test_a_placeholder_of_flyway_is_given_or_refused(confiture, project, jam, monkeypatch):
    jam("flyway")
    project.write(
        "theirs/V20__own.sql",
        "SELECT 1;\nALTER TABLE jars OWNER TO ${owner}; -- ${flyway:filename}, ${who}\n",
    )
    project.write("theirs/V21__body.sql", "SELECT '${none}';\n")
    project.write("theirs/V21__body.sql.conf", "placeholderReplacement=false\n")
    monkeypatch.setenv("FLYWAY_PLACEHOLDERS_WHO", "me")

    refused = confiture("migrate", "import", "theirs")
    unclear = confiture("migrate", "import", "theirs", "--placeholder", "owner")
    given = confiture("migrate", "import", "theirs", "--placeholder", "OWNER=jam_owner")

    assert (refused.code, unclear.code, given.code) == (1, 2, 0)
    assert 'V20__own.sql:2: the placeholder "${owner}" has no value' in refused.err
    assert "--placeholder owner=VALUE" in refused.err
    assert "-- V20__own.sql, me" in (project.root / "db/migrations/20_own.up.sql").read_text()
    assert "${none}" in (project.root / "db/migrations/21_body.up.sql").read_text()


def test_callbacks_of_flyway_are_named(confiture, project, jam):
    jam("flyway")
    project.write("theirs/afterMigrate__grant.sql", "SELECT 1;\n")

    outcome = confiture("migrate", "import", "theirs")

    assert "as confiture has no callbacks: theirs/afterMigrate__grant.sql" in outcome.err


def test_files_for_other_databases_are_left_out(confiture, project, jam):
    jam("golang-migrate")
    theirs = project.root / "theirs"
    (theirs / "2_add_label.up.sql").rename(theirs / "2_add_label.postgres.up.sql")
    project.write("theirs/2_add_label.mysql.up.sql", "ALTER TABLE jars ADD label VARCHAR(255);\n")
    project.write("theirs/2_add_label.up.sql", "ALTER TABLE nothing ADD label TEXT;\n")

    outcome = confiture("migrate", "import", "theirs", "--json")

    assert outcome.code == 0
    assert project.files("db/migrations") == [
        "1_create_jars.down.sql",
        "1_create_jars.up.sql",
        "2_add_label.down.sql",
        "2_add_label.up.sql",
        "3_index_label.up.sql",
    ]
    taken = project.root / "db/migrations/2_add_label.up.sql"
    assert "ALTER TABLE jars" in taken.read_text("utf-8")
    assert [note.rpartition("/")[2] for note in outcome.json["notes"]] == [
        "2_add_label.mysql.up.sql",
        "2_add_label.up.sql",
    ]


def test_what_verifies_a_change_of_sqitch_is_run_with_it(confiture, project, jam):
    jam("sqitch")
    assert confiture("migrate", "import", "theirs").code == 0

    assert confiture("migrate", "up").code == 0
    assert project.query("SELECT count(*) FROM jars") == [(0,)]
    up = (project.root / "db/migrations/003_label.up.sql").read_text("utf-8")
    assert "BEGIN" not in up
    assert "SAVEPOINT verify;\n-- Verify jam:label" in up
    assert [
        one["status"] for one in confiture("migrate", "status", "--json").json["migrations"]
    ] == ["applied"] * 3


def test_a_change_of_sqitch_that_is_not_verified_is_not_made(confiture, project, jam):
    jam("sqitch")
    path = project.root / "theirs/verify/label.sql"
    path.write_text(path.read_text().replace("44", "45"))
    assert confiture("migrate", "import", "theirs").code == 0

    outcome = confiture("migrate", "up")

    assert outcome.code == 1
    assert "003_label.up.sql:8: division by zero" in outcome.err
    length = (
        "SELECT atttypmod FROM pg_attribute WHERE attrelid = 'jars'::regclass AND attname = 'label'"
    )
    assert project.query(length) == [(14,)]


def test_what_cannot_verify_in_the_same_transaction_is_named(confiture, project, jam):
    jam("sqitch")
    project.write("theirs/verify/create/jars.sql", "VACUUM jars;\n")

    outcome = confiture("migrate", "import", "theirs")

    assert (
        "cannot run in the transaction of its change: theirs/verify/create/jars.sql" in outcome.err
    )
