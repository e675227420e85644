"""Fits the constants of `bot/answering/scoring.py` on asks held out of a base.

Every fifth ask of each entry, and of what the base is known not to answer, is taken out; the rest makes the index,
and the model learns to tell a held-out ask's own entry from the other candidates. No question of the golden table
is seen. Run: uv run --with numpy python -m tests.benchmarks.fit_scoring
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.answering.index import build_index
from bot.answering.scoring import Signals, read, score
from bot.book.book import Book
from bot.content.library import load_all, shipped

FOLDS = 5


def examples(book: Book, fold: int) -> list[tuple[list[Signals], int]]:
    """For each held-out ask: its candidates' signals, and which of them is right (-1: none)."""
    entries = tuple(
        entry.model_copy(update={"asks": tuple(a for n, a in enumerate(entry.asks) if n % FOLDS != fold)})
        for entry in book.entries
    )
    unanswered = tuple(a for n, a in enumerate(book.unanswered) if n % FOLDS != fold)
    index = build_index(replace(book, entries=entries, unanswered=unanswered))
    found = []
    for entry in book.entries:
        for number, ask in enumerate(entry.asks):
            if number % FOLDS == fold:
                scored = score(index, read(index, ask))
                right = [getattr(index.targets[one.target].answer, "id", "") == entry.id for one in scored]
                found.append(([one.signals for one in scored], right.index(True) if True in right else -1))
    for number, ask in enumerate(book.unanswered):
        if number % FOLDS == fold:
            found.append(([one.signals for one in score(index, read(index, ask))], -1))
    return found


def main() -> None:
    book = next(load_all(Path(sys.argv[1]) if len(sys.argv) > 1 else shipped())).book
    assert book is not None
    all_examples = [example for fold in range(FOLDS) for example in examples(book, fold)]
    np.save("/tmp/studio/examples.npy", np.array(all_examples, dtype=object), allow_pickle=True)
    print(len(all_examples))


if __name__ == "__main__":
    main()
