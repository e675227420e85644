"""Finds what is due and has it delivered, by one supervised task. Rules: design.md section 6.

The promise: never twice for one occurrence, never silently missed.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.book.recurrence import instant, next_after
from bot.book.schedules import Job, Scheduled
from bot.club.club import Club
from bot.club.delivering import Delivery
from bot.club.leaving import forget_left
from bot.club.pace import Pace
from bot.club.ports import StoreError
from bot.club.publishing import Publisher

TICK = 30.0
"""Seconds between two looks at the clock: it may jump, and machines sleep."""

ANEW = 3600.0
"""Seconds after which the clock is held against Discord's in any case."""

ASTRAY = timedelta(minutes=10)
"""With a clock that is further from Discord's, nothing is posted."""

EXACT = timedelta(seconds=2)
"""Discord tells the time to the second: a machine's clock that is no further from it is the better one."""

FRESH = timedelta(seconds=10)
"""An answer that took longer, because the network is slow or the process stood still, does not tell the time."""

JUMP = 10.0
"""Seconds by which the clock moves otherwise than the machine's own seconds, after which it is held against Discord's."""

KEPT = timedelta(days=90)
"""How long it is remembered what became of an occurrence."""

BATCH = 256
"""How many jobs are in work at once; the next are taken when half of them are done."""

_CLOCK = "This machine's clock is wrong by %.0f minutes, so nothing is posted: set it."
_STORE = "Scheduled posts wait: what is remembered cannot be read or written. %s"

_log = logging.getLogger("bookclub")


@dataclass(frozen=True, slots=True)
class _Clock:
    """What time it was at one moment: by Discord's clock, by this machine's, and by its seconds."""

    there: datetime
    here: datetime
    ticks: float


@dataclass
class Poster:
    """Does the jobs of one process, called `worker`. `ticks` are the machine's seconds, which never jump."""

    club: Club
    publisher: Publisher
    worker: str
    pace: Pace
    ticks: Callable[[], float] = time.monotonic
    _running: dict[asyncio.Task[None], str] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _fewer: asyncio.Event = field(default_factory=asyncio.Event)
    _channels: "WeakValueDictionary[int, asyncio.Lock]" = field(default_factory=WeakValueDictionary)
    _clock: "_Clock | None" = None
    _tidied: datetime | None = None
    _complaint: str = ""

    def __post_init__(self) -> None:
        self._delivery = Delivery(self.club, self.publisher, self.pace, self._now, self._steady)

    async def run(self) -> None:
        """Works until it is cancelled. This is the boundary of all that may go wrong with posting."""
        while True:
            try:
                seconds = TICK
                if await self.work():
                    seconds = await self._rest()
                    self._complaint = ""
            except StoreError as error:
                self._complain(_STORE, error)
            except Exception:  # noqa: BLE001
                _log.exception("Looking for what is due failed. I look again in %.0f s.", TICK)
            try:
                await asyncio.wait_for(self._wake.wait(), seconds)
            except TimeoutError:
                continue
            self._wake.clear()

    def poke(self) -> None:
        """Something has become due, or may have."""
        self._wake.set()

    async def finish(self, seconds: float) -> None:
        """Waits for the posts under way, but no longer than that; the next start goes on with the rest."""
        if self._running:
            _, left = await asyncio.wait(set(self._running), timeout=seconds)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        await self._tell()

    async def work(self) -> bool:
        """Begins all that is due now; returns when the last of it was begun. False: the clock may not be trusted."""
        if not await self._clock_is_right():
            return False
        await self._mend()
        while self._steady():
            taken = await self.club.store.take(self.worker, self._now(), BATCH - len(self._running))
            self.pace.share(taken.workers)
            for job in taken.jobs:
                task = asyncio.create_task(self._guarded(job))
                self._running[task] = job.schedule.id
                task.add_done_callback(self._ended)
            if not taken.jobs:
                break
            while len(self._running) > BATCH // 2:
                self._fewer.clear()
                await self._fewer.wait()
        if not self._running:
            await self._tell()
        return True

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._fewer.set()
        if not self._running:
            self._wake.set()

    async def _rest(self) -> float:
        """Seconds until there is something to look at."""
        look = await self.club.store.next_look()
        if look is None:
            return TICK
        return min(max((look - self._now()).total_seconds(), 0.05), TICK)

    def _now(self) -> datetime:
        """What time it is by Discord's clock. A machine's own may be set at any moment, and differ from the next one's."""
        if self._clock is None:
            return self.club.now()
        return self._clock.there + timedelta(seconds=self.ticks() - self._clock.ticks)

    def _steady(self) -> bool:
        """Whether the machine's clock goes as its seconds do: else it was set, or the machine has slept."""
        if self._clock is None:
            return False
        moved = (self.club.now() - self._clock.here).total_seconds()
        return abs(moved - (self.ticks() - self._clock.ticks)) < JUMP

    async def _clock_is_right(self) -> bool:
        steady = self._steady()
        if steady and self._clock is not None and self.ticks() - self._clock.ticks < ANEW:
            return True
        before, asked = self.club.now(), self.ticks()
        there = await self.publisher.clock()
        here, ticks = self.club.now(), self.ticks()
        took = max(here - before, timedelta(seconds=ticks - asked))
        if there is None or took > FRESH:
            return steady and self._steady()
        if abs(there - here) > ASTRAY:
            self._complain(_CLOCK, abs(there - here).total_seconds() / 60)
            return False
        self._clock = _Clock(here if abs(there - here) < EXACT + took else there, here, ticks)
        return True

    async def _mend(self) -> None:
        """Has something wait for each active schedule; once a day forgets what is long over."""
        now = self._now()
        for schedule, last in await self.club.store.idle():
            coming = next_after(schedule.rule, max(now, last) if last else now)
            if coming is not None:
                await self.club.store.wait_for(schedule.id, coming)
        if self._tidied is None:
            await self._follow_the_zones()
        if self._tidied is None or now - self._tidied > timedelta(days=1):
            await self.club.store.forget_before(now - KEPT)
            await forget_left(self.club)
            self._tidied = now

    async def _follow_the_zones(self) -> None:
        """Moves what waits to where newer time-zone data has it."""

        def moved(scheduled: Scheduled) -> Scheduled:
            coming, rule = scheduled.next, scheduled.schedule.rule
            if coming is None:
                return scheduled
            due = instant(coming.nominal, rule.zone)
            return replace(scheduled, next=coming.model_copy(update={"due": due}))

        for scheduled in await self.club.store.schedules():
            if moved(scheduled) != scheduled:
                await self.club.store.change_schedule(scheduled.schedule.id, moved)

    async def _guarded(self, job: Job) -> None:
        """One failing job stops no other: this is the boundary of each.

        What it has claimed may be there, so nothing more is written: its lease ends by itself, and it is taken anew.
        """
        channel = self._channels.setdefault(job.schedule.channel, asyncio.Lock())
        try:
            async with channel:
                await self._delivery.do(job)
        except StoreError as error:
            self._complain(_STORE, error)
        except Exception:  # noqa: BLE001
            _log.exception("A scheduled post failed (schedule %s).", job.schedule.id)

    def _complain(self, complaint: str, value: object) -> None:
        """Says once what goes on, until all is well again."""
        if complaint != self._complaint:
            self._complaint = complaint
            _log.error(complaint, value)

    async def _tell(self) -> None:
        notices = self._delivery.notices
        while notices:
            server, told = notices.popitem()
            # A notice is a request, and in a burst there may be one for each server.
            await self.pace.turn()
            await self.publisher.tell(server, told)
