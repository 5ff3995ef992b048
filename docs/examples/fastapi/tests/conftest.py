"""A client of the application, which has the database of the test."""

import httpx
import pytest
from app import app


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def client(confiture_db, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", confiture_db.url)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notes") as client:
        yield client
