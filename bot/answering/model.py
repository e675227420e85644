"""What is seen of a candidate -> how likely it is the answer.

A linear model whose constants belong to no book: `tests/benchmarks/fit_scoring.py` fitted them on questions that
people wrote who had read only the reviews, each met as if for the first time.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple


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


ANSWERS = Signals(
    best=1.37,
    centre=0.23,
    pairs=2.31,
    trigrams=0.16,
    trigram_centre=1.39,
    text=0.22,
    asked=2.16,
    told=2.30,
    heaviest_missing=-0.79,
    unknown=0.57,
    names_missing=-3.10,
    names_unasked=0.01,
    focus_missing=-0.34,
    kind_share=3.49,
    kind_missing=-1.90,
    reverse=2.62,
    exact=1.66,
    votes=1.59,
)
DECLINES = Signals(
    best=1.59,
    centre=0.77,
    pairs=2.38,
    trigrams=0.03,
    trigram_centre=0.03,
    text=0.00,
    asked=1.46,
    told=1.46,
    heaviest_missing=-1.50,
    unknown=-0.66,
    names_missing=1.14,
    names_unasked=-0.55,
    focus_missing=-0.07,
    kind_share=-1.68,
    kind_missing=-3.47,
    reverse=3.71,
    exact=0.57,
    votes=-0.97,
)
DECLINE = 4.57
NONE = 5.52


def likelihoods(candidates: Sequence[tuple[Signals, bool]]) -> list[float]:
    """How likely each candidate is the answer, 0 to 1; what is missing to 1 is that none of them is.

    A candidate is its signals, and whether it answers or says "I don't have that".
    """
    totals = [_sum(ANSWERS, signals) if answers else declines(signals) for signals, answers in candidates]
    top = max([*totals, NONE])
    powers = [math.exp(total - top) for total in totals]
    everything = sum(powers) + math.exp(NONE - top)
    return [power / everything for power in powers]


def _sum(weights: Signals, signals: Signals) -> float:
    return sum(weight * signal for weight, signal in zip(weights, signals, strict=True))


def declines(signals: Signals) -> float:
    """How much a known unknown with these signals weighs against the candidates that answer."""
    return DECLINE + _sum(DECLINES, signals)
