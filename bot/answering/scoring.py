"""A question's words -> how likely each target is its answer, 0 to 1.

Two stages: inverted lists give the targets with most in common, then each of the best is looked at closely. What is
seen there (`Signals`) is weighed by a linear model whose constants belong to no book: they were fitted by
`tests/benchmarks/fit_scoring.py` on asks held out of a base.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from operator import mul
from typing import NamedTuple

from bot.answering.features import BLOCKS, Features, features_of, focus_of, kind_asked
from bot.answering.index import UNSEEN, Block, Index
from bot.answering.lexicon import CONCEPTS, FILLERS, STOP
from bot.answering.words import QUESTION_LENGTH, stem, words

CANDIDATES = 24

_CERTAINTY = {0: 1.0, 1: 0.95, 2: 0.75}
_ALIKE = 0.75
_VOTERS = 10


@dataclass(frozen=True)
class Reading:
    """How a question was read: its words after correction, and how sure each is."""

    words: tuple[str, ...]
    corrections: Mapping[str, str]
    unknown: frozenset[str]
    certainty: Mapping[str, float]
    also: Mapping[str, tuple[str, ...]]

    def with_words(self, words: tuple[str, ...]) -> "Reading":
        """The same reading of other words of the question."""
        return replace(self, words=words)


class Signals(NamedTuple):
    """What speaks for and against one target, each about 0 to 1."""

    best: float
    centre: float
    pairs: float
    trigrams: float
    trigram_centre: float
    text: float
    asked: float
    told: float
    heaviest_missing: float
    unknown: float
    names_missing: float
    names_unasked: float
    focus_missing: float
    kind_share: float
    kind_missing: float
    reverse: float
    exact: float
    votes: float


class Scored(NamedTuple):
    """A target by number, with its signals and the likelihood that it is the answer."""

    target: int
    signals: Signals
    score: float


def read(index: Index, question: str) -> Reading:
    """The question's words, spelling corrected against the base, names put into one."""
    found: list[str] = []
    corrections: dict[str, str] = {}
    certainty: dict[str, float] = {}
    unknown: set[str] = set()
    also: dict[str, tuple[str, ...]] = {}
    for word in words(question[:QUESTION_LENGTH]):
        if word in index.vocabulary:
            found.append(word)
        elif near := index.vocabulary.correct(word):
            right, *others = near
            found.append(right.word)
            corrections[word] = right.word
            certainty[right.word] = _CERTAINTY[right.distance]
            also[right.word] = (word, *(other.word for other in others if other.distance == right.distance))
        elif pair := index.vocabulary.split(word):
            found += pair
            corrections[word] = " ".join(pair)
        else:
            found.append(word)
            unknown.add(word)
    return Reading(tuple(index.namer.name(found)), corrections, frozenset(unknown), certainty, also)


def score(index: Index, reading: Reading) -> list[Scored]:
    """The targets that have most in common with the question, likeliest first.

    At most 24 that answer, and of those that say "I don't have that" the likest one, for they repeat each other.
    """
    features = features_of(reading.words, reading.certainty, reading.also)
    if not features.stems:
        return []
    near = _Nearness.of(index, features)
    question = _Question.of(index, reading, features)
    answers, nothing = near.chosen(index)
    targets = [*answers, *nothing[:1]]
    seen = [question.signals(index, target, near) for target in targets]
    answering = [index.targets[target].answer is not None for target in targets]
    scored = map(Scored, targets, seen, likelihoods(list(zip(seen, answering, strict=True))))
    return sorted(scored, key=lambda one: (-one.score, one.target))


ANSWERS = Signals(
    *[
        -0.35,
        1.16,
        1.57,
        1.03,
        0.93,
        0.05,
        1.51,
        5.87,
        1.37,
        1.2,
        -4.53,
        -0.71,
        -1.39,
        3.3,
        -3.24,
        3.19,
        1.0,
        2.61,
    ]
)
DECLINES = Signals(
    *[
        2.32,
        2.32,
        2.34,
        1.45,
        1.45,
        0.0,
        2.1,
        2.1,
        2.03,
        -1.2,
        1.09,
        -1.89,
        0.03,
        0.17,
        -1.63,
        1.32,
        -0.26,
        -3.31,
    ]
)
DECLINE = 3.66
NONE = 0.66


def likelihoods(candidates: Sequence[tuple[Signals, bool]]) -> list[float]:
    """How likely each candidate is the answer, 0 to 1; what is missing to 1 is that none of them is.

    A candidate is its signals, and whether it answers or says "I don't have that".
    """
    totals = [
        sum(map(mul, ANSWERS, signals)) if answers else DECLINE + sum(map(mul, DECLINES, signals))
        for signals, answers in candidates
    ]
    top = max([*totals, NONE])
    powers = [math.exp(total - top) for total in totals]
    everything = sum(powers) + math.exp(NONE - top)
    return [power / everything for power in powers]


@dataclass(frozen=True)
class _Nearness:
    """How alike the question is to phrasings, centroids and texts, by target number."""

    best: Mapping[int, tuple[float, int]]
    centre: Mapping[int, float]
    pairs: Mapping[int, tuple[float, int]]
    trigrams: Mapping[int, tuple[float, int]]
    trigram_centre: Mapping[int, float]
    text: Mapping[int, float]
    votes: Mapping[int, float]

    @classmethod
    def of(cls, index: Index, features: Features) -> "_Nearness":
        stems, pairs, trigrams = (index.blocks[name] for name in BLOCKS)
        by_stems = _weighed(stems, features.stems)
        by_trigrams = _weighed(trigrams, features.trigrams)
        alike = _alike(stems, by_stems)
        return cls(
            _best(index, alike),
            _centres(stems, by_stems),
            _best(index, _alike(pairs, _weighed(pairs, features.pairs))),
            _best(index, _alike(trigrams, by_trigrams)),
            _centres(trigrams, by_trigrams),
            _centres(index.texts, _weighed(index.texts, features.stems)),
            _votes(index, alike),
        )

    def chosen(self, index: Index) -> tuple[list[int], list[int]]:
        """The targets worth a closer look, nearest first: those that answer, and those that do not."""
        rough = {target: 0.3 * value for target, value in self.text.items()}
        for target, (value, _) in self.best.items():
            rough[target] = (
                rough.get(target, 0.0)
                + value
                + self.centre.get(target, 0.0)
                + 0.5 * self.trigrams.get(target, (0.0, 0))[0]
            )
        ranked = sorted(rough, key=lambda target: (-rough[target], target))
        answers = [target for target in ranked if index.targets[target].answer is not None]
        nothing = [target for target in ranked if index.targets[target].answer is None]
        return answers[:CANDIDATES], nothing


@dataclass(frozen=True)
class _Question:
    """What of the question is the same for every target."""

    content: Mapping[str, tuple[tuple[str, ...], float]]
    stems: frozenset[str]
    weight: Mapping[str, float]
    total: float
    unknown: float
    names: frozenset[str]
    focus: tuple[str, ...]
    kind: str

    @classmethod
    def of(cls, index: Index, reading: Reading, features: Features) -> "_Question":
        weight = index.blocks["stems"].weight
        content: dict[str, tuple[tuple[str, ...], float]] = {}
        for word in reading.words:
            if word.startswith("@"):
                content[word] = ((word,), weight.get(word, UNSEEN))
            elif word not in STOP and word not in FILLERS:
                others = reading.also.get(word, ())[1:]
                forms = tuple(form for one in (word, *others) for form in (stem(one), *CONCEPTS.get(one, ())))
                content[word] = (forms, max(weight.get(forms[0], UNSEEN), 0.05))
        total = sum(heft for _, heft in content.values())
        focus = focus_of(reading.words)
        return cls(
            content,
            frozenset(features.stems),
            weight,
            total,
            sum(content[word][1] for word in reading.unknown if word in content) / total if total else 0.0,
            frozenset(word for word in content if word.startswith("@")),
            (stem(focus), *CONCEPTS.get(focus, ())) if focus else (),
            kind_asked(reading.words),
        )

    def signals(self, index: Index, number: int, near: _Nearness) -> Signals:
        """What speaks for and against one target."""
        target = index.targets[number]
        best, phrasing = near.best.get(number, (0.0, -1))
        asked = told = heaviest = 0.0
        for forms, heft in self.content.values():
            in_asks = any(form in target.asked for form in forms)
            if in_asks:
                asked += heft
            if in_asks or any(form in target.told for form in forms):
                told += heft
            else:
                heaviest = max(heaviest, heft)
        focus_missing = bool(self.focus) and not any(
            form in target.asked or form in target.told for form in self.focus
        )
        share = target.kinds.get(self.kind, 0.0) if self.kind else 0.5
        reverse = self._covers(index.phrasings[phrasing]) if phrasing >= 0 else 0.0
        return Signals(
            best=best,
            centre=near.centre.get(number, 0.0),
            pairs=near.pairs.get(number, (0.0, 0))[0],
            trigrams=near.trigrams.get(number, (0.0, 0))[0],
            trigram_centre=near.trigram_centre.get(number, 0.0),
            text=near.text.get(number, 0.0),
            asked=asked / self.total if self.total else 0.0,
            told=told / self.total if self.total else 0.0,
            heaviest_missing=heaviest,
            unknown=self.unknown,
            names_missing=len(self.names - target.names) / len(self.names) if self.names else 0.0,
            names_unasked=len(target.own_names - self.names) / len(target.own_names)
            if target.own_names
            else 0.0,
            focus_missing=1.0 if focus_missing else 0.0,
            kind_share=share,
            kind_missing=1.0 if share == 0.0 else 0.0,
            reverse=reverse,
            exact=max(0.0, best - _ALIKE) / (1 - _ALIKE),
            votes=near.votes.get(number, 0.0),
        )

    def _covers(self, phrasing: Features) -> float:
        """How much of a phrasing, by weight, stands in the question."""
        covered = total = 0.0
        for feature, value in phrasing.stems.items():
            heft = value * self.weight.get(feature, UNSEEN)
            total += heft
            covered += heft * (feature in self.stems)
        return covered / total if total else 0.0


def _alike(block: Block, vector: Mapping[str, float]) -> dict[int, float]:
    """How alike each phrasing is to the question, by its number."""
    alike: dict[int, float] = {}
    for feature, value in vector.items():
        for phrasing, weight in block.phrasings.get(feature, ()):
            alike[phrasing] = alike.get(phrasing, 0.0) + value * weight
    return alike


def _best(index: Index, alike: Mapping[int, float]) -> dict[int, tuple[float, int]]:
    """Each target's best phrasing: how alike it is, and its number."""
    best: dict[int, tuple[float, int]] = {}
    for phrasing, value in alike.items():
        owner = index.owners[phrasing]
        if owner not in best or value > best[owner][0]:
            best[owner] = (value, phrasing)
    return best


def _votes(index: Index, alike: Mapping[int, float]) -> dict[int, float]:
    """Each target's share of the likeness of the phrasings that are most alike."""
    nearest = nsmallest(_VOTERS, alike.items(), key=lambda one: (-one[1], one[0]))
    total = sum(value for _, value in nearest)
    votes: dict[int, float] = {}
    for phrasing, value in nearest:
        owner = index.owners[phrasing]
        votes[owner] = votes.get(owner, 0.0) + value / total
    return votes


def _centres(block: Block, vector: Mapping[str, float]) -> dict[int, float]:
    centre: dict[int, float] = {}
    for feature, value in vector.items():
        for target, weight in block.centroids.get(feature, ()):
            centre[target] = centre.get(target, 0.0) + value * weight
    return centre


def _weighed(block: Block, features: Mapping[str, float]) -> dict[str, float]:
    """The unit vector; words that the base does not know keep their length, and so lower every likeness."""
    weighed = {feature: value * block.weight.get(feature, UNSEEN) for feature, value in features.items()}
    length = math.sqrt(sum(value * value for value in weighed.values()))
    if not length:
        return {}
    return {feature: value / length for feature, value in weighed.items() if feature in block.weight}
