"""A question's words -> how likely each target is its answer, 0 to 1.

Two stages: inverted lists give the targets with most in common, then each of the best is looked at closely, and what is
seen there is weighed by `model.py`.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from typing import NamedTuple

from bot.answering.features import BLOCKS, Features, features_of, focus_of, kind_asked, spoken_words
from bot.answering.index import UNSEEN, Block, Index
from bot.answering.lexicon import CONCEPTS, FILLERS, STOP
from bot.answering.model import Signals, declines, likelihoods
from bot.answering.reading import Reading
from bot.answering.words import stem, words
from bot.book.entries import Kind

CANDIDATES = 24

_ALIKE = 0.75
_VOTERS = 10
_DECLINING = 4
_SPELT_OUT = 6


class Scored(NamedTuple):
    """A target by number, with its signals and the likelihood that it is the answer."""

    target: int
    signals: Signals
    score: float


def score(index: Index, reading: Reading, kinds: Collection[Kind] = ()) -> list[Scored]:
    """The targets that have most in common with the question, likeliest first.

    At most 24 that answer, and of those that say "I don't have that" the likeliest one, for they repeat each other.
    `kinds` narrows to some kinds of entry, a view's aspect among them, and leaves the latter out.
    """
    features = features_of(reading.words, reading.certainty, reading.also)
    if not features.stems:
        return []
    near = _Nearness.of(index, features, kinds)
    question = _Question.of(index, reading, features)
    seen = {target: question.signals(index, target, near) for target in near.chosen}
    answers = [target for target in near.chosen if target < index.answering]
    declining = [target for target in near.chosen if target >= index.answering]
    targets = [*answers, *nlargest(1, declining, key=lambda target: (declines(seen[target]), -target))]
    scored = map(
        Scored,
        targets,
        [seen[target] for target in targets],
        likelihoods([(seen[target], target < index.answering) for target in targets]),
    )
    return sorted(scored, key=lambda one: (-one.score, one.target))


def likeness(index: Index, reading: Reading, target: int, without: str) -> float:
    """How alike the question is to the nearest phrasing of a target, one phrasing left out; 0 to 1."""
    stems = index.blocks["stems"]
    question = _weighed(stems, features_of(reading.words, reading.certainty, reading.also).stems)
    left_out = spoken_words(index.namer.name(words(without)))
    return max(
        (
            _dot(question, stems.vectors[number])
            for number in index.phrasings[target]
            if index.spoken[number] != left_out
        ),
        default=0.0,
    )


@dataclass(frozen=True)
class _Nearness:
    """How alike the question is to the targets that are nearest by their centroids and texts, by target number.

    `best` holds the likeness and the number of the nearest phrasing.
    """

    chosen: Sequence[int]
    best: Mapping[int, tuple[float, int]]
    centre: Mapping[int, float]
    pairs: Mapping[int, float]
    trigrams: Mapping[int, float]
    trigram_centre: Mapping[int, float]
    text: Mapping[int, float]
    votes: Mapping[int, float]

    @classmethod
    def of(cls, index: Index, features: Features, kinds: Collection[Kind]) -> "_Nearness":
        stems, pairs, trigrams = (index.blocks[name] for name in BLOCKS)
        by_stems = _weighed(stems, features.stems)
        by_pairs = _weighed(pairs, features.pairs)
        by_trigrams = _weighed(trigrams, features.trigrams)
        centre = _centres(stems, by_stems)
        trigram_centre = _centres(trigrams, by_trigrams)
        text = _centres(index.texts, _weighed(index.texts, features.stems))
        near = nsmallest(
            CANDIDATES,
            (
                target
                for target in centre.keys() | text.keys()
                if target < index.answering and index.targets[target].is_of(kinds)
            ),
            key=lambda target: (
                -centre.get(target, 0.0)
                - 0.5 * trigram_centre.get(target, 0.0)
                - 0.3 * text.get(target, 0.0),
                target,
            ),
        )
        nothing = [target for target in centre if target >= index.answering] if not kinds else []
        near += nsmallest(_DECLINING, nothing, key=lambda target: (-centre[target], target))
        alike = {
            target: [(_dot(by_stems, stems.vectors[number]), number) for number in index.phrasings[target]]
            for target in near
        }
        nearest = {target: nlargest(_SPELT_OUT, found) for target, found in alike.items()}
        return cls(
            near,
            {target: found[0] for target, found in nearest.items()},
            centre,
            {
                target: max(_dot(by_pairs, pairs.vectors[at]) for _, at in found)
                for target, found in nearest.items()
            },
            {
                target: max(_dot(by_trigrams, trigrams.vectors[at]) for _, at in found)
                for target, found in nearest.items()
            },
            trigram_centre,
            text,
            _votes(alike),
        )


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
        best, phrasing = near.best[number]
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
        reverse = self._covers(index.blocks["stems"].vectors[phrasing])
        return Signals(
            best=best,
            centre=near.centre.get(number, 0.0),
            pairs=near.pairs[number],
            trigrams=near.trigrams[number],
            trigram_centre=near.trigram_centre.get(number, 0.0) if target.answer else near.trigrams[number],
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

    def _covers(self, phrasing: Mapping[str, float]) -> float:
        """How much of a phrasing, by weight, stands in the question."""
        total = sum(phrasing.values())
        return (
            sum(value for feature, value in phrasing.items() if feature in self.stems) / total
            if total
            else 0.0
        )


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum([one[feature] * other[feature] for feature in one.keys() & other.keys()])


def _votes(alike: Mapping[int, Sequence[tuple[float, int]]]) -> dict[int, float]:
    """Each target's share of the likeness of the phrasings that are most alike."""
    nearest = nlargest(
        _VOTERS, ((value, -number, target) for target, found in alike.items() for value, number in found)
    )
    total = sum(value for value, _, _ in nearest)
    votes: dict[int, float] = {}
    for value, _, target in nearest:
        votes[target] = votes.get(target, 0.0) + value / total if total else 0.0
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
