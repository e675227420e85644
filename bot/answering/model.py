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
        learned=0.64,
        chance=0.28,
        best=-0.18,
        centre=0.67,
        asked=1.23,
        told=2.44,
        heaviest_missing=0.47,
        unknown=0.77,
        names_missing=-2.56,
        focus_missing=-0.44,
        kind_share=0.15,
        kind_missing=-0.82,
        reverse=2.31,
        exact=1.99,
    ),
    Signals(
        learned=0.50,
        chance=-1.27,
        best=1.07,
        centre=0.00,
        asked=1.10,
        told=1.10,
        heaviest_missing=0.91,
        unknown=1.06,
        names_missing=1.16,
        focus_missing=0.44,
        kind_share=0.85,
        kind_missing=-0.65,
        reverse=-0.58,
        exact=4.16,
    ),
    2.58,
    7.23,
)
PLAIN = Weights(
    Signals(
        learned=0.00,
        chance=0.00,
        best=3.41,
        centre=9.47,
        asked=2.30,
        told=2.00,
        heaviest_missing=0.35,
        unknown=0.78,
        names_missing=-2.93,
        focus_missing=-0.64,
        kind_share=0.55,
        kind_missing=-1.15,
        reverse=1.99,
        exact=2.08,
    ),
    Signals(
        learned=0.00,
        chance=0.00,
        best=3.37,
        centre=0.00,
        asked=2.03,
        told=2.03,
        heaviest_missing=0.52,
        unknown=0.28,
        names_missing=2.34,
        focus_missing=0.63,
        kind_share=0.79,
        kind_missing=-0.54,
        reverse=0.66,
        exact=4.42,
    ),
    3.80,
    7.74,
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
