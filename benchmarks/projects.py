"""Projects generated to a size."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.server import Server

_TABLE = """\
-- Table number {number}.
CREATE TABLE item_{number:04} (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id BIGINT REFERENCES item_{parent:04} (id),
    code TEXT NOT NULL UNIQUE,
    amount NUMERIC(12, 2) NOT NULL DEFAULT 0 CHECK (amount >= 0),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX item_{number:04}_parent_id_idx ON item_{number:04} (parent_id);

COMMENT ON TABLE item_{number:04} IS 'table number {number}; it''s one of many';
"""

_FUNCTION = """\
CREATE FUNCTION item_total_{number:04}() RETURNS NUMERIC
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT sum(amount) FROM item_{table:04});
END;
$$;

CREATE VIEW item_view_{number:04} AS
SELECT id, code, amount FROM item_{table:04} WHERE amount > 0;
"""

_MIGRATION = '''\
"""Migration: add_item_{number:04}

Version: {number:03}
"""

from confiture.models.migration import Migration


class AddItem{number:04}(Migration):
    """Migration: add_item_{number:04}."""

    version = "{number:03}"
    name = "add_item_{number:04}"

    def up(self) -> None:
        """Apply migration."""
        self.execute("CREATE TABLE item_{number:04} (id INTEGER PRIMARY KEY, code TEXT NOT NULL)")

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE item_{number:04}")
'''


def options(*, files: int = 500, repeats: int = 11) -> argparse.Namespace:
    """Parse the options the scripts share."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=repeats, help="rounds that count")
    parser.add_argument("--files", type=int, default=files, help="files to generate")
    return parser.parse_args()


def write_environment(root: Path, server: Server, dbname: str) -> None:
    """Write the environment `local`, its database on the server."""
    folder = root / "db" / "environments"
    folder.mkdir(parents=True)
    for name in ("schema", "migrations"):
        (root / "db" / name).mkdir()
    (folder / "local.yaml").write_text(
        f"name: local\nincludes:\n  - ../schema\ndatabase:\n  url: {server.url(dbname)}\n",
        encoding="utf-8",
    )


def write_schema(root: Path, files: int) -> Path:
    """Write that many schema files, four tables to a function; return the same text in one file."""
    texts = []
    table = 0
    for number in range(files):
        is_table = number % 5 < 4
        if is_table:
            text = _TABLE.format(number=number, parent=table)
            table = number
        else:
            text = _FUNCTION.format(number=number, table=table)
        (root / "db" / "schema" / f"{number:04}.sql").write_text(text, encoding="utf-8")
        texts.append(text)
    whole = root / "whole.sql"
    whole.write_text("\n".join(texts), encoding="utf-8")
    return whole


def write_migrations(root: Path, files: int) -> None:
    """Write that many migrations of one table each."""
    for number in range(1, files + 1):
        path = root / "db" / "migrations" / f"{number:03}_add_item_{number:04}.py"
        path.write_text(_MIGRATION.format(number=number), encoding="utf-8")


def write_sql_migrations(root: Path, files: int) -> None:
    """Write that many pairs of SQL files of one table each."""
    folder = root / "db" / "migrations"
    for number in range(1, files + 1):
        stem = f"{number:04}_add_item_{number:04}"
        table = f"item_{number:04}"
        columns = "id INTEGER PRIMARY KEY, code TEXT NOT NULL"
        up = f"CREATE TABLE {table} ({columns});\nCREATE INDEX {table}_code ON {table} (code);\n"
        (folder / f"{stem}.up.sql").write_text(up, encoding="utf-8")
        (folder / f"{stem}.down.sql").write_text(f"DROP TABLE {table};\n", encoding="utf-8")
