"""Run by bots.py: imports the bot once and forks a `bookclub run` whenever it is told to.

`python -m tests.crashes.nursery FD KNOWLEDGE`, where FD is a SOCK_SEQPACKET of JSON. In comes an Order for each bot. Out
comes `[number, "born", pid]`, then from the bot itself what it has done to its store: `[number, "take", how many]`,
`[number, "save done", schedule]`, with null in place of the schedule if the bot holds the job on, and `[number,
"_guarded", null]` when it is through with one; and last `[number, "ended", exit code]`. When the other end is closed, every bot is killed. The books are loaded once here only to warm what is cached.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict

# Imported before the first fork, so that no bot pays for it.
import alembic.command  # noqa: F401
import asyncpg  # noqa: F401
import sqlalchemy.dialects.postgresql.asyncpg
import sqlalchemy.dialects.sqlite.aiosqlite  # noqa: F401

from bot.app import open_books
from bot.book.schedules import UNFINISHED, Job
from bot.cli import main
from bot.club import posting
from bot.store import opening
from bot.store.sql import SqlStore
from bot.store.sqlite.holding import hold
from tests.discord.launch import at


class Order(TypedDict):
    """A bot: its number, its settings, and how it differs from every other.

    `strikes` maps steps ("before save post sent", "after begin", "after take 2") to the signal with which the bot strikes
    itself there. `impatient`: what it puts off it does in a tenth of a second, and it hardly waits for another bot that
    has its folder. `batch`: how many jobs it has at once, where that matters. `log` is the file for
    what it prints.
    """

    number: int
    port: int
    folder: str
    log: str
    environment: Mapping[str, str]
    strikes: Mapping[str, int]
    impatient: bool
    batch: int | None


SOON = timedelta(seconds=30)
STEPS = ("take", "begin", "save", "change_schedule", "next_look")


class Nursery:
    """The bots that live, by what tells of their end."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._living: dict[int, tuple[int, int]] = {}

    def work(self) -> int:
        """Forks until the line ends. Returns in every bot too, with its exit code."""
        while True:
            for ready in select.select([self._line.fileno(), *self._living], [], [])[0]:
                if ready in self._living:
                    self._bury(ready)
                elif not (order := self._line.recv(1 << 16)):
                    for _, pid in self._living.values():
                        os.kill(pid, signal.SIGKILL)
                    return 0
                elif not self._bear(json.loads(order)):
                    return be(json.loads(order), self._line)

    def _bear(self, order: Order) -> bool:
        """False: this is the bot."""
        child = os.fork()
        if child:
            self._living[os.pidfd_open(child)] = (order["number"], child)
            say(self._line, order["number"], "born", child)
        return bool(child)

    def _bury(self, handle: int) -> None:
        number, pid = self._living.pop(handle)
        os.close(handle)
        say(self._line, number, "ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def say(line: socket.socket, number: int, what: str, more: object = None) -> None:
    """Tells the tests."""
    # When they have gone, nobody has to be told.
    with suppress(BrokenPipeError, ConnectionResetError):
        line.send(json.dumps([number, what, more]).encode())


def be(order: Order, line: socket.socket) -> int:
    """`bookclub run` as it is, but for the address of Discord and for what the order says."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(order["folder"])
    os.environ.update(order["environment"])
    at(order["port"])
    if order["impatient"]:
        opening.hold = lambda folder, patience: hold(folder, patience / 50)  # type: ignore[attr-defined]
    if order["batch"]:
        posting.BATCH = order["batch"]
    counts: Counter[str] = Counter()

    def step(what: str, more: object = None) -> None:
        counts[what] += 1
        now = {what, f"{what} {counts[what]}"} & order["strikes"].keys()
        if now:
            say(line, order["number"], "strikes")
            os.kill(os.getpid(), order["strikes"][now.pop()])
        elif what.startswith("after"):
            say(line, order["number"], what.removeprefix("after "), more)
        elif what == "before take" and counts[what] == 1:
            say(line, order["number"], "worker", more)

    watch(posting.Poster, "_guarded", step, impatient=False)
    for name in STEPS:
        watch(SqlStore, name, step, impatient=order["impatient"])
    return main(["run"])


def watch(of: type, name: str, step: Callable[[str, object], None], *, impatient: bool) -> None:
    """Has `step` called before and after each call of a method."""
    real = getattr(of, name)

    async def call(self: object, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the method has it
        what, job = name, given[0] if given else None
        if isinstance(job, Job):
            if impatient:
                job = hurried(job)
                given = (job, *given[1:])
            what = f"{name} {label(job)}" if name == "save" else name
        step(f"before {what}", given[0] if name == "take" else None)
        result = await real(self, *given, **named)
        laid_down = job.schedule.id if isinstance(job, Job) and named.get("hold") is False else None
        step(f"after {what}", len(result.jobs) if name == "take" else laid_down)
        return result

    setattr(of, name, call)


def hurried(job: Job) -> Job:
    """The job with a short wait in place of a longer one."""
    return replace(job, at=min(job.at, datetime.now(UTC) + timedelta(seconds=0.1)))


def label(job: Job) -> str:
    """What a save says: "post sent", "poll claimed", "done"; where the job is put off, "soon" or "later"."""
    if job.state not in UNFINISHED:
        return job.state
    if (wait := job.at - datetime.now(UTC)) > timedelta(0):
        return "soon" if wait < SOON else "later"
    of = (
        [f"{part} {job.claims[part].state}" for part in job.post.parts if part in job.claims]
        if job.post
        else []
    )
    return of[-1] if of else job.state


if __name__ == "__main__":
    open_books(Path(sys.argv[2]), None)
    # No child looks through, and so copies, what it shares with its parent.
    gc.collect()
    gc.freeze()
    sys.exit(Nursery(socket.socket(fileno=int(sys.argv[1]))).work())
