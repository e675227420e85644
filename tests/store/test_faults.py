"""What goes wrong while the bot runs: a sentence for the host, nothing half written, and on again without a restart."""

import asyncio
import sqlite3
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, event, insert, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.book.book import Book, BookHead, Source
from bot.book.entries import Fact
from bot.club.asking import Asking
from bot.club.club import Club, Here
from bot.club.ports import StoreError, Used
from bot.store.opening import open_store
from bot.store.sql import SqlStore
from bot.store.sqlite.opening import FILE
from bot.store.tables import progress
from bot.store.types import Utc

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = await open_store(tmp_path, patience=0.05)
    yield opened
    await opened.close()


async def test_another_program_that_writes_too_long(store: SqlStore, tmp_path: Path) -> None:
    await store.set_progress(1, "a", "one", NOW)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=f"^{FILE} is in use by another program: .* try again.$"):
            await store.set_progress(1, "a", "two", NOW)
        assert await store.progress(1, "a") == "one"
        other.execute("ROLLBACK")
    await store.set_progress(1, "a", "three", NOW)
    assert await store.progress(1, "a") == "three"


async def test_another_program_that_writes_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.ensure_future(store.set_progress(1, "a", "one", NOW))
        await asyncio.sleep(0.1)
        assert not writing.done()
        other.execute("COMMIT")
        await writing
    assert await store.progress(1, "a") == "one"
    await store.close()


async def test_a_full_disk(store: SqlStore) -> None:
    await store.set_progress(1, "a", "one", NOW)
    await store.engine.dispose()

    def full(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.cursor().execute("PRAGMA max_page_count = 1")

    event.listen(store.engine.sync_engine, "connect", full)
    done = -1
    with pytest.raises(StoreError) as caught:  # noqa: PT012 - which of them is refused is not known
        for done in range(1000):
            await store.mark_used(1, "a" * 400, f"p{done}")
    assert str(caught.value) == f"The disk is full, so {FILE} cannot be written: free some space."
    assert await store.used(1, "a" * 400) == {f"p{n}" for n in range(done)}
    assert await store.progress(1, "a") == "one"

    event.remove(store.engine.sync_engine, "connect", full)
    await store.engine.dispose()
    assert await store.mark_used(1, "a" * 400, f"p{done}")


async def test_a_file_that_was_taken_away(store: SqlStore, tmp_path: Path) -> None:
    await store.set_progress(1, "a", "one", NOW)
    await store.engine.dispose()
    (tmp_path / FILE).rename(tmp_path / "away")
    for _ in range(2):
        with pytest.raises(StoreError, match=f"^{FILE} cannot be opened or written: "):
            await store.set_progress(1, "a", "two", NOW)
        with pytest.raises(StoreError, match=f"^{FILE} cannot be opened or written: "):
            await store.progress(1, "a")
    assert not (tmp_path / FILE).exists()
    (tmp_path / "away").rename(tmp_path / FILE)
    assert await store.progress(1, "a") == "one"


async def test_a_file_that_is_overwritten(store: SqlStore, tmp_path: Path) -> None:
    await store.engine.dispose()
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with pytest.raises(StoreError, match=f"^{FILE} is damaged or no database: move it away, .* a new one.$"):
        await store.set_progress(1, "a", "one", NOW)


async def test_only_what_the_host_can_mend_is_a_store_error(store: SqlStore) -> None:
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE progress")
    with pytest.raises(DBAPIError, match="no such table"):
        await store.progress(1, "a")


async def test_no_error_tells_what_is_stored(store: SqlStore, tmp_path: Path) -> None:
    raised: list[object] = []
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        raised += await asyncio.gather(
            store.set_progress(987654321, "my-secret-book", "my-secret-part", NOW),
            store.note_used(987654321, Used("my-secret-book", 987654321), NOW),
            return_exceptions=True,
        )
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE progress")
    raised += await asyncio.gather(
        store.set_progress(987654321, "my-secret-book", "my-secret-part", NOW),
        store.progress(987654321, "my-secret-book"),
        store.note_used(987654321, Used("my-secret-book", 987654321), NOW.replace(tzinfo=None)),
        return_exceptions=True,
    )
    assert [type(error).__name__ for error in raised] == [
        "StoreError",
        "StoreError",
        "OperationalError",
        "OperationalError",
        "StatementError",
    ]
    for error in raised:
        assert isinstance(error, Exception)
        told = "".join(traceback.format_exception(error))
        assert "my-secret" not in told
        assert "987654321" not in told
        assert str(tmp_path) not in told
        assert "[SQL:" not in told or not isinstance(error, StoreError)


async def test_a_moment_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(StatementError, match="naive"):
        await store.set_progress(1, "a", "one", NOW.replace(tzinfo=None))
    assert await store.progress(1, "a") is None


async def test_a_moment_comes_back_as_it_was(store: SqlStore) -> None:
    there = datetime.fromisoformat("2026-10-25T01:30:00.123456+13:45")
    await store.set_progress(1, "a", "one", there)
    async with store.engine.connect() as connection:
        at = (await connection.execute(select(progress.c.at))).scalar_one()
        stored = (await connection.exec_driver_sql("SELECT at FROM progress")).scalar_one()
    assert at == there
    assert at.tzinfo is UTC
    assert stored == "2026-10-24 11:45:00.123456"


def test_no_moment_is_no_moment() -> None:
    table = Table("moments", MetaData(), Column("id", Integer, primary_key=True), Column("at", Utc))
    with create_engine("sqlite://").begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"at": None}])
        assert connection.execute(select(table.c.at)).scalar_one() is None


async def test_while_another_program_writes_a_question_is_answered_and_writes_are_refused_in_time(
    tmp_path: Path,
) -> None:
    """Discord waits three seconds for an answer."""
    store = await open_store(tmp_path)
    club = Club({"a": a_book("a"), "b": a_book("b")}, store, Random(1))
    await store.change_server(2, lambda old: replace(old, book="a"))
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        start = time.perf_counter()
        heres = await asyncio.gather(*(club.here(member, 2, 3) for member in range(5)))
        assert all(isinstance(here, Here) for here in heres)
        assert time.perf_counter() - start < 1.5
        for member in range(3):
            with pytest.raises(StoreError):
                await store.set_progress(member, "a", "part-one", NOW)
        other.execute("ROLLBACK")
    await club.finish()
    await store.close()


def a_book(slug: str) -> Asking:
    head = BookHead(title=slug, sources=(Source(id="s", title="s"),))
    fact = Fact.model_validate(
        {"id": "f", "topic": "f", "asks": ["f"], "sources": ["s"], "answer": [{"text": "f"}]}
    )
    return Asking(Book(slug, head, (fact,)))
