"""Questions that ask the same in other words or with slips -> groups."""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from bot.answering.lexicon import FILLERS, STOP
from bot.answering.words import stem, words

_NEAR = 65.0
"""How alike two questions must be as a whole, of 100, to be looked at word by word."""

_WORD = 75.0
"""How alike two words must be to be one with a slip in it."""


def alike_groups(questions: Sequence[str]) -> list[list[int]]:
    """The places of questions that ask the same, the largest group first, then by first place.

    Two do if each word that tells something has its like in the other; so "who plays kathy" and "who plays ruth" do not.
    A question joins the first group whose first question is like it. Known flaw: two wordings that share no word are two
    groups.
    """
    telling = [_telling(question) for question in questions]
    spoken = [" ".join(sorted(one)) for one in telling]
    groups: dict[int, list[int]] = {}
    firsts: dict[int, str] = {}
    by_words: dict[str, int] = {}
    for at, said in enumerate(spoken):
        first = by_words.get(said)
        if first is None:
            first = by_words[said] = _like(telling, said, firsts, at)
        if first == at:
            firsts[at] = said
        groups.setdefault(first, []).append(at)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))


def _like(telling: Sequence[frozenset[str]], said: str, firsts: Mapping[int, str], at: int) -> int:
    """The first of the earlier questions that is like this one; its own place where none is."""
    near = process.extract(said, firsts, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=8)
    return min((first for _, _, first in near if _same(telling[first], telling[at])), default=at)


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    rest, other_rest = one - other, other - one
    return len(rest) == len(other_rest) and all(
        any(_is_slip(word, near) for near in other_rest) for word in rest
    )


def _is_slip(one: str, other: str) -> bool:
    # Two years that differ in a digit are two years.
    return fuzz.ratio(one, other) >= _WORD and one[0] == other[0] and not one.isdigit()


def _telling(question: str) -> frozenset[str]:
    """The stems that tell something; of a question without any, all of them."""
    found = words(question)
    stems = frozenset(stem(word) for word in found if word not in STOP and word not in FILLERS)
    return stems or frozenset(map(stem, found))
