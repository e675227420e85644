"""What the club asks of the place where posts appear; `bot/discord_app/` has it for Discord."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.book.book import Book
from bot.book.notices import Notice, Trouble
from bot.book.prompts import Prompt
from bot.book.schedules import Job, Part, Post, Schedule
from bot.book.spoilers import Horizon


@dataclass(frozen=True)
class DuePost:
    """All that a part needs to be sent or found again. Nothing beyond `ceiling` may stand in the clear."""

    job: Job
    post: Post
    book: Book
    prompt: Prompt
    ceiling: Horizon


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there, as this message; None: it was, and somebody deleted it."""

    message: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """It surely is not there, and will not be as things stand."""

    why: Trouble


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may be there or not; or nothing can be learnt now. `after`: seconds to wait at the least."""

    after: float = 0.0


@dataclass(frozen=True, slots=True)
class NotThere:
    """It was looked for all over, and is not there."""


@dataclass(frozen=True, slots=True)
class CannotLook:
    """The bot may not look, or there is too much to look through."""


Sending = Sent | Refused | Unclear
Looking = Sent | NotThere | CannotLook | Unclear


class Publisher(Protocol):
    """Sends a post's parts, and looks for what was sent. No method raises for what Discord or a network may do."""

    async def clock(self) -> datetime | None:
        """What time it is over there; None: it cannot be reached now."""
        ...

    async def send(self, due: DuePost, part: Part) -> Sending:
        """Sends one part. Sent twice within a minute, "post" and "poll" come out once; "thread" and "pin" always do."""
        ...

    async def look(self, due: DuePost, part: Part, since: datetime) -> Looking:
        """Looks for a part that was first sent at that moment or later, by the bot's clock."""
        ...

    async def tell(self, server: int, notices: Sequence[tuple[Schedule, Notice]]) -> None:
        """Tells a server's moderators, as well as can be done."""
        ...
