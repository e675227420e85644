"""The books of a club that runs: whoever answers takes one from here once, and keeps to it."""

from collections.abc import Iterator, Mapping
from typing import Protocol
from weakref import WeakSet

from bot.club.asking import Asking


class Listener(Protocol):
    """Keeps something that was made of a book."""

    def drop_answers(self) -> None:
        """Keeps nothing of it any longer: the book is another one now."""
        ...


class Shelf(Mapping[str, Asking]):
    """Books by their slugs. One is put in place of another in one step, and never changed."""

    def __init__(self, books: Mapping[str, Asking]) -> None:
        self._books = dict(books)
        self._listeners: WeakSet[Listener] = WeakSet()

    def __getitem__(self, slug: str) -> Asking:
        return self._books[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._books)

    def __len__(self) -> int:
        return len(self._books)

    def put(self, asking: Asking) -> None:
        """Puts a book on the shelf, in place of the one of that slug."""
        # A new dict: somebody may be going through the old one.
        self._books = self._books | {asking.book.slug: asking}
        for listener in list(self._listeners):
            listener.drop_answers()

    def listen(self, listener: Listener) -> None:
        """Has somebody told whenever a book is put, for as long as they live."""
        self._listeners.add(listener)
