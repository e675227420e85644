"""How well an ask does its work: would it find its own entry if that very ask were not there?"""

from bot.answering.index import Index
from bot.answering.model import AT
from bot.answering.reading import read
from bot.answering.scoring import likeness, look
from bot.book.book import name_of
from bot.book.entries import Entry

NOTHING = "what the book is known not to say"

_ALIKE = 0.84
_APART = 0.65


def nearer(index: Index, entry: Entry, ask: str) -> str | None:
    """What an ask of `entry` is nearer to than to its own entry, by id; None where all is well.

    So it is where the ask is much like a phrasing of another and not at all like the rest of its own entry's: then only
    its being there makes it find its entry. The index must not have learnt: what is learnt from the asks changes with
    each of them, and would name another ask whenever one is mended.
    """
    reading, own = read(index, ask), index.number(entry)
    targets, seen = look(index, reading)
    alike = zip(seen[:, AT["best"]].tolist(), targets.tolist(), strict=True)
    best, rival = max(((best, target) for best, target in alike if target != own), default=(0.0, 0))
    if best < _ALIKE or best - likeness(index, reading, own, without=ask) < _APART:
        return None
    return _name(index, rival)


def _name(index: Index, target: int) -> str:
    answer = index.target(target).answer
    return name_of(answer) if answer else NOTHING
