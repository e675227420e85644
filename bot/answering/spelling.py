"""A question's unknown words -> the base's own words that they most likely are."""

import math
import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import nsmallest
from typing import NamedTuple, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

_SHORTEST = 3
_LONG = 7
_MOST = 4
_SOUND = 0.05
_HEARD = 2
_FREQUENT = 0.03
_FAR_KEY = 0.1
_KEYS = {
    letter: (row, at + row / 2)
    for row, keys in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for at, letter in enumerate(keys)
}
"""Where each letter lies on a keyboard, rows being half a key apart."""


class Correction(NamedTuple):
    """A word of the base that a typed one may stand for, how many edits lie between them, how likely it is among its like."""

    word: str
    distance: int
    likely: float


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

    @cached_property
    def _alike(self) -> Mapping[str, list[str]]:
        """Words by how they sound."""
        alike: dict[str, list[str]] = {}
        for word in sorted(self.counts):
            if len(word) > _SHORTEST:
                # Past the cache, which would keep every word of the base for one look.
                alike.setdefault(sound.__wrapped__(word), []).append(word)
        return alike

    def __contains__(self, word: object) -> bool:
        return word in self.counts

    def correct(self, word: str) -> list[Correction]:
        """The words that may have been meant, likeliest first, four at most; none where none is near enough.

        One edit (insertion, deletion, change, neighbours swapped), two from seven letters on when the first letter
        stands, or from four on when it sounds the same ("foto"), which counts as one; three letters may lack a fourth,
        or have two swapped or one changed behind the first. Of several at one distance the one most alike at its
        beginning wins, helped by sounding alike and by how many entries use it, hindered where a finger had to hit a key
        that lies elsewhere, then the alphabet.
        """
        if len(word) < _SHORTEST or word.isdigit():
            return []
        allowed = 2 if len(word) >= _LONG else 1
        fewest = len(word) if len(word) == _SHORTEST else len(word) - allowed
        near: dict[str, tuple[int, float, str]] = {}
        for length in range(fewest, len(word) + allowed + 1):
            for letter, edits in ((word[0], allowed), (f"-{word[-1]}", 1)):
                if length == _SHORTEST == len(word) and letter != word[0]:
                    continue
                shelf = self._shelves.get((length, letter))
                if not shelf:
                    continue
                for found, distance, _ in process.extract(
                    word, shelf, scorer=OSA.distance, score_cutoff=edits, limit=None
                ):
                    alike = JaroWinkler.similarity(word, found) + _FREQUENT * math.log1p(self.counts[found])
                    alike += _SOUND * (sound(word) == sound(found)) - _FAR_KEY * _far(word, found)
                    near[found] = (int(distance), -round(alike, 6), found)
        heard = self._alike.get(sound(word), ()) if len(word) > _SHORTEST else ()
        for found, _, _ in process.extract(word, heard, scorer=OSA.distance, score_cutoff=_HEARD, limit=None):
            if found not in near:
                near[found] = (1, -round(JaroWinkler.similarity(word, found) + _SOUND, 6), found)
        return _likeliest(
            Correction(found, distance, -unlikely) for distance, unlikely, found in near.values()
        )

    def split(self, word: str) -> tuple[str, str] | None:
        """Two known words written as one ("whoplays"); None when there is no such pair."""
        pairs = [
            (word[:cut], word[cut:])
            for cut in range(3, len(word) - 2)
            if word[:cut] in self.counts and word[cut:] in self.counts
        ]
        return min(pairs, key=lambda pair: abs(len(pair[0]) - len(pair[1])), default=None)


@dataclass(frozen=True)
class MoreVocabulary(Vocabulary):
    """The words of one vocabulary and those of a larger one below, which is not copied; `counts` has both."""

    over: Vocabulary
    under: Vocabulary

    @classmethod
    def of(cls, over: Vocabulary, under: Vocabulary) -> Self:
        """The words of both."""
        return cls(ChainMap(dict(over.counts), under.counts), over, under)  # type: ignore[arg-type]

    def correct(self, word: str) -> list[Correction]:
        """See Vocabulary."""
        return _likeliest([*self.over.correct(word), *self.under.correct(word)])


def _likeliest(found: Iterable[Correction]) -> list[Correction]:
    return nsmallest(_MOST, found, key=lambda one: (one.distance, -one.likely, one.word))


def _far(typed: str, meant: str) -> bool:
    """Whether one letter was changed for one that does not lie beside it on a keyboard."""
    if len(typed) != len(meant):
        return False
    changed = [(one, other) for one, other in zip(typed, meant, strict=True) if one != other]
    if len(changed) != 1:
        return False
    one, other = (_KEYS.get(letter) for letter in changed[0])
    return one is None or other is None or abs(one[0] - other[0]) > 1 or abs(one[1] - other[1]) > 1


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
