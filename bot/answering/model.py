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
        learned=0.93,
        chance=0.05,
        best=1.09,
        centre=-1.95,
        asked=1.18,
        told=1.97,
        heaviest_missing=0.54,
        unknown=1.08,
        names_missing=-2.37,
        focus_missing=-0.07,
        kind_share=0.43,
        kind_missing=-0.86,
        reverse=1.26,
        exact=2.94,
    ),
    Signals(
        learned=0.98,
        chance=-3.27,
        best=1.86,
        centre=2.68,
        asked=0.92,
        told=0.92,
        heaviest_missing=-0.02,
        unknown=-0.90,
        names_missing=0.86,
        focus_missing=-0.33,
        kind_share=-0.54,
        kind_missing=-1.33,
        reverse=0.14,
        exact=2.62,
    ),
    -0.00,
    5.70,
)
PLAIN = Weights(
    Signals(
        learned=0.00,
        chance=0.00,
        best=3.66,
        centre=8.40,
        asked=2.19,
        told=1.78,
        heaviest_missing=0.41,
        unknown=1.38,
        names_missing=-2.92,
        focus_missing=-0.30,
        kind_share=0.86,
        kind_missing=-1.03,
        reverse=1.43,
        exact=2.57,
    ),
    Signals(
        learned=0.00,
        chance=0.00,
        best=4.03,
        centre=3.25,
        asked=1.05,
        told=1.05,
        heaviest_missing=-0.82,
        unknown=-0.92,
        names_missing=2.27,
        focus_missing=-0.09,
        kind_share=-0.40,
        kind_missing=-1.31,
        reverse=2.12,
        exact=2.55,
    ),
    2.93,
    6.43,
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
