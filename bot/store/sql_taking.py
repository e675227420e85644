"""How workers come by their jobs."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.book.schedules import GRACE, Job
from bot.club.ports import LEASE, Taken
from bot.store.rows import job_of, schedule_of
from bot.store.sql_steps import SqlSteps
from bot.store.tables import jobs, schedules, workers


class SqlTaking(SqlSteps):
    """A ScheduleStore's `take`."""

    async def take(self, worker: str, now: datetime, most: int) -> Taken:
        """See ScheduleStore."""
        async with self._writing() as connection:
            alive = 1 if self._database.alone else await self._alive(connection, worker)
            rows = (await connection.execute(self._in_turn(worker, now).limit(most))).all()
            if not rows:
                return Taken((), alive)
            await connection.execute(
                update(jobs)
                .where(jobs.c.schedule == bindparam("of"), jobs.c.name == bindparam("called"))
                .values(fence=jobs.c.fence + 1, worker=worker, lease=self._database.moment(LEASE)),
                [{"of": row.schedule, "called": row.name} for row in rows],
            )
            theirs = schedules.c.id.in_({row.schedule for row in rows})
            found = await connection.execute(select(schedules.c.id, schedules.c.text).where(theirs))
            texts: dict[str, str] = {row.id: row.text for row in found}

        def read(row: Row[*tuple[Any, ...]]) -> Job:
            # In a database that hands have changed, it may have no schedule.
            return job_of(row, schedule_of(texts.get(row.schedule, "")), row.fence + 1)

        taken = (self._readable(row.schedule, partial(read, row)) for row in rows)
        return Taken(tuple(job for job in taken if job is not None), alive)

    async def _alive(self, connection: AsyncConnection, worker: str) -> int:
        """How many workers there are, this one among them."""
        seen = {"worker": worker, "seen": self._database.moment()}
        await connection.execute(self._in_place(workers, ["worker"], seen))
        alive = workers.c.seen > self._database.moment(-LEASE)
        return (await connection.execute(select(func.count()).where(alive))).scalar_one()

    def _in_turn(self, worker: str, now: datetime) -> Select[*tuple[Any, ...]]:
        """The rows of jobs that may be taken, in the order in which they are to be."""
        order = (jobs.c.at, jobs.c.schedule, jobs.c.name)
        may = and_(jobs.c.at <= now, self._free(worker))
        had = self._turns_had(may, now)
        turn = func.coalesce(had.c.turns, 0) + func.row_number().over(
            partition_by=jobs.c.server, order_by=order
        )
        both = jobs.outerjoin(had, had.c.server == jobs.c.server)
        if self._database.alone:
            of = select(jobs, turn.label("turn")).select_from(both).where(may).subquery()
            return select(of).order_by(of.c.turn, of.c.at, of.c.schedule, of.c.name)
        of = select(jobs.c.schedule, jobs.c.name, turn.label("turn")).select_from(both).where(may).subquery()
        same = and_(jobs.c.schedule == of.c.schedule, jobs.c.name == of.c.name)
        # Asked again of the row that was locked: somebody may have had it since the turns were counted.
        locked = select(jobs).join(of, same).where(may).with_for_update(of=jobs, skip_locked=True)
        return locked.order_by(of.c.turn, *order)

    def _turns_had(self, may: ColumnElement[bool], now: datetime) -> Subquery:
        """How many turns each server has had, as far as others with a turn may still wait for theirs."""
        since = and_(jobs.c.due >= now - GRACE, jobs.c.due <= now)
        begun = and_(jobs.c.state.not_in(("missed", "skipped")), or_(jobs.c.at.is_(None), ~may))
        turns = func.count().label("turns")
        return select(jobs.c.server, turns).where(since, begun).group_by(jobs.c.server).subquery()

    def _free(self, worker: str) -> ColumnElement[bool]:
        moment = self._database.moment
        # A lease that ends later than any can was made before the clock was set back.
        over = or_(jobs.c.lease <= moment(), jobs.c.lease > moment(LEASE + timedelta(seconds=1)))
        free = or_(jobs.c.lease.is_(None), over)
        # Where one process works at a time, the others have ended.
        return or_(free, jobs.c.worker != worker) if self._database.alone else free
