"""When a schedule is due: wall-clock time in a named zone, by a few lines over `zoneinfo`. Rules: design.md section 6.

An occurrence is named by its nominal local date and time. A time that does not exist, because clocks go forward over it,
is due as much later as the clocks went; one that comes twice is due at its first passing. Instants are compared in UTC
alone. Where a zone left out a whole day (Pacific/Apia, 30 December 2011), that day's occurrence moves onto the next day's,
and they are one.
"""

import zoneinfo
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import takewhile
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from bot.book.entries import Frozen

# The pinned `tzdata` package, and not what the machine happens to have.
zoneinfo.reset_tzpath(to=[])

Weekday = Annotated[int, Field(ge=0, le=6)]
"""0 is Monday."""

LAST = -1

HORIZON_DAYS = 366 * 9
"""As far as the rarest rule is looked for: 29 February can be eight years away (1896 to 1904, 2096 to 2104)."""


@cache
def zones() -> frozenset[str]:
    """Every zone's IANA name."""
    return frozenset(zoneinfo.available_timezones())


class Weekly(Frozen):
    """On some weekdays of every nth week. Weeks begin on Monday; those count that lie n weeks from the week of `since`."""

    kind: Literal["weekly"] = "weekly"
    days: Annotated[frozenset[Weekday], Field(min_length=1)]
    every: Annotated[int, Field(ge=1, le=52)] = 1
    since: date = date(2024, 1, 1)

    def falls_on(self, day: date) -> bool:
        """Whether it is due on this day of the zone's calendar."""
        weeks = (_monday(day) - _monday(self.since)).days // 7
        return day.weekday() in self.days and weeks % self.every == 0


class MonthlyByDay(Frozen):
    """On a day of every month; -1 is its last. In a month that is too short for it, on its last day if `or_last`."""

    kind: Literal["day"] = "day"
    day: Annotated[int, Field(ge=-1, le=31)]
    or_last: bool = True

    @model_validator(mode="after")
    def _has_a_day(self) -> Self:
        if self.day == 0:
            raise ValueError("a month has no day 0")
        return self

    def falls_on(self, day: date) -> bool:
        """Whether it is due on this day of the zone's calendar."""
        last = monthrange(day.year, day.month)[1]
        if self.day == LAST:
            return day.day == last
        return day.day == (min(self.day, last) if self.or_last else self.day)


class MonthlyByWeekday(Frozen):
    """On the first, second, third, fourth or last (-1) of a weekday in every month."""

    kind: Literal["weekday"] = "weekday"
    nth: Literal[1, 2, 3, 4, -1]
    weekday: Weekday

    def falls_on(self, day: date) -> bool:
        """Whether it is due on this day of the zone's calendar."""
        if day.weekday() != self.weekday:
            return False
        if self.nth == LAST:
            return day.day + 7 > monthrange(day.year, day.month)[1]
        return (day.day - 1) // 7 + 1 == self.nth


Days = Annotated[Weekly | MonthlyByDay | MonthlyByWeekday, Field(discriminator="kind")]


class Recurrence(Frozen):
    """A rule for days, a wall-clock time, and an IANA zone; from `start` on and until `end`, both nominal dates.

    Unknown zones are refused with a ValidationError.
    """

    days: Days
    at: time
    zone: str
    start: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.zone not in zones():
            raise ValueError("unknown time zone")
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond:
            raise ValueError("a time of day in hours and minutes, without a zone")
        if self.start and self.end and self.end < self.start:
            raise ValueError("it ends before it starts")
        return self


class Occurrence(Frozen):
    """One due moment: its name, which is nominal local time, and the instant in UTC."""

    nominal: datetime
    due: datetime

    @property
    def name(self) -> str:
        """What it is called for good, whatever becomes of the zone's rules: "2026-10-25T01:30".

        One that no rule made has seconds, and so a name that no rule makes.
        """
        return self.nominal.isoformat(timespec="seconds" if self.nominal.second else "minutes")


def instant(nominal: datetime, zone: str) -> datetime:
    """The instant in UTC at which a zone's clocks first show this time, or would, had they not gone over it."""
    # fold=0: of two passings the first; of a time in a gap the offset before it, which moves it on by the gap.
    return nominal.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def occurrences(rule: Recurrence, after: datetime) -> Iterator[Occurrence]:
    """Every occurrence that is due strictly later than `after` (aware) and than the one before, in that order."""
    # A nominal day may be due on another day in UTC, and a day's gap later: two days before is early enough.
    day = after.astimezone(UTC).date() - timedelta(days=2)
    if rule.start is not None:
        day = max(day, rule.start)
    quiet = 0
    while quiet < HORIZON_DAYS and (rule.end is None or day <= rule.end):
        quiet += 1
        if rule.days.falls_on(day):
            nominal = datetime.combine(day, rule.at)
            due = instant(nominal, rule.zone)
            if due > after:
                yield Occurrence(nominal=nominal, due=due)
                after, quiet = due, 0
        if day == date.max:
            return
        day += timedelta(days=1)


def next_after(rule: Recurrence, now: datetime) -> Occurrence | None:
    """The next occurrence, due strictly later than now; None where there is none any more."""
    return next(occurrences(rule, now), None)


def due_between(rule: Recurrence, since: datetime, now: datetime) -> list[Occurrence]:
    """Every occurrence that was due strictly later than `since` and no later than now, in that order."""
    return list(takewhile(lambda occurrence: occurrence.due <= now, occurrences(rule, since)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
