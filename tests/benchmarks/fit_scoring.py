"""Fits the constants of `bot/answering/model.py`.

Learns from `development.jsonl`: questions that people wrote who had read only the reviews, with the entries that
answer each (none: nothing does), a tenth of them at a time put to the base without those; from one in nine of the base's own asks as they stand; from the training parts of the
public question sets, five to twenty phrasings a fact, an eighth of the facts taken away so that their questions have no
answer; and from questions on the book put to those sets, which know nothing of it. The golden table of
`tests/golden.jsonl` and the validation parts are never read. The model is the one that the engine computes: a softmax
over the candidates of a question and the possibility that none is right, with one set of weights for entries and one
for known unknowns; once with the learnt signals and once without.

Run: uv run python -m tests.benchmarks.fit_scoring
"""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.answering.building import build_index
from bot.answering.index import Index
from bot.answering.model import Signals
from bot.answering.reading import read
from bot.answering.scoring import look
from bot.book.book import Book, BookHead, name_of
from bot.content.library import load_all, shipped
from tests.benchmarks.question_sets import SETS, book_of, drawn, load, mistyped

Array: TypeAlias = "NDArray[np.float64]"
Asked: TypeAlias = tuple[str, list[str]]

DEVELOPMENT = Path(__file__).parent / "development.jsonl"
PARTS = 10
"""The development questions in a row are mostly of one writer: none is met with another of the same one in the base."""

EVERY = 9
OWN_SHARE, NEAR_SHARE, FAR_SHARE = 1.0, 0.25, 0.2
FAR = 150
STEPS = 800
RATE = 0.1
DECAY = 2e-4
ROWS = 20

ONE = len(Signals._fields)


class Examples(NamedTuple):
    """For each question: its candidates' signals, which decline, which are there, which are right; none right: decline."""

    rows: Array
    declining: Array
    there: Array
    rights: Array
    nothing: Array
    share: float


def examples(index: Index, asked: Iterable[Asked], share: float) -> Examples:
    """What the engine sees of the candidates of each question."""
    rows, declining, there, rights, nothing = [], [], [], [], []
    for question, answers in asked:
        chosen, seen = look(index, read(index, question))
        row, none, real, right = np.zeros((ROWS, ONE)), np.zeros(ROWS), np.zeros(ROWS), np.zeros(ROWS)
        row[: len(seen)], real[: len(seen)] = seen, 1
        for at, target in enumerate(chosen.tolist()):
            answer = index.targets[target].answer
            none[at] = answer is None
            right[at] = answer is not None and name_of(answer) in answers
        rows.append(row)
        declining.append(none)
        there.append(real)
        rights.append(right)
        nothing.append(float(not answers))
    return Examples(
        np.array(rows), np.array(declining), np.array(there), np.array(rights), np.array(nothing), share
    )


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


def strangers(head: BookHead, far: list[str]) -> Iterator[tuple[Book, list[Asked], float]]:
    """The public sets as books that lack an eighth of the facts, with questions on all, every second mistyped.

    And each with questions that are `far` from all it knows.
    """
    for name in SETS:
        train = load(name).train
        for seed, shots in ((101, 10), (102, 10), (103, 5), (104, 20)):
            known = drawn(train, shots, seed)
            labels = sorted({label for _, label in known})
            away = set(labels[seed % 8 :: 8])
            book, kept = book_of([one for one in known if one[1] not in away], head)
            ids = {label: entry.id for label, entry in zip(kept, book.entries, strict=True)}
            new = drawn([one for one in train if one not in set(known)], 4, seed)
            yield (
                book,
                [
                    (mistyped(text, seed) if at % 2 else text, [ids[label]] if label in ids else [])
                    for at, (text, label) in enumerate(new)
                ],
                NEAR_SHARE,
            )
            yield book, [(text, []) for text in random.Random(seed).sample(far, FAR)], FAR_SHARE


def weighed(weights: Array, sets: Examples) -> tuple[Array, Array]:
    """The likelihood of each candidate, and of none of them; of those that decline only the heaviest counts."""
    answers = sets.rows @ weights[:ONE]
    declines = sets.rows @ weights[ONE : 2 * ONE] + weights[-2]
    totals = np.where(sets.declining > 0, declines, answers)
    totals[sets.there == 0] = -1e9
    declines = np.where(sets.declining * sets.there > 0, declines, -1e9)
    lesser = (sets.declining > 0) & (declines < declines.max(1, keepdims=True))
    totals[lesser] = -1e9
    top = np.maximum(totals.max(1), weights[-1])
    powers, power = np.exp(totals - top[:, None]), np.exp(weights[-1] - top)
    everything = powers.sum(1) + power
    return powers / everything[:, None], power / everything


def fit(sets: list[Examples]) -> Array:
    """Adam on the mean log-likelihood of what is right, each set with its share."""
    weights = np.zeros(2 * ONE + 2)
    first = second = np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        slope = DECAY * weights
        slope[-1] = 0
        for one in sets:
            found, nowhere = weighed(weights, one)
            declining = found * one.declining
            given = found * one.rights
            mass, declined = given.sum(1), declining.sum(1) + nowhere
            refuse = one.nothing > 0
            wanted = np.where(
                refuse[:, None], declining / declined[:, None], given / np.maximum(mass, 1e-12)[:, None]
            )
            usable = (mass > 0) | refuse
            heft = one.share * usable / usable.sum()
            off = (found - wanted) * heft[:, None]
            slope[:ONE] += np.einsum("ij,ijf->f", off * (1 - one.declining), one.rows)
            slope[ONE : 2 * ONE] += np.einsum("ij,ijf->f", off * one.declining, one.rows)
            slope[-2] += float((off * one.declining).sum())
            slope[-1] += float(((nowhere - np.where(refuse, nowhere / declined, 0.0)) * heft).sum())
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        weights = weights - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def main() -> None:
    """Prints the constants, to be put into `model.py`."""
    book = next(load_all(shipped())).book
    assert book is not None
    asked = list(development())
    parts = [asked[len(asked) * at // PARTS : len(asked) * (at + 1) // PARTS] for at in range(PARTS)]
    bases = [
        (build_index(without(book, {question for question, _ in part})), part, 1 / PARTS) for part in parts
    ]
    bases.append((build_index(book), list(own_asks(book)), OWN_SHARE))
    bases += [
        (build_index(base), questions, share)
        for base, questions, share in strangers(book.head, [question for question, _ in asked])
    ]
    for name, learned in (("LEARNED", True), ("PLAIN", False)):
        weights = fit(
            [
                examples(index if learned else replace(index, learned=None), questions, share)
                for index, questions, share in bases
            ]
        )
        print(f"{name} = Weights(")
        for part in (weights[:ONE], weights[ONE : 2 * ONE]):
            print("    Signals(")
            for signal, weight in zip(Signals._fields, part, strict=True):
                print(f"        {signal}={weight:.2f},")
            print("    ),")
        print(f"    {weights[-2]:.2f},\n    {weights[-1]:.2f},\n)")


if __name__ == "__main__":
    main()
