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
            CREATE TABLE authors (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name TEXT NOT NULL UNIQUE
            )
        """)
        self.execute("""
            CREATE TABLE books (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                author_id BIGINT NOT NULL REFERENCES authors (id),
                title TEXT NOT NULL,
                published INTEGER NOT NULL CHECK (published > 1400)
            )
        """)
        self.execute("CREATE INDEX books_author_id_idx ON books (author_id)")

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE books")
        self.execute("DROP TABLE authors")
