"""The SQL side of the work on occurrences."""

from datetime import datetime
from typing import Any

from sqlalchemy import Update, and_, bindparam, case, delete, select, tuple_, update

from bot.book.schedules import Job
from bot.club.ports import LEASE, Opening
from bot.store.database import Database
from bot.store.rows import NO_CLAIMS, job_row, new_row
from bot.store.sql_base import matches
from bot.store.sql_taking import SqlTaking
from bot.store.tables import jobs, workers


class SqlJobs(SqlTaking):
    """A ScheduleStore for those who post."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._saving = {hold: self._save(hold=hold) for hold in (False, True)}

    async def begin(self, job: Job, opening: Opening, *, hold: bool) -> bool:
        """See ScheduleStore."""
        return await self._together(self._saving[hold], _saved(job), job.schedule, opening)

    async def add_job(self, job: Job, opening: Opening) -> bool:
        """See ScheduleStore."""
        row = new_row(job.schedule.id, job.occurrence) | job_row(job)
        row |= {"server": job.schedule.server, "fence": job.fence}
        return await self._together(self._insert(jobs).on_conflict_do_nothing(), row, job.schedule, opening)

    async def save(self, job: Job, *, hold: bool) -> bool:
        """See ScheduleStore."""
        return await self._write(self._saving[hold], _saved(job)) == 1

    def _save(self, *, hold: bool) -> Update:
        this = matches(
            jobs, **{name: bindparam(f"of_{name}") for name in ("schedule", "name", "due", "fence")}
        )
        lease = case((jobs.c.lease.is_not(None), self._database.moment(LEASE))) if hold else None
        return update(jobs).where(this, jobs.c.at.is_not(None)).values(lease=lease)

    async def next_look(self) -> datetime | None:
        """See ScheduleStore."""
        nobodys = select(jobs.c.at).where(jobs.c.at.is_not(None), jobs.c.lease.is_(None))
        rows = await self._rows(nobodys.order_by(jobs.c.at).limit(1))
        return rows[0].at if rows else None

    async def post_anyway(self, schedule: str, occurrence: str, now: datetime) -> bool:
        """See ScheduleStore."""
        this = matches(jobs, schedule=schedule, name=occurrence)
        stuck = and_(this, jobs.c.state.in_(("uncertain", "refused")), jobs.c.post.is_not(None))
        anew = {"due": now, "at": now, "state": "open", "claims": NO_CLAIMS, "refusals": 0, "tries": 0}
        nobodys = {"fence": jobs.c.fence + 1, "lease": None}
        return await self._write(update(jobs).where(stuck).values(anew | nobodys)) == 1

    async def forget_before(self, moment: datetime) -> None:
        """See ScheduleStore."""
        over = select(jobs.c.schedule, jobs.c.name).where(jobs.c.due < moment, jobs.c.at.is_(None))
        # What others have in hand is left for the next time: two that delete in two orders would wait for each other.
        loose = over.with_for_update(skip_locked=True)
        async with self._writing() as connection:
            await connection.execute(delete(jobs).where(tuple_(jobs.c.schedule, jobs.c.name).in_(loose)))
            await connection.execute(delete(workers).where(workers.c.seen <= self._database.moment(-LEASE)))


def _saved(job: Job) -> dict[str, Any]:
    of = {
        "schedule": job.schedule.id,
        "name": job.occurrence.name,
        "due": job.occurrence.due,
        "fence": job.fence,
    }
    return job_row(job) | {f"of_{name}": value for name, value in of.items()}
