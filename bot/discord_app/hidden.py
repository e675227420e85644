"""The messages that are just being hidden. Without the message-content intent Discord shows a message's text once only,
with the command; until the label is picked it is kept here, in memory and for no longer than an interaction lives.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import discord

SECONDS = 900.0
"""As long as an interaction can be answered: a modal that comes back later finds nothing."""

MOST = 200
"""Messages kept at once; the oldest goes first."""


@dataclass
class Kept:
    """Messages by whoever has them hidden and by their ids. `clock` is in seconds and never goes back."""

    clock: Callable[[], float]
    _kept: dict[tuple[int, int], tuple[float, discord.Message]] = field(default_factory=dict)

    def keep(self, member: int, message: discord.Message) -> None:
        """Keeps a message for a member, in place of what was kept of it before."""
        now = self.clock()
        self._kept.pop((member, message.id), None)
        self._kept[member, message.id] = (now, message)
        for key, (since, _) in list(self._kept.items()):
            if now - since >= SECONDS or len(self._kept) > MOST:
                del self._kept[key]

    def take(self, member: int, number: int) -> discord.Message | None:
        """The member's message of this id, which is then no longer kept; None where it is not there or too old."""
        since, message = self._kept.pop((member, number), (0.0, None))
        return message if message is not None and self.clock() - since < SECONDS else None
