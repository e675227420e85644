"""What is kept in memory between an interaction and the next one, and for no longer than an interaction lives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

SECONDS = 900.0
"""As long as an interaction can be answered: what comes back later finds nothing."""

MOST = 200
"""Things kept at once; the oldest goes first."""


@dataclass
class Kept(Generic[T]):
    """Things by the member whose they are and by a number. `clock` is in seconds and never goes back."""

    clock: Callable[[], float]
    _kept: dict[tuple[int, int], tuple[float, T]] = field(default_factory=dict)

    def keep(self, member: int, number: int, thing: T) -> None:
        """Keeps a thing for a member, in place of what was kept under that number before."""
        now = self.clock()
        self._kept.pop((member, number), None)
        self._kept[member, number] = (now, thing)
        for key, (since, _) in list(self._kept.items()):
            if now - since >= SECONDS or len(self._kept) > MOST:
                del self._kept[key]

    def take(self, member: int, number: int) -> T | None:
        """The member's thing of this number, which is then no longer kept; None where it is not there or too old."""
        found = self._kept.pop((member, number), None)
        return found[1] if found is not None and self.clock() - found[0] < SECONDS else None

    def drop(self, member: int) -> None:
        """Keeps nothing of a member's any longer."""
        for key in [key for key in self._kept if key[0] == member]:
            del self._kept[key]
