"""What curating the knowledge needs from outside, as small Protocols; all that `ports.py` says holds for them, too."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.book.inbox import Contribution, Miss, Sort
from bot.book.overlay import Change, Conflict, Overlay, Revision


class KnowledgeStore(Protocol):
    """Remembers each server's overlay of each book, with every revision."""

    async def overlay(self, server: int, book: str, revision: int | None = None) -> Overlay:
        """The overlay as it is, or as it was after a revision (0: before the first; past the last: as it is)."""
        ...

    async def revise(
        self, server: int, book: str, changes: tuple[Change, ...], author: int, what: str, now: datetime
    ) -> Revision | Conflict:
        """Makes the next revision in one step, if each entry's edit is still what `before` says; else changes nothing.

        No two of the changes are of one entry. An edit that this version cannot read counts as none, and is not lost.
        """
        ...

    async def history(
        self, server: int, book: str, most: int, before: int | None = None, entry: str | None = None
    ) -> tuple[Revision, ...]:
        """The newest revisions, the newest first, so many at the most; those `before` a number, those of one entry."""
        ...

    async def readers(self, book: str | None) -> Mapping[int, int | None]:
        """The servers that have chosen a book (None: that have chosen none), each with its channel for notices."""
        ...


class InboxStore(Protocol):
    """Remembers what members asked in vain and what they suggest, for the moderators of one server and book."""

    async def note_miss(
        self, server: int, book: str, member: int, question: str, now: datetime, *, not_meant: bool
    ) -> None:
        """Remembers a missed question. Of one server and book the newest 2,000 are kept, for `KEPT`.

        Known flaw: what is older goes when the next question is remembered, of whatever server, and not before.
        """
        ...

    async def misses(self, server: int, book: str, since: datetime) -> tuple[Miss, ...]:
        """Those since then, the oldest first."""
        ...

    async def settle_misses(
        self, server: int, book: str, misses: Collection[int], dismissed: str | None
    ) -> None:
        """Forgets misses, and in the same step remembers a question that moderators no longer want to hear of."""
        ...

    async def dismissed(self, server: int, book: str) -> tuple[str, ...]:
        """The questions that moderators do not want to hear of: the newest 500, the oldest of them first."""
        ...

    async def contribute(
        self,
        server: int,
        book: str,
        member: int,
        sort: Sort,
        text: str,
        now: datetime,
        *,
        where: str | None = None,
        milestone: str | None = None,
        entry: str | None = None,
    ) -> Contribution:
        """Remembers what a member suggests."""
        ...

    async def contributions(self, server: int, book: str) -> tuple[Contribution, ...]:
        """Those that wait, the oldest first."""
        ...

    async def settle_contribution(self, server: int, contribution: int) -> Contribution | None:
        """Forgets one and returns it, once; None: it is gone."""
        ...


class PrivacyStore(Protocol):
    """What is remembered of one member, and how it is forgotten; and servers that the bot has left."""

    async def held_on(self, member: int) -> Mapping[str, tuple[Mapping[str, object], ...]]:
        """All that is stored with the member's id, by sort, each a row of plain values that JSON can hold.

        Sorts: "last used", "progress", "missed questions", "suggestions", "edits" (of the base: when and what),
        "schedules" (made by them).
        """
        ...

    async def forget_member(self, member: int) -> None:
        """Forgets in one step how far they have read and where they were, and removes their missed questions.

        What the club goes on using stays, and no longer names them: suggestions, revisions, schedules.
        """
        ...

    async def note_left(self, servers: Collection[int], now: datetime) -> None:
        """Remembers since when the bot is not in these servers; one that was noted before keeps its moment."""
        ...

    async def note_back(self, servers: Collection[int]) -> None:
        """The bot is in these servers."""
        ...

    async def known_servers(self) -> frozenset[int]:
        """Every server of which anything is stored."""
        ...

    async def forget_left(self, before: datetime) -> frozenset[int]:
        """Forgets all that is stored of servers that the bot left before then, and returns which."""
        ...
