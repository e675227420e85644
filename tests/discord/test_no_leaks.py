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
from tests.discord.contract import TEXT_DISPLAY, components
from tests.discord.local import connected
from tests.discord.server import ALICE, BOT, GENERAL, Asked, Json, LocalDiscord, dm_of
from tests.discord.world import BARS

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


class Member:
    """Somebody who uses all that there is, and keeps what came back."""

    def __init__(self, server: LocalDiscord) -> None:
        self.server = server
        self.shown: list[Json] = []
        self.pressed: set[str] = set()

    async def command(self, name: str, **options: str) -> None:
        for channel in (GENERAL, dm_of(ALICE)):
            asked = await self.server.slash(name, channel=str(channel), **options)
            await self.press_all(asked, 2)

    async def press_all(self, asked: Asked, depth: int) -> None:
        """Presses what has not been pressed yet, and what then appears."""
        assert asked.message
        for part in list(components(asked.data.get("components"))):
            custom_id = part.get("custom_id")
            if part["type"] != 2 or custom_id in self.pressed:
                continue
            self.pressed.add(custom_id)
            told = await self.server.press(asked.message, custom_id, channel=str(asked.channel))
            if told.kind == 9:
                told = await self.server.submit(
                    told.data, "does ruth die", asked.message, channel=str(asked.channel)
                )
            if depth and told.kind == 4:
                await self.press_all(told, depth - 1)

    async def mention(self, text: str) -> None:
        message = await self.server.say(f"<@{BOT}> {text}")
        for part in components(message["components"]):
            if part.get("custom_id") == "private":
                await self.server.press(message, "private")
        await self.server.say(text, channel=dm_of(ALICE))

    async def type(self, text: str) -> None:
        for name, option in (
            ("ask", "question"),
            ("quote", "about"),
            ("plot", "about"),
            ("views", "about"),
            ("prompt", "theme"),
        ):
            await self.server.choices(name, option, text)


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
    entries = made.book.entries[:: 3 if progress is None else 6]
    async with connected(Asking(made.book), memory=memory) as (server, _):
        member = Member(server)
        for name in ("help", "about", "plot", "quote", "prompt"):
            await member.command(name)
        for theme in {prompt.theme for prompt in made.book.prompts}:
            await member.command("prompt", theme=theme)
        for aspect in made.book.head.aspects:
            await member.command("views", about=aspect.title)
        for entry in entries:
            own = {"fact": "ask", "quote": "quote", "plot": "plot", "view": "views"}[entry.kind]
            await member.command("ask", question=entry.asks[0])
            if own != "ask":
                await member.command(own, about=entry.asks[-1])
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
            clear = json.dumps(without_bars(body))
            assert not set(TOKEN.findall(clear)) & late, (path, everything)
            if server.seen_by_all(path, body):
                # The channel has read nothing: what the reader may see is not there, not even behind bars.
                assert not set(TOKEN.findall(everything)) & spoilers, (path, everything)
            veiled += clear != everything
            seen.update(TOKEN.findall(clear))
    out, err = capfd.readouterr()
    assert not TOKEN.search(caplog.text + out + err)
    assert veiled > 100
    assert len(seen) > 100, "what may be seen is seen"


def without_bars(body: Json) -> Json:
    """A request's body with everything behind bars taken out, in text components alone: bars mean nothing elsewhere."""
    if isinstance(body, list):
        return [without_bars(item) for item in body]
    if isinstance(body, dict):
        kept = {key: without_bars(value) for key, value in body.items()}
        return (
            {**kept, "content": BARS.sub("", body["content"])} if body.get("type") == TEXT_DISPLAY else kept
        )
    return body
