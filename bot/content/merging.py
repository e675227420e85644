"""A book and one server's overlay -> the book as that server has it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.book.book import Book
from bot.book.entries import Entry
from bot.book.overlay import Edited, Hidden, Overlay, mark_of
from bot.content.checking import flaws


@dataclass(frozen=True)
class Merged:
    """The book as a server has it.

    `changed` are the overlay's entries that stand in it, `gone` the ids of the book's own that do not. `outdated` are the
    ids of edits whose entry in the book has been changed, removed or added since. `unusable` are edited entries that no
    longer fit the book, with what is wrong; the book's own stand in their place.
    """

    book: Book
    changed: tuple[Entry, ...] = ()
    gone: frozenset[str] = frozenset()
    outdated: frozenset[str] = frozenset()
    unusable: Mapping[str, str] = field(default_factory=dict)


def merged(book: Book, overlay: Overlay) -> Merged:
    """The book under an overlay, whose edits may be older than the book."""
    changed: dict[str, Entry] = {}
    gone: set[str] = set()
    outdated: set[str] = set()
    unusable: dict[str, str] = {}
    for name, edit in overlay.edits.items():
        own = book.by_id.get(name)
        if edit.base != (mark_of(own) if own else None):
            outdated.add(name)
        match edit:
            case Hidden():
                gone |= {name} & book.by_id.keys()
            case Edited(entry):
                if flaw := next(flaws(book.head, entry), None):
                    unusable[name] = f"{flaw.what} {flaw.remedy}"
                else:
                    changed[name] = entry
                    gone |= {name} & book.by_id.keys()
    if not changed and not gone:
        return Merged(book, outdated=frozenset(outdated), unusable=unusable)
    entries = tuple(_placed(book, changed, gone))
    return Merged(
        book.with_entries(entries, changed.values(), gone),
        tuple(changed.values()),
        frozenset(gone),
        frozenset(outdated),
        unusable,
    )


def _placed(book: Book, changed: Mapping[str, Entry], gone: set[str]) -> Iterator[Entry]:
    """The book's entries in their order, each edited one in its place.

    A new one comes behind the last of its kind that reveals no more than it does, for plot points are told in order.
    """
    after: dict[str | None, list[Entry]] = {}
    for entry in changed.values():
        if entry.id not in gone:
            after.setdefault(_place(book, entry), []).append(entry)
    yield from after.get(None, ())
    for own in book.entries:
        if own.id in changed:
            yield changed[own.id]
        elif own.id not in gone:
            yield own
        yield from after.get(own.id, ())


def _place(book: Book, entry: Entry) -> str | None:
    rank = book.ranks[entry.reveals]
    for own in reversed(book.entries):
        if own.kind == entry.kind and book.ranks[own.reveals] <= rank:
            return own.id
    return None
