"""A club's store in an SQL database."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, String, and_, bindparam, select, update

from bot.club.ports import Server, Standing, Used
from bot.store import tables
from bot.store.sql_base import drop, matches, picking
from bot.store.sql_inbox import SqlInbox
from bot.store.sql_knowledge import SqlKnowledge
from bot.store.sql_privacy import SqlPrivacy
from bot.store.sql_schedules import SqlSchedules
from bot.store.sql_suggestions import SqlSuggestions

_SETTINGS = tuple(field.name for field in fields(Server))


class SqlStore(SqlSchedules, SqlSuggestions, SqlKnowledge, SqlInbox, SqlPrivacy):
    """A Store. Every method is one transaction, and any may raise a StoreError."""

    async def standing(self, member: int, server: int | None, channel: int, book: str | None) -> Standing:
        """See Store."""
        asked = {"member": member, "server": server, "channel": channel, "book": book}
        (row,) = await self._rows(
            _standing(server is None, book is None),
            {name: value for name, value in asked.items() if value is not None},
        )
        settings, (last_book, last_server, ceiling, progress, revision) = row[:-5], row[-5:]
        return Standing(
            # Only a row has `spoilers`, which is never null.
            Server(*settings) if settings[2] is not None else Server(),
            Used(last_book, last_server) if last_book is not None else None,
            ceiling,
            progress,
            revision or 0,
        )

    async def progress(self, member: int, book: str) -> str | None:
        """See ProgressStore."""
        return await self._value(tables.progress, "milestone", member=member, book=book)

    async def set_progress(self, member: int, book: str, milestone: str | None, now: datetime) -> None:
        """See ProgressStore."""
        if milestone is None:
            await self._write(drop(tables.progress, member=member, book=book))
        else:
            await self._put(tables.progress, member=member, book=book, milestone=milestone, at=now)

    async def last_used(self, member: int) -> Used | None:
        """See ProgressStore."""
        rows = await self._pick(tables.members, "book", "server", member=member)
        return Used(*rows[0]) if rows else None

    async def note_used(self, member: int, used: Used, now: datetime) -> None:
        """See ProgressStore."""
        await self._put(tables.members, member=member, **asdict(used), at=now)

    async def server(self, server: int) -> Server:
        """See ServerStore."""
        rows = await self._pick(tables.servers, *_SETTINGS, server=server)
        return Server(*rows[0]) if rows else Server()

    async def change_server(self, server: int, change: Callable[[Server], Server]) -> Server:
        """See ServerStore."""
        unset = (
            self._insert(tables.servers).values(server=server, **asdict(Server())).on_conflict_do_nothing()
        )
        async with self._writing() as connection:
            # First a row, then its lock: SQLite has locked the file, other databases lock only what is there.
            await connection.execute(unset)
            settings = picking(tables.servers, _SETTINGS, ("server",)).with_for_update()
            row = (await connection.execute(settings, {"server": server})).one()
            changed = change(Server(*row))
            of_server = matches(tables.servers, server=server)
            await connection.execute(update(tables.servers).where(of_server).values(asdict(changed)))
        return changed

    async def ceiling(self, channel: int, book: str) -> str | None:
        """See ServerStore."""
        return await self._value(tables.ceilings, "milestone", channel=channel, book=book)

    async def set_ceiling(self, server: int, channel: int, book: str, milestone: str | None) -> None:
        """See ServerStore."""
        key = {"channel": channel, "book": book}
        if milestone is None:
            await self._write(drop(tables.ceilings, **key))
        else:
            await self._put(tables.ceilings, **key, server=server, milestone=milestone)

    async def ceilings(self, server: int, book: str) -> Mapping[int, str]:
        """See ServerStore."""
        rows = await self._pick(tables.ceilings, "channel", "milestone", server=server, book=book)
        return {row.channel: row.milestone for row in rows}

    async def watched(self, server: int | None = None) -> frozenset[int]:
        """See ServerStore."""
        where = {} if server is None else {"server": server}
        return frozenset(row.channel for row in await self._pick(tables.watched, "channel", **where))

    async def set_watched(self, server: int, channel: int, *, watched: bool) -> None:
        """See ServerStore."""
        if watched:
            await self._put(tables.watched, channel=channel, server=server)
        else:
            await self._write(drop(tables.watched, channel=channel))

    async def used(self, place: int, book: str) -> frozenset[str]:
        """See PromptLog."""
        rows = await self._pick(tables.prompts_had, "prompt", place=place, book=book)
        return frozenset(row.prompt for row in rows)

    async def mark_used(self, place: int, book: str, prompt: str, anew: Collection[str] = ()) -> bool:
        """See PromptLog."""
        async with self._writing() as connection:
            if await self._draw(connection, {"place": place, "book": book}, prompt, anew):
                return True
            await connection.rollback()
            return False


@cache
def _standing(alone: bool, open_book: bool) -> Select[*tuple[Any, ...]]:
    """One row: the columns of Server, then what the member last used, the ceiling, the progress and the overlay's revision.

    `alone`: there is no server. `open_book`: the book is the one that the server has chosen, or the member last used.
    """
    servers, members, ceilings, progress = tables.servers, tables.members, tables.ceilings, tables.progress
    overlays = tables.overlays
    # There is always this row, whatever the others lack.
    asked = select(bindparam("member", type_=BigInteger).label("member")).subquery()
    where = members.c.server if alone else bindparam("server", type_=BigInteger)
    chosen = members.c.book if alone else servers.c.book
    of_book = chosen if open_book else bindparam("book", type_=String)
    return select(
        *(servers.c[name] for name in _SETTINGS),
        members.c.book,
        members.c.server,
        ceilings.c.milestone,
        progress.c.milestone,
        overlays.c.revision,
    ).select_from(
        asked.outerjoin(members, members.c.member == asked.c.member)
        .outerjoin(servers, servers.c.server == where)
        .outerjoin(ceilings, and_(ceilings.c.channel == bindparam("channel"), ceilings.c.book == of_book))
        .outerjoin(progress, and_(progress.c.member == asked.c.member, progress.c.book == of_book))
        .outerjoin(overlays, and_(overlays.c.server == where, overlays.c.book == of_book))
    )
