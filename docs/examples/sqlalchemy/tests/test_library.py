"""Code under test may commit, roll back and open sessions as it likes: the database is its own."""

import pytest
import sqlalchemy
from library import Author, Base, Book, titles
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


def test_a_book_is_kept_once_it_is_committed(session, engine):
    shelley = session.scalars(sqlalchemy.select(Author)).one()
    shelley.books.append(Book(title="The Last Man", published=1826))
    session.commit()

    with Session(engine) as another:
        assert titles(another, "Mary Shelley") == ["Frankenstein", "The Last Man"]


def test_every_test_begins_with_the_seeds(session):
    assert titles(session, "Mary Shelley") == ["Frankenstein"]


def test_the_database_refuses_what_the_classes_do_not_know_of(session):
    shelley = session.scalars(sqlalchemy.select(Author)).one()
    shelley.books.append(Book(title="The Epic of Gilgamesh", published=-1200))

    with pytest.raises(IntegrityError, match="books_published_check"):
        session.commit()


def test_the_classes_have_the_columns_of_the_tables(engine):
    inspected = sqlalchemy.inspect(engine)
    for table in Base.metadata.tables.values():
        there = {column["name"] for column in inspected.get_columns(table.name)}
        assert {column.name for column in table.columns} == there
