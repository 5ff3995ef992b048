"""The meaning of a schema, as PostgreSQL's own catalog tells it."""
