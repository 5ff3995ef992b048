"""Migration: initial_schema

Version: 001
"""

from confiture.models.migration import Migration


class InitialSchema(Migration):
    """Migration: initial_schema."""

    version = "001"
    name = "initial_schema"

    def up(self) -> None:
        """Apply migration."""
        self.execute("""
            CREATE TABLE notes (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                body TEXT NOT NULL CHECK (body <> ''),
                written_at TIMESTAMPTZ NOT NULL DEFAULT now()
            )
        """)

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE notes")
