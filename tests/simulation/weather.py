"""What becomes of requests, and since when until when something was in the way of posting."""

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulation.story import HOUR, Mishap, Outage, Weather

FORGOTTEN = 2 * HOUR
"""After so long, mishaps that no request met are over."""


@dataclass(frozen=True, order=True)
class Trouble:
    """From then until then something was in the way: in one channel, or (None) everywhere."""

    start: float
    end: float
    channel: int | None = None
    what: str = ""


@dataclass
class Troubles:
    """All that was in the way."""

    known: list[Trouble] = field(default_factory=list)

    def add(self, start: float, end: float, channel: int | None, what: str) -> None:
        """Notes a trouble; its end may lie ahead."""
        insort(self.known, Trouble(start, end, channel, what), key=lambda one: one.start)

    def calm(self, channel: int, start: float, end: float) -> float:
        """The longest time in between during which nothing was in the way of posting in the channel."""
        longest, free = 0.0, start
        for one in self.known:
            if one.end > free and one.start < end and one.channel in {None, channel}:
                longest = max(longest, one.start - free)
                free = max(free, one.end)
        return max(longest, end - free)

    def any(self, channel: int, start: float, end: float, whats: frozenset[str] | None = None) -> bool:
        """Whether there was a trouble in between: one of these, or (None) any."""
        return any(
            one.start < end
            and one.end > start
            and one.channel in {None, channel}
            and (whats is None or one.what in whats)
            for one in self.known
        )

    @property
    def last(self) -> float:
        """When the last of them ends."""
        return max((one.end for one in self.known), default=0.0)


@dataclass(frozen=True)
class Struck:
    """What befalls one request, and for how many seconds."""

    mishap: Mishap
    seconds: float


class Sky:
    """Which mishap is the next request's."""

    def __init__(self, troubles: Troubles, now: Callable[[], float]) -> None:
        self._troubles, self.now = troubles, now
        self._coming: list[tuple[Weather, list[int]]] = []
        self._outage: tuple[float, Outage] | None = None
        self._limits: dict[int | None, float] = {}

    def comes(self, event: Weather) -> None:
        """Some requests will go wrong."""
        self._coming.append((event, [event.count]))
        self._troubles.add(event.at, event.at + FORGOTTEN, event.channel, event.mishap)

    def breaks_off(self, event: Outage) -> None:
        """All requests go wrong for a while."""
        self._outage = (event.at + event.lasts, event)
        self._troubles.add(event.at, event.at + event.lasts + 60, None, event.mishap)

    @property
    def broken_off(self) -> bool:
        """Whether nothing gets through now."""
        return self._outage is not None and self.now() < self._outage[0]

    def limited(self, channel: int | None) -> float:
        """Until when Discord has said that it takes no requests there."""
        return max(self._limits.get(None, 0.0), self._limits.get(channel, 0.0))

    def next(self, channel: int | None) -> Struck | None:
        """What befalls a request now; None: nothing."""
        now = self.now()
        if self._outage is not None and self.broken_off:
            return Struck(self._outage[1].mishap, 10.0)
        for entry in list(self._coming):
            event, left = entry
            if now > event.at + FORGOTTEN:
                self._coming.remove(entry)
                continue
            if event.channel not in {None, channel}:
                continue
            left[0] -= 1
            if left[0] == 0:
                self._coming.remove(entry)
            if event.mishap.startswith("429"):
                where = None if event.mishap == "429 global" else channel
                self._limits[where] = max(self._limits.get(where, 0.0), now + event.seconds)
            return Struck(event.mishap, event.seconds)
        return None
