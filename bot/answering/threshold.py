"""How sure the bot must be to answer, set from the base itself: some of its asks are put to what is left without them.

A few entries are left out whole, so that their asks are questions without an answer, and of every other entry each fifth
ask, which has one. The threshold is the one that would have served these askers best. It is lowered for a base with few
entries or few asks, where even right answers seem unlikely, and never raised above `MOST_THRESHOLD`: entries that tell
much the same answer for each other, and so a left-out one has an answer after all. From some three thousand phrasings on
every base tried came out at that most, so a larger one is spared the work.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from bot.answering.building import build_index
from bot.answering.index import MOST_THRESHOLD, Index
from bot.answering.reading import read
from bot.answering.scoring import score
from bot.book.book import name_of
from bot.book.entries import Entry

T = TypeVar("T")

ENTRIES = 10
"""One entry of so many is left out whole."""

ASKS = 5
"""One ask of so many is left out of each other entry."""

WRONG = 2.0
"""What an answer that is wrong costs, where a right one earns 1."""

STRANGERS = 0.3
"""The share of questions that have no answer: of the golden table's a quarter, of a chat's rather more."""

SMALL_THRESHOLD = 0.3
"""That of a base too small to take anything out of."""

_FEWEST, _MOST = 8, 400
_LARGEST = 3_000
_STEPS = np.linspace(0.2, MOST_THRESHOLD, 8)


def calibrated(index: Index) -> Index:
    """The same index with its base's own threshold. It takes about as long as building the index."""
    entries = sorted(index.book.entries, key=lambda entry: entry.id)
    if int(index.phrasings[-1]) > _LARGEST:
        return index
    first = min(ENTRIES, len(entries)) // 2
    away = entries[first::ENTRIES]
    known, asked = _left_out(entry for at, entry in enumerate(entries) if at % ENTRIES != first)
    strange = [(ask, "") for entry in away for ask in entry.asks[::2]]
    if len(asked) < _FEWEST:
        return replace(index, threshold=SMALL_THRESHOLD)
    rest = build_index(replace(index.book, entries=tuple(known)))
    met = [_met(rest, *one) for one in _some(asked, _MOST)]
    strangers = [_met(rest, *one)[0] for one in _some(strange, _MOST // 2)] or [0.0]
    gains = [
        (1 - STRANGERS) * float(np.mean([(1 if right else -WRONG) * (sure >= step) for sure, right in met]))
        - STRANGERS * WRONG * float(np.mean([sure >= step for sure in strangers]))
        for step in _STEPS
    ]
    return replace(index, threshold=round(float(_STEPS[int(np.argmax(gains))]), 2))


def _left_out(entries: Iterable[Entry]) -> tuple[list[Entry], list[tuple[str, str]]]:
    """The entries without each fifth ask, and those asks with the id of the entry that answers."""
    kept: list[Entry] = []
    out: list[tuple[str, str]] = []
    for entry in entries:
        asks = tuple(ask for at, ask in enumerate(entry.asks) if at % ASKS != ASKS // 2)
        out += [(ask, entry.id) for ask in entry.asks[ASKS // 2 :: ASKS]]
        kept.append(entry.model_copy(update={"asks": asks}))
    return kept, out


def _some(items: Sequence[T], most: int) -> list[T]:
    """At most so many, evenly spread."""
    return [items[int(at)] for at in np.linspace(0, len(items) - 1, min(most, len(items)))]


def _met(index: Index, ask: str, answer: str) -> tuple[float, bool]:
    """The chance that any entry is right, and whether the likeliest is the answer."""
    scored = [one for one in score(index, read(index, ask)) if one.target < index.answering]
    first = index.targets[scored[0].target].answer if scored else None
    return min(1.0, sum(one.score for one in scored)), first is not None and name_of(first) == answer
