"""What is seen of a candidate -> how likely it is the answer.

A linear model whose constants belong to no book: `tests/benchmarks/fit_scoring.py` fitted them on questions that
people wrote who had read only the reviews, each met as if for the first time, and on public question sets.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.answering.sparse import Floats


class Signals(NamedTuple):
    """What speaks for and against one target, each about 0 to 1; `learned` is a logit."""

    learned: float
    centre: float
    best: float
    asked: float
    names_missing: float
    kind_share: float
    kind_missing: float
    exact: float


AT = {name: number for number, name in enumerate(Signals._fields)}
"""The place of each signal in a row of them."""

LEARNT = 1
"""The first signals, which the learnt model gives."""


class Weights(NamedTuple):
    """Weights of targets that answer, of those that decline with their constant, and what "none of them" weighs."""

    answers: Signals
    declines: Signals
    decline: float
    none: float


LEARNED = Weights(
    Signals(
        learned=0.60,
        centre=0.00,
        best=1.21,
        asked=2.31,
        names_missing=-2.48,
        kind_share=-0.09,
        kind_missing=-0.70,
        exact=2.49,
    ),
    Signals(
        learned=0.37,
        centre=0.00,
        best=0.68,
        asked=2.10,
        names_missing=-0.44,
        kind_share=1.50,
        kind_missing=0.02,
        exact=4.95,
    ),
    1.89,
    5.92,
)
PLAIN = Weights(
    Signals(
        learned=0.00,
        centre=9.73,
        best=4.94,
        asked=3.52,
        names_missing=-2.53,
        kind_share=0.47,
        kind_missing=-1.23,
        exact=2.22,
    ),
    Signals(
        learned=0.00,
        centre=0.00,
        best=5.42,
        asked=2.67,
        names_missing=1.76,
        kind_share=0.22,
        kind_missing=-1.07,
        exact=3.74,
    ),
    3.73,
    6.64,
)

_SHARPER = 1.5
"""How much more likeness counts where it competes with what was learnt, whose likelihoods lie further apart.

Found with `tests/benchmarks/overlays.py`: with it, entries laid on a base answer about as often as if it had learnt them.
"""

BESIDE = Weights(
    Signals(*(_SHARPER * weight for weight in PLAIN.answers)),
    Signals(*(_SHARPER * weight for weight in PLAIN.declines)),
    _SHARPER * PLAIN.decline,
    _SHARPER * PLAIN.none,
)
"""Weights of targets that the learnt model does not know, among others that it does."""

_ARRAYS = {
    weights: np.array([weights.answers, weights.declines], np.float32).T
    for weights in (LEARNED, PLAIN, BESIDE)
}


def likelihoods(seen: Floats, answers: NDArray[np.bool_], learned: NDArray[np.bool_]) -> Floats:
    """How likely each candidate is the answer, 0 to 1; what is missing to 1 is that none of them is.

    A row of signals for each candidate, whether it answers or says "I don't have that", and whether the learnt model
    knows it. Of those that say so only the likeliest counts, for they repeat each other; the others get 0.
    """
    weights = LEARNED if learned.any() else PLAIN
    totals = _totals(seen, answers, weights)
    if learned.any() and not learned.all():
        # Each kind is weighed against "none of them" in its own way.
        totals = np.where(learned, totals, _totals(seen, answers, BESIDE) - BESIDE.none + weights.none)
    if not answers.all():
        first = int(np.argmax(np.where(answers, -np.inf, totals)))
        totals[~answers & (np.arange(len(totals)) != first)] = -np.inf
    top = max(float(totals.max(initial=-np.inf)), weights.none)
    powers = np.exp(totals - top)
    return np.asarray(powers / (powers.sum() + np.exp(weights.none - top)), np.float32)


def _totals(seen: Floats, answers: NDArray[np.bool_], weights: Weights) -> NDArray[np.float64]:
    both = (seen @ _ARRAYS[weights]).astype(np.float64)
    return np.where(answers, both[:, 0], both[:, 1] + weights.decline)


def weights_of(learned: NDArray[np.bool_]) -> list[Weights]:
    """The weights of each candidate, by whether the learnt model knows it."""
    others = BESIDE if learned.any() else PLAIN
    return [LEARNED if one else others for one in learned.tolist()]


def contributions(signals: Signals, weights: Weights, *, answers: bool) -> dict[str, float]:
    """What each signal added to a candidate, and what "none of them" weighs against it."""
    chosen = weights.answers if answers else weights.declines
    added = {
        name: round(weight * value, 3)
        for name, weight, value in zip(Signals._fields, chosen, signals, strict=True)
    }
    return added | {"threshold": round(-weights.none + (0 if answers else weights.decline), 3)}
