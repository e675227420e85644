"""Phrasings with their targets -> a linear model that tells the targets apart.

Multinomial logistic regression by stochastic gradient steps, a phrasing at a time in a fixed random order. Plain
steps without momentum and a few rounds are enough, and need no solver; regularisation by leaving out features and by
stopping early does better than a penalty. Naive Bayes alone is two points behind, and added it steadies the rest.
"""

import numpy as np

from bot.answering.sparse import Floats, Ints, Sparse

RATE = 5.0
SETTLED = 0.95
"""The chance of its own target from which a phrasing has nothing more to teach."""

BAYES = 0.4
"""How much the weights of naive Bayes, which counts and does not learn, are added to the learnt ones."""

SMOOTH = 0.025
"""What naive Bayes adds to each count."""

DROPPED = 0.4
"""The part of a phrasing's features left out of each look at it, so that none is relied on alone."""

MOST_CELLS = 8_000_000
"""Weights that are learnt at most, 32 MB."""

_WORK = 3_000_000_000
_FEWEST, _MOST = 2, 20


def rounds(values: int, count: int) -> int:
    """How often to go through phrasings with so many values in all, for so many targets.

    Twenty times in a small base, twice in a large one, for some three seconds' work; 0 where that is not enough to learn.
    """
    times = _WORK // max(values * count, 1)
    return min(times, _MOST) if times >= _FEWEST else 0


def weights_of(phrasings: Sparse, targets: Ints, width: int, count: int, times: int) -> Floats:
    """The weights, a row a feature (of `width`), a column a target (of `count`), after going through so many times.

    Phrasings of target -1 are left out. The same input gives the same weights.
    """
    weights = np.zeros((width, count), np.float32)
    order = np.random.default_rng(0)
    usable = np.flatnonzero(targets >= 0)
    total = len(usable)
    bounds, owners = phrasings.bounds.tolist(), targets.tolist()
    step = 0
    raised = np.float32((1 - DROPPED) ** -0.5)
    for _ in range(times):
        for at in order.permutation(usable).tolist():
            start, end = bounds[at], bounds[at + 1]
            kept = order.random(end - start) > DROPPED
            features = phrasings.columns[start:end][kept]
            values = phrasings.values[start:end][kept] * raised
            rows = weights[features]
            logits = values @ rows
            logits -= logits.max()
            chances = np.exp(logits)
            chances *= 1 / chances.sum()
            step += 1
            if chances[owners[at]] > SETTLED:
                continue
            chances[owners[at]] -= 1
            values = values * np.float32(RATE * (1 - step / (times * total)))
            rows -= values[:, None] * chances
            weights[features] = rows
    return weights + np.float32(BAYES) * _bayes(phrasings, targets, width, count)


def _bayes(phrasings: Sparse, targets: Ints, width: int, count: int) -> Floats:
    """How much likelier each feature is in a target than in the others, as a logarithm: naive Bayes' weights."""
    owner = np.repeat(targets, np.diff(phrasings.bounds))
    mine = owner >= 0
    places = phrasings.columns[mine].astype(np.int64) * count + owner[mine]
    sums = np.bincount(places, phrasings.values[mine], minlength=width * count).astype(np.float32)
    shares = sums.reshape(width, count) + np.float32(SMOOTH)
    found = np.log(shares / shares.sum(0))
    return np.asarray(found - found.mean(1, keepdims=True), np.float32)
