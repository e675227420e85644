"""A question with several parts -> its parts, as questions of their own."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.answering.lexicon import CONCEPTS, QUESTION_WORDS
from bot.answering.words import words

MOST = 4

_SENTENCE = re.compile(r"[?!;\n]+|\.(?:\s|$)")
_ASKS = r"(?:who|whom|whose|what|whats|which|when|where|why|how|is|are|was|were|do|does|did|has|have|can)\b"
_JOINT = re.compile(
    rf"\s*(?:,|\band\b|&|\bplus\b|\balso\b)+\s*(?:and\s+)?(?:also\s+)?(?={_ASKS})", re.IGNORECASE
)
_PRONOUNS = frozenset(["he", "she", "it", "they", "him", "her", "them", "his", "their", "hers", "theirs"])

_CHOOSERS = frozenset(["which", "who"])
_CRITICS = frozenset(["=critics", "=commenter"])
_DISLIKES = frozenset(
    ["hate", "hates", "hated", "dislike", "dislikes", "disliked", "loathe", "loathed", "not"]
)
_OPPOSITE = frozenset(
    ["one", "ones", "of", "them", "the", "did", "do", "does", "was", "were", "is", "are", "it", "that", "so"]
)


def clauses(question: str) -> list[str]:
    """The questions that stand side by side in one, at most four; one alone gives an empty list.

    Known flaw: the time grows with the square of a run of white space, so the question must have been cut before.
    """
    found = [
        clause.strip()
        for sentence in _SENTENCE.split(question)
        for clause in _JOINT.split(sentence)
        if _is_question(clause)
    ]
    return found[:MOST] if len(found) > 1 else []


def refers_back(clause: Sequence[str]) -> bool:
    """Whether a clause has a pronoun and no name, and so leans on the one before it."""
    return any(word in _PRONOUNS for word in clause) and not any(word.startswith("@") for word in clause)


def holds_apart(named: Sequence[str]) -> bool:
    """Whether a question wants those whom it names side by side, each for themselves."""
    return any(
        word in {"each", "both", "respectively"} or "=differ" in CONCEPTS.get(word, ()) for word in named
    )


def per_name(named: Sequence[str]) -> list[tuple[str, ...]]:
    """A row of words with several names -> one row for each name, the others left out; at most four.

    Empty where the names are not a plain list: joined by "and", "or", "versus" or by nothing.
    """
    at = [number for number, word in enumerate(named) if word.startswith("@")]
    if len(at) < 2 or len({named[number] for number in at}) < len(at):
        return []
    if any(
        word not in {"and", "or", "versus"}
        for left, right in pairwise(at)
        for word in named[left + 1 : right]
    ):
        return []
    before, after = tuple(named[: at[0]]), tuple(named[at[-1] + 1 :])
    return [(*before, named[number], *after) for number in at][:MOST]


def between(named: Sequence[str]) -> list[tuple[str, ...]]:
    """A row of words that asks for a difference "between a carer and a donor" -> what each of the two is; or empty."""
    if "between" not in named or not any("=differ" in CONCEPTS.get(word, ()) for word in named):
        return []
    at = named.index("between") + 1
    if "and" not in named[at:]:
        return []
    cut = named.index("and", at)
    parts = (tuple(named[at:cut]), tuple(named[cut + 1 :]))
    return [("what", "is", *part) for part in parts] if all(0 < len(part) < MOST for part in parts) else []


def both_sides(named: Sequence[str]) -> list[tuple[str, ...]]:
    """Who "liked the acting and who did not" -> what the critics thought of it, and who liked it; or empty."""
    for at, (joint, chooser) in enumerate(pairwise(named)):
        if joint in {"and", "but", "or"} and chooser in _CHOOSERS:
            first, second = tuple(named[:at]), named[at + 2 :]
            break
    else:
        return []
    critics = [word for word in first if _CRITICS.intersection(CONCEPTS.get(word, ()))]
    if not first or first[0] not in _CHOOSERS or not (critics or any(map(_judges, first))):
        return []
    if not second or not all(word in _OPPOSITE or _judges(word) for word in second):
        return []
    rest = [word for word in first[1:] if word not in critics and word not in {"of", "the"}]
    return [("what", "did", "the", "critics", "think", "of", *rest), first]


def _judges(word: str) -> bool:
    return word in _DISLIKES or "=opinion" in CONCEPTS.get(word, ())


def parallel(named: Sequence[str]) -> list[tuple[str, ...]]:
    """A row of words with two like parts ("as a boy and as a man", "a carer and a donor") -> a row for each; or empty.

    Parts are alike where both begin with the same word and are equally long.
    """
    for at, word in enumerate(named):
        if word != "and":
            continue
        for length in (4, 3, 2):
            left, right = named[max(0, at - length) : at], named[at + 1 : at + 1 + length]
            if len(left) == len(right) == length and left[0] == right[0] and left != right:
                before, after = named[: at - length], named[at + 1 + length :]
                return [(*before, *left, *after), (*before, *right, *after)]
    return []


def _is_question(clause: str) -> bool:
    found = words(clause)
    return len(found) > 1 and any(word in QUESTION_WORDS or re.fullmatch(_ASKS, word) for word in found)
