"""`confiture schema graph`."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest

SCHEMA = """CREATE SCHEMA sales;
CREATE TABLE customers (id int PRIMARY KEY, email varchar(80) NOT NULL UNIQUE);
CREATE TABLE sales.orders (
    id int PRIMARY KEY, customer int NOT NULL REFERENCES customers, "the note" text
);
CREATE TABLE profiles (
    customer int PRIMARY KEY REFERENCES customers, friend int REFERENCES customers
);
CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
"""
DRAWN = """\
erDiagram
    "customers" {
        integer id PK
        character_varying(80) email UK
    }
    "events" {
        timestamp_with_time_zone at
    }
    "profiles" {
        integer customer PK, FK
        integer friend FK
    }
    "sales.orders" {
        integer id PK
        integer customer FK
        text the_note
    }
    "customers" ||--o| "profiles" : "customer"
    "customers" |o--o{ "profiles" : "friend"
    "customers" ||--o{ "sales.orders" : "customer"
"""
CHANGED = """\
erDiagram
    "jars":::added {
        integer id PK
        integer shelf FK
    }
    "rooms" {
        integer id PK
    }
    "shelves":::changed {
        integer id PK
        text label "added"
        text name "removed"
        integer room FK
    }
    "shelves" |o--o{ "jars" : "shelf (added)"
    "rooms" |o--o{ "shelves" : "room"
    classDef added fill:#d3f2d9,stroke:#1a7f37,color:#000
    classDef changed fill:#fff3c4,stroke:#9a6700,color:#000
"""


@pytest.fixture
def shop(project):
    project.write("db/schema/10.sql", SCHEMA)
    return project


def test_the_schema_files_are_drawn(confiture, shop):
    outcome = confiture("schema", "graph")

    assert (outcome.code, outcome.out) == (0, DRAWN)


def test_any_source_is_drawn(confiture, shop):
    shop.write("other.sql", "CREATE TABLE jars (id int);\n")

    assert '"jars"' in confiture("schema", "graph", "other.sql").out


def test_what_a_migration_changes_is_drawn_with_what_is_around(confiture, project):
    project.migration(
        "001",
        "CREATE TABLE rooms (id int PRIMARY KEY); CREATE TABLE shelves (id int PRIMARY KEY,"
        " name text, room int REFERENCES rooms); CREATE TABLE other (id int PRIMARY KEY)",
    )
    project.migration(
        "002",
        "ALTER TABLE shelves ADD label text; ALTER TABLE shelves DROP name;"
        " CREATE TABLE jars (id int PRIMARY KEY, shelf int REFERENCES shelves)",
    )

    outcome = confiture("schema", "graph", "--migration", "2")

    assert outcome.code == 0
    assert sorted(outcome.out.splitlines()) == sorted(CHANGED.splitlines())


def test_a_migration_that_is_not_there_is_said(confiture, project):
    outcome = confiture("schema", "graph", "--migration", "7")

    assert outcome.code == 1
    assert 'there is no version "7"' in outcome.err


def test_names_need_no_care(confiture, project):
    project.write("db/schema/10.sql", 'CREATE TABLE "a ""b"" <c>" ("1 & 2" int PRIMARY KEY);\n')

    assert '    "a _b_ <c>" {\n        integer _1_2 PK\n' in confiture("schema", "graph").out
    assert "a &quot;b&quot; &lt;c&gt;" in confiture("schema", "graph", "--format", "dot").out


def test_a_picture_is_drawn_by_graphviz_or_said_to_need_it(confiture, shop):
    outcome = confiture("schema", "graph", "--format", "svg")

    if shutil.which("dot") is None:
        assert outcome.code == 1
        assert "a picture needs the program dot of Graphviz" in outcome.err
        return
    texts = [node.text for node in ET.fromstring(outcome.out).iter() if node.text]
    assert {"customers", "sales.orders", "the note"} <= {text.strip() for text in texts}


def test_the_language_of_graphviz_is_one_that_it_reads(confiture, shop):
    text = confiture("schema", "graph", "--format", "dot").out

    assert text.count(" -> ") == 3
    if shutil.which("dot") is not None:
        subprocess.run(["dot", "-Tsvg"], input=text, text=True, check=True, capture_output=True)
