"""Words -> features: stems with their concepts, pairs of neighbours, and character trigrams."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from bot.answering.lexicon import CONCEPTS, FILLERS, QUESTION_WORDS, STOP
from bot.answering.words import stem, words
from bot.book.book import Name

BLOCKS = ("stems", "pairs", "trigrams")

_STOP_WEIGHT = 0.25
_CONCEPT_WEIGHT = 0.7
_QUESTION_WEIGHT = 0.5
_NAME_WEIGHT = 1.3
_OTHER_WEIGHT = 0.7
_SKIP = 2
_MEASURES = frozenset(["many", "much", "long", "old", "young", "often", "far", "big"])


@dataclass(frozen=True, slots=True)
class Features:
    """A phrasing's features before they are weighed by rarity, a block each."""

    stems: Mapping[str, float]
    pairs: Mapping[str, float]
    trigrams: Mapping[str, float]


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
        return cls(spans)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that stands in a name."""
        return frozenset(word for span in self.spans for word in span)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.spans), default=0)

    def name(self, found: Sequence[str]) -> list[str]:
        """The words with each name, the longest first, put into one."""
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


def spoken_words(found: Sequence[str]) -> tuple[str, ...]:
    """A row of words without fillers, by which two phrasings are the same."""
    return tuple(word for word in found if word not in FILLERS)


def kind_asked(found: Sequence[str]) -> str:
    """What kind of thing a question asks for: "?who", "?when", "?where", "?why", "?how", "?how many" ...

    The empty text where no question word stands in it. "how" takes the word behind it along ("how old"), for these
    ask for different things.
    """
    for at, word in enumerate(found):
        if word == "how" and at + 1 < len(found) and found[at + 1] in _MEASURES:
            return f"?how {found[at + 1]}"
        if word in QUESTION_WORDS:
            return QUESTION_WORDS[word]
    return ""


def focus_of(found: Sequence[str]) -> str | None:
    """The thing a question asks for: the word that "which", "what" or "what is the" point at; None where none does."""
    for at, word in enumerate(found):
        if word in {"which", "what"}:
            for following in found[at + 1 : at + 5]:
                if following.startswith("@"):
                    return None
                if following not in STOP and following not in FILLERS:
                    return following
            return None
    return None


def features_of(
    found: Sequence[str],
    certainty: Mapping[str, float] | None = None,
    also: Mapping[str, Sequence[str]] | None = None,
) -> Features:
    """The features of a row of words.

    `certainty` (0 to 1) lowers the weight of corrected words; `also` holds, for each of those, the word as it was
    typed and then the other words that it may have been meant for.
    """
    sure = certainty or {}
    typed = also or {}
    stems: dict[str, float] = {}
    trigrams: dict[str, float] = {}
    row: list[str] = []
    for word in found:
        weight = sure.get(word, 1.0)
        if word.startswith("@"):
            _raise(stems, word, _NAME_WEIGHT * weight)
            row.append(word)
            continue
        if word in FILLERS:
            continue
        if word in QUESTION_WORDS:
            _raise(stems, QUESTION_WORDS[word], _QUESTION_WEIGHT)
        root = stem(word)
        is_stop = word in STOP
        _raise(stems, root, weight * (_STOP_WEIGHT if is_stop else 1.0))
        concepts = CONCEPTS.get(word, ())
        for concept in concepts:
            _raise(stems, concept, weight * _CONCEPT_WEIGHT)
        if is_stop:
            continue
        row.append(concepts[0] if concepts else root)
        for other in typed.get(word, ())[1:]:
            _raise(stems, stem(other), weight * _OTHER_WEIGHT)
            for concept in CONCEPTS.get(other, ()):
                _raise(stems, concept, weight * _OTHER_WEIGHT * _CONCEPT_WEIGHT)
        for spelt in (word, *typed.get(word, ())[:1]):
            padded = f"_{spelt}_"
            for at in range(len(padded) - 2):
                _raise(trigrams, padded[at : at + 3], weight)
    pairs: dict[str, float] = {}
    for at, left in enumerate(row):
        for step in range(1, _SKIP + 1):
            if at + step < len(row):
                _raise(pairs, f"{left} {row[at + step]}", 1.0 / step)
    return Features(stems, pairs, trigrams)


def _raise(features: dict[str, float], feature: str, weight: float) -> None:
    features[feature] = max(features.get(feature, 0.0), weight)
