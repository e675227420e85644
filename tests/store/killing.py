"""Run by test_killed.py: opens and writes in forked processes that end where they should not.

`python -m tests.store.killing opening <folder> <file>`: opens a copy of the file (or none) in <folder>/<n>, killed at
the n-th step. `... writing <folder> <seed> <kills>`: writes into one folder, killed at any moment. `... revising <folder>
<file>`: makes a revision in a copy of the file, killed at the n-th step.
Prints as JSON what happened.
"""

import asyncio
import gc
import itertools
import json
import os
import random
import resource
import select
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType

# Imported before the first fork, so that no child pays for it.
import alembic.command  # noqa: F401

from bot.book.entries import Fact, Piece
from bot.book.overlay import Change, Edited, Hidden
from bot.store.opening import open_store
from bot.store.sqlite.opening import FILE

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
IN_SQLITE = {"execute", "commit", "rollback", "backup", "close"}
IN_THE_SYSTEM = {os.open, os.fsync, os.replace, os.mkdir, os.unlink, sqlite3.connect}
PAGE = 4096


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_step(number: int, begun: Callable[[], bool] = lambda: True) -> Callable[[], None]:
    """Dies before the n-th time that SQLite or the file system is told to do something, from when it has begun."""
    steps = itertools.count(1)

    def watch(_frame: FrameType, happened: str, what: object) -> None:
        if happened == "c_call" and begun() and changes(what) and next(steps) == number:
            die()

    def install() -> None:
        sys.setprofile(watch)
        threading.setprofile(watch)

    return install


def changes(what: object) -> bool:
    if what in IN_THE_SYSTEM:
        return True
    of = getattr(what, "__self__", None)
    return isinstance(of, sqlite3.Connection | sqlite3.Cursor) and getattr(what, "__name__", "") in IN_SQLITE


def at_size(pages: int) -> Callable[[], None]:
    """Dies in the middle of a copy or a commit: at the first write beyond this many pages, by the system's hand."""

    def install() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (pages * PAGE + PAGE // 2,) * 2)

    return install


def forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            # Not over when work() fails: that is neither a kill nor an end as it should be.
            os._exit(0 if sys.exc_info()[0] is None else 70)
    return child


EDITED = Edited(Fact(id="bus", topic="T", answer=(Piece(text="Two."),), sources=("us",)))
HIDDEN = Hidden("base")
REVISION = (Change("bus", None, EDITED), Change("kathy", HIDDEN, None))
"""Both in one step, on a book in which kathy is hidden."""


def revising(root: Path, old: Path) -> dict[str, int]:
    """How the children ended that made the revision, by their folders; the last one is not killed."""
    ends: dict[str, int] = {}
    last = -1
    while last < 0:
        folder = root / f"step-{len(ends) + 1}"
        folder.mkdir()
        shutil.copy(old, folder / FILE)
        child = forked(partial(revised, folder, len(ends) + 1))
        last = ends[folder.name] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ends


def revised(folder: Path, number: int) -> None:
    begun: list[bool] = []

    async def work() -> None:
        store = await open_store(folder)
        begun.append(True)
        await store.revise(1, "a", REVISION, 7, "Edited", NOW)
        begun.clear()
        await store.close()

    at_step(number, lambda: bool(begun))()
    asyncio.run(work())


async def opened_and_closed(folder: Path) -> None:
    await (await open_store(folder)).close()


def opening(root: Path, stride: int, old: Path | None) -> dict[str, int]:
    """How the children ended, by their folders; the last of each kind is not killed. Each dies `stride` steps later."""
    ends: dict[str, int] = {}
    for kind, killer in (("step", at_step), ("size", at_size)):
        numbers = itertools.count(1, stride)
        last = -1
        while last < 0:
            # Two at a time, one for each processor of a small machine.
            started = {
                folder: forked_opening(root / folder, old, killer(number))
                for number in itertools.islice(numbers, 2)
                for folder in [f"{kind}-{number}"]
            }
            for folder, child in started.items():
                last = ends[folder] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ends


def forked_opening(folder: Path, old: Path | None, install: Callable[[], None]) -> int:
    if old:
        folder.mkdir()
        shutil.copy(old, folder / FILE)

    def work() -> None:
        install()
        asyncio.run(opened_and_closed(folder))

    return forked(work)


def writing(folder: Path, seed: int, kills: int) -> dict[str, list[int]]:
    """The members whose progress was acknowledged, and how many of them by each child."""
    chance = random.Random(seed)
    acknowledged: list[int] = []
    each = []
    for _ in range(kills):
        told = until_killed(folder, len(acknowledged) * 2, chance.uniform(0, 0.12))
        acknowledged += told
        each.append(len(told))
    return {"acknowledged": acknowledged, "each": each}


def until_killed(folder: Path, first: int, seconds: float) -> list[int]:
    reading, told = os.pipe()
    child = forked(lambda: asyncio.run(write_on(folder, first, told)))
    os.close(told)
    select.select([reading], [], [])  # the first one is acknowledged
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading) as lines:
        return [int(line) for line in lines]


async def write_on(folder: Path, first: int, told: int) -> None:
    store = await open_store(folder)
    for member in itertools.count(first):
        await store.set_progress(member, "never-let-me-go", f"part-{member}", NOW)
        os.write(told, f"{member}\n".encode())


if __name__ == "__main__":
    # No child looks through, and so copies, what it shares with its parent.
    gc.collect()
    gc.freeze()
    if sys.argv[1] == "opening":
        old = Path(sys.argv[4]) if len(sys.argv) > 4 else None
        print(json.dumps(opening(Path(sys.argv[2]), int(sys.argv[3]), old)))
    elif sys.argv[1] == "revising":
        print(json.dumps(revising(Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        print(json.dumps(writing(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
