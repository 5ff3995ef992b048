"""A session on a database of the test's own."""

import pytest
import sqlalchemy
from sqlalchemy.orm import Session


@pytest.fixture
def engine(seeded_db):
    url = sqlalchemy.make_url(seeded_db.url).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine):
    with Session(engine) as session:
        yield session
