"""Draws a story from a seed. Every story leans to a few kinds of trouble, so that they meet; none has them all."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from bot.book.plan import Step
from tests.simulation.book import ALSO, PARTS
from tests.simulation.story import (
    DAY,
    HOUR,
    Act,
    ClockSteps,
    Closed,
    Closes,
    Deletes,
    Dies,
    Edited,
    Event,
    Freezes,
    Made,
    Mishap,
    Moderated,
    Moved,
    Opened,
    Outage,
    Reconnects,
    Setting,
    Stops,
    StoreFails,
    StoreSlow,
    Story,
    Weather,
)

Kind = Literal["crash", "freeze", "clock", "weather", "closed", "store", "moderators", "long"]
KINDS: tuple[Kind, ...] = ("crash", "freeze", "clock", "weather", "closed", "store", "moderators", "long")

STARTS = (
    datetime(2026, 3, 2, tzinfo=UTC),
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
)
ZONES = (
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "UTC",
    "America/St_Johns",
)
EXTRAS = ("forum", "thread", "poll", "pins")
MISHAPS: tuple[Mishap, ...] = (
    "dead",
    "timeout",
    "lost",
    "late",
    "5xx",
    "5xx taken",
    "429",
    "429 global",
    "shut off",
)
CLOSED: tuple[Closed, ...] = ("gone", "forbidden", "hidden", "unreadable", "locked", "tag", "full", "busy")
ACTS: tuple[Act, ...] = ("pause", "resume", "skip", "remove", "post now", "post anyway", "resume")
SHORT_WINDOW = 61.0


class Draw:
    """One story's dice."""

    def __init__(self, seed: int, kinds: Sequence[Kind] | None, workers: int | None) -> None:
        self.random = random = Random(seed)
        several = random.randint(2, 3) if random.random() < 0.5 else 0
        chosen = several if workers is None else workers
        # Once in a while, nothing goes wrong at all.
        self.kinds = random.sample(KINDS, random.choice((0, 1, 2, 2, 3, 3, 4))) if kinds is None else kinds
        skews = tuple(random.choice((0.0, 0.0, -400.0, 30.0, 500.0)) for _ in range(max(chosen, 1)))
        self.setting = Setting(
            seed=seed,
            start=random.choice(STARTS),
            workers=chosen,
            window=random.choice((180.0, 180.0, SHORT_WINDOW)),
            server_clock=random.choice((0.0, 0.0, 3.0, -700.0)),
            skews=skews if "clock" in self.kinds else (),
        )
        self.schedules = random.randint(1, 6)
        self.channels = list(range(1, random.randint(1, 3) + 1))
        self.days = random.choice((1, 1, 2, 3))
        self.moments: list[tuple[float, int]] = []

    def story(self) -> Story:
        """The story."""
        events: list[Event] = [self.made(number) for number in range(1, self.schedules + 1)]
        events += [self.opened(0.0) for _ in range(self.random.randint(0, 2))]
        draws = {
            "crash": self.crash, "freeze": self.freeze, "clock": self.clock, "weather": self.weather,
            "closed": self.closed, "store": self.store, "moderators": self.moderators, "long": self.long,
        }  # fmt: skip
        for kind in self.kinds:
            for _ in range(self.random.randint(1, 4)):
                events += draws[kind]()
        return Story(self.setting, tuple(sorted(events, key=lambda event: event.at)))

    def made(self, number: int) -> Made:
        random = self.random
        channel = random.choice(self.channels)
        zone = random.choice(ZONES)
        clock = f"{random.choice((0, 1, 2, 9, 18, 19)):02}:{random.choice((0, 0, 15, 30)):02}"
        extras = [extra for extra in EXTRAS if random.random() < 0.3]
        made = Made(
            at=0.0,
            schedule=number,
            server=1 + channel % 2,
            channel=channel,
            zone=zone,
            clock=clock,
            days=tuple(range(7)) if random.random() < 0.8 else tuple(sorted(random.sample(range(7), 3))),
            extras=tuple(extras),
            plan=self.plan() if random.random() < 0.25 else (),
            theme=ALSO if random.random() < 0.15 else None,
            ends=random.randint(0, 2) if random.random() < 0.1 else None,
        )
        for day in range(self.days + 1):
            due = _due(self.setting.start, day, clock, zone)
            if 0 < due < self.days * DAY:
                self.moments.append((due, channel))
        return made

    def plan(self) -> tuple[Step, ...]:
        first = self.setting.start.date() + timedelta(days=self.random.randint(-1, 1))
        return tuple(
            Step(until=first + timedelta(days=day), milestone=part)
            for day, part in enumerate(PARTS[: self.random.randint(1, 3)])
        )

    def opened(self, at: float) -> Opened:
        return Opened(at, self.random.choice(self.channels), self.random.choice((None, *PARTS)))

    def near(self) -> float:
        """A moment near one at which something is due."""
        random = self.random
        due = self.due()
        early_or_late = random.choice(
            (0.0, -0.5, -random.random() * 100, random.random() * 200, random.random() * HOUR)
        )
        return max(1.0, round(due + early_or_late, 1))

    def just_before(self) -> float:
        """A moment from which on the next steps are those of something that is due."""
        return max(1.0, self.due() - 0.5)

    def due(self) -> float:
        """A moment at which something is due: mostly the same, so that troubles meet."""
        random = self.random
        if not self.moments:
            return HOUR
        return (self.moments[0] if random.random() < 0.6 else random.choice(self.moments))[0]

    def channel(self) -> int:
        """A channel, mostly the one in which that is due."""
        if self.moments and self.random.random() < 0.6:
            return self.moments[0][1]
        return self.random.choice(self.channels)

    def machine(self) -> int:
        return self.random.randrange(max(self.setting.workers, 1))

    def crash(self) -> list[Event]:
        random = self.random
        down = random.choice(
            (1.0, 5.0, 20.0, 45.0, 70.0, 130.0, 240.0, 1800.0, 3 * HOUR, 11 * HOUR, 14 * HOUR)
        )
        if random.random() < 0.15:
            return [Stops(self.near(), self.machine(), down)]
        if random.random() < 0.1:
            return [Reconnects(self.near(), self.machine(), 5)]
        return [Dies(self.just_before(), self.machine(), random.randint(1, 70), down)]

    def freeze(self) -> list[Event]:
        random = self.random
        seconds = random.choice((5.0, 50.0, 100.0, 130.0, 200.0, 400.0, 1800.0, 8 * HOUR, 13 * HOUR))
        asleep = random.random() < 0.3
        return [Freezes(self.just_before(), self.machine(), random.randint(1, 70), seconds, asleep)]

    def clock(self) -> list[Event]:
        random = self.random
        seconds = random.choice(
            (HOUR, -HOUR, 500.0, -500.0, 7 * HOUR, -56 * 365 * DAY, 11.4 * 365 * DAY, 230.0, -230.0)
        )
        machine = -1 if self.setting.workers and random.random() < 0.2 else self.machine()
        return [ClockSteps(self.near(), machine, seconds, random.choice((20.0, 40.0, 300.0, 2 * HOUR)))]

    def weather(self) -> list[Event]:
        random = self.random
        mishap = random.choice(MISHAPS)
        if random.random() < 0.2 and mishap in {"dead", "timeout", "shut off", "5xx"}:
            return [Outage(self.near(), mishap, random.choice((60.0, 600.0, HOUR, 5 * HOUR, 13 * HOUR)))]
        seconds = random.choice((2.0, 15.0, 45.0))
        if mishap == "late":
            if self.setting.window == SHORT_WINDOW:
                mishap = "lost"
            seconds = random.choice((10.0, 41.0, 50.0))
        if mishap.startswith("429"):
            seconds = random.choice((1.0, 15.0, 90.0, 700.0))
        channel = random.choice((None, self.channel()))
        return [Weather(self.just_before(), mishap, random.randint(1, 6), channel, seconds)]

    def closed(self) -> list[Event]:
        random = self.random
        lasts = random.choice((30.0, 120.0, 400.0, 1200.0, 3 * HOUR, 20 * HOUR))
        if random.random() < 0.3:
            return [Deletes(self.just_before(), self.channel(), random.choice((0.05, 0.3, 5.0, 60.0)))]
        how = random.choice((*CLOSED, "unreadable", "unreadable", "unreadable"))
        closes = Closes(self.near(), self.channel(), how, lasts)
        if random.random() < 0.5:
            return [closes]
        # Whoever sees to the channel sees to its schedules too.
        act: Act = "post anyway" if how in {"unreadable", "busy"} else "resume"
        at = closes.at + lasts + random.choice((10.0, 1000.0, 5000.0))
        return [closes, Moderated(at, random.randint(1, self.schedules), act)]

    def store(self) -> list[Event]:
        random = self.random
        lasts = random.choice((1.0, 10.0, 60.0, 300.0, 2 * HOUR))
        if random.random() < 0.3:
            return [StoreSlow(self.near(), min(lasts, 300.0), random.choice((1.0, 10.0, 40.0)))]
        forgetful = random.random() < 0.4
        return [StoreFails(self.near(), min(lasts, 60.0) if forgetful else lasts, forgetful)]

    def moderators(self) -> list[Event]:
        random, at = self.random, self.near()
        schedule = random.randint(1, self.schedules)
        roll = random.random()
        if roll < 0.2:
            clock = f"{random.choice((0, 1, 2, 9, 18, 19, 20)):02}:{random.choice((0, 30)):02}"
            return [Edited(at, schedule, clock)]
        if roll < 0.3:
            return [Moved(at, schedule, self.channel())]
        if roll < 0.5:
            return [self.opened(at)]
        act = random.choice(ACTS)
        events: list[Event] = [Moderated(at, schedule, act)]
        if act == "pause":
            events.append(Moderated(at + random.choice((10.0, HOUR, DAY)), schedule, "resume"))
        return events

    def long(self) -> list[Event]:
        """Away for long: with days that pass in which nobody is there."""
        down = self.random.choice((15 * HOUR, 30 * HOUR, 3 * DAY, 21 * DAY))
        at = self.near()
        return [Dies(at, number, 1, down) for number in range(max(self.setting.workers, 1))]


def draw(seed: int, kinds: Sequence[Kind] | None = None, workers: int | None = None) -> Story:
    """The story of a seed; of some kinds of trouble, and with so many workers (0: one process alone), where that is said."""
    return Draw(seed, kinds, workers).story()


@cache
def _due(start: datetime, day: int, clock: str, zone: str) -> float:
    nominal = datetime.combine(
        start.date() + timedelta(days=day), time.fromisoformat(clock), tzinfo=ZoneInfo(zone)
    )
    return (nominal.astimezone(UTC) - start).total_seconds()
