"""The SQL side of schedules."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, Select, and_, delete, exists, func, select, update

from bot.book.recurrence import Occurrence
from bot.book.schedules import Record, Schedule, Scheduled
from bot.store.rows import WAITS, occurrence_of, schedule_of, schedule_row
from bot.store.sql_base import drop, matches, picking
from bot.store.sql_jobs import SqlJobs
from bot.store.tables import jobs, schedules


class SqlSchedules(SqlJobs):
    """A ScheduleStore."""

    async def add_schedule(self, scheduled: Scheduled) -> None:
        """See ScheduleStore."""
        new = scheduled.schedule
        async with self._writing() as connection:
            await connection.execute(self._in_place(schedules, ["id"], schedule_row(new)))
            await self._wait(connection, new.id, scheduled.next)

    async def schedules(self, server: int | None = None) -> tuple[Scheduled, ...]:
        """See ScheduleStore."""
        where = {} if server is None else {"server": server}
        rows = await self._rows(_with_what_waits(**where).order_by(schedules.c.number))
        kept = []
        for number, row in enumerate(rows):
            if number % 500 == 499:
                # Thousands take so long that what else the bot does would wait for them.
                await asyncio.sleep(0)
            kept.append(self._readable(row.id, partial(_scheduled, row)))
        return tuple(one for one in kept if one is not None)

    async def change_schedule(
        self, schedule: str, change: Callable[[Scheduled], Scheduled]
    ) -> Scheduled | None:
        """See ScheduleStore."""
        async with self._writing() as connection:
            if not await self._locked(connection, schedule):
                return None
            row = (await connection.execute(_with_what_waits(id=schedule))).one()
            kept = self._readable(schedule, partial(_scheduled, row))
            if kept is None:
                return None
            changed = change(kept)
            values = schedule_row(changed.schedule)
            if another := changed.next != kept.next:
                waited = delete(jobs).where(jobs.c.schedule == schedule, WAITS).returning(jobs.c.fence)
                for fence in (await connection.execute(waited)).scalars():
                    values["fence"] = fence + 1
            await connection.execute(update(schedules).where(schedules.c.id == schedule).values(values))
            if not another or await self._wait(connection, schedule, changed.next):
                return changed
            return Scheduled(changed.schedule, None)

    async def remove_schedule(self, schedule: str) -> bool:
        """See ScheduleStore."""
        async with self._writing() as connection:
            removed = (await connection.execute(drop(schedules, id=schedule))).rowcount == 1
            await connection.execute(drop(jobs, schedule=schedule))
            return removed

    async def skip(self, schedule: str, skipped: Occurrence, then: Occurrence | None) -> bool:
        """See ScheduleStore."""
        this = matches(jobs, schedule=schedule, name=skipped.name, due=skipped.due)
        over = update(jobs).where(this, WAITS).values(state="skipped", at=None)
        async with self._writing() as connection:
            await self._locked(connection, schedule)
            if (await connection.execute(over)).rowcount != 1:
                return False
            await self._wait(connection, schedule, then)
            return True

    async def idle(self) -> tuple[tuple[Schedule, datetime | None], ...]:
        """See ScheduleStore."""
        its = jobs.c.schedule == schedules.c.id
        last = select(func.max(jobs.c.due)).where(its).scalar_subquery()
        rows = await self._rows(
            select(schedules.c.id, schedules.c.text, last.label("last"))
            .where(schedules.c.state == "active", ~exists().where(its, WAITS))
            .order_by(schedules.c.number)
        )
        read = ((self._readable(row.id, partial(schedule_of, row.text)), row.last) for row in rows)
        return tuple((schedule, due) for schedule, due in read if schedule is not None)

    async def wait_for(self, schedule: str, occurrence: Occurrence) -> bool:
        """See ScheduleStore."""
        async with self._writing() as connection:
            return await self._locked(connection, schedule) and await self._wait(
                connection, schedule, occurrence
            )

    async def records(self, server: int, since: datetime) -> Mapping[str, tuple[Record, ...]]:
        """See ScheduleStore."""
        became = (
            select(jobs.c.schedule, jobs.c.name, jobs.c.due, jobs.c.state)
            .join(schedules, schedules.c.id == jobs.c.schedule)
            .where(schedules.c.server == server, jobs.c.due >= since)
            .order_by(jobs.c.due, jobs.c.name)
        )
        async with self._reading() as connection:
            of_server = picking(schedules, ("id", "text"), ("server",)).order_by(schedules.c.number)
            kept = (await connection.execute(of_server, {"server": server})).all()
            rows = (await connection.execute(became)).all()
        readable = [row.id for row in kept if self._readable(row.id, partial(schedule_of, row.text))]
        records: dict[str, list[Record]] = {schedule: [] for schedule in readable}
        for row in rows:
            if row.schedule in records:
                records[row.schedule].append(Record(row.name, row.due, row.state))
        return {schedule: tuple(of) for schedule, of in records.items()}


def _with_what_waits(**where: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401
    """The id and the text of schedules, and the name and the moment of what waits."""
    waiting = and_(jobs.c.schedule == schedules.c.id, WAITS)
    both = schedules.outerjoin(jobs, waiting)
    query = select(schedules.c.id, schedules.c.text, jobs.c.name, jobs.c.due).select_from(both)
    return query.where(matches(schedules, **where))


def _scheduled(row: Row[*tuple[Any, ...]]) -> Scheduled:
    waits = None if row.name is None else occurrence_of(row.name, row.due)
    return Scheduled(schedule_of(row.text), waits)
