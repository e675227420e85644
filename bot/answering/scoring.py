"""A question's words -> how likely each target is its answer, 0 to 1.

Two stages: inverted lists give the targets with most in common, then each of the best is looked at closely. What is
seen there (`Signals`) is weighed by a linear model whose constants belong to no book: they were fitted by
`tests/benchmarks/fit_scoring.py` on asks held out of a base.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import NamedTuple

from bot.answering.features import BLOCKS, Features, features_of, focus_of, kind_asked
from bot.answering.index import UNSEEN, Block, Index, Target
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
    nothing: float
    nothing_best: float
    nothing_reverse: float


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
    """The targets that have most in common with the question, best first; at most 24."""
    features = features_of(reading.words, reading.certainty, reading.also)
    if not features.stems:
        return []
    best: dict[str, dict[int, tuple[float, int]]] = {}
    votes: dict[int, float] = {}
    centre: dict[str, dict[int, float]] = {}
    for name in BLOCKS:
        block = index.blocks[name]
        vector = _weighed(block, getattr(features, name))
        alike = _alike(block, vector)
        best[name] = _best(index, alike)
        if name == "stems":
            votes = _votes(index, alike)
        centre[name] = _centres(block, vector)
    text = _centres(index.texts, _weighed(index.texts, features.stems))
    rough = {
        target: value + centre["stems"].get(target, 0.0) + 0.5 * best["trigrams"].get(target, (0.0, 0))[0] + 0.3 * text.get(target, 0.0)
        for target, (value, _) in best["stems"].items()
    }
    for target, value in text.items():
        rough.setdefault(target, 0.3 * value)
    chosen = sorted(rough, key=lambda target: (-rough[target], target))[:CANDIDATES]
    question = _Question.of(index, reading, features)
    seen = []
    for target in chosen:
        likeness, phrasing = best["stems"].get(target, (0.0, -1))
        signals = question.signals(
            index.targets[target],
            likeness,
            centre["stems"].get(target, 0.0),
            best["pairs"].get(target, (0.0, 0))[0],
            best["trigrams"].get(target, (0.0, 0))[0],
            centre["trigrams"].get(target, 0.0),
            text.get(target, 0.0),
            index.phrasings[phrasing] if phrasing >= 0 else None,
            votes.get(target, 0.0),
        )
        seen.append(signals)
    scored = map(Scored, chosen, seen, likelihoods(seen))
    return sorted(scored, key=lambda one: (-one.score, one.target))


WEIGHTS = Signals(*[-0.09, -0.06, 1.49, -0.77, 3.77, -0.35, -0.06, 6.76, 2.18, 1.64, -3.47, -0.65, -0.59, -0.04, -2.43, 2.17, 0.23, 1.28, -1.29, -1.2, 4.39])
NONE = 8.81


def likelihoods(candidates: Sequence[Signals]) -> list[float]:
    """How likely each candidate is the answer, 0 to 1; what is missing to 1 is that none of them is."""
    totals = [sum(w * s for w, s in zip(WEIGHTS, signals, strict=True)) for signals in candidates]
    top = max([*totals, NONE])
    powers = [math.exp(total - top) for total in totals]
    everything = sum(powers) + math.exp(NONE - top)
    return [power / everything for power in powers]


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

    def signals(
        self,
        target: Target,
        best: float,
        centre: float,
        pairs: float,
        trigrams: float,
        trigram_centre: float,
        text: float,
        phrasing: Features | None,
        votes: float,
    ) -> Signals:
        asked = told = heaviest = 0.0
        for forms, heft in self.content.values():
            in_asks = any(form in target.asked for form in forms)
            if in_asks:
                asked += heft
            if in_asks or any(form in target.told for form in forms):
                told += heft
            else:
                heaviest = max(heaviest, heft)
        covered = all_of = 0.0
        if phrasing is not None:
            for feature, value in phrasing.stems.items():
                heft = value * self.weight.get(feature, UNSEEN)
                all_of += heft
                covered += heft * (feature in self.stems)
        known = bool(self.focus) and not any(form in target.asked or form in target.told for form in self.focus)
        reverse = covered / all_of if all_of else 0.0
        nothing = 1.0 if target.answer is None else 0.0
        share = target.kinds.get(self.kind, 0.0) if self.kind else 0.5
        return Signals(
            best,
            centre,
            pairs,
            trigrams,
            trigram_centre,
            text,
            asked / self.total if self.total else 0.0,
            told / self.total if self.total else 0.0,
            heaviest,
            self.unknown,
            len(self.names - target.names) / len(self.names) if self.names else 0.0,
            len(target.own_names - self.names) / len(target.own_names) if target.own_names else 0.0,
            1.0 if known else 0.0,
            share,
            1.0 if share == 0.0 else 0.0,
            reverse,
            max(0.0, best - _ALIKE) / (1 - _ALIKE),
            votes,
            nothing,
            nothing * best,
            nothing * reverse,
        )


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
