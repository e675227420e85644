"""PostgreSQL: opened, brought up, refused, gone and back; and what the host is told."""

import asyncio
import logging
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.club.ports import Server, StoreError
from bot.store.migrations import HEAD
from bot.store.opening import open_store, running_store
from bot.store.sql import SqlStore
from bot.store.tables import metadata, progress
from tests.store.old import assert_all_there, fill_0001
from tests.store.server import Own, Postgres, asked

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
SLOW = "^PostgreSQL does not answer in time: "
UNREACHABLE = "^PostgreSQL cannot be reached: "


@pytest.fixture
async def store(database: str) -> AsyncIterator[SqlStore]:
    async with running_store(database) as opened:
        yield opened


@pytest.fixture
async def hasty(database: str) -> AsyncIterator[SqlStore]:
    """It waits for less long."""
    async with running_store(database, patience=0.5) as opened:
        yield opened


@pytest.fixture
def own(server: Postgres) -> Own:
    if server.own is None:
        pytest.skip("the server of TEST_POSTGRES_URL is not ours to stop")
    return server.own


async def in_sql(url: str, work: Callable[[Connection], Any]) -> Any:  # noqa: ANN401 - what the work makes
    """Done without the bot, in one transaction."""
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1), poolclass=NullPool)
    async with engine.begin() as connection:
        return await connection.run_sync(work)


# ------------------------------------------------------------------ opening


async def test_the_migrations_lead_to_the_tables(new_database: str) -> None:
    await (await open_store(new_database)).close()

    def compared(connection: Connection) -> list[object]:
        opts = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), metadata))

    assert await in_sql(new_database, compared) == []


async def test_an_earlier_database_is_brought_up_once_by_all_that_open_it(new_database: str) -> None:
    await in_sql(new_database, fill_0001)
    opened = await asyncio.gather(*(open_store(new_database) for _ in range(4)))
    for store in opened:
        await assert_all_there(store)
        await store.close()
    async with asked(new_database) as other:
        assert await other.fetchval("SELECT string_agg(version_num, ',') FROM alembic_version") == HEAD


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+asyncpg", "PostgreSQL"])
async def test_every_way_to_write_the_scheme_will_do(database: str, scheme: str) -> None:
    url = f"{scheme}:{database.partition(':')[2]}?sslmode=prefer&application_name=club"
    async with running_store(url) as store, asked(database) as other:
        assert await store.watched() == frozenset()
        assert await other.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'club'")


FOREIGN = "The PostgreSQL database holds the data of another program: give the bot a database of its own."
NEWER = "The PostgreSQL database was made by a newer version of the bot: update the bot."


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (["notes"], FOREIGN),
        (["alembic_version", "notes"], FOREIGN),
        (["alembic_version", "members"], NEWER),
    ],
)
async def test_what_is_not_ours_is_refused_and_left_alone(
    new_database: str, made: list[str], said: str
) -> None:
    async with asked(new_database) as other:
        for table in made:
            await other.execute(f"CREATE TABLE {table} AS SELECT '9999' AS version_num")
        with pytest.raises(StoreError) as caught:
            await open_store(new_database)
        assert str(caught.value) == said
        found = await other.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    assert [name for (name,) in found] == made


async def test_who_brings_it_up_is_waited_for(new_database: str) -> None:
    async with asked(new_database) as other:
        await other.execute("SELECT pg_advisory_lock(x'626f6f6b636c7562'::bigint)")
        with pytest.raises(StoreError, match=SLOW):
            await open_store(new_database, patience=0.5)
        opening = asyncio.ensure_future(open_store(new_database))
        await asyncio.sleep(0.1)
        assert not opening.done()
    await (await opening).close()


async def test_a_moment_comes_back_as_it_was(store: SqlStore) -> None:
    there = datetime.fromisoformat("2026-10-25T01:30:00.123456+13:45")
    await store.set_progress(1, "a", "one", there)
    async with store.engine.connect() as connection:
        await connection.exec_driver_sql("SET TIME ZONE 'Asia/Kathmandu'")
        at = (await connection.execute(select(progress.c.at))).scalar_one()
    assert at == there
    assert at.tzinfo is UTC


# ------------------------------------------------------------------ refused


SECRET = "hunter2-in-the-open"  # noqa: S105 - it must be seen nowhere


async def refused(url: str, caplog: pytest.LogCaptureFixture, patience: float = 5) -> str:
    """The sentence for the host. Nothing else is said, and nowhere what the URL holds."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StoreError) as caught:
        await open_store(url, patience=patience)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    parts = urlsplit(url)
    for secret in {url, parts.password, parts.username, parts.path.strip("/"), SECRET} - {None, ""}:
        assert str(secret) not in told
    said = str(caught.value)
    assert said.endswith(".")
    assert said.count(".") == 1
    assert "\n" not in said
    return said


def changed(url: str, *, user: str = "", password: str = "", database: str = "", port: int = 0) -> str:
    parts = urlsplit(url)
    user, password = user or parts.username or "", password or parts.password or ""
    place = f"{user}:{password}@{parts.hostname}:{port or parts.port or 5432}"
    return urlunsplit(parts._replace(netloc=place, path=database or parts.path))


@asynccontextmanager
async def member(server: Postgres, rights: str) -> AsyncIterator[str]:
    """Somebody on the server who is not its master."""
    name = f"somebody_{os.getpid()}"
    await server.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}' {rights}")
    try:
        yield name
    finally:
        await server.execute(f"DROP ROLE {name}")


async def test_a_wrong_password_is_said(database: str, caplog: pytest.LogCaptureFixture) -> None:
    said = await refused(changed(database, password=SECRET), caplog)
    assert said.startswith("PostgreSQL refuses the user or the password in DATABASE_URL: ")
    assert await refused(changed(database, user="nobody-there", password=SECRET), caplog) == said
    parts = urlsplit(database)
    assert (
        await refused(f"postgresql://{parts.username}@{parts.hostname}:{parts.port}{parts.path}", caplog)
        == said
    )


async def test_a_database_that_is_not_there_is_said(database: str, caplog: pytest.LogCaptureFixture) -> None:
    said = await refused(changed(database, database="/nowhere-to-be-found"), caplog)
    assert said == "PostgreSQL has no database of the name in DATABASE_URL: create it, or correct the name."


async def test_a_server_that_is_not_there_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        for host in (f"127.0.0.1:{port}", "nowhere.invalid"):
            said = await refused(f"postgresql://some-user:{SECRET}@{host}/some-database", caplog)
            assert said.startswith(UNREACHABLE[1:])
            assert host not in said
        # It takes connections, and says nothing.
        nobody.listen()
        said = await refused(f"postgresql://some-user:{SECRET}@127.0.0.1:{port}/d4ta", caplog, patience=0.1)
        assert said.startswith(UNREACHABLE[1:])


async def test_too_many_connections_are_said(
    server: Postgres, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with member(server, "CONNECTION LIMIT 0") as name:
        said = await refused(changed(database, user=name, password=SECRET), caplog)
    assert said.startswith("PostgreSQL takes no more connections: ")


async def test_rights_that_are_missing_are_said(
    server: Postgres, new_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    await server.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC", new_database)
    async with member(server, "") as name:
        said = await refused(changed(new_database, user=name, password=SECRET), caplog)
    assert (
        said == "PostgreSQL does not let the bot's user do what it must: make it the owner of the database."
    )


async def test_a_server_that_can_only_be_read_is_said(
    server: Postgres, new_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    name = urlsplit(new_database).path[1:]
    await server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    for url in (new_database, f"{new_database}?target_session_attrs=read-write"):
        assert (await refused(url, caplog)).startswith("PostgreSQL only lets the bot read: ")


async def test_an_option_that_postgresql_does_not_know_is_said(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await refused(f"{database}?channel_binding=require", caplog)).startswith(
        "DATABASE_URL is not usable: "
    )


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://u5er:{SECRET}@there/d4ta",
        f"postgresql+psycopg://u5er:{SECRET}@there/d4ta",
        f"sqlite:///{SECRET}.sqlite3",
        SECRET,
        f"postgresql:{SECRET}",
        f"postgresql://u5er:{SECRET}@there:port/d4ta",
        f"postgresql://u5er:{SECRET}@[there/d4ta",
        f"postgresql://u5er:{SECRET}@{'a' * 64}.there/d4ta",
        f"postgresql://u5er:{SECRET}@there/d4ta?sslmode={SECRET}",
        f"postgresql://u5er:{SECRET}@there/d4ta?{SECRET}",
    ],
)
async def test_a_url_that_is_none_is_said(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StoreError) as caught:
        await open_store(url)
    assert str(caught.value).startswith(
        "DATABASE_URL is not usable: write it as postgresql://user:password@host/"
    )
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + caplog.text


async def test_without_asyncpg_the_host_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(
        StoreError, match=r"^For PostgreSQL the bot needs asyncpg: .*uv sync --extra postgres"
    ):
        await open_store("postgresql://user@there/data")


# ------------------------------------------------------------------ while it runs


async def test_a_server_that_stops_is_said_and_found_again(store: SqlStore, own: Own) -> None:
    await store.set_progress(1, "a", "one", NOW)
    own.stop()
    try:
        for _ in range(2):
            raised = await asyncio.gather(
                store.progress(1, "a"),
                *(store.set_progress(member, "a", "two", NOW) for member in range(10)),
                return_exceptions=True,
            )
            for error in raised:
                assert isinstance(error, StoreError)
                assert str(error).startswith(UNREACHABLE[1:])
    finally:
        own.start()
    assert await store.progress(1, "a") == "one"
    await asyncio.gather(*(store.set_progress(member, "a", "three", NOW) for member in range(10)))
    assert await store.progress(9, "a") == "three"


async def test_a_server_that_stops_in_the_middle_changes_nothing(store: SqlStore, own: Own) -> None:
    def change(before: Server) -> Server:
        own.stop()
        return replace(before, hides=True)

    await store.change_server(1, lambda before: replace(before, book="a"))
    try:
        with pytest.raises(StoreError, match=UNREACHABLE):
            await store.change_server(1, change)
    finally:
        own.start()
    assert await store.server(1) == Server("a")


async def test_connections_that_were_cut_are_made_anew(store: SqlStore, database: str) -> None:
    await asyncio.gather(*(store.set_progress(member, "a", "one", NOW) for member in range(10)))
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for _ in range(2):
        async with asked(database) as other:
            assert await other.fetch(f"SELECT pg_terminate_backend(pid) {others}")
            while await other.fetch(f"SELECT pid, pg_sleep(0.01) {others}"):
                pass
        answers = await asyncio.gather(*(store.progress(member, "a") for member in range(10)))
        assert answers == ["one"] * 10


async def test_a_row_that_another_program_holds_is_not_waited_for_long(
    hasty: SqlStore, database: str
) -> None:
    await hasty.change_server(1, lambda before: replace(before, book="a"))
    async with asked(database) as other:
        async with other.transaction():
            await other.execute("SELECT * FROM servers FOR UPDATE")
            start = time.perf_counter()
            with pytest.raises(StoreError, match=SLOW):
                await hasty.change_server(1, lambda before: replace(before, book="b"))
            assert time.perf_counter() - start < 2
            assert await hasty.server(1) == Server("a")
            await hasty.change_server(2, lambda before: replace(before, book="c"))
        await hasty.change_server(1, lambda before: replace(before, book="d"))
    assert await hasty.server(1) == Server("d")


async def test_a_server_that_hangs_is_not_waited_for_long(hasty: SqlStore, database: str, own: Own) -> None:
    assert own.process
    await hasty.progress(1, "a")
    async with asked(database) as other:
        found = await other.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    hanging = [own.process.pid, *(pid for (pid,) in found)]
    try:
        for pid in hanging:
            os.kill(pid, signal.SIGSTOP)
        start = time.perf_counter()
        with pytest.raises(StoreError, match=f"{SLOW}|{UNREACHABLE}"):
            await hasty.progress(1, "a")
        assert time.perf_counter() - start < 3
    finally:
        for pid in hanging:
            os.kill(pid, signal.SIGCONT)
    assert await hasty.progress(1, "a") is None


async def test_more_calls_than_connections_wait_for_each_other(store: SqlStore) -> None:
    await asyncio.gather(*(store.mark_used(1, "a", f"p{n}") for n in range(100)))
    assert len(await store.used(1, "a")) == 100


async def test_only_what_the_host_can_mend_is_a_store_error(new_database: str) -> None:
    # Not in the line that fails, which the traceback shows.
    member, book = 987654321, "my-secret-book"
    async with running_store(new_database) as store:
        async with asked(new_database) as other:
            await other.execute("DROP TABLE progress")
        with pytest.raises(DBAPIError, match="does not exist") as caught:
            await store.progress(member, book)
    told = "".join(traceback.format_exception(caught.value))
    assert str(member) not in told
    assert book not in told
