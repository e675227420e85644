"""A club's store in an SQL database."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, fields
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    Row,
    Select,
    Table,
    and_,
    delete,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.club.ports import Server, Standing, Used
from bot.store import tables
from bot.store.database import Database


class SqlStore:
    """A Store. Every method is one transaction, and any may raise a StoreError."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self._database = database
        self._writer = self.engine.execution_options(writes=True)
        # Each dialect has an INSERT of its own, and what is used of it here is alike in SQLite's and PostgreSQL's.
        self._insert: Callable[[Table], Insert] = import_module(
            f"sqlalchemy.dialects.{self.engine.dialect.name}"
        ).insert

    async def close(self) -> None:
        """Ends the connections."""
        await self.engine.dispose()

    async def standing(self, member: int, server: int | None, channel: int, book: str | None) -> Standing:
        """See Store."""
        (row,) = await self._rows(_standing(member, server, channel, book))
        settings, (last_book, last_server, ceiling, progress) = row[:-4], row[-4:]
        return Standing(
            # Only a row has `spoilers`, which is never null.
            Server(*settings) if settings[2] is not None else Server(),
            Used(last_book, last_server) if last_book is not None else None,
            ceiling,
            progress,
        )

    async def progress(self, member: int, book: str) -> str | None:
        """See ProgressStore."""
        return await self._value(_pick(tables.progress, "milestone", member=member, book=book))

    async def set_progress(self, member: int, book: str, milestone: str | None, now: datetime) -> None:
        """See ProgressStore."""
        if milestone is None:
            await self._write(_drop(tables.progress, member=member, book=book))
        else:
            await self._put(tables.progress, member=member, book=book, milestone=milestone, at=now)

    async def last_used(self, member: int) -> Used | None:
        """See ProgressStore."""
        rows = await self._rows(_pick(tables.members, "book", "server", member=member))
        return Used(*rows[0]) if rows else None

    async def note_used(self, member: int, used: Used, now: datetime) -> None:
        """See ProgressStore."""
        await self._put(tables.members, member=member, **asdict(used), at=now)

    async def server(self, server: int) -> Server:
        """See ServerStore."""
        rows = await self._rows(_settings(server))
        return Server(*rows[0]) if rows else Server()

    async def change_server(self, server: int, change: Callable[[Server], Server]) -> Server:
        """See ServerStore."""
        unset = (
            self._insert(tables.servers).values(server=server, **asdict(Server())).on_conflict_do_nothing()
        )
        async with self._writing() as connection:
            # First a row, then its lock: SQLite has locked the file, other databases lock only what is there.
            await connection.execute(unset)
            row = (await connection.execute(_settings(server).with_for_update())).one()
            changed = change(Server(*row))
            of_server = _matches(tables.servers, server=server)
            await connection.execute(update(tables.servers).where(of_server).values(asdict(changed)))
        return changed

    async def ceiling(self, channel: int, book: str) -> str | None:
        """See ServerStore."""
        return await self._value(_pick(tables.ceilings, "milestone", channel=channel, book=book))

    async def set_ceiling(self, server: int, channel: int, book: str, milestone: str | None) -> None:
        """See ServerStore."""
        key = {"channel": channel, "book": book}
        if milestone is None:
            await self._write(_drop(tables.ceilings, **key))
        else:
            await self._put(tables.ceilings, **key, server=server, milestone=milestone)

    async def ceilings(self, server: int, book: str) -> Mapping[int, str]:
        """See ServerStore."""
        rows = await self._rows(_pick(tables.ceilings, "channel", "milestone", server=server, book=book))
        return {row.channel: row.milestone for row in rows}

    async def watched(self, server: int | None = None) -> frozenset[int]:
        """See ServerStore."""
        where = {} if server is None else {"server": server}
        return frozenset(row.channel for row in await self._rows(_pick(tables.watched, "channel", **where)))

    async def set_watched(self, server: int, channel: int, *, watched: bool) -> None:
        """See ServerStore."""
        if watched:
            await self._put(tables.watched, channel=channel, server=server)
        else:
            await self._write(_drop(tables.watched, channel=channel))

    async def used(self, place: int, book: str) -> frozenset[str]:
        """See PromptLog."""
        rows = await self._rows(_pick(tables.prompts_had, "prompt", place=place, book=book))
        return frozenset(row.prompt for row in rows)

    async def mark_used(self, place: int, book: str, prompt: str) -> bool:
        """See PromptLog."""
        row = self._insert(tables.prompts_had).values(place=place, book=book, prompt=prompt)
        return await self._write(row.on_conflict_do_nothing()) == 1

    async def forget_used(self, place: int, book: str, prompts: Collection[str]) -> None:
        """See PromptLog."""
        of_place = _drop(tables.prompts_had, place=place, book=book)
        await self._write(of_place.where(tables.prompts_had.c.prompt.in_(prompts)))

    async def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        with self._database.mendable():
            async with self.engine.connect() as connection:
                return (await connection.execute(query)).all()

    async def _value(self, query: Select[*tuple[Any, ...]]) -> str | None:
        rows = await self._rows(query)
        return rows[0][0] if rows else None

    async def _put(self, table: Table, **row: Any) -> None:  # noqa: ANN401 - as its columns are
        """Writes a row in place of the one with its key."""
        new = self._insert(table).values(row)
        rest = {name: new.excluded[name] for name in row if not table.c[name].primary_key}
        await self._write(new.on_conflict_do_update(index_elements=table.primary_key.columns, set_=rest))

    async def _write(self, statement: Insert | Delete) -> int:
        """How many rows it changed."""
        async with self._writing() as connection:
            return (await connection.execute(statement)).rowcount

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        async with self._database.turn():
            with self._database.mendable():
                async with self._writer.begin() as connection:
                    yield connection


def _matches(table: Table, **values: Any) -> ColumnElement[bool]:  # noqa: ANN401
    return and_(True, *(table.c[name] == value for name, value in values.items()))


def _pick(table: Table, *columns: str, **where: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401
    return select(*(table.c[name] for name in columns)).where(_matches(table, **where))


def _drop(table: Table, **where: Any) -> Delete:  # noqa: ANN401
    return delete(table).where(_matches(table, **where))


def _standing(member: int, server: int | None, channel: int, book: str | None) -> Select[*tuple[Any, ...]]:
    """One row: the columns of Server, then what the member last used, the ceiling and the progress."""
    servers, members, ceilings, progress = tables.servers, tables.members, tables.ceilings, tables.progress
    # There is always this row, whatever the others lack.
    asked = select(literal(member, BigInteger).label("member")).subquery()
    where = members.c.server if server is None else literal(server, BigInteger)
    chosen = members.c.book if server is None else servers.c.book
    of_book = chosen if book is None else literal(book)
    return select(
        *(servers.c[field.name] for field in fields(Server)),
        members.c.book,
        members.c.server,
        ceilings.c.milestone,
        progress.c.milestone,
    ).select_from(
        asked.outerjoin(members, members.c.member == asked.c.member)
        .outerjoin(servers, servers.c.server == where)
        .outerjoin(ceilings, and_(ceilings.c.channel == channel, ceilings.c.book == of_book))
        .outerjoin(progress, and_(progress.c.member == asked.c.member, progress.c.book == of_book))
    )


def _settings(server: int) -> Select[*tuple[Any, ...]]:
    """In the order of Server's fields."""
    return _pick(tables.servers, *(field.name for field in fields(Server)), server=server)
