"""Words -> features: stems with their concepts, pairs of neighbours, and character trigrams, each with a number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from typing import NamedTuple, Self

from bot.answering.lexicon import CONCEPTS, EVERYDAY, FILLERS, QUESTION_WORDS, STOP
from bot.answering.words import stem, words
from bot.book.book import Name

STOP_WEIGHT = 0.8
FILLER_WEIGHT = 0.8
CONCEPT_WEIGHT = 0.4
KIN_WEIGHT = 0.5
QUESTION_WEIGHT = 0.5
NAME_WEIGHT = 1.3
NEXT_BUT_ONE = 0.7
"""What a pair weighs that has one word in between."""

BLOCK_WEIGHTS = (1.0, 0.5, 0.4)
"""How much stems, pairs and trigrams count for in a likeness."""

NUMBERED = 0x200000
"""More than there are different words in any base: a pair is the number of its left word times this, and of its right."""

EDGE = 0
"""The number of the word that stands before the first and behind the last in pairs."""

MEASURES = ("many", "much", "long", "old", "young", "often", "far", "big")
KINDS = ("", *dict.fromkeys(QUESTION_WORDS.values()), *(f"?how {measure}" for measure in MEASURES))
"""The kinds of thing that a question may ask for."""

_KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}


class Shape(NamedTuple):
    """What one word brings: numbered stems with their weights, its place in pairs, numbered trigrams.

    Numbers below 0 are features that no phrasing has.
    """

    stems: tuple[tuple[int, float], ...]
    pair: int
    trigrams: tuple[int, ...]


@dataclass(frozen=True)
class Numbers:
    """The numbers of a base's features, given out in the order in which its phrasings have them first."""

    stems: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=lambda: {"": EDGE})
    trigrams: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)

    def learn(self, word: str) -> Shape:
        """The shape of a word of the base; new features get the next number."""
        shape = self.shapes.get(word)
        if shape is None:
            stems, pair, trigrams = _features(word)
            shape = self.shapes[word] = Shape(
                tuple((self.stems.setdefault(name, len(self.stems)), weight) for name, weight in stems),
                self.pairs.setdefault(pair, len(self.pairs)),
                tuple(self.trigrams.setdefault(name, len(self.trigrams)) for name in trigrams),
            )
        return shape

    def shape(self, word: str) -> Shape:
        """The shape of any word; features that the base does not have get numbers below 0."""
        shape = self.shapes.get(word)
        if shape is None:
            stems, pair, trigrams = _features(word)
            shape = Shape(
                tuple((self.stems.get(name, -at - 1), weight) for at, (name, weight) in enumerate(stems)),
                self.pairs.get(pair, -1),
                tuple(self.trigrams.get(name, -at - 1) for at, name in enumerate(trigrams)),
            )
        return shape


@dataclass(frozen=True)
class MoreNumbers:
    """Numbers of further features, above all that `under` has given out: `first` is the next of them.

    `trigrams_from` is where the numbers of trigrams begin among those of all features.
    """

    under: Numbers
    first: int
    trigrams_from: int
    features: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)

    def learn(self, word: str) -> None:
        """Takes in a word; features that are new get the next number."""
        if word in self.under.shapes or word in self.shapes:
            return
        stems, pair, trigrams = _features(word)
        for name in (*(name for name, _ in stems if name not in self.under.stems), *self._new(trigrams)):
            self.features.setdefault(name, self.first + len(self.features))
        if pair not in self.under.pairs:
            self.pairs.setdefault(pair, len(self.under.pairs) + len(self.pairs))
        self.shapes[word] = self.shape(word)

    def shape(self, word: str) -> Shape:
        """As that of Numbers; a trigram's number is what has to be added to where they begin."""
        known = self.under.shapes.get(word) or self.shapes.get(word)
        if known is not None:
            return known
        stems, pair, trigrams = _features(word)
        return Shape(
            tuple(
                (self.under.stems.get(name, self.features.get(name, -at - 1)), weight)
                for at, (name, weight) in enumerate(stems)
            ),
            self.under.pairs.get(pair, self.pairs.get(pair, -1)),
            tuple(self._trigram(name, at) for at, name in enumerate(trigrams)),
        )

    def _new(self, trigrams: Iterable[str]) -> list[str]:
        # A stem may be spelt as a trigram is.
        return [f"~~{name}" for name in trigrams if name not in self.under.trigrams]

    def _trigram(self, name: str, at: int) -> int:
        if name in self.under.trigrams:
            return self.under.trigrams[name]
        number = self.features.get(f"~~{name}")
        return -at - 1 if number is None else number - self.trigrams_from


@cache
def _kin() -> Mapping[str, tuple[str, ...]]:
    """The groups of like words by stem."""
    found: dict[str, dict[str, None]] = {}
    for number, group in enumerate(EVERYDAY):
        for word in group:
            found.setdefault(stem(word), {})[f"~{number}"] = None
    return {root: tuple(groups) for root, groups in found.items()}


def _features(word: str) -> tuple[list[tuple[str, float]], str, list[str]]:
    if word.startswith("@"):
        return [(word, NAME_WEIGHT)], word, []
    root = stem(word)
    weight = FILLER_WEIGHT if word in FILLERS else STOP_WEIGHT if word in STOP else 1.0
    concepts = (
        *((name, CONCEPT_WEIGHT) for name in CONCEPTS.get(word, ())),
        *((name, KIN_WEIGHT) for name in _kin().get(root, ())),
    )
    stems = [(root, weight), *((name, heft * weight) for name, heft in concepts)]
    if word in QUESTION_WORDS:
        stems.append((QUESTION_WORDS[word], QUESTION_WEIGHT))
    padded = f"_{word}_"
    return stems, root, [padded[at : at + 3] for at in range(len(padded) - 2)]


@dataclass(frozen=True)
class Namer:
    """Finds names in a row of words. A name becomes one word, `@` and its number in the book."""

    spans: Mapping[tuple[str, ...], str]

    @classmethod
    def of(cls, names: Iterable[Name]) -> Self:
        """From the book's names; where two share an alias, the first in the book has it."""
        spans: dict[tuple[str, ...], str] = {}
        for number, name in enumerate(names):
            for alias in (name.name, *name.aliases):
                span = tuple(words(alias))
                if span:
                    spans.setdefault(span, f"@{number}")
        # "kathys actress": nobody types the apostrophe.
        for span, word in list(spans.items()):
            spans.setdefault((*span[:-1], f"{span[-1]}s"), word)
        return cls(spans)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that stands in a name."""
        return frozenset(word for span in self.spans for word in span)

    @cached_property
    def neighbours(self) -> frozenset[tuple[str, str]]:
        """Words that stand side by side in a name."""
        return frozenset(pair for span in self.spans for pair in pairwise(span))

    @cached_property
    def _spelt(self) -> Mapping[str, str]:
        return {name: " ".join(span) for span, name in reversed(list(self.spans.items()))}

    def spelt(self, word: str) -> str:
        """A word for people to read: a name's own words for its number, any other word itself."""
        return self._spelt.get(word, word)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.spans), default=0)

    def name(self, found: Sequence[str]) -> list[str]:
        """The words with each name, the longest first, put into one."""
        if self.words.isdisjoint(found):
            return list(found)
        named: list[str] = []
        at = 0
        while at < len(found):
            for length in range(min(self._longest, len(found) - at), 0, -1):
                name = self.spans.get(tuple(found[at : at + length]))
                if name is not None:
                    named.append(name)
                    at += length
                    break
            else:
                named.append(found[at])
                at += 1
        return named


def spoken_words(found: Sequence[str]) -> str:
    """A row of words without fillers, by which two phrasings are the same."""
    return " ".join([word for word in found if word not in FILLERS])


def kind_asked(found: Sequence[str]) -> int:
    """What kind of thing a question asks for, by its place in `KINDS`: who, when, where, why, how, how many ...

    0 where no question word stands in it. "how" takes the word behind it along ("how old"), for these ask for
    different things.
    """
    for at, word in enumerate(found):
        if word == "how" and at + 1 < len(found) and found[at + 1] in MEASURES:
            return _KIND_NUMBERS[f"?how {found[at + 1]}"]
        if word in QUESTION_WORDS:
            return _KIND_NUMBERS[QUESTION_WORDS[word]]
    return 0
