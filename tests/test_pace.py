"""Posts go out evenly, as fast as Discord takes them, and are begun no earlier than that."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest

from bot.book.notices import Notice
from bot.book.recurrence import Occurrence, Recurrence, Weekly
from bot.book.schedules import Part, Schedule, Scheduled
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.delivering import AHEAD
from bot.club.memory import Memory
from bot.club.pace import RATE, Pace
from bot.club.posting import Poster
from bot.club.publishing import DuePost, Looking, NotThere, Sending, Sent

LIMIT = 50
"""Requests a second that Discord takes from a bot."""


class Time:
    """Seconds that pass while somebody sleeps, and a little more: who sleeps is woken late."""

    def __init__(self, late: float = 0.0) -> None:
        self.now = 100.0
        self.late = late

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + self.late


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr("bot.club.pace.asyncio.sleep", made.sleep)
    return made


async def turns(pace: Pace, clock: Time, count: int) -> list[float]:
    """When each of so many turns came."""
    came = []
    for _ in range(count):
        await pace.turn()
        came.append(clock.now)
    return came


def most_in_a_second(came: Sequence[float]) -> int:
    return max(sum(start <= one < start + 1 for one in came) for start in came)


async def test_turns_come_evenly(clock: Time) -> None:
    came = await turns(Pace(clock), clock, 100)
    gaps = [later - one for one, later in pairwise(came)]
    assert gaps[5:] == pytest.approx([1 / RATE] * len(gaps[5:]))


async def test_workers_share_the_rate(clock: Time) -> None:
    pace = Pace(clock)
    pace.share(4)
    came = await turns(pace, clock, 100)
    assert 100 / (came[-1] - came[0]) == pytest.approx(RATE / 4, rel=0.02)


async def test_to_be_woken_late_costs_nothing(clock: Time) -> None:
    clock.late = 0.015
    came = await turns(Pace(clock), clock, 1000)
    assert 1000 / (came[-1] - came[0]) == pytest.approx(RATE, rel=0.01)


async def test_after_a_standstill_they_do_not_come_all_at_once(clock: Time) -> None:
    pace = Pace(clock)
    came = []
    for still in (0.0, 0.03, 0.2, 1.0, 60.0) * 3:
        clock.now += still
        came += await turns(pace, clock, 70)
    assert most_in_a_second(came) <= LIMIT


class Mute:
    """A Publisher that notes what is sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def clock(self) -> datetime:
        return datetime.now(UTC)

    async def send(self, due: DuePost, part: Part) -> Sending:
        del part
        self.sent.append(due.job.schedule.id)
        return Sent(len(self.sent))

    async def look(self, due: DuePost, part: Part, since: datetime) -> Looking:
        del due, part, since
        return NotThere()

    async def tell(self, server: int, notices: Sequence[tuple[Schedule, Notice]]) -> None:
        del server, notices


async def test_few_posts_are_begun_before_it_is_their_turn(asking: Asking) -> None:
    memory, publisher = Memory(), Mute()
    due = datetime.now(UTC).replace(second=0, microsecond=0)
    nominal = due.replace(tzinfo=None)
    rule = Recurrence(
        days=Weekly(days=frozenset({nominal.weekday()})), at=time(nominal.hour, nominal.minute), zone="UTC"
    )
    for number in range(50):
        schedule = Schedule(
            id=f"{number:012x}", server=number, channel=number, book=asking.book.slug, rule=rule, author=1
        )
        await memory.add_schedule(Scheduled(schedule, Occurrence(nominal=nominal, due=due)))
    club = Club({asking.book.slug: asking}, memory, Random(1))
    # After the first turn, none for a long time.
    poster = Poster(club, publisher, "worker", Pace(lambda: 100.0, 1 / timedelta(hours=1).total_seconds()))
    await poster.work()
    for _ in range(1000):
        await asyncio.sleep(0)
    begun = [job for job in memory.jobs.values() if job.state == "open"]
    assert len(publisher.sent) == 1
    assert len(begun) == AHEAD
    await poster.finish(0)
