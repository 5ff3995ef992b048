"""Django on the database of the test."""

import os

import django
import pytest
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()


@pytest.fixture
def database(seeded_db):
    connection = connections["default"]
    connection.settings_dict.update(
        NAME=seeded_db.name,
        HOST=seeded_db.host,
        PORT=seeded_db.port,
        USER=seeded_db.user,
        PASSWORD=seeded_db.password or "",
    )
    yield connection
    connection.close()
