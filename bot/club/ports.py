"""What the club needs from outside, as small Protocols; `bot/store/` and `memory.py` fill them.

What a method is said to have written is still there after the process was killed the moment it returned. `now` is an
aware datetime. Members, servers, channels and roles are Discord's ids; books and milestones are named by their ids.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.book.spoilers import Spoilers


class StoreError(Exception):
    """What is remembered cannot be read or written now; a sentence for the host, with what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Server:
    """What the moderators of a server have set; a new one has set nothing.

    `book` None: none is chosen. `moderators` is the role that may do what moderators may, beside those who have
    Manage Messages. `timezone` is an IANA name. `hides`: "Hide as spoiler" is switched on.
    """

    book: str | None = None
    moderators: int | None = None
    spoilers: Spoilers = "veil"
    timezone: str = "UTC"
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """Where a member last used the bot: for which book, and in which server; None: they never were in one."""

    book: str
    server: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides what a member may see in one place: what is set there, and how far both have come in a book.

    `settings` are those of the server, or, alone with the bot, of the one where the member last was.
    """

    settings: Server = Server()
    last: Used | None = None
    ceiling: str | None = None
    progress: str | None = None


class ProgressStore(Protocol):
    """Remembers which milestone one member has finished of one book, and where they last were."""

    async def progress(self, member: int, book: str) -> str | None:
        """The milestone's id; None where the member has set none."""
        ...

    async def set_progress(self, member: int, book: str, milestone: str | None, now: datetime) -> None:
        """Remembers a milestone; None forgets it."""
        ...

    async def last_used(self, member: int) -> Used | None:
        """Where the member last used the bot; None where it never was."""
        ...

    async def note_used(self, member: int, used: Used, now: datetime) -> None:
        """Remembers where the member uses the bot, in place of what was noted before."""
        ...


class ServerStore(Protocol):
    """Remembers what the moderators of each server have set."""

    async def server(self, server: int) -> Server:
        """What is set; the defaults where nothing is."""
        ...

    async def change_server(self, server: int, change: Callable[[Server], Server]) -> Server:
        """Changes what is set and returns it. Nothing else changes it between `change`'s reading and the writing."""
        ...

    async def ceiling(self, channel: int, book: str) -> str | None:
        """Up to which milestone a channel may talk openly; None where none is set: nobody has read anything."""
        ...

    async def set_ceiling(self, server: int, channel: int, book: str, milestone: str | None) -> None:
        """Remembers a ceiling; None forgets it."""
        ...

    async def ceilings(self, server: int, book: str) -> Mapping[int, str]:
        """Every channel of the server that has a ceiling for this book, with the milestone's id."""
        ...

    async def watched(self, server: int | None = None) -> frozenset[int]:
        """The channels whose messages are watched for spoilers: in one server, or (None) everywhere."""
        ...

    async def set_watched(self, server: int, channel: int, *, watched: bool) -> None:
        """Begins or ends the watch over a channel."""
        ...


class PromptLog(Protocol):
    """Remembers which prompts of a book one place has had."""

    async def used(self, place: int, book: str) -> frozenset[str]:
        """The ids of the prompts since the round began."""
        ...

    async def mark_used(self, place: int, book: str, prompt: str) -> bool:
        """Notes a prompt as had. False: it was noted already."""
        ...

    async def forget_used(self, place: int, book: str, prompts: Collection[str]) -> None:
        """Begins a new round of these prompts: they have not been had."""
        ...


class Store(ProgressStore, ServerStore, PromptLog, Protocol):
    """All that a club remembers."""

    async def standing(self, member: int, server: int | None, channel: int, book: str | None) -> Standing:
        """How a member stands in a channel of a server, or (`server` None) alone with the bot: in one look.

        `book` None: the one that the server has chosen, or that the member last used. Every question asks for this.
        """
        ...
