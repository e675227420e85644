"""A book, made ready to be asked: vocabulary, names, and each entry's phrasings as weighted features.

Built once a book (`building.py`) and never changed. A target is whatever can be an answer: an entry, or an aspect with
at least two views, so that "did the critics like the acting?" is matched like any other question. Everything is held in
flat arrays: a hundred thousand phrasings take some tens of megabytes, and a question costs a few dozen array operations.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.features import NUMBERED, MoreNumbers, Namer, Numbers, Shape, spoken_words
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
class Laid:
    """What a server lays on an index (`laying.py` makes it), and a lens of its own (scoring.py).

    `twins` are the targets below that the laid ones stand for, -1 for new ones; `replaced` are targets below with other
    text and the same phrasings; `gone` those below that do not stand. Stems, pairs and trigrams that are new here are
    numbered from `numbers.first` on, pairs after the others; `centres` has a row of all features for each target. `said`
    has the words of each row of `spoken` on a line of its own.
    """

    below: "Index"
    targets: tuple[Target, ...]
    twins: Ints
    replaced: Mapping[int, Target]
    gone: Ints
    said: str
    numbers: MoreNumbers
    pairs: Ints
    phrasings: Ints
    spoken: Sparse
    centres: Sparse
    kinds: Floats

    @property
    def starts(self) -> tuple[int, int, int, int]:
        """Where each block begins below."""
        return self.below.starts

    @property
    def width(self) -> int:
        """How many stems there are, and other new features, for which a row of stems has room."""
        return self.below.width + len(self.numbers.features)

    def speaker(self, said: str) -> Target | None:
        """The first target with a phrasing of these words; None where none has."""
        place = self.said.find(f"\n{said}\n")
        return self.targets[_owner(self.phrasings, self.said.count("\n", 0, place))] if place >= 0 else None

    def shape(self, word: str) -> Shape:
        """See Numbers."""
        return self.numbers.shape(word)

    def pair_numbers(self, keys: Ints) -> Ints:
        """The numbers of pairs among all features, -1 for those that no phrasing has."""
        below = self.below.pair_numbers(keys)
        if not len(self.pairs):
            return below
        place = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        first = self.numbers.first + len(self.numbers.features)
        return np.where((below < 0) & (self.pairs[place] == keys), place + first, below)

    def rarity_of(self, features: Ints) -> Floats:
        """How much features weigh by how few targets have them: new ones as if one had."""
        known = features < self.numbers.first
        found = np.ones(len(features), np.float32)
        found[known] = self.below.rarity[features[known]]
        return found

    def places(self, stems: Ints) -> Ints:
        """The places of stems in a full row of them."""
        return np.where(stems < self.numbers.first, stems, stems - self.numbers.first + self.below.width)


@dataclass(frozen=True)
class Index:
    """All that scoring needs of one book.

    `targets` that answer come first, `answering` of them; `phrasings` bounds each target's numbers among the rows of
    `spoken`. `verbatim` has the number of each phrasing by its words, and of the titles of aspects. Features are
    numbered through: stems from 0, pairs from `starts[1]`, trigrams from `starts[2]`. From `chat` on the targets are small
    talk.
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
    chat: int
    threshold: float = MOST_THRESHOLD
    laid: "Laid | None" = None

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

    def target(self, number: int) -> Target:
        """The target of a number; those that a server has laid on the index come behind its own."""
        if self.laid is not None:
            if number >= len(self.targets):
                return self.laid.targets[number - len(self.targets)]
            return self.laid.replaced.get(number, self.targets[number])
        return self.targets[number]

    def standing(self) -> Iterator[Target]:
        """Every target but those that a server has taken away."""
        gone = set(self.laid.gone.tolist()) if self.laid else set()
        for number in range(len(self.targets)):
            if number not in gone:
                yield self.target(number)
        if self.laid is not None:
            yield from self.laid.targets

    def is_answer(self, numbers: Ints) -> NDArray[np.bool_]:
        """Which targets answer, and do not say "I don't have that"."""
        return (numbers < self.answering) | (numbers >= len(self.targets))

    def is_learned(self, numbers: Ints) -> NDArray[np.bool_]:
        """Which targets the learnt model knows."""
        if self.learned is None:
            return np.zeros(len(numbers), bool)
        below = numbers < len(self.targets)
        if self.laid is None or below.all():
            return below
        return below | (self.laid.twins[np.maximum(numbers - len(self.targets), 0)] >= 0)

    def speaker(self, named: Sequence[str]) -> Target | None:
        """The target that has a phrasing with these words, word for word but for fillers; None where none has."""
        said = spoken_words(named)
        if self.laid is not None and said and (target := self.laid.speaker(said)):
            return target
        number = self.verbatim.get(said)
        if number is None:
            return None
        owner = _owner(self.phrasings, number)
        return None if self.laid is not None and owner in self.laid.gone else self.target(owner)

    # ----------------------------------------------------- as a Lens (scoring.py)

    @property
    def width(self) -> int:
        """How many stems there are."""
        return self.starts[1]

    def shape(self, word: str) -> Shape:
        """See Numbers."""
        return self.numbers.shape(word)

    def pair_numbers(self, keys: Ints) -> Ints:
        """The numbers of pairs among all features, -1 for those that no phrasing has."""
        if not len(self.pairs):
            return np.full(len(keys), -1)
        place = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        return np.where(self.pairs[place] == keys, place + self.starts[1], -1)

    def rarity_of(self, features: Ints) -> Floats:
        """How much features weigh by how few targets have them."""
        return self.rarity[features]

    def places(self, stems: Ints) -> Ints:
        """The places of stems in a full row of them."""
        return stems


def _owner(phrasings: Ints, number: int) -> int:
    """The target that a phrasing belongs to."""
    return int(np.searchsorted(phrasings, number, side="right")) - 1
