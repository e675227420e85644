"""How fast posts go out: Discord takes fifty requests a second from a bot, whatever number of processes it has."""

import asyncio
from collections.abc import Callable

RATE = 46.0
"""Requests a second for scheduled posts; the rest is left to answers."""


class Pace:
    """Gives out turns, evenly and in the order in which they are asked for. `ticks` are seconds that never go back."""

    def __init__(self, ticks: Callable[[], float], rate: float = RATE) -> None:
        self._ticks = ticks
        self._rate = rate
        self._gap = 1 / rate
        self._next = 0.0

    def share(self, workers: int) -> None:
        """So many workers share the rate."""
        self._gap = max(workers, 1) / self._rate

    async def turn(self) -> None:
        """Returns when it is one's turn."""
        now = self._ticks()
        mine = max(now, self._next)
        self._next = mine + self._gap
        if mine > now:
            await asyncio.sleep(mine - now)
