"""Each test has a PostgreSQL database of its own, made from db/schema.

pytest                                 runs these
pytest --confiture-verify-migrations   and proves that every migration can be taken back
"""

import psycopg
import pytest


def test_a_new_row_has_the_time_it_was_made(confiture_db):
    confiture_db.execute("INSERT INTO example (title) VALUES ('cherry')")

    assert confiture_db.execute("SELECT created_at <= now() FROM example").fetchone() == (True,)


def test_the_seeds_are_there(seeded_db):
    rows = seeded_db.execute("SELECT title FROM example ORDER BY title").fetchall()

    assert rows == [("apricot",), ("strawberry",)]


def test_a_title_is_taken_once(seeded_db):
    with pytest.raises(psycopg.errors.UniqueViolation):
        seeded_db.execute("INSERT INTO example (title) VALUES ('apricot')")
