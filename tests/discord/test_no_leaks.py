"""Nothing beyond the horizon leaves the bot in the clear: every text of the base is a token that occurs nowhere else.

Every command, mention, button and modal is used, over real sockets, by somebody who has read only so far; then every
byte of every request is searched, and the log.
"""

import json
import logging
import re
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar

import pytest

from bot.book.book import Book
from bot.book.entries import Entry, Quote, View
from bot.book.prompts import Prompt
from bot.book.spoilers import horizon_of
from bot.club.asking import Asking
from bot.club.memory import Memory
from bot.discord_app.log import LogFormatter
from tests.discord.local import connected
from tests.discord.server import ALICE, GENERAL
from tests.discord.visitor import ALONE, Visitor
from tests.leaks.checks import in_the_clear

TOKEN = re.compile(r"zq\d{6}")
T = TypeVar("T", Entry, Prompt)


@dataclass
class Tainted:
    """The book with every text a token, and how far one must have read to see each."""

    book: Book
    rank: dict[str, int]


def tainted(book: Book) -> Tainted:
    numbers, rank = count(), dict[str, int]()

    def token(reveals: str | None) -> str:
        made = f"zq{next(numbers):06}"
        rank[made] = book.ranks[reveals]
        return made

    def entry(one: T) -> T:
        assert not isinstance(one, Prompt)
        changed: dict[str, Any] = {
            "topic": f"{one.topic[:60]} {token(one.reveals)}",
            "pieces": tuple(
                piece.model_copy(update={"text": f"{token(piece.reveals)} says so {token(piece.reveals)}"})
                for piece in one.pieces
            ),
        }
        if isinstance(one, Quote):
            changed |= {"where": token(one.reveals), "said_by": token(one.reveals)}
        if isinstance(one, View):
            changed["by"] = token(one.reveals)
        return one.model_copy(update=changed)

    def prompt(one: Prompt) -> Prompt:
        return one.model_copy(
            update={
                "question": token(one.milestone),
                "follow_ups": tuple(token(one.milestone) for _ in one.follow_ups),
                "poll": one.poll and tuple(token(one.milestone) for _ in one.poll),
            }
        )

    return Tainted(
        replace(book, entries=tuple(map(entry, book.entries)), prompts=tuple(map(prompt, book.prompts))), rank
    )


@pytest.mark.parametrize("progress", [None, "part-one"])
async def test_a_reader_is_shown_nothing_beyond_their_progress(
    book: Book, progress: str | None, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.handler.setFormatter(LogFormatter(""))
    caplog.set_level(logging.INFO, "bookclub")
    memory = Memory()
    if progress:
        memory.milestones[ALICE, book.slug] = progress
    made = tainted(book)
    entries = made.book.entries[:: 14 if progress is None else 70]
    async with connected(Asking(made.book), memory=memory) as (server, _):
        member = Visitor(server, fills_in="does ruth die")

        async def both(name: str, **options: str) -> None:
            for channel in (GENERAL, ALONE):
                await member.command(name, channel, 2, **options)

        for name in ("help", "about", "plot", "quote", "prompt next"):
            await both(name)
        for theme in sorted({prompt.theme for prompt in made.book.prompts})[::3]:
            await both("prompt next", theme=theme)
        for aspect in made.book.head.aspects:
            await both("views", about=aspect.title)
        for entry in entries:
            own = {"fact": "ask", "quote": "quote", "plot": "plot", "view": "views"}[entry.kind]
            await both("ask", question=entry.asks[0])
            if own != "ask":
                await both(own, about=entry.asks[-1])
            await member.mention(entry.asks[0])
            await member.type(entry.topic[:20])
        await member.type("")
    horizon = horizon_of(book, progress)
    late = {token for token, rank in made.rank.items() if rank > horizon.rank}
    spoilers = {token for token, rank in made.rank.items() if rank > 0}
    seen, veiled = set[str](), 0
    for method, path, body in server.requests:
        if method in {"POST", "PATCH"}:
            everything = json.dumps(body)
            clear = in_the_clear(body)
            assert not set(TOKEN.findall(clear)) & late, (path, everything)
            if server.seen_by_all(path, body):
                # The channel has read nothing: what the reader may see is not there, not even behind bars.
                assert not set(TOKEN.findall(everything)) & spoilers, (path, everything)
            veiled += clear != everything
            seen.update(TOKEN.findall(clear))
    out, err = capfd.readouterr()
    assert not TOKEN.search(caplog.text + out + err)
    assert veiled > 50
    assert len(seen) > 50, "what may be seen is seen"
