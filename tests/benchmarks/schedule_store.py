"""What the store costs a bot with 10,000 schedules, with twenty occurrences each, half of them in one server.

`uv run python -m tests.benchmarks.schedule_store [URL of an empty PostgreSQL database]`
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from sqlalchemy import insert

from bot.book.recurrence import Occurrence, Recurrence, Weekly
from bot.book.schedules import Schedule
from bot.store.opening import open_store
from bot.store.rows import new_row, schedule_row
from bot.store.sql import SqlStore
from bot.store.tables import jobs, schedules

NOW = datetime(2026, 11, 26, 19, tzinfo=UTC)
SCHEDULES = 10_000
PASSED = 19
MOST = 256


def schedule(number: int) -> Schedule:
    # Not in the order of their making.
    return Schedule(
        id=f"{number * 7919 % 2**48:012x}",
        server=7 if number % 2 else 1000 + number % 2500,
        channel=number,
        book="never-let-me-go",
        rule=Recurrence(days=Weekly(days=frozenset({3})), at=clock_time(20), zone="Europe/Oslo"),
        author=1,
    )


async def fill(store: SqlStore, due: int) -> None:
    """So many are due now, the others later."""
    made = [schedule(number) for number in range(SCHEDULES)]
    rows = []
    for number, one in enumerate(made):
        coming = NOW if number < due else NOW + timedelta(days=7)
        of = {"server": one.server}
        rows.append(new_row(one.id, occurrence(coming)) | of)
        rows += [
            new_row(one.id, occurrence(NOW - timedelta(days=7 * week)), "missed") | of
            for week in range(1, PASSED + 1)
        ]
    async with store.engine.execution_options(writes=True).begin() as connection:
        await connection.execute(insert(schedules), [schedule_row(one) for one in made])
        for at in range(0, len(rows), 5000):
            await connection.execute(insert(jobs), rows[at : at + 5000])
        await connection.exec_driver_sql("ANALYZE")


def occurrence(due: datetime) -> Occurrence:
    return Occurrence(nominal=due.replace(tzinfo=None) + timedelta(hours=1), due=due)


async def timed(name: str, ask: Callable[[], Awaitable[object]], times: int = 5) -> None:
    walls, works = [], []
    for _ in range(times):
        wall, work = time.perf_counter(), time.process_time()
        await ask()
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    print(
        f"{name:40} {min(walls) * 1e3:7.1f} to {max(walls) * 1e3:7.1f} ms, {min(works) * 1e3:6.1f} ms of CPU"
    )


async def measure(where: Path | str) -> None:
    store = await open_store(where)
    await fill(store, SCHEDULES)
    await timed(f"take {MOST} of 10,000 due", lambda: store.take("a", NOW, MOST))
    await timed("take when nothing is due", lambda: store.take("a", NOW - timedelta(days=999), MOST))
    await timed("next_look", store.next_look)
    await timed("idle", store.idle)
    await timed("schedules of all", store.schedules)
    await timed("schedules of a server with 5,000", lambda: store.schedules(7))
    await timed("records of a server with 4", lambda: store.records(1002, NOW - timedelta(days=90)))
    await timed("forget_before", lambda: store.forget_before(NOW - timedelta(days=90)), times=1)
    await store.close()


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(measure(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(Path(folder)))
