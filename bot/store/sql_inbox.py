"""The SQL side of what comes in from members for the moderators."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Table, delete, insert, select

from bot.book.inbox import KEPT, MOST_DISMISSED, MOST_MISSES, Contribution, Miss, Sort
from bot.store import tables
from bot.store.sql_base import SqlBase, matches

_CONTRIBUTION = tuple(
    tables.contributions.c[name]
    for name in ("id", "member", "sort", "text", "where", "milestone", "entry", "at")
)


class SqlInbox(SqlBase):
    """An InboxStore."""

    async def note_miss(
        self, server: int, book: str, member: int, question: str, now: datetime, *, not_meant: bool
    ) -> None:
        """See InboxStore."""
        of = {"server": server, "book": book}
        row = {**of, "member": member, "question": question, "at": now, "not_meant": not_meant}
        async with self._writing() as connection:
            await connection.execute(insert(tables.misses).values(row))
            await connection.execute(_all_but_the_newest(tables.misses, MOST_MISSES, of))
            await connection.execute(delete(tables.misses).where(tables.misses.c.at < now - KEPT))

    async def misses(self, server: int, book: str, since: datetime) -> tuple[Miss, ...]:
        """See InboxStore."""
        rows = await self._rows(
            select(
                tables.misses.c.id, tables.misses.c.question, tables.misses.c.at, tables.misses.c.not_meant
            )
            .where(matches(tables.misses, server=server, book=book), tables.misses.c.at >= since)
            .order_by(tables.misses.c.id)
        )
        return tuple(Miss(*row) for row in rows)

    async def settle_misses(
        self, server: int, book: str, misses: Collection[int], dismissed: str | None
    ) -> None:
        """See InboxStore."""
        async with self._writing() as connection:
            own = matches(tables.misses, server=server, book=book)
            await connection.execute(delete(tables.misses).where(own, tables.misses.c.id.in_(misses)))
            if dismissed is not None:
                of = {"server": server, "book": book}
                await connection.execute(insert(tables.dismissed).values(question=dismissed, **of))
                await connection.execute(_all_but_the_newest(tables.dismissed, MOST_DISMISSED, of))

    async def dismissed(self, server: int, book: str) -> tuple[str, ...]:
        """See InboxStore."""
        rows = await self._rows(
            select(tables.dismissed.c.question)
            .where(matches(tables.dismissed, server=server, book=book))
            .order_by(tables.dismissed.c.id)
        )
        return tuple(row.question for row in rows)

    async def contribute(
        self,
        server: int,
        book: str,
        member: int,
        sort: Sort,
        text: str,
        now: datetime,
        *,
        where: str | None = None,
        milestone: str | None = None,
        entry: str | None = None,
    ) -> Contribution:
        """See InboxStore."""
        row = {
            "server": server, "book": book, "member": member, "sort": sort, "text": text, "where": where,
            "milestone": milestone, "entry": entry, "at": now,
        }  # fmt: skip
        async with self._writing() as connection:
            new = insert(tables.contributions).values(row).returning(tables.contributions.c.id)
            number = (await connection.execute(new)).scalar_one()
        return Contribution(number, member, sort, text, where, milestone, entry, now)

    async def contributions(self, server: int, book: str) -> tuple[Contribution, ...]:
        """See InboxStore."""
        rows = await self._rows(
            select(*_CONTRIBUTION)
            .where(matches(tables.contributions, server=server, book=book))
            .order_by(tables.contributions.c.id)
        )
        return tuple(Contribution(*row) for row in rows)

    async def settle_contribution(self, server: int, contribution: int) -> Contribution | None:
        """See InboxStore."""
        this = delete(tables.contributions).where(
            matches(tables.contributions, server=server, id=contribution)
        )
        async with self._writing() as connection:
            row = (await connection.execute(this.returning(*_CONTRIBUTION))).one_or_none()
        return None if row is None else Contribution(*row)


def _all_but_the_newest(table: Table, most: int, of: Mapping[str, Any]) -> Delete:
    own = matches(table, **of)
    last = select(table.c.id).where(own).order_by(table.c.id.desc()).offset(most).limit(1)
    return delete(table).where(own, table.c.id <= last.scalar_subquery())
