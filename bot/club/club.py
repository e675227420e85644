"""The club: the books that can be read, what answers for each, and what is remembered of who reads where."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from bot.answering.topics import likely
from bot.book.book import Book
from bot.book.progress import Reached
from bot.book.prompts import Prompt, themes
from bot.book.spoilers import Audience, Horizon, horizon_of
from bot.club.asking import Asking
from bot.club.overlaid import Overlaid
from bot.club.ports import Server, Standing, Store, StoreError, Used
from bot.club.prompting import draw_prompt, fitting, with_own

PATIENCE = 0.5
"""Seconds that a question waits for what is noted of its asker."""

_log = logging.getLogger("bookclub")


@dataclass(frozen=True)
class Here:
    """Where something is said: what answers there, who reads along, and whose prompts are drawn.

    `server` None: a member is alone with the bot. `keeps_misses`: the server wants to know what nothing answers.
    """

    asking: Asking
    audience: Audience
    place: int
    server: int | None = None
    keeps_misses: bool = False

    @property
    def book(self) -> Book:
        """The book that is read there."""
        return self.asking.book


@dataclass(frozen=True)
class NoBook:
    """No book is settled on. In a server its moderators choose one, elsewhere the member does."""

    in_server: bool


@dataclass(frozen=True)
class Club:
    """The services of every book over one store. `now` tells the time, aware."""

    books: Mapping[str, Asking]
    store: Store
    random: Random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _noting: set[asyncio.Task[None]] = field(default_factory=set)
    _overlaid: Overlaid = field(default_factory=Overlaid)

    async def here(self, member: int, server: int | None, channel: int) -> Here | NoBook:
        """What is read in this channel of a server, or (`server` None) by a member who is alone with the bot.

        Raises StoreError.
        """
        only = next(iter(self.books)) if len(self.books) == 1 else None
        standing = await self.store.standing(member, server, channel, only)
        alone = server is None
        chosen = (standing.last.book if standing.last else None) if alone else standing.settings.book
        asking = self.book_of(chosen)
        if asking is None:
            return NoBook(in_server=not alone)
        slug = asking.book.slug
        if server is not None:
            await self._note(member, Used(slug, server), standing)
        # What a server has edited, and whether it withholds, holds wherever its members ask.
        home = server if server is not None else standing.last.server if standing.last else None
        if home is not None and standing.revision:
            asking = await self._overlaid.of(asking, home, standing.revision, self.store)
        progress = horizon_of(asking.book, standing.progress)
        ceiling = None if alone else horizon_of(asking.book, standing.ceiling)
        return Here(
            asking,
            Audience(progress, ceiling, standing.settings.spoilers),
            channel,
            server,
            standing.settings.misses and not alone,
        )

    async def prompt(self, here: Here, theme: str) -> Prompt | None:
        """The place's next prompt for all who read it; None: there is none for where they are, or on that theme."""
        prompts = here.book.prompts if here.server is None else await self.prompts_of(here.server, here.book)
        fits = fitting(here.book, prompts, here.audience.together, theme)
        return await draw_prompt(here.book, fits, self.store, here.place)

    async def prompts_of(self, server: int, book: Book) -> tuple[Prompt, ...]:
        """The book's prompts and those that the server's members wrote, in the order in which they are drawn."""
        return with_own(book, await self.store.suggestions(server, book.slug))

    async def keep_progress(self, member: int, book: Book, read: Reached) -> None:
        """Remembers how far a member has read a book; nothing read is forgotten. Raises StoreError."""
        milestone = read.milestone.id if read.milestone else None
        await self.store.set_progress(member, book.slug, milestone, self.now())

    def book_of(self, slug: str | None) -> Asking | None:
        """The book of that name; of only one there is, that one whatever the name. None: it is not settled."""
        if len(self.books) == 1:
            return next(iter(self.books.values()))
        return self.books.get(slug or "")

    def shared_book(self, slug: str) -> Book:
        """The book of that name as all servers share it, without what any of them has edited."""
        return self.books[slug].book

    async def open_in(self, server: int, channel: int) -> tuple[Asking, Horizon] | None:
        """The book that a server reads, and up to where the channel may talk openly; None where it has none."""
        asking = self.book_of((await self.store.server(server)).book)
        if asking is None:
            return None
        return asking, horizon_of(asking.book, await self.store.ceiling(channel, asking.book.slug))

    async def _note(self, member: int, used: Used, standing: Standing) -> None:
        """Remembers where a member was, if a direct message would otherwise go by another book or another setting."""
        matters = len(self.books) > 1 or standing.settings.spoilers != Server().spoilers
        if standing.last == used or (standing.last is None and not matters):
            return
        # An answer does not wait for it: where the store is busy, it may take longer than Discord waits for an answer.
        noting = self.later(self.store.note_used(member, used, self.now()))
        await asyncio.wait({noting}, timeout=PATIENCE)

    def later(self, noting: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Has the store note something that nobody waits for. Where it cannot, the log says so."""
        task = asyncio.create_task(_noted(noting))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)
        return task

    def drop_ready(self) -> None:
        """Makes servers' own books anew when they are asked for: one below them has changed."""
        self._overlaid.drop()

    async def finish(self) -> None:
        """Waits for what is still being noted."""
        if self._noting:
            await asyncio.wait(set(self._noting))


async def _noted(noting: Coroutine[Any, Any, None]) -> None:
    try:
        await noting
    except StoreError as error:
        _log.warning("Something that a member did could not be noted. %s", error)


def themes_for(here: Here, typed: str, most: int) -> list[str]:
    """Themes of the prompts that the place can get, those that look like what has been typed."""
    shown = [
        prompt for prompt in here.book.prompts if here.audience.together.shows(here.book, prompt.milestone)
    ]
    return likely(typed, themes(shown), most)


def titles(books: Iterable[Asking]) -> dict[str, str]:
    """The books' titles, each with its slug, by title; a title that two books share goes with its slug."""
    found: dict[str, str] = {}
    for asking in sorted(books, key=lambda one: (one.book.title.casefold(), one.book.slug)):
        slug, title = asking.book.slug, asking.book.title
        found[title if title not in found else f"{title} ({slug})"] = slug
    return found
