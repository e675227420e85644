"""A question's unknown words -> the base's own words that they most likely are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

_SHORTEST = 4
_LONG = 7


@dataclass(frozen=True)
class Vocabulary:
    """Every word that the base knows, with the number of entries that use it."""

    counts: Mapping[str, int]

    @cached_property
    def _by_length(self) -> Mapping[int, list[str]]:
        lengths: dict[int, list[str]] = {}
        for word in sorted(self.counts):
            lengths.setdefault(len(word), []).append(word)
        return lengths

    def __contains__(self, word: object) -> bool:
        return word in self.counts

    def correct(self, word: str) -> tuple[str, int] | None:
        """The likeliest word meant, and its distance in edits; None when there is none near enough.

        One edit (insertion, deletion, change, neighbours swapped) from four letters on, two from seven on when
        the first letter stands. Of several at one distance the one most alike at its beginning wins, then the
        one that more entries use, then the alphabet.
        """
        if len(word) < _SHORTEST or word.isdigit():
            return None
        allowed = 2 if len(word) >= _LONG else 1
        near: list[tuple[int, float, int, str]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for found, distance, _ in process.extract(
                word, self._by_length.get(length, []), scorer=OSA.distance, score_cutoff=allowed, limit=None
            ):
                if distance < 2 or found[0] == word[0]:
                    alike = JaroWinkler.similarity(word, found)
                    near.append((int(distance), -round(alike, 6), -self.counts[found], found))
        if not near:
            return None
        distance, _, _, found = min(near)
        return found, distance

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
