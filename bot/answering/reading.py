"""A question -> its words, spelling corrected against the base and names put into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.english import is_english
from bot.answering.index import Index
from bot.answering.spelling import Correction
from bot.answering.words import cut, words

_CERTAINTY = {3: 0.5, 4: 0.6, 5: 0.75, 6: 0.85}
_CERTAIN = 0.92
"""How sure a correction is by the length of the word: the shorter, the more other words lie as near."""

_TWO_EDITS = 0.7
_SPLIT = 0.9
_BETWEEN = 0.1
_IN_NAME = 0.2


@dataclass(frozen=True)
class Reading:
    """How a question was read: its words after correction, and how sure each is.

    `corrected` holds, for a word that was put in, what was typed.
    """

    words: tuple[str, ...]
    unknown: frozenset[str]
    certainty: Mapping[str, float]
    corrected: Mapping[str, str]

    def with_words(self, words: tuple[str, ...]) -> "Reading":
        """The same reading of other words of the question."""
        return replace(self, words=words)


def read(index: Index, question: str) -> Reading:
    """The question's words, spelling corrected against the base, names put into one.

    An everyday English word that the base does not have stays as it is: "cook" was not meant for "cool".
    """
    found: list[str] = []
    certainty: dict[str, float] = {}
    corrected: dict[str, str] = {}
    unknown: set[str] = set()
    typed = words(cut(question))
    for at, word in enumerate(typed):
        if word in index.vocabulary:
            found.append(word)
        elif word.endswith("in") and f"{word}g" in index.vocabulary:
            found.append(f"{word}g")
        elif not is_english(word) and (near := index.vocabulary.correct(word)):
            right = _fitting(
                index, near, found[-1] if found else "", typed[at + 1] if at + 1 < len(typed) else ""
            )
            found.append(right.word)
            certainty[right.word] = _CERTAINTY.get(len(word), _CERTAIN) if right.distance == 1 else _TWO_EDITS
            corrected[right.word] = word
        elif pair := index.vocabulary.split(word):
            found += pair
            certainty |= dict.fromkeys(pair, _SPLIT)
            corrected[pair[0]] = word
        else:
            found.append(word)
            unknown.add(word)
    return Reading(tuple(index.namer.name(found)), frozenset(unknown), certainty, corrected)


def _fitting(index: Index, near: Sequence[Correction], before: str, behind: str) -> Correction:
    """Of the nearest words the likeliest between its neighbours: "tell me the time", not "tell me the tie".

    Most of all where they make a name together: "one hour photo", not "one hour foot".
    """
    if len(near) == 1 or near[0].distance != near[1].distance:
        return near[0]
    return max(
        (one for one in near if one.distance == near[0].distance),
        key=lambda one: (
            one.likely
            + sum(
                _BETWEEN * index.has_pair(*pair) + _IN_NAME * (pair in index.namer.neighbours)
                for pair in ((before, one.word), (one.word, behind))
            )
        ),
    )
