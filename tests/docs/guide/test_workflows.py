"""The guide's common workflows, its other configuration, its seeds and its troubleshooting."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.docs.conftest import Terminal
    from tests.docs.guide.conftest import Guide

UP = "confiture migrate up --config db/environments/local.yaml"
POSTS = "CREATE TABLE posts (\n    id INTEGER PRIMARY KEY,\n    title TEXT\n);\n"


def migration(terminal: Terminal, name: str) -> str:
    return (terminal.folder / "db" / "migrations" / name).read_text("utf-8")


def test_a_new_table_is_added(myapp: Terminal, guide: Guide):
    myapp.type(UP)
    diff, up = guide.inline("Adding a New Table")[1:]
    myapp.edit("db/schema/10_tables/posts.sql", POSTS)
    myapp.type("pg_dump myapp_local --schema-only > db/schema/10_tables/current.sql")

    myapp.type(f"cd db/schema/10_tables; {diff}")
    shown = myapp.type(up)

    assert "DROP TABLE posts" in migration(myapp, "002_add_posts.py")
    assert "example" not in migration(myapp, "002_add_posts.py")
    assert "✅ Successfully applied 1 migration(s)!" in shown


def test_a_column_is_modified(myapp: Terminal, guide: Guide):
    myapp.type(UP)
    diff, up = guide.inline("Modifying a Column")
    myapp.type("pg_dump myapp_local --schema-only > current.sql")
    myapp.type("sed 's/email text NOT NULL/email varchar(200) NOT NULL/' current.sql > updated.sql")

    myapp.type(diff)
    shown = myapp.type(up)

    assert "ALTER TABLE users ALTER COLUMN email" in migration(myapp, "002_modify_column.py")
    assert "✅ Successfully applied 1 migration(s)!" in shown


def test_an_index_is_added(myapp: Terminal, guide: Guide):
    users = guide.block("3. Create Your Schema")
    index = "CREATE INDEX idx_users_created_at ON users(created_at)"
    myapp.edit("db/schema/10_tables/users.sql", f"{users}{index};\n")

    myapp.type("confiture migrate diff --generate --name add_index")

    assert f'self.execute("{index}")' in migration(myapp, "002_add_index.py")


def test_a_migration_is_written_by_hand(myapp: Terminal, guide: Guide):
    names = "CREATE TABLE users (id INT, first_name TEXT, last_name TEXT);\n"
    rows = "INSERT INTO users VALUES (1, 'Ada', 'Lovelace');\n"
    myapp.type("rm db/migrations/001*")
    myapp.edit("db/migrations/001_create_users.up.sql", names + rows)
    myapp.type(guide.block("Complex Migrations"))
    text = migration(myapp, "002_migrate_user_data.py").partition("    def up(")[0]
    methods = textwrap.indent(guide.block("Complex Migrations", 1), "    ")
    myapp.edit("db/migrations/002_migrate_user_data.py", text + methods)

    myapp.type("confiture migrate up")

    assert myapp.query("myapp_local", "select * from users") == [(1, "Ada Lovelace")]


def test_the_other_dialect_of_the_configuration_is_read(myapp: Terminal, guide: Guide):
    myapp.edit("db/environments/production.yaml", guide.block("Environment Files", 1))
    myapp.edit("db/schema/20_views/names.sql", "CREATE VIEW names AS SELECT username FROM users;\n")
    myapp.type("confiture migrate status")  # what is not used may be unset
    place = {"HOST": myapp.server.host, "PORT": str(myapp.server.port), "NAME": "myapp_production"}
    login = {"USER": myapp.server.user, "PASSWORD": myapp.server.password or ""}
    myapp.environ |= {f"DB_{name}": value for name, value in (place | login).items()}

    myapp.type("confiture build --env production")

    assert myapp.query("myapp_production", "select * from names") == []


def test_the_configuration_of_production_has_its_secrets_from_outside(
    terminal: Terminal, guide: Guide
):
    terminal.type("confiture init myapp")
    terminal.folder /= "myapp"
    terminal.edit("db/environments/production.yaml", guide.block("2. Configure Your Database", 1))

    shown = terminal.type("confiture migrate status --env production", fails=True)

    assert "db/environments/production.yaml:8: " in shown
    assert "DB_HOST" in shown


def test_each_environment_has_its_seeds(terminal: Terminal, guide: Guide):
    terminal.type(guide.block("1. Initialize a Project"))
    terminal.folder /= "myapp"
    for name in ("local", "test", "production"):
        path = f"db/environments/{name}.yaml"
        terminal.configure(path, local_form((terminal.folder / path).read_text("utf-8"), name))
    users = "CREATE TABLE users (id UUID PRIMARY KEY, username TEXT, email TEXT);\n"
    posts = (
        "CREATE TABLE posts (id INT, author_id UUID REFERENCES users, title TEXT, content TEXT);\n"
    )
    terminal.edit("db/schema/10_tables/00_users.sql", users)
    terminal.edit("db/schema/10_tables/10_posts.sql", posts)
    terminal.edit("db/seeds/common/00_users.sql", guide.block("Creating Seed Files", 0))
    terminal.edit("db/seeds/development/00_posts.sql", guide.block("Creating Seed Files", 1))
    *builds, schema_only = [
        line for line in guide.block("Building with Seeds").splitlines() if "confiture" in line
    ]

    for build in builds:
        terminal.type(build)

    assert {name: rows(terminal, name) for name in ("local", "test", "production")} == {
        "local": (3, 2),
        "test": (3, 0),
        "production": (0, 0),
    }
    assert "holds rows" in terminal.type(schema_only, fails=True)
    terminal.type(f"{schema_only} --recreate")
    assert rows(terminal, "local") == (0, 0)


def local_form(text: str, name: str) -> str:
    """Put the values of this machine where production has variables."""
    values = {"HOST": "localhost", "PORT": "5432", "USER": "postgres", "PASSWORD": "postgres"}
    for variable, value in {**values, "NAME": f"myapp_{name}"}.items():
        text = text.replace(f"${{DB_{variable}}}", value)
    return text


def rows(terminal: Terminal, name: str) -> tuple[object, ...]:
    query = "select (select count(*) from users), (select count(*) from posts)"
    return terminal.query(f"myapp_{name}", query)[0]


def test_an_applied_migration_is_not_applied_again(myapp: Terminal, guide: Guide):
    myapp.type(UP)

    assert "Nothing to apply" in myapp.type(UP)
    assert "✅ applied" in myapp.type(guide.block('"Migration already applied"'))


def test_a_server_that_is_not_there_is_called_what_the_guide_calls_it(myapp: Terminal):
    path = myapp.folder / "db" / "environments" / "local.yaml"
    path.write_text(path.read_text("utf-8").replace(f"port: {myapp.server.port}", "port: 1"))

    assert "database connection failed" in myapp.type(UP, fails=True)


def test_a_file_without_a_class_is_called_what_the_guide_calls_it(myapp: Terminal, guide: Guide):
    text = guide.block('"No Migration class found"')
    myapp.type("rm db/migrations/001*")
    myapp.edit("db/migrations/001_my_migration.py", text.partition("class")[0])
    shown = myapp.type(UP, fails=True)

    myapp.edit("db/migrations/001_my_migration.py", f"{text}    def up(self): pass\n")
    myapp.type(UP)

    assert "No Migration class found" in shown


def test_down_and_up_again_is_a_way_out(myapp: Terminal):
    myapp.type(UP)

    shown = myapp.type("confiture migrate down && confiture migrate up")

    assert "✅ Successfully rolled back 1 migration(s)!" in shown
    assert "✅ Successfully applied 1 migration(s)!" in shown


def test_what_init_makes_is_built_and_tested_as_it_is(terminal: Terminal):
    terminal.type("confiture init --example myapp")
    terminal.folder /= "myapp"
    path = "db/environments/local.yaml"
    terminal.configure(path, (terminal.folder / path).read_text("utf-8"))

    tested = terminal.type("pytest -q -p no:cacheprovider --confiture-verify-migrations")
    built = terminal.type("confiture build")

    assert '✅ Built database "myapp_local"' in built
    assert "9 passed" in tested
    assert "failed" not in tested
    assert terminal.query("myapp_local", "select count(*) from example") == [(2,)]
