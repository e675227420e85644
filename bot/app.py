"""The composition root: puts a loaded book and the club's services together."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from bot.book.book import Book
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.club.ports import Store, StoreError
from bot.content.library import LibraryError, Place, load_place, places, shipped
from bot.preparing import BookFiles


def open_book(knowledge: Path | None, slug: str | None) -> Book:
    """The book of that name under a knowledge folder (None: the shipped ones; of one book, no name is needed).

    Raises LibraryError, in a sentence for the host, where there is none or it has errors.
    """
    root = knowledge or shipped()
    return _book(_choose(places(root), slug, root))


def read_books(knowledge: Path | None, slug: str | None) -> dict[str, Book]:
    """Every book under a knowledge folder, or the one of that name, to be read only. Raises LibraryError."""
    root = knowledge or shipped()
    found = places(root)
    chosen = found if slug is None else [_choose(found, slug, root)]
    return {book.slug: book for book in map(_book, chosen)}


def open_books(knowledge: Path | None, slug: str | None) -> dict[str, Asking]:
    """Every book under a knowledge folder, or the one of that name, each ready to be asked. Raises LibraryError."""
    return {name: Asking(book) for name, book in read_books(knowledge, slug).items()}


def book_files(knowledge: Path | None, slug: str | None) -> BookFiles:
    """The files of the same books, as they are now: what changes from here on is noticed."""
    return BookFiles.of(knowledge or shipped(), slug)


def demo_club(book: Book) -> Club:
    """The club of one book that remembers nothing beyond the run."""
    return Club({book.slug: Asking(book)}, Memory(), Random())  # noqa: S311 - which quote comes up is no secret


@asynccontextmanager
async def open_club(books: Mapping[str, Asking], where: Path | str) -> AsyncIterator[Club]:
    """The club of these books, which remembers in a folder, or in the PostgreSQL database of a URL.

    Raises StoreError, in a sentence for the host.
    """
    from bot.store.opening import running_store  # noqa: PLC0415 - SQLAlchemy costs the offline commands time

    async with running_store(where) as store:
        club = Club(books, store, Random())  # noqa: S311 - as above
        try:
            yield club
        finally:
            await club.finish()


@asynccontextmanager
async def open_remembered(where: Path | str) -> AsyncIterator[Store]:
    """What a club remembers, beside a bot that may be running. Raises StoreError, in a sentence for the host."""
    from bot.store.opening import is_there, open_store  # noqa: PLC0415 - as above

    if not is_there(where):
        raise StoreError("The bot has not run with this data folder yet, so there are no schedules.")
    store = await open_store(where)
    try:
        yield store
    finally:
        await store.close()


def _book(place: Place) -> Book:
    loaded = load_place(place)
    if loaded.book is None:
        errors = [problem for problem in loaded.problems if problem.severity == "error"]
        more = f"\n({len(errors) - 1} more: run 'bookclub check'.)" if len(errors) > 1 else ""
        raise LibraryError(f"The book {loaded.slug} has mistakes and was not loaded.\n{errors[0]}{more}")
    return loaded.book


def _choose(found: list[Place], slug: str | None, root: Path) -> Place:
    names = [place.folder.resolve().name for place in found]
    if slug is None and len(found) == 1:
        return found[0]
    if slug in names:
        return found[names.index(slug)]
    if slug is None:
        raise LibraryError(f"There are several books in {root}. Choose one with --book: {', '.join(names)}.")
    raise LibraryError(f"There is no book of that name in {root}. There is: {', '.join(names)}.")
