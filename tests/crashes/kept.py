"""What the bots of a row have in their store, written and read while none of them runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import select, update

from bot.book.recurrence import Occurrence, Recurrence, Weekly
from bot.book.schedules import Claim, Extras, Part, Schedule, Scheduled
from bot.club.ports import LEASE
from bot.store.opening import open_store
from bot.store.sql import SqlStore
from bot.store.tables import jobs, prompts_had
from tests.discord.server import ALICE, GUILD

BOOK = "a-book"
LONG = timedelta(minutes=5)
"""Longer than a nonce can be relied on."""

_CLAIMS = TypeAdapter(dict[str, dict[Part, Claim]])
_ids = count(1)


@dataclass(frozen=True)
class Kept:
    """`where` it is kept: a folder, or the URL of a database, where several bots may work."""

    where: Path | str

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[SqlStore]:
        """The store, as another program than the bot has it."""
        store = await open_store(self.where)
        try:
            yield store
        finally:
            await store.close()

    async def made(self, *schedules: Scheduled, notices: int | None = None) -> None:
        """These schedules are there, and where moderators are told."""
        async with self.opened() as store:
            for each in schedules:
                await store.add_schedule(each)
            if notices is not None:
                await store.change_server(GUILD, lambda server: server.__class__(notices=notices))

    async def time_passes(self, claims: timedelta = timedelta(0), worker: str | None = None) -> None:
        """Leases are over (one worker's, or all), what was put off is due, and what was claimed was claimed so much earlier."""
        async with self.opened() as store, store.engine.begin() as connection:
            for row in await connection.execute(select(jobs)):
                old = {
                    part: claim.model_copy(update={"at": claim.at - claims})
                    for part, claim in _CLAIMS.validate_json(row.claims)["claims"].items()
                }
                changed = {
                    "claims": _CLAIMS.dump_json({"claims": old}).decode(),
                    "lease": row.lease and row.lease - LEASE,
                    "at": row.at and (row.at if row.state == "waiting" else min(row.at, datetime.now(UTC))),
                }
                if worker in {None, row.worker}:
                    this = (
                        jobs.c.schedule == row.schedule,
                        jobs.c.name == row.name,
                        jobs.c.fence == row.fence,
                    )
                    await connection.execute(update(jobs).where(*this).values(changed))

    async def comes(self, scheduled: Scheduled) -> None:
        """The post that waits is due now."""
        then = due(scheduled.schedule.channel, seconds=-30).next
        async with self.opened() as store:
            await store.change_schedule(scheduled.schedule.id, lambda made: replace(made, next=then))

    async def states(self, *of: Scheduled) -> list[str]:
        """What became of the occurrence of each that waited first."""
        async with self.opened() as store, store.engine.begin() as connection:
            rows = await connection.execute(select(jobs.c.schedule, jobs.c.name, jobs.c.state))
            found = {(row.schedule, row.name): str(row.state) for row in rows}
        return [found[each.schedule.id, each.next.name] for each in of if each.next]

    async def had(self) -> int:
        """How many prompts channels have had."""
        async with self.opened() as store, store.engine.begin() as connection:
            return len((await connection.execute(select(prompts_had))).all())


def due(channel: int, extras: Extras | None = None, *, seconds: float = -60) -> Scheduled:
    """A schedule whose next post is due in so many seconds, and the one after that a day later."""
    moment = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
    rule = Recurrence(days=Weekly(days=frozenset(range(7))), at=moment.time().replace(second=0), zone="UTC")
    schedule = Schedule(
        id=f"{next(_ids):012x}", server=GUILD, channel=channel, book=BOOK, rule=rule, author=ALICE,
        extras=extras or Extras(),
    )  # fmt: skip
    return Scheduled(schedule, Occurrence(nominal=moment.replace(tzinfo=None), due=moment))
