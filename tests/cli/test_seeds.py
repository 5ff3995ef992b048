"""Seeds: files of rows, `confiture seed check` and `confiture seed uuid`."""

from __future__ import annotations

import uuid

import pytest

SCHEMA = """CREATE SCHEMA sales;
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, note text);
CREATE TABLE sales.orders (
    id int PRIMARY KEY, customer int REFERENCES customers, jars int CHECK (jars > 0)
);
CREATE TABLE pairs (
    id int PRIMARY KEY, other int REFERENCES pairs DEFERRABLE INITIALLY DEFERRED
);
"""


@pytest.fixture
def shop(project):
    project.write("db/schema/10.sql", SCHEMA)
    return project


def places(outcome):
    return [(one["path"].rpartition("/")[2], one["line"]) for one in outcome.json["findings"]]


def test_files_of_rows_are_loaded_into_the_tables_they_are_named_after(confiture, shop):
    shop.write("db/seeds/common/10_customers.csv", 'name,id,note\n"Ada, L.",1,\nBob,2,""\n')
    shop.write("db/seeds/common/20_sales.orders.csv", "id,customer,jars\n1,2,3\n")

    outcome = confiture("build")

    assert outcome.code == 0, outcome.err
    assert shop.query("select * from customers order by id") == [
        (1, "Ada, L.", None),
        (2, "Bob", ""),
    ]
    assert shop.query("select * from sales.orders") == [(1, 2, 3)]


def test_rows_below_copy_are_loaded(confiture, shop):
    rows = "COPY customers (id, name) FROM stdin;\n1\tAda\n2\tBob\n\\.\n"
    shop.write("db/seeds/common/10.sql", rows)

    assert confiture("build").code == 0
    assert shop.query("select count(*) from customers") == [(2,)]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("customers.csv", "id,name\n1,Ada\nx,Bob\n", "customers.csv:3: invalid input syntax"),
        ("customers.csv", 'id,name\n1,"A\nda"\n1,Bob\n', "customers.csv:4: duplicate key"),
        ("customers.csv", "id,mane\n1,Ada\n", 'customers.csv:1: column "mane"'),
        ("nobody.csv", "id\n1\n", 'nobody.csv:1: relation "nobody" does not exist'),
        ("customers.csv", "", "customers.csv: the file has no header"),
        (
            "10.sql",
            "SELECT 1;\nCOPY customers (id, name) FROM stdin;\n1\tAda\nx\tBob\n\\.\n",
            "10.sql:4: invalid input syntax",
        ),
    ],
    ids=["type", "key after two lines", "column", "table", "empty", "copy"],
)
def test_an_error_names_the_line(confiture, shop, file, text, said):
    shop.write(f"db/seeds/common/{file}", text)

    outcome = confiture("build")

    assert outcome.code == 1
    assert f"db/seeds/common/{said}" in outcome.err
    assert not shop.exists()


def test_rows_outside_the_seeds_are_no_schema(confiture, shop):
    shop.write("db/schema/notes.csv", "not,rows\n")

    assert confiture("build").code == 0


def test_seeds_that_fit_are_said_to(confiture, shop):
    shop.write("db/seeds/common/customers.csv", "id,name\n1,Ada\n")
    shop.write(
        "db/seeds/common/pairs.sql",
        "INSERT INTO pairs VALUES (1, 2);\nINSERT INTO pairs VALUES (2, 1);\n",
    )

    outcome = confiture("seed", "check")

    assert (outcome.code, outcome.out) == (0, "All rows of 2 seed file(s) fit the schema\n")
    assert not shop.exists()


def test_every_row_that_does_not_fit_is_named(confiture, shop):
    shop.write("db/seeds/common/10_customers.csv", "id,name\n1,Ada\n2,\nthree,Eve\n4,Bob\n")
    shop.write(
        "db/seeds/common/20_orders.sql",
        "INSERT INTO sales.orders VALUES\n    (1, 1, 1),\n    (2, 1, 0), -- none\n"
        "    (3, 9, 1),\n    (4, 4, 2);\nINSERT INTO sales.nothing VALUES (1);\n",
    )
    shop.write(
        "db/seeds/common/30_more.sql",
        "COPY customers (id, name) FROM stdin;\n5\tFay\n1\tAda again\n\\.\n",
    )

    outcome = confiture("seed", "check", "--json")

    assert outcome.code == 3
    assert places(outcome) == [
        ("10_customers.csv", 3),
        ("10_customers.csv", 4),
        ("20_orders.sql", 3),
        ("20_orders.sql", 4),
        ("20_orders.sql", 6),
        ("30_more.sql", 3),
    ]


def test_a_constraint_that_is_deferred_is_checked_at_the_end_of_the_file(confiture, shop):
    shop.write("db/seeds/common/pairs.sql", "SELECT 1;\nINSERT INTO pairs VALUES (1, 2), (3, 1);\n")

    outcome = confiture("seed", "check", "--json")

    assert outcome.code == 3
    assert places(outcome) == [("pairs.sql", 2)]
    assert outcome.json["findings"][0]["detail"] == (
        'Key (other)=(2) is not present in table "pairs".'
    )


def test_rows_that_come_too_early_are_told_from_those_that_refer_to_nothing(confiture, shop):
    shop.write("db/seeds/common/10_sales.orders.csv", "id,customer,jars\n1,1,1\n2,9,1\n")
    shop.write("db/seeds/common/20_customers.csv", "id,name\n1,Ada\n")

    found = confiture("seed", "check", "--json").json["findings"]

    assert [(one["line"], bool(one["hint"])) for one in found] == [(2, True), (3, False)]
    assert "let this one come after that" in found[0]["hint"]


def test_a_uuid_says_what_it_stands_for(confiture, project):
    outcome = confiture("seed", "uuid", "users", "42")

    assert outcome.out == "75736572-7300-8000-8000-000000000042\n"
    made = uuid.UUID(outcome.out.strip())
    assert (made.version, made.variant) == (8, uuid.RFC_4122)
    assert confiture("seed", "uuid", "--read", str(made)).out == "users 42\n"


def test_uuids_are_counted_on(confiture, project):
    outcome = confiture("seed", "uuid", "sales.order_lines", "9", "--count", "3")

    assert outcome.out.splitlines() == [
        "6f726465-725f-86c6-896e-000000000009",
        "6f726465-725f-86c6-896e-000000000010",
        "6f726465-725f-86c6-896e-000000000011",
    ]
    read = confiture("seed", "uuid", "--read", outcome.out.splitlines()[2])
    assert read.out == "order_lin 11\n"


@pytest.mark.parametrize(
    "arguments",
    [("users", "-1"), ("users", "1000000000000"), ("--read", str(uuid.uuid4())), ("--read", "x")],
)
def test_what_is_no_uuid_of_a_seed_is_refused(confiture, project, arguments):
    assert confiture("seed", "uuid", *arguments).code in (1, 2)
