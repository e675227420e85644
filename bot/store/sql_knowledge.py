"""The SQL side of servers' edits and their history."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)

from bot.book.overlay import Change, Conflict, Edit, Overlay, Revision, edit_text, read_edit
from bot.store.sql_base import SqlBase, matches
from bot.store.tables import edits, overlays, revisions, servers

_LAST = 2**31 - 1
"""No revision has a higher number."""


class SqlKnowledge(SqlBase):
    """A KnowledgeStore."""

    async def overlay(self, server: int, book: str, revision: int | None = None) -> Overlay:
        """See KnowledgeStore."""
        number = _LAST if revision is None else revision
        rows = await self._rows(_ALL, {"server": server, "book": book, "number": number})
        if not rows:
            return Overlay()
        read = ((row.entry, _read(row.edit)) for row in rows)
        edits = {entry: edit for entry, edit in read if edit is not None}
        return Overlay(edits, min(number, rows[0].revision))

    async def revise(
        self, server: int, book: str, changes: tuple[Change, ...], author: int, what: str, now: datetime
    ) -> Revision | Conflict:
        """See KnowledgeStore."""
        of = {"server": server, "book": book}
        in_order = _in_order(changes)
        async with self._writing() as connection:
            # First a row, then its lock: SQLite has locked the file, other databases lock only what is there.
            await connection.execute(self._insert(overlays).values(**of, revision=0).on_conflict_do_nothing())
            head = select(overlays.c.revision).where(matches(overlays, **of)).with_for_update()
            last: int = (await connection.execute(head)).scalar_one()
            asked = {**of, "number": last, "entries": [change.entry for change in in_order]}
            stored = {row.entry: row.edit for row in (await connection.execute(_SOME, asked)).all()}
            stands = {change.entry: _read(stored.get(change.entry)) for change in in_order}
            if differ := {
                one.entry: stands[one.entry] for one in in_order if stands[one.entry] != one.before
            }:
                await connection.rollback()
                return Conflict(differ)
            made = Revision(last + 1, now, author, what, in_order)
            await connection.execute(
                update(overlays).where(matches(overlays, **of)).values(revision=made.number)
            )
            row = {**of, "number": made.number, "at": now, "author": author, "what": what}
            await connection.execute(insert(revisions), row)
            if in_order:
                await connection.execute(
                    insert(edits), [_row(change, made.number) | of for change in in_order]
                )
        return made

    async def history(
        self, server: int, book: str, most: int, before: int | None = None, entry: str | None = None
    ) -> tuple[Revision, ...]:
        """See KnowledgeStore."""
        of = {"server": server, "book": book}
        newest = select(revisions).where(matches(revisions, **of))
        number: ColumnElement[int] = revisions.c.number
        if entry is not None:
            newest = newest.join(
                edits, and_(matches(edits, **of, entry=entry), edits.c.revision == revisions.c.number)
            )
            number = edits.c.revision
        if before is not None:
            newest = newest.where(number < before)
        made = await self._rows(newest.order_by(number.desc()).limit(most))
        asked = {**of, "numbers": [row.number for row in made]}
        changes: dict[int, list[Change]] = {row.number: [] for row in made}
        for done, row in enumerate(await self._rows(_CHANGES, asked)):
            if done % 500 == 499:
                # Whole files take so long that what else the bot does would wait for them.
                await asyncio.sleep(0)
            changes[row.revision].append(Change(row.entry, _read(row.before), _read(row.edit)))
        return tuple(
            Revision(row.number, row.at, row.author, row.what, _in_order(changes[row.number])) for row in made
        )

    async def readers(self, book: str | None) -> Mapping[int, int | None]:
        """See KnowledgeStore."""
        theirs = servers.c.book.is_not_distinct_from(book)
        rows = await self._rows(select(servers.c.server, servers.c.notices).where(theirs))
        return {row.server: row.notices for row in rows}


def _in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    # Not by the database, which may sort ids as its language does words.
    return tuple(sorted(changes, key=lambda change: change.entry))


def _row(change: Change, number: int) -> dict[str, Any]:
    edit = None if change.after is None else edit_text(change.after)
    return {"entry": change.entry, "revision": number, "edit": edit}


# To read 500 takes longer than to find them, and who edits finds the same ones each time. What is read is frozen.
@lru_cache(2_000)
def _read(text: str | None) -> Edit | None:
    return None if text is None else read_edit(text)


def _of_book(table: FromClause) -> ColumnElement[bool]:
    return and_(*(table.c[name] == bindparam(name) for name in ("server", "book")))


def _latest(entry: ColumnElement[str], last: ColumnElement[int]) -> ScalarSelect[str | None]:
    """An entry's edit as the last revision that changed it left it, up to this one."""
    older = edits.alias()
    its = and_(_of_book(older), older.c.entry == entry, older.c.revision <= last)
    # As a parameter it could be any number, and PostgreSQL would plan for many rows.
    one = literal_column("1", Integer)
    return select(older.c.edit).where(its).order_by(older.c.revision.desc()).limit(one).scalar_subquery()


def _all() -> Select[int, str | None, str | None]:
    """How many revisions there are, with each entry; one row at least, if there are any."""
    # From one entry to the next by the index: most rows are history, and are not looked at.
    first = select(func.min(edits.c.entry).label("entry")).where(_of_book(edits))
    names = first.cte("names", recursive=True)
    following = select(func.min(edits.c.entry)).where(_of_book(edits), edits.c.entry > names.c.entry)
    names = names.union_all(select(following.scalar_subquery()).where(names.c.entry.is_not(None)))
    latest = _latest(names.c.entry, bindparam("number", type_=Integer))
    both = overlays.outerjoin(names, names.c.entry.is_not(None))
    every = select(overlays.c.revision, names.c.entry, latest.label("edit"))
    return every.select_from(both).where(_of_book(overlays))


def _some() -> Select[str, str | None]:
    """Some entries, as a revision left them."""
    asked = edits.c.entry.in_(bindparam("entries", expanding=True))
    names = select(edits.c.entry).where(_of_book(edits), asked).distinct().subquery()
    latest = _latest(names.c.entry, bindparam("number", type_=Integer))
    return select(names.c.entry, latest.label("edit"))


def _changes() -> Select[int, str, str | None, str | None]:
    """What some revisions changed, each entry with its edit before and after."""
    before = _latest(edits.c.entry, edits.c.revision - 1).label("before")
    asked = edits.c.revision.in_(bindparam("numbers", expanding=True))
    return select(edits.c.revision, edits.c.entry, edits.c.edit, before).where(_of_book(edits), asked)


# Made once: to make a statement takes longer than to run it.
_ALL, _SOME, _CHANGES = _all(), _some(), _changes()
