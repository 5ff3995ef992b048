"""Requests, and what they leave in the database."""

import asyncio

import pytest

pytestmark = pytest.mark.anyio


async def test_a_note_is_written_and_read(client):
    written = await client.post("/notes", json={"body": "sugar"})

    assert written.status_code == 201
    assert (await client.get("/notes")).json() == [{"id": 1, "body": "sugar"}]


async def test_what_was_written_is_committed(client, confiture_db):
    await client.post("/notes", json={"body": "lemon"})

    assert confiture_db.execute("SELECT body FROM notes").fetchall() == [("lemon",)]


async def test_an_empty_note_is_refused_by_the_database(client, confiture_db):
    refused = await client.post("/notes", json={"body": ""})

    assert (refused.status_code, refused.json()) == (422, {"detail": "notes_body_check"})
    assert confiture_db.execute("SELECT count(*) FROM notes").fetchone() == (0,)


async def test_notes_written_at_once_are_all_there(client):
    await asyncio.gather(*(client.post("/notes", json={"body": str(n)}) for n in range(5)))

    bodies = {note["body"] for note in (await client.get("/notes")).json()}
    assert bodies == {"0", "1", "2", "3", "4"}
