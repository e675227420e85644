"""Fits the constants of `bot/answering/model.py`.

Learns from `development.jsonl`: questions that people wrote who had read only the reviews, with the entries that
answer each (none: nothing does), and from one in nine of the base's own asks as they stand. The golden table of
`tests/golden.jsonl` is never read. The model is the one that the engine computes: a softmax over the candidates of a
question and the possibility that none is right, with one set of weights for entries and one for known unknowns.

Run: uv run --with numpy python -m tests.benchmarks.fit_scoring
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.answering.index import Index, build_index
from bot.answering.model import Signals
from bot.answering.reading import read
from bot.answering.scoring import CANDIDATES, score
from bot.book.book import Book, name_of
from bot.content.library import load_all, shipped

Array: TypeAlias = "NDArray[np.float64]"

DEVELOPMENT = Path(__file__).parent / "development.jsonl"
EVERY = 9
OWN_SHARE = 2.0
DECLINED_SHARE = 1.2
STEPS = 1000
RATE = 0.1
DECAY = 2e-4

ONE = len(Signals._fields)
WIDTH = 2 * ONE + 2  # weights of entries, of known unknowns, and the constant of the latter; then "is there"


def examples(index: Index, asked: Iterator[tuple[str, list[str]]]) -> tuple[Array, Array, Array]:
    """For each question: its candidates' signals, which of them are right, and whether none should answer."""
    rows, rights, nothing = [], [], []
    for question, answers in asked:
        row, right = np.zeros((CANDIDATES + 1, WIDTH)), np.zeros(CANDIDATES + 1)
        for at, one in enumerate(score(index, read(index, question))):
            answer = index.targets[one.target].answer
            start = ONE if answer is None else 0
            row[at, start : start + ONE] = one.signals
            row[at, 2 * ONE] = answer is None
            row[at, 2 * ONE + 1] = 1
            right[at] = answer is not None and name_of(answer) in answers
        rows.append(row)
        rights.append(right)
        nothing.append(float(not answers))
    return np.array(rows), np.array(rights), np.array(nothing)


def development() -> Iterator[tuple[str, list[str]]]:
    """The questions to learn from."""
    for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["question"], row["answers"]


def without(book: Book, questions: set[str]) -> Book:
    """The book without the asks that stand among the questions, so that each is met as if for the first time."""
    entries = tuple(
        entry.model_copy(update={"asks": tuple(ask for ask in entry.asks if ask not in questions)})
        for entry in book.entries
    )
    aspects = tuple(
        aspect.model_copy(update={"asks": tuple(ask for ask in aspect.asks if ask not in questions)})
        for aspect in book.head.aspects
    )
    return replace(
        book,
        head=book.head.model_copy(update={"aspects": aspects}),
        entries=entries,
        unanswered=tuple(ask for ask in book.unanswered if ask not in questions),
    )


def own_asks(book: Book) -> Iterator[tuple[str, list[str]]]:
    """Some of the base's own phrasings, which must find their home."""
    for entry in book.entries:
        yield from ((ask, [entry.id]) for ask in entry.asks[len(entry.id) % EVERY :: EVERY])
    yield from ((ask, []) for ask in book.unanswered[::EVERY])


def likelihoods(weights: Array, none: float, rows: Array) -> tuple[Array, Array]:
    """Of each candidate, and of none of them."""
    totals = rows[:, :, : 2 * ONE + 1] @ weights
    totals[rows[:, :, 2 * ONE + 1] == 0] = -1e9
    top = np.maximum(totals.max(1), none)
    powers, power = np.exp(totals - top[:, None]), np.exp(none - top)
    everything = powers.sum(1) + power
    return powers / everything[:, None], power / everything


def fit(sets: list[tuple[Array, Array, Array, float]]) -> tuple[Array, float]:
    """Adam on the mean log-likelihood of what is right, each set with its share."""
    weights, none = np.zeros(2 * ONE + 1), 0.0
    first = second = np.zeros(2 * ONE + 2)
    for step in range(1, STEPS + 1):
        slope = np.append(DECAY * weights, 0.0)
        for rows, rights, nothing, share in sets:
            found, nowhere = likelihoods(weights, none, rows)
            declining = found * (rows[:, :, 2 * ONE] == 1) * (rows[:, :, 2 * ONE + 1] == 1)
            given = found * rights
            mass = given.sum(1)
            declined = declining.sum(1) + nowhere
            wanted = np.where(
                nothing[:, None] > 0, declining / declined[:, None], given / np.maximum(mass, 1e-12)[:, None]
            )
            wanted_none = np.where(nothing > 0, nowhere / declined, 0.0)
            usable = (mass > 0) | (nothing > 0)
            heft = share * usable * np.where(nothing > 0, DECLINED_SHARE, 1.0) / usable.sum()
            slope[:-1] += np.einsum("ij,ijf->f", (found - wanted) * heft[:, None], rows[:, :, : 2 * ONE + 1])
            slope[-1] += float(((nowhere - wanted_none) * heft).sum())
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        move = RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        weights = weights - move[:-1]
        none -= float(move[-1])
    return weights, none


def main() -> None:
    """Prints the constants, to be put into `model.py`."""
    book = next(load_all(shipped())).book
    assert book is not None
    book = without(book, {question for question, _ in development()})
    index = build_index(book)
    weights, none = fit(
        [(*examples(index, development()), 1.0), (*examples(index, own_asks(book)), OWN_SHARE)]
    )
    for name, part in (("ANSWERS", weights[:ONE]), ("DECLINES", weights[ONE : 2 * ONE])):
        print(f"{name} = Signals(")
        for signal, weight in zip(Signals._fields, part, strict=True):
            print(f"    {signal}={weight:.2f},")
        print(")")
    print(f"DECLINE = {weights[2 * ONE]:.2f}")
    print(f"NONE = {none:.2f}")


if __name__ == "__main__":
    main()
