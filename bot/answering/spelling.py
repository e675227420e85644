"""A question's unknown words -> the base's own words that they most likely are."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import nsmallest
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

_SHORTEST = 3
_LONG = 7
_MOST = 3
_SOUND = 0.05
_FREQUENT = 0.02


class Correction(NamedTuple):
    """A word of the base that a typed one may stand for, and how many edits lie between them."""

    word: str
    distance: int


@dataclass(frozen=True)
class Vocabulary:
    """Every word that the base knows, with the number of entries that use it."""

    counts: Mapping[str, int]

    @cached_property
    def _shelves(self) -> Mapping[tuple[int, str], list[str]]:
        """Words by length and first letter, and by length and last letter with a mark before it.

        One slip leaves the first or the last letter standing, so these are all the words worth measuring.
        """
        shelves: dict[tuple[int, str], list[str]] = {}
        for word in sorted(self.counts):
            shelves.setdefault((len(word), word[0]), []).append(word)
            shelves.setdefault((len(word), f"-{word[-1]}"), []).append(word)
        return shelves

    def __contains__(self, word: object) -> bool:
        return word in self.counts

    def correct(self, word: str) -> list[Correction]:
        """The words that may have been meant, likeliest first, three at most; none where none is near enough.

        One edit (insertion, deletion, change, neighbours swapped) from four letters on, two from seven on when
        the first letter stands; three letters may lack a fourth. Of several at one distance the one most alike at its
        beginning wins, helped by sounding alike and by how many entries use it, then the alphabet.
        """
        if len(word) < _SHORTEST or word.isdigit():
            return []
        allowed = 2 if len(word) >= _LONG else 1
        fewest = len(word) + 1 if len(word) == _SHORTEST else len(word) - allowed
        near: dict[str, tuple[int, float, str]] = {}
        for length in range(fewest, len(word) + allowed + 1):
            for letter, edits in ((word[0], allowed), (f"-{word[-1]}", 1)):
                shelf = self._shelves.get((length, letter))
                if not shelf:
                    continue
                for found, distance, _ in process.extract(
                    word, shelf, scorer=OSA.distance, score_cutoff=edits, limit=None
                ):
                    alike = JaroWinkler.similarity(word, found) + _FREQUENT * math.log1p(self.counts[found])
                    alike += _SOUND * (sound(word) == sound(found))
                    near[found] = (int(distance), -round(alike, 6), found)
        return [Correction(found, distance) for distance, _, found in nsmallest(_MOST, near.values())]

    def split(self, word: str) -> tuple[str, str] | None:
        """Two known words written as one ("whoplays"); None when there is no such pair."""
        pairs = [
            (word[:cut], word[cut:])
            for cut in range(3, len(word) - 2)
            if word[:cut] in self.counts and word[cut:] in self.counts
        ]
        return min(pairs, key=lambda pair: abs(len(pair[0]) - len(pair[1])), default=None)


def vocabulary(counted: Iterable[Iterable[str]]) -> Vocabulary:
    """The vocabulary of a base, from the words of each entry."""
    counts: dict[str, int] = {}
    for entry_words in counted:
        for word in set(entry_words):
            counts[word] = counts.get(word, 0) + 1
    return Vocabulary(counts)


_SOUNDS = (
    (re.compile(r"ph"), "f"), (re.compile(r"c(?=[eiy])|z"), "s"), (re.compile(r"ck|q|c"), "k"), (re.compile(r"gh|h|w"), ""),
    (re.compile(r"y"), "i"), (re.compile(r"(.)\1+"), r"\1"), (re.compile(r"(?<=.)[aeiou]+"), "a"),
)  # fmt: skip


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Roughly how an English word sounds: alike for "prise" and "prize", "cathy" and "kathy"."""
    for pattern, put in _SOUNDS:
        word = pattern.sub(put, word)
    return word
