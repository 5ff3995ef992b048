"""Migration: create_example

Version: 001
"""

from confiture.models.migration import Migration


class CreateExample(Migration):
    """Migration: create_example."""

    version = "001"
    name = "create_example"

    def up(self) -> None:
        """Apply migration."""
        self.execute("""
            CREATE TABLE example (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                title TEXT NOT NULL UNIQUE,
                created_at TIMESTAMPTZ NOT NULL DEFAULT now()
            )
        """)

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE example")
