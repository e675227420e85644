"""Books that change on disk while the bot runs: each is taken whole, or not at all. Rules: design.md section 3."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.book.entries import Entry
from bot.book.file_notices import Broken, Failed, Fault, FileNotice, Mended, Missing, Shrunk
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.shelf import Shelf
from bot.content.library import Place
from bot.content.problems import Problem
from bot.content.watching import Look, State, at_rest, digest_of

PAUSE = 1.5
"""Seconds between two looks; two alike in a row make a state that counts."""

LEAST = 0.8
"""The share of its entries that a book must keep to be taken without a word."""

FAULTS = 5
"""How many problems are told; the log has the rest."""

_AT_ONCE = 200
"""Entries of an old book that are given up in one go: ten thousand at once would stop everything for a tenth of a second."""

_log = logging.getLogger("bookclub")


@dataclass(frozen=True, slots=True)
class Ready:
    """A book that can be asked."""

    asking: Asking


@dataclass(frozen=True, slots=True)
class Faulty:
    """A book with errors."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class NotReady:
    """Nothing came of it: too slow, or out of memory. The sentence is for the log."""

    why: str


Loaded = Ready | Faulty | NotReady


class Files(Protocol):
    """The books' files. Neither method keeps the event loop waiting, or raises for what may happen to a disk.

    `first` is how they were when the books on the shelf were loaded, or a little before.
    """

    @property
    def first(self) -> Look: ...  # noqa: D102 - see the class

    async def look(self, before: Look) -> Look:
        """How they are now; see `bot.content.watching.look`."""
        ...

    async def load(self, place: Place) -> Loaded:
        """Loads and checks a book, and makes it ready to be asked."""
        ...


class Telling(Protocol):
    """Tells moderators."""

    async def tell_of_files(self, channels: Sequence[int], title: str, notice: FileNotice, book: str) -> None:
        """Says in channels what has become of a book's files, as well as can be done."""
        ...


class Reloader:
    """Looks at the books' files again and again, and puts on the shelf what has changed.

    Known flaw: a file that is
    cut short between two entries, loses less than a fifth of them and then stays so is taken for one that was edited.
    """

    def __init__(self, club: Club, shelf: Shelf, files: Files, telling: Telling) -> None:
        self._club = club
        self._shelf = shelf
        self._files = files
        self._telling = telling
        self._before = first = files.first
        self._taken: dict[str, State] = {
            slug: state for slug, (_, state) in first.books.items() if slug in shelf
        }
        self._known: dict[str, State] = dict(self._taken)
        self._waiting: dict[str, tuple[str, Asking]] = {}
        self._troubled: set[str] = set()
        self._trouble: str | None = None

    async def run(self) -> None:
        """Goes on until it is cancelled; a look that fails is logged, and made again."""
        while True:
            step = asyncio.create_task(self.step())
            try:
                await asyncio.wait({step})
            finally:
                step.cancel()
            if error := step.exception():
                _log.error("The books' files could not be looked at; I look again.", exc_info=error)
            await asyncio.sleep(PAUSE)

    async def step(self) -> None:
        """One look at the files, and what follows from it."""
        before, now = self._before, await self._files.look(self._before)
        self._before = now
        if now.trouble != self._trouble:
            self._trouble = now.trouble
            if now.trouble:
                _log.error("I go on with the books as they were. %s", now.trouble)
        for slug in list(at_rest(before, now, self._known)):
            await self._reload(slug, *now.books[slug])
        for slug in list(self._taken):
            if slug not in before.books and slug not in now.books:
                await self._missing(slug)

    async def take(self, book: str, state: str) -> bool:
        """Takes a book that has far fewer entries than before, on somebody's word. False: it is no longer so."""
        waiting = self._waiting.get(book)
        if waiting is None or waiting[0] != state:
            return False
        await self._put(book, self._known[book], waiting[1])
        return True

    async def _reload(self, slug: str, place: Place, state: State) -> None:
        if state == self._taken.get(slug):
            # As it was: nothing needs to be loaded.
            self._known[slug] = state
            await self._settled(slug)
            return
        loaded = await self._files.load(place)
        now = await self._files.look(self._before)
        if slug not in now.books or now.books[slug][1] != state:
            # It changed meanwhile: what was read may be neither the one nor the other.
            return
        self._known[slug] = state
        match loaded:
            case Faulty(problems):
                for problem in problems:
                    _log.error("%s", problem)
                errors = [one for one in problems if one.severity == "error"]
                faults = tuple(
                    Fault(Path(one.file).name, one.mark.line, one.what, one.remedy) for one in errors[:FAULTS]
                )
                await self._refuse(slug, Broken(faults, len(errors) - len(faults)))
            case NotReady(why):
                _log.error("The book %s could not be made ready. %s", slug, why)
                await self._refuse(slug, Failed())
            case Ready(asking):
                old, new = self._shelf.get(slug), len(asking.book.entries)
                if old is not None and new < LEAST * len(old.book.entries):
                    name = digest_of(state)
                    self._waiting[slug] = (name, asking)
                    _log.warning("The book %s has only %s of its entries left; I wait for a word.", slug, new)
                    await self._refuse(slug, Shrunk(len(old.book.entries), new, name), waits=True)
                else:
                    await self._put(slug, state, asking)

    async def _put(self, slug: str, state: State, asking: Asking) -> None:
        old = self._shelf.get(slug)
        self._shelf.put(asking)
        self._club.drop_ready()
        self._taken[slug] = self._known[slug] = state
        _log.info("Loaded %s: %s entries.", slug, len(asking.book.entries))
        await self._settled(slug)
        if old is not None:
            entries = list(old.book.entries)
            # The index and all that is looked up go at once; they hold no more than the names of the entries.
            del old
            await _give_up(entries)

    async def _refuse(self, slug: str, notice: FileNotice, *, waits: bool = False) -> None:
        if not waits:
            self._waiting.pop(slug, None)
        self._troubled.add(slug)
        await self._tell(slug, notice)

    async def _missing(self, slug: str) -> None:
        del self._taken[slug]
        self._known.pop(slug, None)
        _log.error("The files of the book %s are gone; I go on with it as it was.", slug)
        await self._refuse(slug, Missing())

    async def _settled(self, slug: str) -> None:
        """The shelf has what the files say."""
        self._waiting.pop(slug, None)
        if slug in self._troubled:
            self._troubled.discard(slug)
            await self._tell(slug, Mended(len(self._shelf[slug].book.entries)))

    async def _tell(self, slug: str, notice: FileNotice) -> None:
        readers = dict(await self._club.store.readers(slug))
        if len(self._shelf) == 1:
            # Who has chosen none reads the only one.
            readers |= await self._club.store.readers(None)
        channels = [channel for channel in readers.values() if channel is not None]
        title = self._shelf[slug].book.title if slug in self._shelf else slug
        await self._telling.tell_of_files(channels, title, notice, slug)


async def _give_up(entries: list[Entry]) -> None:
    """Lets go of an old book in pieces, once nobody else holds it."""
    while entries:
        del entries[-_AT_ONCE:]
        await asyncio.sleep(0)
