"""Real `bookclub run` processes: started, watched, struck and ended."""

import asyncio
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT
from tests.crashes.nursery import Order
from tests.discord.server import TOKEN

PATIENCE = 60
"""Seconds after which what should have happened will not."""


@dataclass
class Bot:
    """One process. `did` is what it has told so far of what it did to its store; see nursery.py."""

    number: int
    log: Path
    pid: int = 0
    worker: str = ""
    code: int | None = None
    did: list[tuple[str, object]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def hears(self, what: str, more: object) -> None:
        """The nursery has told something of it."""
        if what == "born":
            self.pid = int(str(more))
        elif what == "worker":
            self.worker = str(more)
        elif what == "ended":
            self.code = int(str(more))
        else:
            self.did.append((what, more))
        self._news.set()

    async def until(self, happened: Callable[["Bot"], bool]) -> None:
        """Returns when this is so. TimeoutError, with what the bot has printed, when it never is."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not happened(self):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(f"{self.did}, ended: {self.code}\n{self.printed}") from None

    async def end(self, number: int = signal.SIGKILL) -> int:
        """Sends a signal to it, and returns with its exit code."""
        self.strike(number)
        await self.until(lambda bot: bot.code is not None)
        assert self.code is not None
        return self.code

    def strike(self, number: int = signal.SIGKILL) -> None:
        """Sends a signal to it, if it lives."""
        if self.pid and self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def stands_still(self) -> None:
        """Returns when it has been stopped."""
        async with asyncio.timeout(PATIENCE):
            while state(self.pid) != "T":  # noqa: ASYNC110 - only its parent is told of a stop
                await asyncio.sleep(0.01)

    @property
    def idle(self) -> bool:
        """Whether it is through with all that it took, has told of it, and found nothing to do when it looked again."""
        taken = sum(more for _, more in self.did if isinstance(more, int))
        through = sum(what == "_guarded" for what, _ in self.did)
        waits = "save soon" in {of: what for what, of in self.did if isinstance(of, str)}.values()
        rests = self.did[-2:] == [("take", 0), ("next_look", None)]
        return rests and taken == through and not waits

    @property
    def puts_off(self) -> bool:
        """Whether it has put something off for long."""
        return any(what == "save later" for what, _ in self.did)

    @property
    def printed(self) -> str:
        """What it has printed."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""


def state(pid: int) -> str:
    """What a process does, as Linux says it: "T" is stopped."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]


class Nursery:
    """The process that forks them; see nursery.py."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.setblocking(False)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crashes.nursery", str(theirs.fileno()), folder / "knowledge"],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
        )
        theirs.close()
        self._numbers = itertools.count()
        self._bots: dict[int, Bot] = {}

    def close(self) -> None:
        """Kills every bot that is left."""
        self._line.close()
        self._process.wait(20)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """In this loop the bots are heard. At the end all of them have ended."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._line, self._hear)
        try:
            yield
        finally:
            loop.remove_reader(self._line)

    def _hear(self) -> None:
        with suppress(BlockingIOError):
            while said := self._line.recv(1 << 16):
                number, what, more = json.loads(said)
                self._bots[number].hears(what, more)

    @asynccontextmanager
    async def bot(
        self,
        port: int,
        where: Path | str,
        strikes: Mapping[str, int] | None = None,
        *,
        impatient: bool = False,
        batch: int | None = None,
    ) -> AsyncIterator[Bot]:
        """A bot that keeps its data there and takes the server at that port for Discord; killed at the end."""
        number = next(self._numbers)
        bot = self._bots[number] = Bot(number, self._folder / f"{number}.log")
        kept = {"BOOKCLUB_DATA": str(where)} if isinstance(where, Path) else {"DATABASE_URL": where}
        order = Order(
            number=number,
            port=port,
            folder=str(self._folder),
            log=str(bot.log),
            environment={
                "DISCORD_TOKEN": TOKEN,
                "BOOKCLUB_KNOWLEDGE": str(self._folder / "knowledge"),
                **kept,
            },
            strikes=strikes or {},
            impatient=impatient,
            batch=batch,
        )
        self._line.send(json.dumps(order).encode())
        try:
            await bot.until(lambda bot: bot.pid > 0)
            yield bot
        finally:
            await bot.end()


BOOK = """\
title: A Book
sources: [{id: source, title: A source}]
"""
FACTS = """\
- id: school
  topic: where they grow up
  answer: In a school.
  asks: [where do they grow up, what is their home, where do they live, which place is it, where does it begin]
  sources: [source]
"""
PROMPT = "- {{id: p{0}, question: What of part {0}?, theme: parts, poll: [Much, Little]}}\n"


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """With a small book, of which every prompt has a poll."""
    for file, text in {
        "knowledge/a-book/book.yaml": BOOK,
        "knowledge/a-book/facts.yaml": FACTS,
        "prompts/a-book.yaml": "".join(PROMPT.format(number) for number in range(6)),
    }.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    found = Nursery(folder)
    try:
        yield found
    finally:
        found.close()
