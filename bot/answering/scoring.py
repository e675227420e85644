"""A question's words -> how likely each target is its answer, 0 to 1.

Two stages: the learnt model (in a big base the inverted lists of the targets' centres) gives the targets worth looking
at, then each of those is looked at closely, and what is seen there is weighed by `model.py`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from bot.answering.features import BLOCK_WEIGHTS, EDGE, NEXT_BUT_ONE, NUMBERED, Shape, kind_asked
from bot.answering.index import Index, Laid, Learned, Target
from bot.answering.lexicon import FILLERS, STOP
from bot.answering.model import AT, LEARNT, likelihoods
from bot.answering.reading import Reading
from bot.answering.sparse import Floats, Ints, Sparse, sums
from bot.answering.words import words
from bot.book.entries import Kind

CANDIDATES = 10

_ALIKE = 0.75
_DECLINING = 3
_BUDGET = 24_000
_AT_LEAST = 6
_LIGHTEST = 0.05
_NEAR_ENOUGH = 0.05
"""How like its centre a question must be for a laid target to be looked at closely: less never made one likely."""

_NONE = np.zeros(0, np.int64)
_SHARES = [(weight / sum(BLOCK_WEIGHTS)) ** 0.5 for weight in BLOCK_WEIGHTS]


SPOKEN = _SHARES[0]
"""The length of the stems alone in a vector of all features."""


class Scored(NamedTuple):
    """A target by number, with the likelihood that it is the answer."""

    target: int
    score: float


def score(index: Index, reading: Reading, kinds: Collection[Kind] = ()) -> list[Scored]:
    """The targets that have most in common with the question, likeliest first.

    At most ten that answer, and of those that say "I don't have that" the likeliest one, for they repeat each other.
    `kinds` narrows to some kinds of entry, a view's aspect among them, and leaves the latter out.
    """
    return weighed(index, *look(index, reading, kinds))


def weighed(index: Index, chosen: Ints, seen: Floats) -> list[Scored]:
    """What was looked at -> the targets, likeliest first."""
    if not len(chosen):
        return []
    answering = index.is_answer(chosen)
    found = _evened(seen, likelihoods(seen, answering, index.is_learned(chosen)), answering)
    scored = [
        Scored(target, likely)
        for target, likely in zip(chosen.tolist(), found.tolist(), strict=True)
        if likely > 0
    ]
    return sorted(scored, key=lambda one: (-one.score, one.target))


def look(index: Index, reading: Reading, kinds: Collection[Kind] = ()) -> tuple[Ints, Floats]:
    """The candidates by number, those of the shared index first, and a row of signals for each."""
    whole = Vector.of(index.laid or index, reading)
    vector = whole.below(index.starts[3])
    gone = _NONE if index.laid is None else index.laid.gone
    answered = gone[gone < index.answering]
    below = map(index.target, range(index.answering))
    if index.learned is not None:
        logits = _logits(index.learned, vector)
        offered = _of_kinds(logits[:-1], below, kinds)
        if len(answered):
            offered = offered.copy()
            offered[answered] = -np.inf
        answers = _top(offered, CANDIDATES)
    else:
        near = _near(index.postings, vector.features, vector.values, index.answering)
        near[answered] = 0
        answers = _top(_of_kinds(near, below, kinds), CANDIDATES)
        answers = answers[near[answers] > 0]
    declines = answers[:0]
    if not kinds:
        declines = _declines(index, vector)
        declines = declines[[one not in gone for one in declines]] if len(gone) else declines
    chosen = np.concatenate([answers, declines])
    seen = _signals(index, reading, vector, chosen)
    if index.learned is not None:
        # Known unknowns are one target to the learnt model, the last.
        seen[:, AT["learned"]] = logits[np.minimum(chosen, index.answering)]
    else:
        seen[: len(answers), AT["centre"]] = near[answers]
    if index.laid is None or not index.laid.targets:
        return chosen, seen
    laid, more = _look_at_laid(index.laid, reading, whole, kinds)
    if index.learned is not None and len(laid):
        twins = index.laid.twins[laid]
        more[:, AT["learned"]] = np.where(twins >= 0, logits[twins], 0)
    return np.concatenate([chosen, laid + len(index.targets)]), np.concatenate([seen, more])


def _look_at_laid(
    laid: Laid, reading: Reading, vector: "Vector", kinds: Collection[Kind]
) -> tuple[Ints, Floats]:
    near = laid.centres.times(vector.features, vector.values)
    chosen = _top(_of_kinds(near, laid.targets, kinds), CANDIDATES)
    chosen = chosen[near[chosen] > _NEAR_ENOUGH]
    seen = _signals(laid, reading, vector, chosen)
    seen[:, AT["centre"]] = near[chosen]
    return chosen, seen


def declining_like(index: Index, vector: "Vector", least: float) -> Ints:
    """The known unknowns that have at least so much in common with a question, by number."""
    stems = slice(vector.spoken)
    count = len(index.targets) - index.answering
    near = _near(index.declining, vector.features[stems], vector.values[stems] / np.float32(SPOKEN), count)
    return np.flatnonzero(near >= least) + index.answering


def likeness(index: Index, reading: Reading, target: int, without: str) -> float:
    """How alike the question is to the nearest phrasing of a target, one phrasing left out; 0 to 1."""
    vector = Vector.of(index, reading)
    left_out = index.phrasing(index.namer.name(words(without)))
    numbers = np.array(
        [at for at in range(*index.phrasings[target : target + 2]) if at != left_out], np.int64
    )
    columns, values, counts = index.spoken.rows(numbers)
    return float(sums(vector.stems(index)[columns] * values, counts).max(initial=0.0))


@dataclass(frozen=True)
class Vector:
    """A question as numbered features, a unit vector in each block as far as the base knows its words.

    Words that the base does not know keep their length, and so lower every likeness. The first `spoken` are stems.
    """

    features: Ints
    values: Floats
    spoken: int

    @classmethod
    def of(cls, lens: "Lens", reading: Reading) -> Self:
        """The vector of a question as it was read."""
        stems: dict[int, float] = {}
        trigrams: dict[int, float] = {}
        row, sure = [EDGE], [1.0]
        lost_stems = lost_trigrams = 0.0
        for word in reading.words:
            shape = lens.shape(word)
            certainty = reading.certainty.get(word, 1.0)
            for number, weight in shape.stems:
                if number < 0:
                    lost_stems += weight * weight
                elif (value := weight * certainty) > stems.get(number, 0.0):
                    stems[number] = value
            lost_stems += 1 - certainty * certainty
            for number in shape.trigrams:
                if number < 0:
                    lost_trigrams += 1
                elif certainty > trigrams.get(number, 0.0):
                    trigrams[number] = certainty
            row.append(shape.pair)
            sure.append(certainty)
        row.append(EDGE)
        sure.append(1.0)
        pairs, weights, lost_pairs = _pairs(lens, row, sure)
        features = np.concatenate(
            [
                np.array(list(stems), np.int64),
                pairs,
                np.array(list(trigrams), np.int64) + lens.starts[2],
            ]
        )
        values = np.concatenate(
            [
                np.array(list(stems.values()), np.float32),
                weights,
                np.array(list(trigrams.values()), np.float32),
            ]
        )
        values *= lens.rarity_of(features)
        ends = (len(stems), len(stems) + len(pairs), len(features))
        start = 0
        for end, lost, share in zip(ends, (lost_stems, lost_pairs, lost_trigrams), _SHARES, strict=True):
            block = values[start:end]
            length = (float(block @ block) + lost) ** 0.5
            if length:
                block *= np.float32(share / length)
            start = end
        return cls(features, values, len(stems))

    def below(self, first: int) -> Self:
        """The vector to those who do not know the features from `first` on, and to whom they are new words."""
        known = self.features < first
        if known.all():
            return self
        return type(self)(self.features[known], self.values[known], int(known[: self.spoken].sum()))

    def stems(self, lens: "Lens") -> Floats:
        """The stems alone, as a full unit vector."""
        full = np.zeros(lens.width, np.float32)
        full[lens.places(self.features[: self.spoken])] = self.values[: self.spoken] / np.float32(SPOKEN)
        return full


class Lens(Protocol):
    """What a question is held against: an index, or what a server has laid on one."""

    @property
    def starts(self) -> tuple[int, int, int, int]: ...  # noqa: D102 - see Index
    @property
    def phrasings(self) -> Ints: ...  # noqa: D102
    @property
    def spoken(self) -> Sparse: ...  # noqa: D102
    @property
    def kinds(self) -> Floats: ...  # noqa: D102
    @property
    def width(self) -> int: ...  # noqa: D102
    def shape(self, word: str) -> Shape: ...  # noqa: D102
    def pair_numbers(self, keys: Ints) -> Ints: ...  # noqa: D102
    def rarity_of(self, features: Ints) -> Floats: ...  # noqa: D102
    def places(self, stems: Ints) -> Ints: ...  # noqa: D102


def _pairs(lens: Lens, row: Sequence[int], sure: Sequence[float]) -> tuple[Ints, Floats, float]:
    """The base's pairs in a row of places in pairs, their weights, and the squared length of those it does not have."""
    keys: dict[int, float] = {}
    lost = 0.0
    for step, heft in ((1, 1.0), (2, NEXT_BUT_ONE)):
        for at in range(len(row) - step):
            left, right, weight = row[at], row[at + step], heft * min(sure[at], sure[at + step])
            if left < 0 or right < 0:
                lost += weight * weight
            elif weight > keys.get(left * NUMBERED + right, 0.0):
                keys[left * NUMBERED + right] = weight
    pairs, weights = np.array(list(keys), np.int64), np.array(list(keys.values()), np.float32)
    found = lens.pair_numbers(pairs)
    known = found >= 0
    return found[known], weights[known], lost + float((weights[~known] ** 2).sum())


def _logits(learned: Learned, vector: Vector) -> Floats:
    """The learnt model's logit of each target that answers, and of "I don't have that"."""
    row = learned.row[vector.features]
    looked = row >= 0
    return vector.values[looked] @ learned.weights[row[looked]]


def _of_kinds(near: Floats, targets: Iterable[Target], kinds: Collection[Kind]) -> Floats:
    if not kinds:
        return near
    allowed = np.array([target.is_of(kinds) for target in targets])
    return np.where(allowed, near, np.float32(-np.inf))


def _top(near: Floats, count: int) -> Ints:
    """The places of the largest values, in order of place; minus infinity is never among them."""
    found = np.argpartition(-near, count)[:count] if len(near) > count else np.arange(len(near))
    return np.sort(found[near[found] > -np.inf])


def _declines(index: Index, vector: Vector) -> Ints:
    """The known unknowns that have most in common with the question."""
    stems = slice(vector.spoken)
    near = _near(
        index.declining, vector.features[stems], vector.values[stems], len(index.targets) - index.answering
    )
    found = _top(near, _DECLINING)
    return found[near[found] > 0] + index.answering


def _near(postings: Sparse, features: Ints, values: Floats, count: int) -> Floats:
    """How alike the question is to each target by inverted lists, the shortest lists first, to a limit of work."""
    sizes = postings.bounds[features + 1] - postings.bounds[features]
    if sizes.sum() > _BUDGET:
        order = np.argsort(sizes, kind="stable")
        order = order[: max(int(np.searchsorted(np.cumsum(sizes[order]), _BUDGET)), _AT_LEAST)]
        features, values = features[order], values[order]
    targets, weights, counts = postings.rows(features)
    return np.bincount(targets, np.repeat(values, counts) * weights, minlength=count).astype(np.float32)


def _signals(lens: Lens, reading: Reading, vector: Vector, chosen: Ints) -> Floats:
    """What speaks for and against each target, a row each, in the order of Signals.

    `learned` and `centre` stay 0, for these are seen before.
    """
    seen = np.zeros((len(chosen), len(AT)), np.float32)
    if not len(chosen):
        return seen
    stems = vector.stems(lens)
    content = _Content.of(lens, reading)
    bits = np.zeros(len(stems), np.int64)
    bits[lens.places(np.array(list(content.bits), np.int64))] = list(content.bits.values())
    firsts, lasts = lens.phrasings[chosen], lens.phrasings[chosen + 1]
    columns, values, counts, lengths = lens.spoken.ranges(firsts, lasts)
    alike = sums(stems[columns] * values, counts)
    phrased = lasts - firsts
    best = np.maximum.reduceat(alike, np.cumsum(phrased) - phrased)
    asked = _united(bits[columns], lengths)
    heft = np.array(content.heft, np.float32)
    covered = ((asked[:, None] >> np.arange(len(heft))) & 1) @ heft

    seen[:, AT["best"]] = best
    seen[:, AT["asked"]] = covered / (float(heft.sum()) or 1.0)
    if content.names:
        seen[:, AT["names_missing"]] = 1 - np.bitwise_count(asked & content.names) / content.names.bit_count()
    kind = kind_asked(reading.words)
    seen[:, AT["kind_share"]] = lens.kinds[chosen, kind] if kind else 0.5
    seen[:, AT["kind_missing"]] = seen[:, AT["kind_share"]] == 0
    seen[:, AT["exact"]] = np.maximum(0, best - _ALIKE) / (1 - _ALIKE)
    return seen


def _evened(seen: Floats, found: Floats, answering: NDArray[np.bool_]) -> Floats:
    """The likelihoods, shared out evenly between answers alike in all that is seen: learning must not tell twins apart.

    Of known unknowns only one counts, and keeps what it has: in halves it could come behind an entry.
    """
    best = np.sort(seen[:, AT["best"]].round(5))
    if not (best[1:] == best[:-1]).any():
        return found
    alike: dict[bytes, list[int]] = {}
    for at in np.flatnonzero(answering).tolist():
        alike.setdefault(seen[at, LEARNT:].round(5).tobytes(), []).append(at)
    for group in alike.values():
        if len(group) > 1:
            found[group] = found[group].mean()
    return found


def _united(bits: Ints, counts: Ints) -> Ints:
    """The bits that any entry of a row has, rows lying one after another."""
    found = np.bitwise_or.reduceat(np.append(bits, 0), np.cumsum(counts) - counts)
    found[counts == 0] = 0
    return found


@dataclass(frozen=True)
class _Content:
    """The words of a question that say something, a bit each; `bits` says which features stand for which words."""

    bits: dict[int, int]
    heft: list[float]
    names: int

    @classmethod
    def of(cls, lens: Lens, reading: Reading) -> Self:
        bits: dict[int, int] = {}
        heft: list[float] = []
        names = 0
        for word in dict.fromkeys(reading.words):
            if word in STOP or word in FILLERS or len(heft) == 60:
                continue
            bit = 1 << len(heft)
            stems = lens.shape(word).stems
            for number, _ in stems:
                if number >= 0:
                    bits[number] = bits.get(number, 0) | bit
            first = np.array([stems[0][0]], np.int64)
            heft.append(max(float(lens.rarity_of(first)[0]), _LIGHTEST) if stems[0][0] >= 0 else 1.0)
            if word.startswith("@"):
                names |= bit
        return cls(bits, heft, names)
