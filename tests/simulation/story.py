"""A story: what is set up, what moderators do and what goes wrong, each at its second. It tells itself in plain words.

A story is all that a run depends on, so it can be shortened and run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.book.plan import Step

HOUR = 3600.0
DAY = 24 * HOUR

Closed = Literal["gone", "forbidden", "hidden", "unreadable", "locked", "tag", "full", "busy"]
"""`unreadable`: the bot may not read the history; `busy`: there is too much of it."""

Mishap = Literal["dead", "timeout", "lost", "late", "5xx", "5xx taken", "429", "429 global", "shut off"]
"""What becomes of a request. `dead`: it does not leave; `timeout`: it does not arrive, and that is noticed late; `lost`:
it arrives, its answer does not; `late`: it arrives after the bot has given up; `5xx taken`: it is done, and Discord says
that it failed; `shut off`: nothing leaves before a connection is there again, and that is known at once."""


@dataclass(frozen=True)
class Setting:
    """Where a story takes place. `window`: seconds for which Discord remembers a nonce; `workers` 0: one process alone."""

    seed: int
    start: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    workers: int = 0
    window: float = 180.0
    server_clock: float = 0.0
    skews: tuple[float, ...] = ()

    def words(self) -> str:
        """See the page."""
        who = f"{self.workers} workers over one store" if self.workers else "one process"
        skewed = ", ".join(
            f"clock {number} is {skew:+.0f} s off" for number, skew in enumerate(self.skews) if skew
        )
        return f"{who}; Discord forgets a nonce after {self.window:.0f} s" + (f"; {skewed}" if skewed else "")


@dataclass(frozen=True)
class Event:
    """One thing that happens, so many seconds after the start."""

    at: float

    def words(self) -> str:
        """What happens, as one would say it."""
        raise NotImplementedError


# -------------------------------------------------------------------- what moderators do


@dataclass(frozen=True)
class Made(Event):
    """A schedule is made. `days` are weekdays; `day` is one of the month instead of them."""

    schedule: int
    server: int
    channel: int
    zone: str
    clock: str
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    day: int | None = None
    extras: tuple[str, ...] = ()
    plan: tuple[Step, ...] = ()
    theme: str | None = None
    ends: int | None = None

    def words(self) -> str:
        when = "daily" if len(self.days) == 7 else f"weekdays {list(self.days)}"
        when = when if self.day is None else f"monthly on day {self.day}"
        more = "".join(f", {extra}" for extra in self.extras)
        plan = "; ".join(f"{step.milestone} until {step.until}" for step in self.plan)
        return (
            f"schedule {self.schedule} is made in channel {self.channel} of server {self.server}:"
            f" {when} at {self.clock} {self.zone}{more}"
            + (f", on {self.theme!r}" if self.theme else "")
            + (f", plan: {plan}" if plan else "")
            + (f", ends after {self.ends} days" if self.ends is not None else "")
        )


@dataclass(frozen=True)
class Edited(Event):
    schedule: int
    clock: str

    def words(self) -> str:
        return f"schedule {self.schedule} is set to {self.clock}"


Act = Literal["pause", "resume", "skip", "remove", "post now", "post anyway"]


@dataclass(frozen=True)
class Moderated(Event):
    schedule: int
    act: Act

    def words(self) -> str:
        return f"a moderator says '{self.act}' to schedule {self.schedule}"


@dataclass(frozen=True)
class Moved(Event):
    schedule: int
    channel: int

    def words(self) -> str:
        return f"schedule {self.schedule} is moved to channel {self.channel}"


@dataclass(frozen=True)
class Opened(Event):
    channel: int
    milestone: str | None

    def words(self) -> str:
        return f"channel {self.channel} may talk openly up to {self.milestone or 'nothing'}"


@dataclass(frozen=True)
class Deletes(Event):
    """A moderator takes away the next message that appears in a channel."""

    channel: int
    after: float

    def words(self) -> str:
        return f"the next message in channel {self.channel} is deleted {self.after:g} s after it appears"


# -------------------------------------------------------------------- what goes wrong


@dataclass(frozen=True)
class Dies(Event):
    """The process is killed at its nth step from then on: before or after something that it asks of store or Discord."""

    machine: int
    step: int
    down: float

    def words(self) -> str:
        return f"worker {self.machine} is killed at its step {self.step}, and started again {span(self.down)} later"


@dataclass(frozen=True)
class Stops(Event):
    machine: int
    down: float

    def words(self) -> str:
        return f"worker {self.machine} is asked to end, and started again {span(self.down)} later"


@dataclass(frozen=True)
class Freezes(Event):
    """`asleep`: its machine's own seconds stand still too."""

    machine: int
    step: int
    seconds: float
    asleep: bool = False

    def words(self) -> str:
        how = "its machine sleeps" if self.asleep else "freezes"
        return f"worker {self.machine} {how} at its step {self.step} for {span(self.seconds)}"


@dataclass(frozen=True)
class ClockSteps(Event):
    """A machine's clock is set so much forward or back, and right again after so many seconds. -1: the store's clock."""

    machine: int
    seconds: float
    lasts: float

    def words(self) -> str:
        whose = f"worker {self.machine}'s clock" if self.machine >= 0 else "the store's clock"
        way = "forward" if self.seconds > 0 else "back"
        return f"{whose} is set {way} by {span(abs(self.seconds))}, and right again {span(self.lasts)} later"


@dataclass(frozen=True)
class Weather(Event):
    """The next requests, so many, go wrong: those of a channel, or (None) any."""

    mishap: Mishap
    count: int
    channel: int | None
    seconds: float

    def words(self) -> str:
        where = f" in channel {self.channel}" if self.channel is not None else ""
        many = f"the next {self.count} requests" if self.count > 1 else "the next request"
        return f"{many}{where}: {self.mishap} ({span(self.seconds)})"


@dataclass(frozen=True)
class Outage(Event):
    """All requests go wrong for so long."""

    mishap: Mishap
    lasts: float

    def words(self) -> str:
        return f"no request gets through for {span(self.lasts)}: {self.mishap}"


@dataclass(frozen=True)
class Closes(Event):
    channel: int
    how: Closed
    lasts: float

    def words(self) -> str:
        return f"channel {self.channel} is {self.how} for {span(self.lasts)}"


@dataclass(frozen=True)
class StoreFails(Event):
    """The store refuses for so long; `forgetful`: it does what it is asked, and says that it did not."""

    lasts: float
    forgetful: bool = False

    def words(self) -> str:
        how = "does what it is asked but fails to say so" if self.forgetful else "refuses"
        return f"the store {how} for {span(self.lasts)}"


@dataclass(frozen=True)
class StoreSlow(Event):
    lasts: float
    lag: float

    def words(self) -> str:
        return f"each call of the store takes {self.lag:g} s for {span(self.lasts)}"


@dataclass(frozen=True)
class Reconnects(Event):
    """The gateway is back, so often; nobody may start a second task by it."""

    machine: int
    times: int

    def words(self) -> str:
        return f"worker {self.machine} hears of 'ready' {self.times} times"


@dataclass(frozen=True)
class Story:
    setting: Setting
    events: tuple[Event, ...]

    def lines(self) -> list[str]:
        """One line for the setting, and one for each event."""
        start = self.setting.start
        return [
            self.setting.words(),
            *(
                f"{start + timedelta(seconds=event.at):%a %d %b %H:%M:%S}  {event.words()}"
                for event in self.events
            ),
        ]

    def keep(self, wanted: Callable[[Event], bool]) -> "Story":
        """The story without some of its events."""
        return Story(self.setting, tuple(event for event in self.events if wanted(event)))


def span(seconds: float) -> str:
    """A length of time as one would say it."""
    for unit, length in (("days", DAY), ("h", HOUR), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds:.3g} s"
