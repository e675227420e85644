"""How much one member and one server may ask of the bot. Pure: the time comes in as an argument."""

from collections import deque
from dataclasses import dataclass, field

SECONDS = 10.0
A_MEMBER = 5
A_SERVER = 30


@dataclass(frozen=True, slots=True)
class TooMuch:
    """Refused. `seconds` until the next one is taken; `first` of this flood: the only one worth a public line."""

    seconds: float
    first: bool


@dataclass
class Flood:
    """Takes 5 requests in 10 seconds from a member and 30 from a server; what it refuses does not count."""

    _taken: dict[tuple[str, int], deque[float]] = field(default_factory=dict)
    _told: dict[int, float] = field(default_factory=dict)
    _tidied: float = 0.0

    def refuses(self, now: float, member: int, server: int | None) -> TooMuch | None:
        """None: it is taken and counted. `now` is in seconds, of a clock that never goes back."""
        if now - self._tidied >= SECONDS:
            self._tidy(now)
            self._tidied = now
        windows = [(self._window("member", member, now), A_MEMBER)]
        if server is not None:
            windows.append((self._window("server", server, now), A_SERVER))
        waits = [window[0] + SECONDS - now for window, most in windows if len(window) >= most]
        if waits:
            first = now - self._told.get(member, now - SECONDS) >= SECONDS
            if first:
                self._told[member] = now
            return TooMuch(max(waits), first)
        for window, _ in windows:
            window.append(now)
        return None

    def _window(self, of: str, number: int, now: float) -> deque[float]:
        window = self._taken.setdefault((of, number), deque())
        while window and now - window[0] >= SECONDS:
            window.popleft()
        return window

    def _tidy(self, now: float) -> None:
        """Forgets who has been quiet, so that memory follows those who ask now and not all who ever did."""
        for key, window in list(self._taken.items()):
            if not window or now - window[-1] >= SECONDS:
                del self._taken[key]
        for member, told in list(self._told.items()):
            if now - told >= SECONDS:
                del self._told[member]
