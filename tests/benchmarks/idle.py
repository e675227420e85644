"""What the bot costs while nothing happens: with 10,000 schedules of which none is due, without any, and discord.py alone.

Each is a process of its own, in the same 2,500 servers. A wake is a voluntary context switch of one of its threads.

Run: uv run python -m tests.benchmarks.idle [--schedules 10000] [--guilds 2500]
"""

import argparse
import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.processes import load, running
from tests.benchmarks.timetables import asking_channel, fill, guilds_for, made, servers
from tests.discord.server import GUILD

SETTLING, MEASURED = 30.0, 60.0
"""Seconds after the first answer."""


async def idle(name: str, schedules: int, guilds: int) -> None:
    """Prints how soon a bot answers after its start, and what a minute of nothing costs it."""
    shares = servers(schedules, guilds) if schedules else [0] * guilds
    with TemporaryDirectory() as folder:
        if schedules:
            noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
            await fill(Path(folder), made(shares, noon + timedelta(days=5)))
        async with running(name, guilds_for(shares), data=Path(folder)) as (server, process):
            where = {"guild": str(GUILD + 1), "channel": str(asking_channel(GUILD + 1))}
            await server.slash("ask", wait="30", question="Who plays Kathy?", **where)
            started, cpu = time.perf_counter() - process.started, process.cpu
            await asyncio.sleep(SETTLING)
            settled, wakes, settling = process.cpu, process.wakes, process.cpu - cpu
            await asyncio.sleep(MEASURED)
            print(
                f"{name:9} {schedules:6} schedules: answers {started:.1f} s after its start ({cpu:.1f} s of CPU, and "
                f"{settling:.1f} s in the {SETTLING:.0f} s after it) · a minute costs "
                f"{(process.cpu - settled) * 1e3:.0f} ms of CPU and {process.wakes - wakes} wakes · "
                f"{process.held:.0f} MB · {load()}",
                flush=True,
            )


async def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--guilds", type=int, default=2500)
    chosen = parser.parse_args()
    for name, schedules in (("bookclub", chosen.schedules), ("bookclub", 0), ("echo", 0)):
        await idle(name, schedules, chosen.guilds)


if __name__ == "__main__":
    asyncio.run(main())
