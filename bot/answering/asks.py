"""How well an ask does its work: does its own entry come out first, and would it without that very ask?"""

from bot.answering.index import Index
from bot.answering.reading import read
from bot.answering.scoring import likeness, score
from bot.book.book import name_of
from bot.book.entries import Entry

NOTHING = "what the book is known not to say"

_ALIKE = 0.75
_APART = 0.75
_NEARLY = 0.01


def nearer(index: Index, entry: Entry, ask: str) -> str | None:
    """What an ask of `entry` is nearer to than to its own entry, by id; None where all is well.

    So it is where another answer comes out clearly likelier, and where the ask is much like a phrasing of another and not at
    all like the rest of its own entry's: then only its being there makes it find its entry.
    """
    reading = read(index, ask)
    scored = score(index, reading)
    own = next((one for one in scored if index.targets[one.target].answer is entry), None)
    if own is None or own.score < scored[0].score * _NEARLY:
        return _name(index, scored[0].target) if scored else NOTHING
    best, rival = max(((one.signals.best, one.target) for one in scored if one is not own), default=(0.0, 0))
    if best < _ALIKE or best - likeness(index, reading, own.target, without=ask) < _APART:
        return None
    return _name(index, rival)


def _name(index: Index, target: int) -> str:
    answer = index.targets[target].answer
    return name_of(answer) if answer else NOTHING
