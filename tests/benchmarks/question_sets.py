"""Public question sets as books: an intent stands for a fact, its phrasings for the fact's asks."""

import json
import random
import string
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.book.book import Book, BookHead
from bot.book.entries import Fact, Piece

SETS = ("clinc150", "banking77")
FOLDER = Path(__file__).parents[3] / "shared" / "benchmarks"

Asked = tuple[str, str]
"""A question and the intent that it belongs to."""


class QuestionSet(NamedTuple):
    """Phrasings to learn from, questions to ask, and questions that belong to no intent."""

    train: list[Asked]
    questions: list[Asked]
    strangers: list[str]


def load(name: str) -> QuestionSet:
    """One set. Raises FileNotFoundError where `../shared/benchmarks` is not at hand."""
    read = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return QuestionSet(
        [(text, label) for text, label in read["train"]],
        [(text, label) for text, label in read["val"]],
        [text for text, _ in read.get("oos_val", [])],
    )


def drawn(train: Iterable[Asked], count: int | None, seed: int) -> list[Asked]:
    """So many phrasings of each intent, at random; None: all of them."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, label in train:
        by_intent[label].append(text)
    chance = random.Random(seed)
    found = []
    for label in sorted(by_intent):
        texts = sorted(by_intent[label])
        chance.shuffle(texts)
        found += [(text, label) for text in texts[:count]]
    return found


def book_of(phrasings: Sequence[Asked], head: BookHead) -> tuple[Book, list[str]]:
    """A book with a fact for each intent, and the intents in the order of the facts' ids."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, label in phrasings:
        by_intent[label].append(text[:200])
    labels = sorted(by_intent)
    entries = tuple(
        Fact.model_construct(
            id=f"fact-{number:05}",
            topic=by_intent[label][0][:80],
            asks=tuple(by_intent[label]),
            medium="both",
            sources=("set",),
            pieces=(Piece.model_construct(text="-", reveals=None),),
            kind="fact",
        )
        for number, label in enumerate(labels)
    )
    bare = head.model_copy(update={"names": (), "aspects": (), "milestones": ()})
    return Book("set", bare, entries), labels


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _beside(letter: str) -> str:
    near = [
        _ROWS[y][x]
        for row, letters in enumerate(_ROWS)
        if letter in letters
        for y in range(max(0, row - 1), min(3, row + 2))
        for x in range(max(0, letters.index(letter) - 1), min(len(_ROWS[y]), letters.index(letter) + 2))
        if _ROWS[y][x] != letter
    ]
    return "".join(near) or string.ascii_lowercase


def _slip(word: str, chance: random.Random) -> str:
    kind, at = chance.choice(["beside", "missing", "swapped", "added"]), chance.randrange(1, len(word))
    if kind == "beside":
        return word[:at] + chance.choice(_beside(word[at].lower())) + word[at + 1 :]
    if kind == "missing":
        return word[:at] + word[at + 1 :]
    if kind == "swapped":
        at = max(1, min(at, len(word) - 2))
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice(string.ascii_lowercase) + word[at:]


def mistyped(text: str, seed: int) -> str:
    """The text with one slip, never of the first letter, in each of up to two words of four letters or more."""
    chance = random.Random(f"{seed}:{text}")
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= 4]
    for at in chance.sample(long, min(2, len(long))):
        words[at] = _slip(words[at], chance)
    return " ".join(words)
