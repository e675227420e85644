"""Books that change on disk while the bot runs: each is taken whole, or not at all. Rules: design.md section 3."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Protocol

from bot.book.book import Book
from bot.book.entries import Entry
from bot.book.file_notices import Broken, Failed, Fault, FileNotice, Mended, Missing, Shrunk
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.ports import StoreError
from bot.club.shelf import Shelf
from bot.content.library import Place
from bot.content.problems import Problem
from bot.content.watching import Look, State, at_rest, digest_of

PAUSE = 1.5
"""Seconds between two looks; two alike in a row make a state that counts."""

LEAST = 0.8
"""The share of its entries, and of its prompts, names and so on, that a book must keep to be taken without a word."""

BETWEEN = 60.0
"""Seconds between two notices of one book: an editor that saves by itself may bring a new mistake every few seconds."""

FAULTS = 5
"""How many problems are told; the log has the rest."""

LINGERS = 3.0
"""Seconds for which an old book is kept: by then hardly anybody is still answering from it, and it can go in pieces."""

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

    async def tell_of_files(
        self, channels: Mapping[int, int], title: str, notice: FileNotice, book: str
    ) -> None:
        """Says in channels, by their servers, what has become of a book's files, as well as can be done."""
        ...


class Reloader:
    """Looks at the books' files again and again, and puts on the shelf what has changed.

    `clock` counts seconds and never goes back. Known flaws: a file that is cut short between two entries, loses less than a
    fifth of them and then stays so is taken for one that was edited; so is one cut behind the last key that its last entry must
    have, and what may be left out, `reveals` among it, is then gone. Processes that share the servers each ask for a word on
    a book that has shrunk, each the moderators of its own servers.
    """

    def __init__(
        self, club: Club, shelf: Shelf, files: Files, telling: Telling, clock: Callable[[], float]
    ) -> None:
        self._club = club
        self._shelf = shelf
        self._files = files
        self._telling = telling
        self._clock = clock
        self._before = first = files.first
        self._taken: dict[str, State] = {
            slug: state for slug, (_, state) in first.books.items() if slug in shelf
        }
        self._known: dict[str, State] = dict(self._taken)
        self._waiting: dict[str, tuple[str, Asking]] = {}
        self._old: list[tuple[float, Asking]] = []
        self._owed: dict[str, FileNotice] = {}
        self._told: dict[str, tuple[float, FileNotice]] = {}
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
        while self._old and self._clock() - self._old[0][0] >= LINGERS:
            await _give_up(list(self._old.pop(0)[1].book.entries))
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
                self._missing(slug)
        await self._tell()

    async def take(self, book: str, state: str) -> bool:
        """Takes a book that has far fewer entries than before, on somebody's word. False: it is no longer so.

        Moderators are told with the next step, for who has said it waits for an answer.
        """
        waiting = self._waiting.get(book)
        if waiting is None or waiting[0] != state:
            return False
        self._put(book, self._known[book], waiting[1])
        return True

    async def _reload(self, slug: str, place: Place, state: State) -> None:
        if state == self._taken.get(slug):
            # As it was: nothing needs to be loaded.
            self._known[slug] = state
            self._settled(slug)
            return
        # Before it is loaded: what then fails in a way that nobody thought of is not tried again at every look.
        self._known[slug] = state
        loaded = await self._files.load(place)
        now = await self._files.look(self._before)
        if slug not in now.books or now.books[slug][1] != state:
            # It changed meanwhile: what was read may be neither the one nor the other.
            self._known.pop(slug, None)
            return
        match loaded:
            case Faulty(problems):
                for problem in problems:
                    _log.error("%s", problem)
                errors = [one for one in problems if one.severity == "error"]
                faults = tuple(_fault(one, place) for one in errors[:FAULTS])
                self._refuse(slug, Broken(faults, len(errors) - len(faults)))
            case NotReady(why):
                _log.error("The book %s could not be made ready. %s", slug, why)
                self._refuse(slug, Failed())
            case Ready(asking):
                old = _parts(self._shelf[slug].book) if slug in self._shelf else {}
                new = _parts(asking.book)
                lost = min(filter(old.get, old), key=lambda what: new[what] / old[what], default=None)
                if lost is not None and new[lost] < LEAST * old[lost]:
                    name = digest_of(state)
                    _log.warning(
                        "The book %s has only %s of its %s left; I wait for a word.", slug, new[lost], lost
                    )
                    self._refuse(slug, Shrunk(old[lost], new[lost], name, lost))
                    self._waiting[slug] = (name, asking)
                else:
                    self._put(slug, state, asking)

    def _put(self, slug: str, state: State, asking: Asking) -> None:
        if slug in self._shelf:
            self._old.append((self._clock(), self._shelf[slug]))
        self._shelf.put(asking)
        self._club.drop_ready()
        self._taken[slug] = self._known[slug] = state
        _log.info("Loaded %s: %s entries.", slug, len(asking.book.entries))
        self._settled(slug)

    def _refuse(self, slug: str, notice: FileNotice) -> None:
        self._waiting.pop(slug, None)
        self._owed[slug] = notice

    def _missing(self, slug: str) -> None:
        del self._taken[slug]
        self._known.pop(slug, None)
        _log.error("The files of the book %s are gone; I go on with it as it was.", slug)
        self._refuse(slug, Missing())

    def _settled(self, slug: str) -> None:
        """The shelf has what the files say."""
        self._waiting.pop(slug, None)
        self._owed[slug] = Mended(len(self._shelf[slug].book.entries))

    async def _tell(self) -> None:
        """Tells of each book what is new, unless its moderators have just been told something else."""
        for slug in list(self._owed):
            at, last = self._told.get(slug, (-inf, None))
            if self._clock() - at < BETWEEN:
                continue
            notice = self._owed.pop(slug)
            if notice == last or (isinstance(notice, Mended) and (last is None or isinstance(last, Mended))):
                continue
            try:
                channels = await self._channels(slug)
            except StoreError as error:
                _log.warning("Moderators could not be told of the files of %s. %s", slug, error)
                self._owed.setdefault(slug, notice)
                continue
            self._told[slug] = (self._clock(), notice)
            title = self._shelf[slug].book.title if slug in self._shelf else slug
            await self._telling.tell_of_files(channels, title, notice, slug)

    async def _channels(self, slug: str) -> dict[int, int]:
        """Where those who read a book are told things, by server. Raises StoreError."""
        readers = dict(await self._club.store.readers(slug))
        if list(self._shelf) == [slug]:
            # Who has chosen none reads the only one.
            readers |= await self._club.store.readers(None)
        return {server: channel for server, channel in readers.items() if channel is not None}


def _parts(book: Book) -> dict[str, int]:
    """How many there are of all that a file can lose without a mistake, by what moderators call them."""
    return {
        "entries": len(book.entries),
        "prompts": len(book.prompts),
        "questions without an answer": len(book.unanswered),
        "names": len(book.head.names),
        "aspects": len(book.head.aspects),
    }


def _fault(problem: Problem, place: Place) -> Fault:
    """The problem, as it may be told: where on the host the files lie is nobody's business."""
    said = [problem.what, problem.remedy]
    for folder in (place.folder, place.prompts.parent):
        said = [text.replace(f"{folder}{os.sep}", "") for text in said]
    return Fault(Path(problem.file).name, problem.mark.line, *said)


async def _give_up(entries: list[Entry]) -> None:
    """Lets go of an old book's entries in pieces, if nobody else holds them."""
    while entries:
        del entries[-_AT_ONCE:]
        await asyncio.sleep(0)
