"""A question's words -> a score for every target, 0 to 1."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answering.features import BLOCKS, features_of
from bot.answering.index import UNSEEN, Block, Index
from bot.answering.words import QUESTION_LENGTH, words

BLOCK_SHARE: Mapping[str, float] = {"stems": 0.62, "pairs": 0.13, "trigrams": 0.25}
BEST_SHARE = 0.5
TEXT_SHARE = 0.15
NAME_CLASH = 0.6
NOTHING_SHARE = 0.9
_CERTAINTY = {0: 1.0, 1: 0.95, 2: 0.75}


@dataclass(frozen=True)
class Reading:
    """How a question was read: its words after correction, and how sure each is."""

    words: tuple[str, ...]
    corrections: Mapping[str, str]
    unknown: tuple[str, ...]
    certainty: Mapping[str, float]

    def with_words(self, words: tuple[str, ...]) -> "Reading":
        """The same reading of other words of the question."""
        return replace(self, words=words)


def read(index: Index, question: str) -> Reading:
    """The question's words, spelling corrected against the base, names put into one."""
    found: list[str] = []
    corrections: dict[str, str] = {}
    certainty: dict[str, float] = {}
    unknown: list[str] = []
    for word in words(question[:QUESTION_LENGTH]):
        if word in index.vocabulary:
            found.append(word)
        elif near := index.vocabulary.correct(word):
            right, distance = near
            found.append(right)
            corrections[word] = right
            certainty[right] = _CERTAINTY[distance]
        elif pair := index.vocabulary.split(word):
            found += pair
            corrections[word] = " ".join(pair)
        else:
            found.append(word)
            unknown.append(word)
    return Reading(tuple(index.namer.name(found)), corrections, tuple(unknown), certainty)


def score(index: Index, reading: Reading) -> list[float]:
    """Every target's score for the question, by target number."""
    features = features_of(reading.words, reading.certainty)
    scores = [0.0] * len(index.targets)
    for name in BLOCKS:
        block = index.blocks[name]
        vector = _weighed(block, getattr(features, name))
        share = BLOCK_SHARE[name]
        best = _best(index, block, vector)
        centre = [0.0] * len(index.targets)
        for feature, value in vector.items():
            for target, weight in block.centroids.get(feature, ()):
                centre[target] += value * weight
        for target, value in enumerate(centre):
            scores[target] += share * (BEST_SHARE * best[target] + (1 - BEST_SHARE) * value)
    if TEXT_SHARE:
        vector = _weighed(index.texts, features.stems)
        for feature, value in vector.items():
            for target, weight in index.texts.centroids.get(feature, ()):
                scores[target] += TEXT_SHARE * value * weight
    names = {word for word in features.stems if word.startswith("@")}
    if names:
        for target, value in enumerate(scores):
            if value and (missing := names - index.targets[target].names):
                scores[target] = value * NAME_CLASH ** (len(missing) / len(names))
    return [
        min(value * (NOTHING_SHARE if target.answer is None else 1.0), 1.0)
        for value, target in zip(scores, index.targets, strict=True)
    ]


def _best(index: Index, block: Block, vector: Mapping[str, float]) -> list[float]:
    by_phrasing: dict[int, float] = {}
    for feature, value in vector.items():
        for phrasing, weight in block.phrasings.get(feature, ()):
            by_phrasing[phrasing] = by_phrasing.get(phrasing, 0.0) + value * weight
    best = [0.0] * len(index.targets)
    for phrasing, value in by_phrasing.items():
        owner = index.owners[phrasing]
        best[owner] = max(best[owner], value)
    return best


def _weighed(block: Block, features: Mapping[str, float]) -> dict[str, float]:
    """The unit vector; words that the base does not know keep their length, and so lower every score."""
    weighed = {
        feature: value * block.weight.get(feature, UNSEEN) for feature, value in features.items()
    }
    length = math.sqrt(sum(value * value for value in weighed.values()))
    return {feature: value / length for feature, value in weighed.items() if feature in block.weight} if length else {}


