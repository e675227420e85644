"""What a schedule's moderators have to know, and may do something about."""

from dataclasses import dataclass
from typing import Literal

from bot.book.recurrence import Occurrence

Trouble = Literal["gone", "forbidden", "hidden", "locked", "tag", "full", "other"]
"""Why Discord refuses for good: the channel is gone, the bot may not write or not see there, a thread is locked, a forum
wants a tag, there are too many pins or threads, or something else."""


@dataclass(frozen=True, slots=True)
class Suspended:
    """The channel refused a post three times; the schedule stands still."""

    why: Trouble


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A post may have arrived, and the bot cannot look."""

    occurrence: str


@dataclass(frozen=True, slots=True)
class Missed:
    """So many posts were not made; the last of them."""

    count: int
    last: Occurrence


@dataclass(frozen=True, slots=True)
class PartMissing:
    """The post is there, but without this."""

    part: Literal["thread", "poll", "pin"]
    why: Trouble


@dataclass(frozen=True, slots=True)
class RunningLow:
    """So few prompts are left up to the channel's ceiling, on the schedule's theme, before they begin anew."""

    left: int


@dataclass(frozen=True, slots=True)
class NoPrompts:
    """There is no prompt up to the channel's ceiling, on the schedule's theme."""


@dataclass(frozen=True, slots=True)
class NoBook:
    """The bot no longer has the schedule's book."""


Notice = Suspended | Uncertain | Missed | PartMissing | RunningLow | NoPrompts | NoBook
