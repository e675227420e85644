"""A book, made ready to be asked: vocabulary, names, and each entry's phrasings as weighted features.

Built once a book (`building.py`) and never changed. A target is whatever can be an answer: an entry, or an aspect with
at least two views, so that "did the critics like the acting?" is matched like any other question. Everything is held in
flat arrays: a hundred thousand phrasings take some tens of megabytes, and a question costs a few dozen array operations.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answering.features import NUMBERED, Namer, Numbers, spoken_words
from bot.answering.sparse import Floats, Ints, Sparse
from bot.answering.spelling import Vocabulary
from bot.answering.words import stem
from bot.book.book import Aspect, Book
from bot.book.entries import Entry, Kind

MOST_THRESHOLD = 0.55
"""The chance that any entry is right, from which the bot answers, unless the base itself says less (`threshold.py`)."""


@dataclass(frozen=True)
class Target:
    """One possible answer. `answer` None is the answer "I don't have that": small talk, and what no source says."""

    answer: Entry | Aspect | None

    @property
    def kind(self) -> Kind | None:
        """The kind of entry; "view" for an aspect, None where there is no answer."""
        if self.answer is None:
            return None
        return "view" if isinstance(self.answer, Aspect) else self.answer.kind

    def is_of(self, kinds: Collection[Kind]) -> bool:
        """Whether this is of one of the kinds; of none named, everything is."""
        return not kinds or self.kind in kinds


@dataclass(frozen=True)
class Learned:
    """A linear model over features: `weights` has a row for each that it looks at, `row` says which, or -1."""

    weights: Floats
    row: Ints


@dataclass(frozen=True)
class Index:
    """All that scoring needs of one book.

    `targets` that answer come first, `answering` of them; `phrasings` bounds each target's numbers among the rows of
    `spoken`. `verbatim` has the number of each phrasing by its words, and of the titles of aspects. Features are
    numbered through: stems from 0, pairs from `starts[1]`, trigrams from `starts[2]`.
    """

    book: Book
    targets: tuple[Target, ...]
    answering: int
    phrasings: Ints
    verbatim: Mapping[str, int]
    vocabulary: Vocabulary
    namer: Namer
    numbers: Numbers
    pairs: Ints
    starts: tuple[int, int, int, int]
    rarity: Floats
    spoken: Sparse
    postings: Sparse
    declining: Sparse
    kinds: Floats
    learned: Learned | None
    threshold: float = MOST_THRESHOLD

    def phrasing(self, named: Sequence[str]) -> int | None:
        """The number of the phrasing with these words, word for word but for fillers; None where there is none."""
        return self.verbatim.get(spoken_words(named))

    def has_pair(self, left: str, right: str) -> bool:
        """Whether any phrasing has the two words side by side; an empty word is the edge."""
        one, other = (self.numbers.pairs.get(stem(word), -1) for word in (left, right))
        if one < 0 or other < 0:
            return False
        key = one * NUMBERED + other
        place = int(np.searchsorted(self.pairs, key))
        return place < len(self.pairs) and int(self.pairs[place]) == key

    def number(self, entry: Entry) -> int:
        """The target that an entry of the book is: entries come first, by id."""
        return bisect_left(
            self.targets,
            entry.id,
            hi=len(self.book.entries),
            key=lambda target: target.answer.id if target.answer else "",
        )

    def owner(self, phrasing: int) -> Target:
        """The target that a phrasing belongs to."""
        return self.targets[int(np.searchsorted(self.phrasings, phrasing, side="right")) - 1]
