"""How fast posts go out: Discord takes fifty requests a second from a bot, whatever number of processes it has."""

import asyncio
from collections.abc import Callable

RATE = 46.0
"""Requests a second for scheduled posts; the rest is left to answers."""

SLACK = 0.05
"""Seconds by which a turn may come late without making the next ones late: nobody is woken at the very moment."""


class Pace:
    """Gives out turns, evenly and in the order in which they are asked for. `ticks` are seconds that never go back.

    Turns that a process slept through are not made up for, but for `SLACK`: at once they would be too many for Discord.
    """

    def __init__(self, ticks: Callable[[], float], rate: float = RATE) -> None:
        self._ticks = ticks
        self._rate = rate
        self._gap = 1 / rate
        self._next = 0.0
        self._queue = asyncio.Lock()

    def share(self, workers: int) -> None:
        """So many workers share the rate."""
        self._gap = max(workers, 1) / self._rate

    async def turn(self) -> None:
        """Returns when it is one's turn."""
        async with self._queue:
            wait = self._next - self._ticks()
            if wait > 0:
                await asyncio.sleep(wait)
            self._next = max(self._next, self._ticks() - SLACK) + self._gap
