"""Notes, written and read."""

import os
from collections.abc import AsyncIterator
from typing import Annotated, Any

import psycopg
from fastapi import Depends, FastAPI, HTTPException
from psycopg.rows import dict_row
from pydantic import BaseModel

app = FastAPI()


class NewNote(BaseModel):
    body: str


async def connection() -> AsyncIterator[psycopg.AsyncConnection[dict[str, Any]]]:
    """Open a connection for one request; what it wrote is committed if the request succeeds."""
    url = os.environ["DATABASE_URL"]
    async with await psycopg.AsyncConnection.connect(url, row_factory=dict_row) as opened:
        yield opened


Connection = Annotated[psycopg.AsyncConnection[dict[str, Any]], Depends(connection)]


@app.post("/notes", status_code=201)
async def write(note: NewNote, connection: Connection) -> dict[str, Any]:
    try:
        cursor = await connection.execute(
            "INSERT INTO notes (body) VALUES (%s) RETURNING id, body", (note.body,)
        )
    except psycopg.errors.CheckViolation as exc:
        raise HTTPException(422, exc.diag.constraint_name) from exc
    return await cursor.fetchone() or {}


@app.get("/notes")
async def read(connection: Connection) -> list[dict[str, Any]]:
    cursor = await connection.execute("SELECT id, body FROM notes ORDER BY id")
    return await cursor.fetchall()
