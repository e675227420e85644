"""A club's store in an SQL database."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, and_, literal, select, update

from bot.club.ports import Server, Standing, Used
from bot.store import tables
from bot.store.sql_base import drop, matches, pick
from bot.store.sql_schedules import SqlSchedules
from bot.store.sql_suggestions import SqlSuggestions


class SqlStore(SqlSchedules, SqlSuggestions):
    """A Store. Every method is one transaction, and any may raise a StoreError."""

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
        return await self._value(pick(tables.progress, "milestone", member=member, book=book))

    async def set_progress(self, member: int, book: str, milestone: str | None, now: datetime) -> None:
        """See ProgressStore."""
        if milestone is None:
            await self._write(drop(tables.progress, member=member, book=book))
        else:
            await self._put(tables.progress, member=member, book=book, milestone=milestone, at=now)

    async def last_used(self, member: int) -> Used | None:
        """See ProgressStore."""
        rows = await self._rows(pick(tables.members, "book", "server", member=member))
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
            of_server = matches(tables.servers, server=server)
            await connection.execute(update(tables.servers).where(of_server).values(asdict(changed)))
        return changed

    async def ceiling(self, channel: int, book: str) -> str | None:
        """See ServerStore."""
        return await self._value(pick(tables.ceilings, "milestone", channel=channel, book=book))

    async def set_ceiling(self, server: int, channel: int, book: str, milestone: str | None) -> None:
        """See ServerStore."""
        key = {"channel": channel, "book": book}
        if milestone is None:
            await self._write(drop(tables.ceilings, **key))
        else:
            await self._put(tables.ceilings, **key, server=server, milestone=milestone)

    async def ceilings(self, server: int, book: str) -> Mapping[int, str]:
        """See ServerStore."""
        rows = await self._rows(pick(tables.ceilings, "channel", "milestone", server=server, book=book))
        return {row.channel: row.milestone for row in rows}

    async def watched(self, server: int | None = None) -> frozenset[int]:
        """See ServerStore."""
        where = {} if server is None else {"server": server}
        return frozenset(row.channel for row in await self._rows(pick(tables.watched, "channel", **where)))

    async def set_watched(self, server: int, channel: int, *, watched: bool) -> None:
        """See ServerStore."""
        if watched:
            await self._put(tables.watched, channel=channel, server=server)
        else:
            await self._write(drop(tables.watched, channel=channel))

    async def used(self, place: int, book: str) -> frozenset[str]:
        """See PromptLog."""
        rows = await self._rows(pick(tables.prompts_had, "prompt", place=place, book=book))
        return frozenset(row.prompt for row in rows)

    async def mark_used(self, place: int, book: str, prompt: str, anew: Collection[str] = ()) -> bool:
        """See PromptLog."""
        async with self._writing() as connection:
            if await self._draw(connection, {"place": place, "book": book}, prompt, anew):
                return True
            await connection.rollback()
            return False


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
    return pick(tables.servers, *(field.name for field in fields(Server)), server=server)
