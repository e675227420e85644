"""What only shows when a book's files are held against each other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Self, TypeVar

from bot.book.book import CLUB, BookHead
from bot.book.entries import Entry, Frozen, PlotPoint, Quote, View, body_key
from bot.book.prompts import Prompt
from bot.content.nodes import Text
from bot.content.placed import Placed, repeats
from bot.content.problems import START, Problem, excerpt

T = TypeVar("T", bound=Frozen)

QUOTE_WORDS = 30


def cross_check(
    head: Placed[BookHead], entries: Sequence[Placed[Entry]], prompts: Sequence[Placed[Prompt]]
) -> Iterator[Problem]:
    """Every error between the parts of one book: ids used twice, and names of things that do not exist."""
    known_to = _Known.of(head.item)
    for what in ("milestones", "sources", "aspects"):
        yield from _twice_in_head(head, what)
    yield from _twice(entries, "entries", lambda entry: entry.id)
    yield from _twice(prompts, "prompts", lambda prompt: prompt.id)
    for placed in entries:
        yield from _entry(placed, known_to)
    known = {placed.item.id for placed in entries}
    for prompt in prompts:
        if prompt.item.milestone not in known_to.ranks:
            yield prompt.problem(
                ("milestone",), *_unknown("milestone", str(prompt.item.milestone), _ids(known_to.ranks))
            )
        for number, entry in enumerate(prompt.item.entries):
            if entry not in known:
                yield prompt.problem(("entries", number), *_unknown("entry", entry, known))


def flaws(head: BookHead, entry: Entry) -> Iterator[Problem]:
    """What is wrong with an entry of a server's own in a book with this head; such an entry may cite `CLUB`.

    The problems name no file, and no line.
    """
    known = _Known.of(head)
    yield from _entry(Placed(entry, "", Text("", START)), replace(known, sources=known.sources | {CLUB.id}))


@dataclass(frozen=True)
class _Known:
    """What the entries of a book may name."""

    ranks: dict[str | None, int]
    sources: frozenset[str]
    aspects: frozenset[str]

    @classmethod
    def of(cls, head: BookHead) -> Self:
        ranks: dict[str | None, int] = {None: 0}
        ranks.update({milestone.id: rank for rank, milestone in enumerate(head.milestones, 1)})
        return cls(
            ranks,
            frozenset(source.id for source in head.sources),
            frozenset(aspect.id for aspect in head.aspects),
        )


def _entry(placed: Placed[Entry], known: _Known) -> Iterator[Problem]:
    yield from _layers(placed, known.ranks)
    for number, source in enumerate(placed.item.sources):
        if source not in known.sources:
            yield placed.problem(("sources", number), *_unknown("source", source, known.sources))
    match placed.item:
        case PlotPoint(reveals=None):
            yield placed.problem(
                ("id",),
                "A plot point must say which milestone it reveals.",
                f"Add a line 'reveals: {_first(known.ranks)}'.",
            )
        case Quote(pieces=pieces):
            yield from _quote(placed, len(pieces))
        case View(about=about) if known.aspects and about not in known.aspects:
            yield placed.problem(("about",), *_unknown("aspect", about, known.aspects))
        case _:
            pass


def _layers(placed: Placed[Entry], ranks: dict[str | None, int]) -> Iterator[Problem]:
    entry, before = placed.item, 0
    for number, piece in enumerate(entry.pieces):
        path = (body_key(entry), number, "reveals")
        rank = ranks.get(piece.reveals)
        if rank is None:
            yield placed.problem(path, *_unknown("milestone", str(piece.reveals), _ids(ranks)))
        elif rank < before:
            yield placed.problem(
                path,
                "This layer reveals less than the one above it.",
                "Put the layers in story order; each adds to the ones before.",
            )
        else:
            before = rank


def _quote(placed: Placed[Entry], layers: int) -> Iterator[Problem]:
    words = len(placed.item.pieces[0].text.split())
    if layers > 1:
        yield placed.problem(
            ("quote",), "A quote cannot have layers.", "Make each quote an entry of its own."
        )
    elif words > QUOTE_WORDS:
        yield placed.problem(
            ("quote",),
            f"The quote has {words} words; {QUOTE_WORDS} are allowed.",
            "Keep the best part of it.",
        )


def _twice(placed: Iterable[Placed[T]], what: str, id_of: Callable[[T], str]) -> Iterator[Problem]:
    for one, earlier in repeats(placed, lambda one: id_of(one.item)):
        yield one.problem(
            ("id",),
            f"Two {what} have the id {excerpt(id_of(one.item))} (the other: {earlier.place(('id',))}).",
            "Give this one an id of its own.",
        )


def _twice_in_head(head: Placed[BookHead], what: str) -> Iterator[Problem]:
    for (number, item), _ in repeats(enumerate(getattr(head.item, what)), lambda one: one[1].id):
        yield head.problem(
            (what, number, "id"), f"Two {what} have the id {excerpt(item.id)}.", "Change one of them."
        )


def _unknown(what: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    names = sorted(known)
    near = get_close_matches(name, names, 1, 0.6)
    if near:
        remedy = f"Did you mean {near[0]!r}?"
    elif what == "entry":
        remedy = "Write the id of an entry of this book."
    elif names:
        remedy = f"Write one of {', '.join(names)}, or add it to book.yaml."
    else:
        remedy = f"Add the {what} to book.yaml, or take this line out."
    return f"The book has no {what} {excerpt(name)}.", remedy


def _ids(ranks: dict[str | None, int]) -> list[str]:
    return [name for name in ranks if name is not None]


def _first(ranks: dict[str | None, int]) -> str:
    return next(iter(_ids(ranks)), "a-milestone")
