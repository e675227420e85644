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
    chance: float
    best: float
    centre: float
    asked: float
    told: float
    heaviest_missing: float
    unknown: float
    names_missing: float
    focus_missing: float
    kind_share: float
    kind_missing: float
    reverse: float
    exact: float


LEARNT = 2
"""The first signals, which the learnt model gives."""


class Weights(NamedTuple):
    """Weights of targets that answer, of those that decline with their constant, and what "none of them" weighs."""

    answers: Signals
    declines: Signals
    decline: float
    none: float


LEARNED = Weights(
    Signals(
        learned=0.63,
        chance=0.66,
        best=0.99,
        centre=-0.94,
        asked=0.85,
        told=1.81,
        heaviest_missing=0.22,
        unknown=1.31,
        names_missing=-2.67,
        focus_missing=0.08,
        kind_share=0.58,
        kind_missing=-0.61,
        reverse=1.32,
        exact=2.46,
    ),
    Signals(
        learned=0.60,
        chance=-1.52,
        best=0.65,
        centre=2.59,
        asked=0.96,
        told=0.96,
        heaviest_missing=-0.57,
        unknown=-0.48,
        names_missing=1.47,
        focus_missing=-0.55,
        kind_share=-0.10,
        kind_missing=-1.14,
        reverse=0.52,
        exact=2.55,
    ),
    0.20,
    5.86,
)
PLAIN = Weights(
    Signals(
        learned=0.00,
        chance=0.00,
        best=4.29,
        centre=8.38,
        asked=2.03,
        told=1.55,
        heaviest_missing=0.08,
        unknown=1.77,
        names_missing=-3.07,
        focus_missing=-0.26,
        kind_share=0.99,
        kind_missing=-0.99,
        reverse=1.24,
        exact=2.44,
    ),
    Signals(
        learned=0.00,
        chance=0.00,
        best=2.80,
        centre=2.95,
        asked=1.38,
        told=1.38,
        heaviest_missing=-0.94,
        unknown=0.60,
        names_missing=2.45,
        focus_missing=-0.50,
        kind_share=-0.14,
        kind_missing=-1.48,
        reverse=1.43,
        exact=3.15,
    ),
    3.59,
    6.51,
)


def likelihoods(seen: Floats, answers: NDArray[np.bool_], *, learned: bool) -> Floats:
    """How likely each candidate is the answer, 0 to 1; what is missing to 1 is that none of them is.

    A row of signals for each candidate, and whether it answers or says "I don't have that". Of the latter only the
    likeliest counts, for they repeat each other; the others get 0.
    """
    weights = LEARNED if learned else PLAIN
    totals = np.where(
        answers,
        seen @ np.array(weights.answers, np.float32),
        seen @ np.array(weights.declines, np.float32) + np.float32(weights.decline),
    ).astype(np.float64)
    if not answers.all():
        first = int(np.argmax(np.where(answers, -np.inf, totals)))
        totals[~answers & (np.arange(len(totals)) != first)] = -np.inf
    top = max(float(totals.max(initial=-np.inf)), weights.none)
    powers = np.exp(totals - top)
    return np.asarray(powers / (powers.sum() + np.exp(weights.none - top)), np.float32)


def contributions(signals: Signals, *, answers: bool, learned: bool) -> dict[str, float]:
    """What each signal added to a candidate, and what "none of them" weighs against it."""
    weights = LEARNED if learned else PLAIN
    chosen = weights.answers if answers else weights.declines
    added = {
        name: round(weight * value, 3)
        for name, weight, value in zip(Signals._fields, chosen, signals, strict=True)
    }
    return added | {"threshold": round(-weights.none + (0 if answers else weights.decline), 3)}
