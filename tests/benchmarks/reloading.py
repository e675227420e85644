"""A book of ten thousand entries changes on disk five times while members ask: how long is anything kept waiting?

`uv run python -m tests.benchmarks.reloading` prints the longest stall of the event loop with and without a reload, beside
that of the simple way, which loads in a thread; the time from the save to the first new answer; and whether an answer
failed, or mixed old and new.
"""

import argparse
import asyncio
import gc
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from bot.answering.outcomes import Answer, Found
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.club.reloading import Faulty, Loaded, Ready, Reloader
from bot.club.shelf import Shelf
from bot.content.library import Place, load_place
from bot.preparing import BookFiles

QUESTIONS = 100
"""A second."""

_WORDS = [f"{a}{b}{c}" for a in ("ka", "lo", "mi", "ru", "te", "vo", "za") for b in ("ren", "dal", "min", "tor", "vik", "sul") for c in ("a", "em", "is", "on", "um")]  # fmt: skip


def entries(count: int, version: int, random: Random) -> Iterator[str]:
    """Entries whose text and topic name the version, so that one answer shows where each part of it is from."""
    for number in range(count):
        one, two, three = random.sample(_WORDS, 3)
        yield (
            f"- id: e-{number}\n  topic: About {one} {two} {number}\n  asks:\n"
            f"    - what is {one} {two} {number}\n    - who is {one} of {two} {number}\n    - tell me of {three} {one} {number}\n"
            f"    - where does {two} {three} stand {number}\n    - {number} {one} {three} meaning\n"
            f"  answer:\n    - Version {version} of {one}.\n    - Version {version} of {two}.\n  sources: [us]\n"
        )


def write(root: Path, count: int, version: int) -> None:
    """The book, each file in place, as an editor saves it."""
    folder = root / "big"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "book.yaml").write_text("title: Big\nsources:\n  - id: us\n    title: Us\n", encoding="utf-8")
    text = list(entries(count, version, Random(1)))
    for part in range(0, count, 1000):
        (folder / f"facts-{part // 1000:02}.yaml").write_text(
            "".join(text[part : part + 1000]), encoding="utf-8"
        )


class Silent:
    """Tells nobody."""

    async def tell_of_files(self, *_: object) -> None:
        """See Telling."""


class InAThread(BookFiles):
    """The simple way, as a rival."""

    async def load(self, place: Place) -> Loaded:
        """Loads beside the event loop, under the same interpreter's lock."""

        def load() -> Loaded:
            loaded = load_place(place)
            return Faulty(loaded.problems) if loaded.book is None else Ready(Asking(loaded.book))

        return await asyncio.to_thread(load)


class Watch:
    """The longest time for which the event loop did nothing, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest = max(self.longest, (now - last) * 1000 - 1)
            last = now


class Members:
    """Ask all the time; count answers, failures and mixtures."""

    def __init__(self, club: Club, count: int) -> None:
        self.club, self.count = club, count
        self.answers = self.failed = self.mixed = 0
        self.newest = 0

    async def run(self) -> None:
        random = Random(2)
        names = Random(1)
        questions = [
            f"what is {one} {two} {number}"
            for number, (one, two, _) in enumerate(names.sample(_WORDS, 3) for _ in range(self.count))
        ]
        while True:
            here = await self.club.here(1, 1, 1)
            outcome = here.asking.answer(random.choice(questions))  # type: ignore[union-attr]
            if not isinstance(outcome, Answer):
                self.failed += 1
            else:
                told = {
                    piece.text.split()[1]
                    for part in outcome.parts
                    if isinstance(part, Found)
                    for piece in part.match.entry.pieces
                }
                told |= {match.entry.pieces[0].text.split()[1] for match in outcome.related}
                self.mixed += len(told) > 1
                self.newest = max(self.newest, *map(int, told))
            self.answers += 1
            await asyncio.sleep(1 / QUESTIONS)


async def measure(
    root: Path, count: int, times: int, files: Callable[[Path, str | None], BookFiles], name: str
) -> None:
    """Reloads so many times and prints what that cost."""
    # Beforehand: to make them up would keep the interpreter busy.
    saved = [root.parent / f"version-{version}" for version in range(2, times + 2)]
    for version, where in enumerate(saved, 2):
        write(where, count, version)
    write(root, count, 1)
    first = files(root, None)
    (place, _) = first.first.books["big"]
    book = load_place(place).book
    assert book is not None
    shelf = Shelf({"big": Asking(book)})
    del book
    club = Club(shelf, Memory(), Random(1))
    reloader = Reloader(club, shelf, first, Silent(), time.monotonic)
    gc.collect()
    gc.freeze()
    watch, members = Watch(), Members(club, count)
    tasks = [asyncio.create_task(one) for one in (watch.run(), members.run())]
    await asyncio.sleep(3)
    calm, watch.longest = watch.longest, 0.0
    tasks.append(asyncio.create_task(reloader.run()))
    took: list[float] = []
    for version, where in enumerate(saved, 2):
        await asyncio.to_thread(
            shutil.copytree, where, root, dirs_exist_ok=True, copy_function=shutil.copyfile
        )
        start = time.perf_counter()
        while members.newest < version:  # noqa: ASYNC110 - what is waited for is what members see
            await asyncio.sleep(0.05)
        took.append(time.perf_counter() - start)
        await asyncio.sleep(1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:18} longest stall {watch.longest:6.0f} ms (without a reload {calm:.0f}), live after {min(took):.1f} to "
        f"{max(took):.1f} s, {members.answers} answers, {members.failed} failed, {members.mixed} mixed, peak {peak:.0f} MB"
    )


def main() -> None:
    """Runs both ways, each in a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", choices=["process", "thread"])
    given = parser.parse_args()
    ways: dict[str, Callable[[Path, str | None], BookFiles]] = {
        "process": BookFiles.of,
        "thread": InAThread.of,
    }
    for name, way in ways.items():
        if given.only in {None, name}:
            with tempfile.TemporaryDirectory() as folder:
                asyncio.run(
                    measure(Path(folder) / "knowledge", given.entries, given.times, way, f"in a {name}")
                )


if __name__ == "__main__":
    main()
