"""The SQL side of what is remembered of one member, and of servers that the bot has left."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, func, select, union, update

from bot.store.sql_base import SqlBase, drop, matches
from bot.store.tables import (
    ceilings,
    contributions,
    departures,
    dismissed,
    edits,
    jobs,
    members,
    misses,
    overlays,
    progress,
    prompts_had,
    revisions,
    schedules,
    servers,
    suggestions,
    watched,
)

_OF_SERVERS: tuple[Table, ...] = (
    servers, ceilings, watched, schedules, jobs, suggestions, overlays, revisions, edits, misses, dismissed,
    contributions, departures,
)  # fmt: skip
"""Every table of whose rows each is one server's."""

_TELLING: tuple[Table, ...] = (
    members, servers, ceilings, watched, schedules, suggestions, overlays, misses, dismissed, contributions,
    departures,
)  # fmt: skip
"""Those of which one at least knows each server: the large ones are left out."""

_HELD: Mapping[str, tuple[Column[Any], tuple[str, ...]]] = {
    "last used": (members.c.member, ("book", "server", "at")),
    "progress": (progress.c.member, ("book", "milestone", "at")),
    "missed questions": (misses.c.member, ("server", "book", "question", "at", "not_meant")),
    "suggestions": (
        contributions.c.member,
        ("server", "book", "sort", "text", "where", "milestone", "entry", "at"),
    ),
    "edits": (revisions.c.author, ("server", "book", "number", "what", "at")),
}


class SqlPrivacy(SqlBase):
    """A PrivacyStore."""

    async def held_on(self, member: int) -> Mapping[str, tuple[Mapping[str, object], ...]]:
        """See PrivacyStore."""
        named = {
            sort: select(*(column.table.c[name] for name in names))
            .where(column == member)
            .order_by(*column.table.primary_key)
            for sort, (column, names) in _HELD.items()
        }
        made = select(*(schedules.c[name] for name in ("id", "server", "channel")))
        named["schedules"] = made.where(_made_by(member)).order_by(schedules.c.number)
        async with self._reading() as connection:
            found = {
                sort: (await connection.execute(query)).mappings().all() for sort, query in named.items()
            }
        return {
            sort: tuple({name: _plain(value) for name, value in row.items()} for row in rows)
            for sort, rows in found.items()
        }

    async def forget_member(self, member: int) -> None:
        """See PrivacyStore."""
        nobodys = func.replace(schedules.c.text, _author(member), _author(0))
        async with self._writing() as connection:
            for table in (members, progress, misses):
                await connection.execute(drop(table, member=member))
            for table, column in ((contributions, "member"), (revisions, "author")):
                named = matches(table, **{column: member})
                await connection.execute(update(table).where(named).values({column: None}))
            await connection.execute(update(schedules).where(_made_by(member)).values(text=nobodys))

    async def note_left(self, servers: Collection[int], now: datetime) -> None:
        """See PrivacyStore."""
        if servers:
            rows = [{"server": server, "at": now} for server in servers]
            async with self._writing() as connection:
                await connection.execute(self._insert(departures).on_conflict_do_nothing(), rows)

    async def note_back(self, servers: Collection[int]) -> None:
        """See PrivacyStore."""
        left = {row.server for row in await self._pick(departures, "server")}
        if back := left.intersection(servers):
            await self._write(delete(departures).where(departures.c.server.in_(back)))

    async def known_servers(self) -> frozenset[int]:
        """See PrivacyStore."""
        known = union(*(select(table.c.server) for table in _TELLING)).subquery()
        rows = await self._rows(select(known.c.server).where(known.c.server.is_not(None)))
        return frozenset(row.server for row in rows)

    async def forget_left(self, before: datetime) -> frozenset[int]:
        """See PrivacyStore."""
        # Locked, so that none of them is back before all is forgotten.
        left = select(departures.c.server).where(departures.c.at < before).with_for_update()
        async with self._writing() as connection:
            gone = frozenset((await connection.execute(left)).scalars())
            if not gone:
                return gone
            # Who works on occurrences locks their schedule first, too.
            its = schedules.c.server.in_(gone)
            await connection.execute(
                select(schedules.c.id).where(its).order_by(schedules.c.number).with_for_update()
            )
            places = union(
                *(
                    select(table.c.channel).where(table.c.server.in_(gone))
                    for table in (ceilings, watched, schedules)
                )
            )
            await connection.execute(delete(prompts_had).where(prompts_had.c.place.in_(places)))
            for table in _OF_SERVERS:
                await connection.execute(delete(table).where(table.c.server.in_(gone)))
            await connection.execute(update(members).where(members.c.server.in_(gone)).values(server=None))
        return gone


def _author(member: int) -> str:
    """As it stands in a schedule's text, and nothing else does: within a text of its own there is no bare quote."""
    return f'"author":{member},'


def _made_by(member: int) -> ColumnElement[bool]:
    return schedules.c.text.contains(_author(member), autoescape=True)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
