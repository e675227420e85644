"""What is done to a schedule and its occurrences in one step.

Who adds an occurrence, or takes one away that is not over, locks its schedule first and occurrences only then: so nobody
comes in between, and no two wait for each other.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from sqlalchemy import Update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.book.recurrence import Occurrence
from bot.book.schedules import Schedule
from bot.club.ports import Opening
from bot.store.database import Database
from bot.store.rows import new_row
from bot.store.sql_base import SqlBase, drop, picking
from bot.store.tables import ceilings, jobs, prompts_had, schedules

T = TypeVar("T")

_LOCKING = picking(schedules, ("id",), ("id",)).with_for_update()

_log = logging.getLogger("bookclub")


class SqlSteps(SqlBase):
    """What a ScheduleStore's methods share."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        its = {name: picking(schedules, (name,), ("id",)).scalar_subquery() for name in ("server", "fence")}
        self._new_job = self._insert(jobs).values(its).on_conflict_do_nothing()
        self._had = self._insert(prompts_had).on_conflict_do_nothing()
        self._unreadable: set[str] = set()

    def _readable(self, schedule: str, read: Callable[[], T]) -> T | None:
        """What is read of a schedule; None, and once a line in the log, where it cannot be."""
        try:
            return read()
        except ValueError:
            if schedule not in self._unreadable:
                self._unreadable.add(schedule)
                _log.error("What is kept of schedule %s cannot be read, so it is left out.", schedule)
            return None

    async def _locked(self, connection: AsyncConnection, schedule: str) -> bool:
        """Keeps others from changing a schedule and what waits. False: it is gone."""
        return (await connection.execute(_LOCKING, {"id": schedule})).first() is not None

    async def _wait(self, connection: AsyncConnection, schedule: str, occurrence: Occurrence | None) -> bool:
        """Has an occurrence wait if none does. False: it is there already, or another waits, or there is none."""
        if occurrence is None:
            return False
        row = new_row(schedule, occurrence) | {"id": schedule}
        return (await connection.execute(self._new_job, row)).rowcount == 1

    async def _together(
        self, change: Insert | Update, values: Mapping[str, Any], schedule: Schedule, opening: Opening
    ) -> bool:
        """Changes one row of jobs, and all of the opening with it. False: nothing was changed."""
        async with self._writing() as connection:
            if (
                await self._locked(connection, schedule.id)
                and (await connection.execute(change, values)).rowcount == 1
                and await self._open(connection, schedule, opening)
            ):
                return True
            await connection.rollback()
            return False

    async def _draw(
        self, connection: AsyncConnection, place: dict[str, Any], prompt: str, anew: Collection[str]
    ) -> bool:
        """False: somebody has drawn there since, and what was done is to be undone."""
        if anew:
            forgotten = drop(prompts_had, **place).where(prompts_had.c.prompt.in_(set(anew)))
            if (await connection.execute(forgotten)).rowcount != len(set(anew)):
                return False
        return (await connection.execute(self._had, place | {"prompt": prompt})).rowcount == 1

    async def _open(self, connection: AsyncConnection, schedule: Schedule, opening: Opening) -> bool:
        """False: somebody has drawn for the channel since."""
        place = {"place": schedule.channel, "book": schedule.book}
        if opening.prompt is not None and not await self._draw(
            connection, place, opening.prompt, opening.anew
        ):
            return False
        if opening.missed:
            of = {"server": schedule.server}
            missed = [new_row(schedule.id, one, "missed") | of for one in opening.missed]
            await connection.execute(self._insert(jobs).on_conflict_do_nothing(), missed)
        await self._wait(connection, schedule.id, opening.then)
        if opening.opens is not None:
            row = {"channel": schedule.channel, "book": schedule.book, "server": schedule.server}
            opened = self._in_place(ceilings, ["channel", "book"], row | {"milestone": opening.opens})
            await connection.execute(opened)
        return True
