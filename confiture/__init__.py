"""PostgreSQL schemas and migrations from plain SQL files."""
