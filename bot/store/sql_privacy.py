"""The SQL side of what is remembered of one member, and of servers that the bot has left."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Select, Table, delete, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.rows import schedule_of
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
"""Every table with a column `server` whose rows are that server's."""

_HELD: Mapping[str, tuple[Table, str, tuple[str, ...]]] = {
    "last used": (members, "member", ("book", "server", "at")),
    "progress": (progress, "member", ("book", "milestone", "at")),
    "missed questions": (misses, "member", ("server", "book", "question", "at")),
    "suggestions": (contributions, "member", ("server", "book", "sort", "text", "where", "at")),
    "edits": (revisions, "author", ("server", "book", "number", "what", "at")),
}


class SqlPrivacy(SqlBase):
    """A PrivacyStore."""

    async def held_on(self, member: int) -> Mapping[str, tuple[Mapping[str, object], ...]]:
        """See PrivacyStore."""
        held: dict[str, tuple[Mapping[str, object], ...]] = {}
        async with self._reading() as connection:
            for sort, (table, column, names) in _HELD.items():
                of_member = select(*(table.c[name] for name in names)).where(table.c[column] == member)
                rows = (await connection.execute(of_member)).mappings().all()
                held[sort] = tuple({name: _plain(value) for name, value in row.items()} for row in rows)
            rows_of_schedules = (await connection.execute(_made_by(member))).all()
        held["schedules"] = tuple(
            {"server": one.server, "channel": one.channel, "book": one.book}
            for one in (schedule_of(row.text) for row in rows_of_schedules)
            if one.author == member
        )
        return held

    async def forget_member(self, member: int) -> None:
        """See PrivacyStore."""
        async with self._writing() as connection:
            for table in (members, progress, misses):
                await connection.execute(drop(table, member=member))
            for table, column in ((contributions, "member"), (revisions, "author")):
                named = matches(table, **{column: member})
                await connection.execute(update(table).where(named).values({column: None}))
            for row in (await connection.execute(_made_by(member))).all():
                schedule = schedule_of(row.text)
                if schedule.author == member:
                    text = schedule.model_copy(update={"author": 0}).model_dump_json()
                    await connection.execute(
                        update(schedules).where(schedules.c.id == row.id).values(text=text)
                    )

    async def note_left(self, servers: Collection[int], now: datetime) -> None:
        """See PrivacyStore."""
        if servers:
            rows = [{"server": server, "at": now} for server in servers]
            async with self._writing() as connection:
                await connection.execute(self._insert(departures).on_conflict_do_nothing(), rows)

    async def note_back(self, servers: Collection[int]) -> None:
        """See PrivacyStore."""
        async with self._writing() as connection:
            left = (await connection.execute(select(departures.c.server))).scalars().all()
            for server in set(left) & set(servers):
                await connection.execute(drop(departures, server=server))

    async def known_servers(self) -> frozenset[int]:
        """See PrivacyStore."""
        rows = await self._rows(
            union(*(select(table.c.server) for table in _OF_SERVERS if table is not departures))  # type: ignore[arg-type]
        )
        return frozenset(row.server for row in rows)

    async def forget_left(self, before: datetime) -> frozenset[int]:
        """See PrivacyStore."""
        async with self._writing() as connection:
            old = select(departures.c.server).where(departures.c.at < before)
            gone = frozenset((await connection.execute(old)).scalars())
            for server in gone:
                await _forget(connection, server)
        return gone


async def _forget(connection: AsyncConnection, server: int) -> None:
    places = union(
        *(select(table.c.channel).where(table.c.server == server) for table in (ceilings, watched, schedules))
    )
    await connection.execute(delete(prompts_had).where(prompts_had.c.place.in_(places)))
    for table in _OF_SERVERS:
        await connection.execute(drop(table, server=server))
    await connection.execute(update(members).where(members.c.server == server).values(server=None))


def _made_by(member: int) -> Select[tuple[str, str]]:
    """Schedules whose text may name the member as their author, and some that do not."""
    return select(schedules.c.id, schedules.c.text).where(
        schedules.c.text.contains(f'"author":{member}', autoescape=True)
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
