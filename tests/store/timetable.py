"""Schedules and stores whose clock the test moves."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from functools import partial
from pathlib import Path

from sqlalchemy import Interval, literal, update

from bot.book.recurrence import Occurrence, Recurrence, Weekly
from bot.book.schedules import Claim, Extras, Job, Part, Post, Schedule, Scheduled
from bot.club.memory import Memory
from bot.club.ports import LEASE, Store
from bot.store.opening import open_store
from bot.store.sql import SqlStore
from bot.store.sqlite.opening import open_file
from bot.store.tables import jobs, workers

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
POST = Post(prompt="p", channel=1, extras=Extras(), parts=("post",))
CLAIMED: Mapping[Part, Claim] = {"post": Claim(at=NOW)}


def schedule(number: int = 1, server: int = 1, channel: int = 1) -> Schedule:
    return Schedule(
        id=f"{number:012x}",
        server=server,
        channel=channel,
        book="a",
        rule=Recurrence(days=Weekly(days=frozenset({5})), at=clock_time(19, 30), zone="Europe/Oslo"),
        author=7,
    )


def due(hours: float = 0) -> Occurrence:
    """The occurrence of so many hours from now."""
    moment = NOW + timedelta(hours=hours)
    return Occurrence(nominal=moment.replace(tzinfo=None) + HOUR, due=moment)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """A store, whether it is one process's alone, and how its clock is moved on."""

    store: Store
    alone: bool
    goes_on: Callable[[timedelta], Awaitable[None]]

    async def made(self, *schedules: Schedule, waiting: Occurrence | None = None) -> None:
        for one in schedules or (schedule(),):
            await self.store.add_schedule(Scheduled(one, waiting or due()))

    async def take(self, worker: str = "w", now: datetime = NOW, most: int = 256) -> tuple[Job, ...]:
        return (await self.store.take(worker, now, most)).jobs

    async def taken(self, worker: str = "w", now: datetime = NOW) -> Job:
        """The only job that there is."""
        (job,) = await self.take(worker, now)
        return job

    async def ends_leases(self) -> None:
        await self.goes_on(LEASE)


@asynccontextmanager
async def world(kind: str, where: Path | str) -> AsyncIterator[World]:
    """`kind`: memory, alone (memory too), sqlite (`where` a folder) or postgres (a URL)."""
    clock = Clock()

    async def goes_on(time: timedelta) -> None:
        clock.now += time

    if kind in {"memory", "alone"}:
        yield World(Memory(clock, alone=kind == "alone"), kind == "alone", goes_on)
        return
    store = await open_sqlite(Path(where), clock) if kind == "sqlite" else await open_store(where)

    yield World(store, kind == "sqlite", goes_on if kind == "sqlite" else partial(shift, store))
    await store.close()


async def shift(store: SqlStore, time: timedelta) -> None:
    """A server's clock cannot be moved on; what was measured by it can be moved back."""
    span = literal(time, Interval)
    async with store.engine.begin() as connection:
        await connection.execute(update(jobs).values(lease=jobs.c.lease - span))
        await connection.execute(update(workers).values(seen=workers.c.seen - span))


async def open_sqlite(folder: Path, clock: Callable[[], datetime]) -> SqlStore:
    return SqlStore(replace(await open_file(folder, 10), clock=clock))
