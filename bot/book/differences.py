"""What is different between two states of an entry, line by line, each with who may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.book.entries import Entry, Quote, View


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has gone (-), come (+), or stayed where the one state is of an entry that is new or gone.

    `name` says what of the entry it is. Only who has read up to `reveals` may see it.
    """

    sign: Literal["-", "+"]
    name: str
    text: str
    reveals: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How an entry changes; None: it is not there before, or not after. Its topic is for who may see `reveals`."""

    entry: str
    topic: str
    reveals: str | None
    what: Literal["new", "changed", "gone"]
    lines: tuple[Line, ...]


def difference(before: Entry | None, after: Entry | None) -> Difference | None:
    """What is different; None where nothing is. What goes stands before what comes in its place."""
    old, new = (dict(_lines(entry)) if entry else {} for entry in (before, after))
    named = after or before
    if named is None or before == after:
        return None
    if old.keys() == new.keys():
        # Only their order differs, which matters most in what members read.
        old = {}
    lines = sorted(
        [
            *((key, Line("-", key[0], key[1], reveals)) for key, reveals in old.items() if key not in new),
            *((key, Line("+", key[0], key[1], reveals)) for key, reveals in new.items() if key not in old),
        ],
        key=lambda one: (_ORDER.index(one[0][0]), one[1].sign == "+"),
    )
    return Difference(
        named.id,
        named.topic,
        named.reveals,
        "changed" if before and after else "new" if after else "gone",
        tuple(line for _, line in lines),
    )


_ORDER = ("topic", "text", "who may read it", "said by", "where", "by", "on", "for", "source", "ask")


def _lines(entry: Entry) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """What stands in it: a name, a text, and what sets it apart from another with the same; and who may read it."""
    yield ("topic", entry.topic), entry.reveals
    for piece in entry.pieces:
        yield ("text", piece.text, piece.reveals or ""), piece.reveals
    match entry:
        case Quote(said_by=said_by, where=where):
            yield ("said by", said_by), entry.reveals
            if where:
                yield ("where", where), entry.reveals
        case View(by=by, about=about):
            yield ("by", by), entry.reveals
            yield ("on", about), entry.reveals
        case _:
            pass
    yield ("for", {"both": "film and novel"}.get(entry.medium, entry.medium)), None
    for source in entry.sources:
        yield ("source", source), None
    # Asks may use words that give more away than the first layer does: who has read all of the entry may see them.
    for ask in entry.asks:
        yield ("ask", ask), entry.pieces[-1].reveals
