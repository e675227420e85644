"""What the history of one server's edits costs: 10,000 revisions of a book, over 500 entries.

`uv run python -m tests.benchmarks.revisions`: over SQLite, and over PostgreSQL where its programs are installed.
"""

import asyncio
import gc
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.book.entries import Fact, Piece
from bot.book.overlay import Change, Edit, Edited, Hidden, Revision
from bot.store.opening import open_store
from bot.store.sql import SqlStore
from bot.store.sqlite.opening import FILE
from tests.store.server import postgres

NOW = datetime(2026, 11, 26, 19, tzinfo=UTC)
REVISIONS = 10_000
ENTRIES = 500
SERVER, BOOK = 7, "never-let-me-go"
PAGE = 10
LOOKS = 300

_WORDS = [
    "kathy",
    "ruth",
    "tommy",
    "hailsham",
    "cottages",
    "gallery",
    "madame",
    "donor",
    "carer",
    "film",
    "novel",
    "school",
    "art",
    "train",
    "boat",
    "song",
    "tape",
    "lucy",
    "emily",
    "norfolk",
    "memory",
    "winter",
    "letter",
    "teacher",
    "window",
]


def edit(chance: random.Random, entry: str, number: int) -> Edit | None:
    """Mostly another text, now and then hidden or given back."""
    drawn = chance.random()
    if drawn < 0.05:
        return None
    if drawn < 0.12:
        return Hidden("0123456789abcdef")
    fact = Fact(
        id=entry,
        topic=f"What is told of {entry}",
        asks=tuple(" ".join(chance.choices(_WORDS, k=5)) for _ in range(6)),
        answer=(Piece(text=f"{number}: {' '.join(chance.choices(_WORDS, k=60))}"[:300].strip()),),
        sources=("us",),
    )
    return Edited(fact, "0123456789abcdef")


async def fill(store: SqlStore, chance: random.Random) -> list[float]:
    """The seconds that each revision took: nine of ten change one entry, the others a few."""
    stands: dict[str, Edit] = {}
    took = []
    for number in range(1, REVISIONS + 1):
        names = {
            f"entry-{chance.randrange(ENTRIES)}" for _ in range(1 if number % 10 else chance.randint(2, 20))
        }
        changes = tuple(Change(name, stands.get(name), edit(chance, name, number)) for name in sorted(names))
        begun = time.perf_counter()
        made = await store.revise(SERVER, BOOK, changes, 1, "Edited", NOW + timedelta(minutes=number))
        took.append(time.perf_counter() - begun)
        assert isinstance(made, Revision)
        for change in changes:
            stands.pop(change.entry, None)
            if change.after is not None:
                stands[change.entry] = change.after
    assert (await store.overlay(SERVER, BOOK)).edits == stands
    return took


async def looked(look: Callable[[], Awaitable[object]]) -> list[float]:
    took = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        await look()
        took.append(time.perf_counter() - begun)
    return took


def tell(name: str, took: list[float]) -> None:
    in_order = sorted(took)
    median, late = in_order[len(in_order) // 2], in_order[len(in_order) * 99 // 100]
    print(f"  {name:32} median {median * 1e3:6.2f} ms, p99 {late * 1e3:6.2f} ms")


async def measure(name: str, where: Path | str) -> None:
    chance = random.Random(20261126)
    store = await open_store(where)
    print(f"{name}: {REVISIONS} revisions over {ENTRIES} entries")
    tell("revise", await fill(store, chance))
    if isinstance(where, str):
        async with store.engine.begin() as connection:
            # As PostgreSQL does by itself within a minute.
            await connection.exec_driver_sql("ANALYZE")
    # As `bookclub run` does.
    gc.collect()
    gc.freeze()

    def some() -> int:
        return chance.randint(1, REVISIONS)

    def entry() -> str:
        return f"entry-{chance.randrange(ENTRIES)}"

    tell("overlay now", await looked(lambda: store.overlay(SERVER, BOOK)))
    tell("overlay at a revision", await looked(lambda: store.overlay(SERVER, BOOK, some())))
    tell("history, newest", await looked(lambda: store.history(SERVER, BOOK, PAGE)))
    tell("history, in the middle", await looked(lambda: store.history(SERVER, BOOK, PAGE, some())))
    tell("history of an entry", await looked(lambda: store.history(SERVER, BOOK, PAGE, None, entry())))
    await store.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure("SQLite", Path(folder)))
        print(f"  the file has {(Path(folder) / FILE).stat().st_size / 1e6:.1f} MB")
    try:
        with postgres() as server:
            asyncio.run(measure("PostgreSQL", server.new()))
    except pytest.skip.Exception as why:
        print(f"PostgreSQL: {why}")


if __name__ == "__main__":
    main()
