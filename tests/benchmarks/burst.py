"""Thousands of schedules due in the same minute, on the real bot under Discord's limits, while members ask.

Each bot is a process of its own with its store in SQLite; the local Discord and those who ask are this process. Posts
are answered as late as Discord does it. Beside it, in the same run: discord.py alone with the same messages, sent all
at once or one after the other, and what the limit would allow.

Run: uv run python -m tests.benchmarks.burst [--schedules 10000] [--guilds 2500] [PART ...]
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.book.schedules import Scheduled, mark_of
from bot.discord_app.press_ids import read_press
from bot.discord_app.presses import Suggest
from tests.benchmarks.discord_load import MEMBERS, QUESTIONS
from tests.benchmarks.processes import Process, load, percentile, running
from tests.benchmarks.timetables import asking_channel, fill, guilds_for, made, servers
from tests.discord.contract import components
from tests.discord.server import GUILD, Fault, Json, LocalDiscord

LIMIT = 50
"""Requests a second that Discord takes from a bot."""

ANSWERED = 0.1
"""Seconds after which Discord answers a post."""

START = 30.0
"""Seconds from the making of the schedules to their moment, at the least: the bot starts and is asked."""

PATIENCE, GIVEN_UP = 290.0, 30.0
"""Seconds after which no more posts are waited for, and seconds without any."""

ASKS, MANY_ASKS, MANY_SECONDS = 10, 100, 10.0
"""Questions a second, all the time; and for a while."""

A_MINUTE, MINUTES = 20, 3


@dataclass(frozen=True)
class Asked:
    """How long answers took: before the burst, during it, and while there were many."""

    before: list[float]
    during: list[float]
    many: list[float]


class Asking:
    """Members in turn, so many that none is held back for asking too much."""

    def __init__(self, server: LocalDiscord, guilds: int) -> None:
        self._server = server
        self._who = zip(
            cycle(range(MEMBERS)), cycle(range(1, guilds) if guilds > 1 else [0]), cycle(QUESTIONS)
        )

    async def one(self) -> float:
        """A question, and the seconds until it was answered; 30 if it was not."""
        member, guild, question = next(self._who)
        where = {"guild": str(GUILD + guild), "channel": str(asking_channel(GUILD + guild))}
        start = time.perf_counter()
        try:
            await self._server.slash(
                "ask", wait="30", question=question, member=str(GUILD + 1000 + member), **where
            )
        except TimeoutError:
            return 30.0
        return time.perf_counter() - start

    async def steadily(self, rate: int, seconds: float) -> list[float]:
        """So many a second. If it is cancelled, it returns what there is."""
        under_way: list[asyncio.Task[float]] = []
        start = time.perf_counter()
        try:
            while (number := len(under_way)) < rate * seconds:
                await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
                under_way.append(asyncio.create_task(self.one()))
        except asyncio.CancelledError:
            pass
        return await asyncio.gather(*under_way)


async def burst(name: str, shares: Sequence[int], *, many: bool = True) -> float:
    """Runs one bot through it and prints what came of it; returns the posts a second."""
    due = next_minute(START)
    schedules, guilds = made(shares, due), guilds_for(shares)
    print(f"\n{name}: {len(schedules)} schedules in {len(guilds)} servers, {load()}")
    with TemporaryDirectory() as folder:
        await fill(Path(folder), schedules)
        more = () if name == "bookclub" else (str(plan_in(Path(folder), schedules, due)),)
        async with running(name, guilds, *more, data=Path(folder), limited=True) as (server, process):
            told = time.perf_counter() - process.started
            asking = Asking(server, len(guilds))
            first = await asking.one()
            print(
                f"  told of its servers after {told:.1f} s and {process.cpu:.1f} s of CPU; "
                f"the first answer took {first:.2f} s; it is process {process.id}",
                flush=True,
            )
            server.fail(
                Fault("POST", r"^/channels/\d+/messages$", effect="first", delay=ANSWERED, times=10**9)
            )
            asked = await _through(server, process, asking, schedules, due, many=many)
            return _report(server, process, asked, schedules, due)


def plan_in(folder: Path, schedules: Sequence[Scheduled], due: datetime) -> Path:
    """The file that tells the rival when to send, and to which channels."""
    plan = folder / "plan.json"
    plan.write_text(json.dumps([due.timestamp(), [one.schedule.channel for one in schedules]]))
    return plan


async def _through(
    server: LocalDiscord,
    process: Process,
    asking: Asking,
    schedules: Sequence[Scheduled],
    due: datetime,
    *,
    many: bool,
) -> Asked:
    before = await asking.steadily(ASKS, min(10.0, seconds_to(due) - 1))
    await asyncio.sleep(seconds_to(due))
    cpu, start = process.cpu, time.perf_counter()
    steady = asyncio.create_task(asking.steadily(ASKS, PATIENCE))
    more = asyncio.create_task(_later(20.0, asking, MANY_SECONDS if many else 0))
    channels = {one.schedule.channel for one in schedules}
    there, news = 0, start
    while there < len(schedules) and time.perf_counter() < min(start + PATIENCE, news + GIVEN_UP):
        await asyncio.sleep(0.25)
        before_that, there = there, sum(len(server.channel(one).history) for one in channels)
        news = time.perf_counter() if there > before_that else news
    took = time.perf_counter() - start
    print(
        f"  {process.cpu - cpu:.1f} s of CPU in {took:.1f} s ({(process.cpu - cpu) / took:.0%}), "
        f"{process.most_held:.0f} MB at the most, {load()}"
    )
    # Doubles would still come.
    await asyncio.sleep(5)
    more.cancel()
    steady.cancel()
    return Asked(before, await steady, await more)


async def _later(seconds: float, asking: Asking, how_long: float) -> list[float]:
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        return []
    return await asking.steadily(MANY_ASKS, how_long)


def _report(
    server: LocalDiscord,
    process: Process,
    asked: Asked,
    schedules: Sequence[Scheduled],
    due: datetime,
) -> float:
    waits = list(posts_of(server, schedules, due))
    last = max((wait for wait, _, _ in waits), default=0.0)
    rate = len(waits) / last if last else 0.0
    counted = server.limits
    print(
        f"  {len(waits)} posts of {len(schedules)}, the last after {last:.1f} s: {rate:.1f} a second, "
        f"{rate / LIMIT:.0%} of the limit; p50 {percentile([wait for wait, _, _ in waits], 0.5):.1f} s\n"
        f"  429s: {counted.too_many['all']} for all, {counted.too_many['channel']} for a channel; "
        f"most requests in one second {max(counted.by_second.values())}; refused {counted.invalid}"
    )
    if name_marks := Counter(mark for _, _, mark in waits if mark):
        wanted = {mark_of(one.schedule.id, one.next.name) for one in schedules if one.next}
        doubles = sum(count - 1 for count in name_marks.values())
        print(f"  schedules without a post: {len(wanted - name_marks.keys())}, doubles: {doubles}")
    print("  posts a second:", *_over_time([wait for wait, _, _ in waits]))
    _fairness(waits)
    for kind, took in (("before", asked.before), ("during", asked.during), (f"{MANY_ASKS}/s", asked.many)):
        if took:
            print(
                f"  /ask {kind}: {len(took)}, p50 {percentile(took, 0.5) * 1e3:.0f} ms, p99 {percentile(took, 0.99) * 1e3:.0f} ms, "
                f"slowest {percentile(took, 1.0) * 1e3:.0f} ms"
            )
    print(f"  {process.held:.0f} MB at the end", flush=True)
    return rate


Wait = tuple[float, int, str | None]
"""How late a post was, its server, and its mark, if it has one."""


def posts_of(server: LocalDiscord, schedules: Sequence[Scheduled], due: datetime) -> Iterator[Wait]:
    """Every post in the schedules' channels."""
    for channel, guild in {one.schedule.channel: one.schedule.server for one in schedules}.items():
        for message in server.visible(channel):
            yield server.posted_at(message) - due.timestamp(), guild, _mark(message)


def _mark(message: Json) -> str | None:
    presses = (read_press(part.get("custom_id") or "") for part in components(message["components"]))
    return next((press.mark for press in presses if isinstance(press, Suggest)), None)


def _over_time(waits: Sequence[float]) -> Iterator[str]:
    by_time = Counter(int(wait // 10) for wait in waits)
    return (f"{by_time[part] / 10:.0f}" for part in range(max(by_time, default=0) + 1))


def _fairness(waits: Sequence[Wait]) -> None:
    of: dict[int, list[float]] = {}
    for wait, guild, _ in sorted(waits):
        of.setdefault(guild, []).append(wait)
    big = of.pop(GUILD, [])
    small = [wait for waits in of.values() for wait in waits]
    if len(big) < 2 or not small:
        return
    only = [waits[0] for waits in of.values() if len(waits) == 1]
    firsts = [waits[0] for waits in of.values()]
    print(
        f"  small servers waited p50 {percentile(small, 0.5):.1f} s, p99 {percentile(small, 0.99):.1f} s; the one of {len(big)} "
        f"p50 {percentile(big, 0.5):.1f} s, p99 {percentile(big, 0.99):.1f} s\n"
        f"  the big one's second post after {big[1]:.1f} s, the last first of a small one after {max(firsts):.1f} s: "
        f"only posts behind it {sum(wait > big[1] for wait in only)} of {len(only)}, "
        f"first posts {sum(wait > big[1] for wait in firsts)} of {len(firsts)}"
    )


async def lateness() -> None:
    """How late posts are where there are few."""
    due, count = next_minute(START), A_MINUTE * MINUTES
    shares = servers(count, count // 4 + 1)
    schedules = made(shares, due, A_MINUTE)
    print(f"\n{A_MINUTE} due in each of {MINUTES} minutes, {load()}")
    with TemporaryDirectory() as folder:
        await fill(Path(folder), schedules)
        async with running("bookclub", guilds_for(shares), data=Path(folder), limited=True) as (server, _):
            server.fail(
                Fault("POST", r"^/channels/\d+/messages$", effect="first", delay=ANSWERED, times=10**9)
            )
            await asyncio.sleep(seconds_to(due) + 60 * (MINUTES - 1) + 10)
            waits = [wait % 60 for wait, _, _ in posts_of(server, schedules, due)]
            print(
                f"  {len(waits)} of {count}: late by p50 {percentile(waits, 0.5):.2f} s, p99 {percentile(waits, 0.99):.2f} s, "
                f"at the most {percentile(waits, 1.0):.2f} s",
                flush=True,
            )


def next_minute(seconds: float) -> datetime:
    """The first full minute that is so far away."""
    soon = datetime.now(UTC) + timedelta(seconds=seconds)
    return soon.replace(second=0, microsecond=0) + timedelta(minutes=1)


def seconds_to(moment: datetime) -> float:
    """How far away it is."""
    return (moment - datetime.now(UTC)).total_seconds()


async def main() -> None:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--guilds", type=int, default=2500)
    parser.add_argument(
        "parts",
        nargs="*",
        default=["small", "lateness", "burst", "gather", "loop"],
        help="small, lateness, burst, gather, loop: all of them if none is named",
    )
    chosen = parser.parse_args()
    shares = servers(chosen.schedules, chosen.guilds)
    rates: dict[str, float] = {}
    for part in chosen.parts:
        if part == "small":
            for count in (100, 1000):
                await burst("bookclub", servers(count, count // 4 + 1), many=False)
        elif part == "lateness":
            await lateness()
        else:
            name = "bookclub" if part == "burst" else part
            rates[name] = await burst(name, shares)
    _compare(rates)


def _compare(rates: Mapping[str, float]) -> None:
    for name, rate in {"the limit": float(LIMIT), **rates}.items():
        if name != "bookclub" and "bookclub" in rates and rate:
            print(f"bookclub posts {rates['bookclub'] / rate:.2f} times as fast as {name}")


if __name__ == "__main__":
    asyncio.run(main())
