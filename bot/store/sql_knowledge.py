"""The SQL side of servers' edits and their history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, String, and_, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.book.overlay import Change, Conflict, Edit, Overlay, Revision, edit_text, read_edit
from bot.store.sql_base import SqlBase, matches
from bot.store.tables import edits, overlays, revisions, servers

_LAST = 2**31 - 1


class SqlKnowledge(SqlBase):
    """A KnowledgeStore."""

    async def overlay(self, server: int, book: str, revision: int | None = None) -> Overlay:
        """See KnowledgeStore."""
        of = {"server": server, "book": book}
        async with self._reading() as connection:
            head = select(overlays.c.revision).where(matches(overlays, **of))
            last = (await connection.execute(head)).scalar() or 0
            number = last if revision is None else min(revision, last)
            return Overlay(await _edits(connection, of, number), number)

    async def revise(
        self, server: int, book: str, changes: tuple[Change, ...], author: int, what: str, now: datetime
    ) -> Revision | Conflict:
        """See KnowledgeStore."""
        of = {"server": server, "book": book}
        first = self._insert(overlays).values(**of, revision=0).on_conflict_do_nothing()
        in_order = tuple(sorted(changes, key=lambda change: change.entry))
        async with self._writing() as connection:
            # First a row, then its lock: SQLite has locked the file, other databases lock only what is there.
            await connection.execute(first)
            head = select(overlays.c.revision).where(matches(overlays, **of)).with_for_update()
            number = (await connection.execute(head)).scalar_one() + 1
            now_there = await _edits(connection, of, _LAST)
            if any(now_there.get(change.entry) != change.before for change in in_order):
                return Conflict({change.entry: now_there.get(change.entry) for change in in_order})
            await connection.execute(update(overlays).where(matches(overlays, **of)).values(revision=number))
            made = {"number": number, "at": now, "author": author, "what": what}
            await connection.execute(insert(revisions).values(**of, **made))
            rows = [
                {
                    **of,
                    "entry": change.entry,
                    "revision": number,
                    "edit": None if change.after is None else edit_text(change.after),
                }
                for change in in_order
            ]
            if rows:
                await connection.execute(insert(edits), rows)
        return Revision(number, now, author, what, in_order)

    async def history(
        self, server: int, book: str, most: int, before: int | None = None, entry: str | None = None
    ) -> tuple[Revision, ...]:
        """See KnowledgeStore."""
        of = {"server": server, "book": book}
        newest = (
            select(revisions)
            .where(matches(revisions, **of), revisions.c.number < (_LAST if before is None else before))
            .order_by(revisions.c.number.desc())
            .limit(most)
        )
        if entry is not None:
            its = select(edits.c.revision).where(matches(edits, **of, entry=entry))
            newest = newest.where(revisions.c.number.in_(its))
        async with self._reading() as connection:
            made = (await connection.execute(newest)).all()
            numbers = [row.number for row in made]
            changes: dict[int, list[Change]] = {number: [] for number in numbers}
            for row in (await connection.execute(_changes(of, numbers))).all():
                changes[row.revision].append(Change(row.entry, _read(row.before), _read(row.edit)))
        return tuple(
            Revision(row.number, row.at, row.author, row.what, tuple(changes[row.number])) for row in made
        )

    async def readers(self, book: str | None) -> Mapping[int, int | None]:
        """See KnowledgeStore."""
        rows = await self._rows(
            select(servers.c.server, servers.c.notices).where(servers.c.book.is_not_distinct_from(book))
        )
        return {row.server: row.notices for row in rows}


async def _edits(connection: AsyncConnection, of: Mapping[str, Any], number: int) -> dict[str, Edit]:
    """The state of each entry after a revision, those aside that are as in the book."""
    rows = (await connection.execute(_AT, {**of, "number": number})).all()
    found = ((row.entry, _read(row.edit)) for row in rows)
    return {entry: edit for entry, edit in found if edit is not None}


def _at() -> Select[*tuple[Any, ...]]:
    where = and_(
        edits.c.server == bindparam("server", type_=BigInteger),
        edits.c.book == bindparam("book", type_=String),
    )
    latest = (
        select(edits.c.entry, func.max(edits.c.revision).label("revision"))
        .where(where, edits.c.revision <= bindparam("number", type_=Integer))
        .group_by(edits.c.entry)
        .subquery()
    )
    same = and_(edits.c.entry == latest.c.entry, edits.c.revision == latest.c.revision)
    return (
        select(edits.c.entry, edits.c.edit)
        .join(latest, same)
        .where(where, edits.c.edit.is_not(None))
        .order_by(edits.c.entry)
    )


_AT = _at()


def _changes(of: Mapping[str, Any], numbers: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """The entries that revisions changed, each with its state before and after."""
    earlier = edits.alias()
    before = (
        select(earlier.c.edit)
        .where(
            earlier.c.server == edits.c.server,
            earlier.c.book == edits.c.book,
            earlier.c.entry == edits.c.entry,
            earlier.c.revision < edits.c.revision,
        )
        .order_by(earlier.c.revision.desc())
        .limit(1)
        .scalar_subquery()
        .label("before")
    )
    return (
        select(edits.c.revision, edits.c.entry, edits.c.edit, before)
        .where(matches(edits, **of), edits.c.revision.in_(numbers))
        .order_by(edits.c.revision, edits.c.entry)
    )


def _read(text: str | None) -> Edit | None:
    return None if text is None else read_edit(text)
