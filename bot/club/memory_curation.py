"""What the store that forgets remembers of edits, of the inbox, and of members and servers that are to be forgotten."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from bot.book.inbox import KEPT, MOST_DISMISSED, MOST_MISSES, Contribution, Miss, Sort
from bot.book.overlay import Change, Conflict, Edit, Overlay, Revision

Key = tuple[int, str]
"""A server and a book's slug."""


@dataclass(frozen=True, slots=True)
class _Missed:
    server: int
    book: str
    member: int
    miss: Miss


@dataclass(kw_only=True)
class CurationMemory:
    """A KnowledgeStore and an InboxStore."""

    revisions: dict[Key, list[Revision]] = field(default_factory=dict)
    missed: dict[int, _Missed] = field(default_factory=dict)
    unwanted: dict[Key, list[str]] = field(default_factory=dict)
    offered: dict[int, tuple[int, str, Contribution]] = field(default_factory=dict)
    left: dict[int, datetime] = field(default_factory=dict)
    """server -> since when the bot is not in it"""
    _misses: Iterator[int] = field(default_factory=lambda: count(1))
    _offers: Iterator[int] = field(default_factory=lambda: count(1))

    async def overlay(self, server: int, book: str, revision: int | None = None) -> Overlay:
        """See KnowledgeStore."""
        made = self.revisions.get((server, book), [])
        number = len(made) if revision is None else min(revision, len(made))
        edits: dict[str, Edit] = {}
        for one in made[:number]:
            for change in one.changes:
                edits.pop(change.entry, None)
                if change.after is not None:
                    edits[change.entry] = change.after
        return Overlay(edits, number)

    async def revise(
        self, server: int, book: str, changes: tuple[Change, ...], author: int, what: str, now: datetime
    ) -> Revision | Conflict:
        """See KnowledgeStore."""
        edits = (await self.overlay(server, book)).edits
        differ = [change.entry for change in changes if edits.get(change.entry) != change.before]
        if differ:
            return Conflict({entry: edits.get(entry) for entry in differ})
        made = self.revisions.setdefault((server, book), [])
        in_order = tuple(sorted(changes, key=lambda change: change.entry))
        made.append(Revision(len(made) + 1, now, author, what, in_order))
        return made[-1]

    async def history(
        self, server: int, book: str, most: int, before: int | None = None, entry: str | None = None
    ) -> tuple[Revision, ...]:
        """See KnowledgeStore."""
        return tuple(
            one
            for one in reversed(self.revisions.get((server, book), []))
            if (before is None or one.number < before)
            and (entry is None or any(change.entry == entry for change in one.changes))
        )[:most]

    async def note_miss(
        self, server: int, book: str, member: int, question: str, now: datetime, *, not_meant: bool
    ) -> None:
        """See InboxStore."""
        number = next(self._misses)
        self.missed[number] = _Missed(server, book, member, Miss(number, question, now, not_meant))
        own = [at for at, one in self.missed.items() if (one.server, one.book) == (server, book)]
        for at in own[:-MOST_MISSES]:
            del self.missed[at]
        self.missed = {at: one for at, one in self.missed.items() if one.miss.at >= now - KEPT}

    async def misses(self, server: int, book: str, since: datetime) -> tuple[Miss, ...]:
        """See InboxStore."""
        return tuple(
            one.miss
            for one in self.missed.values()
            if (one.server, one.book) == (server, book) and one.miss.at >= since
        )

    async def settle_misses(
        self, server: int, book: str, misses: Collection[int], dismissed: str | None
    ) -> None:
        """See InboxStore."""
        for number in misses:
            one = self.missed.get(number)
            if one is not None and (one.server, one.book) == (server, book):
                del self.missed[number]
        if dismissed is not None:
            unwanted = self.unwanted.setdefault((server, book), [])
            unwanted.append(dismissed)
            del unwanted[:-MOST_DISMISSED]

    async def dismissed(self, server: int, book: str) -> tuple[str, ...]:
        """See InboxStore."""
        return tuple(self.unwanted.get((server, book), []))

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
        """See InboxStore."""
        made = Contribution(next(self._offers), member, sort, text, where, milestone, entry, now)
        self.offered[made.id] = (server, book, made)
        return made

    async def contributions(self, server: int, book: str) -> tuple[Contribution, ...]:
        """See InboxStore."""
        return tuple(one for where, of, one in self.offered.values() if (where, of) == (server, book))

    async def settle_contribution(self, server: int, contribution: int) -> Contribution | None:
        """See InboxStore."""
        where, _, found = self.offered.get(contribution, (None, "", None))
        if where != server:
            return None
        del self.offered[contribution]
        return found

    async def note_left(self, servers: Collection[int], now: datetime) -> None:
        """See PrivacyStore."""
        for server in servers:
            self.left.setdefault(server, now)

    async def note_back(self, servers: Collection[int]) -> None:
        """See PrivacyStore."""
        for server in servers:
            self.left.pop(server, None)

    def forget_curator(self, member: int) -> None:
        """Forgets a member's part in all of this."""
        self.missed = {at: one for at, one in self.missed.items() if one.member != member}
        for at, (server, book, one) in self.offered.items():
            if one.member == member:
                self.offered[at] = (server, book, replace(one, member=None))
        for made in self.revisions.values():
            made[:] = [replace(one, author=None) if one.author == member else one for one in made]

    def held_of_curator(self, member: int) -> Mapping[str, tuple[Mapping[str, object], ...]]:
        """See PrivacyStore.held_on."""
        return {
            "missed questions": tuple(
                {
                    "server": one.server,
                    "book": one.book,
                    "question": one.miss.question,
                    "at": one.miss.at.isoformat(),
                    "not_meant": one.miss.not_meant,
                }
                for one in self.missed.values()
                if one.member == member
            ),
            "suggestions": tuple(
                {
                    "server": server,
                    "book": book,
                    "sort": one.sort,
                    "text": one.text,
                    "where": one.where,
                    "milestone": one.milestone,
                    "entry": one.entry,
                    "at": one.at.isoformat(),
                }
                for server, book, one in self.offered.values()
                if one.member == member
            ),
            "edits": tuple(
                {
                    "server": server,
                    "book": book,
                    "number": one.number,
                    "what": one.what,
                    "at": one.at.isoformat(),
                }
                for (server, book), made in self.revisions.items()
                for one in made
                if one.author == member
            ),
        }

    def forget_servers(self, servers: Collection[int]) -> None:
        """Forgets these servers' part in all of this."""
        self.revisions = {key: made for key, made in self.revisions.items() if key[0] not in servers}
        self.missed = {at: one for at, one in self.missed.items() if one.server not in servers}
        self.unwanted = {key: one for key, one in self.unwanted.items() if key[0] not in servers}
        self.offered = {at: one for at, one in self.offered.items() if one[0] not in servers}
        self.left = {server: at for server, at in self.left.items() if server not in servers}

    def servers_curated(self) -> set[int]:
        """Every server of which anything of this is stored."""
        return {
            *(server for server, _ in self.revisions),
            *(one.server for one in self.missed.values()),
            *(server for server, _ in self.unwanted),
            *(server for server, _, _ in self.offered.values()),
            *self.left,
        }
