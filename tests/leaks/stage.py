"""One client that is connected to a local Discord for all cases of a file, and what it logs."""

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Self

from bot.book.book import Book, BookHead, Source
from bot.book.entries import Fact
from bot.club.asking import Asking
from bot.discord_app.client import ClubClient
from bot.discord_app.log import LogFormatter
from tests.discord.local import connected
from tests.discord.server import LocalDiscord


class Log(logging.Handler):
    """Keeps what the log would say."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(LogFormatter(""))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        self.lines.append(self.format(record))


class Stage:
    """One client that is connected for all cases; each gets a club of its own."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.log = Log()

    def __enter__(self) -> Self:
        small = Asking(Book("y", BookHead(title="y", sources=(Source(id="s", title="s"),)), (
            Fact.model_validate({"id": "a", "topic": "a", "asks": ["a"], "sources": ["s"], "answer": [{"text": "a"}]}),
        )))  # fmt: skip
        self.server, self.client = self.runner.run(self.stack.enter_async_context(connected(small)))
        logging.getLogger("bookclub").addHandler(self.log)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("bookclub").removeHandler(self.log)
        self.runner.run(self.stack.aclose())
        self.runner.close()

    server: LocalDiscord
    client: ClubClient
