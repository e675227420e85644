"""A question -> its words, spelling corrected against the base and names put into one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answering.index import Index
from bot.answering.words import cut, words

_CERTAINTY = {0: 1.0, 1: 0.95, 2: 0.75}


@dataclass(frozen=True)
class Reading:
    """How a question was read: its words after correction, and how sure each is."""

    words: tuple[str, ...]
    unknown: frozenset[str]
    certainty: Mapping[str, float]
    also: Mapping[str, tuple[str, ...]]

    def with_words(self, words: tuple[str, ...]) -> "Reading":
        """The same reading of other words of the question."""
        return replace(self, words=words)


def read(index: Index, question: str) -> Reading:
    """The question's words, spelling corrected against the base, names put into one."""
    found: list[str] = []
    certainty: dict[str, float] = {}
    unknown: set[str] = set()
    also: dict[str, tuple[str, ...]] = {}
    for word in words(cut(question)):
        if word in index.vocabulary:
            found.append(word)
        elif f"{word}g" in index.vocabulary and word.endswith("in"):
            found.append(f"{word}g")
        elif near := index.vocabulary.correct(word):
            right, *others = near
            found.append(right.word)
            certainty[right.word] = _CERTAINTY[right.distance]
            also[right.word] = (word, *(other.word for other in others if other.distance == right.distance))
        elif pair := index.vocabulary.split(word):
            found += pair
        else:
            found.append(word)
            unknown.add(word)
    return Reading(tuple(index.namer.name(found)), frozenset(unknown), certainty, also)
