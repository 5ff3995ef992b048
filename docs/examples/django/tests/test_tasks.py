"""What the ORM does, and what only the database knows."""

import pytest
from django.db import IntegrityError, transaction
from tasks.models import Task

pytestmark = pytest.mark.usefixtures("database")


def test_the_seeds_are_there_as_objects():
    assert list(Task.objects.filter(due=None).values_list("title", flat=True)) == ["Boil the jars"]


def test_a_task_is_finished():
    Task.objects.get(due=None).finish()

    assert Task.objects.filter(state="open").count() == 1


def test_an_open_title_is_taken():
    with pytest.raises(IntegrityError, match="tasks_open_title_idx"), transaction.atomic():
        Task.objects.create(title="BOIL THE JARS")


def test_the_title_of_a_finished_task_is_free():
    Task.objects.get(due=None).finish()

    Task.objects.create(title="Boil the jars")

    assert Task.objects.count() == 3


def test_every_model_has_the_columns_of_its_table(database):
    with database.cursor() as cursor:
        there = {
            column.name for column in database.introspection.get_table_description(cursor, "tasks")
        }

    assert {field.column for field in Task._meta.fields} == there
