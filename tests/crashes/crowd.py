"""The local Discord as its members see it, with somebody who waits there for a request."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from tests.crashes.bots import PATIENCE
from tests.discord.loopback.posting import Answer, Call
from tests.discord.server import BOT, Json, LocalDiscord


class Seen(NamedTuple):
    """What a member sees of the bot in a channel or forum, and in the threads there."""

    posts: int = 0
    threads: int = 0
    polls: int = 0
    pins: int = 0


@dataclass
class Ambush:
    """`strike` is called once: when such a request has come and has not taken effect, or (`after`) when it has."""

    method: str
    path: str
    after: bool
    strike: Callable[[], None]


class Crowd(LocalDiscord):
    """A LocalDiscord. Who is killed in an ambush before a request has taken effect, has not made it."""

    def __init__(self) -> None:
        super().__init__()
        self.ambush: Ambush | None = None
        self.held: dict[str, asyncio.Event] = {}
        """The next request with this path takes effect only then, whether or not anybody still waits for its answer."""
        self.answered: list[Call] = []
        """What has taken effect, or was refused, in that order."""
        self._news = asyncio.Event()

    async def _answer(self, call: Call) -> Answer:
        if self._meets(call, after=False):
            return None, 204
        if held := self.held.pop(call.path, None):
            await held.wait()
        answer = await super()._answer(call)
        self._meets(call, after=True)
        self.answered.append(call)
        self._news.set()
        return answer

    async def until(self, happened: Callable[[], bool]) -> None:
        """Returns when this is so, as requests take effect."""
        async with asyncio.timeout(PATIENCE):
            while not happened():
                self._news.clear()
                await self._news.wait()

    def taken(self, channel: int) -> int:
        """How many messages were sent there and taken, be it as one."""
        return sum(
            (call.method, call.path) == ("POST", f"/channels/{channel}/messages") for call in self.answered
        )

    def _meets(self, call: Call, *, after: bool) -> bool:
        lies = self.ambush
        if (
            lies is None
            or (lies.method, lies.after) != (call.method, after)
            or not re.fullmatch(lies.path, call.path)
        ):
            return False
        self.ambush = None
        lies.strike()
        return True

    def seen(self, channel: int) -> Seen:
        """All that is there of the bot."""
        threads = [int(thread["id"]) for thread in self.threads_of(channel)]
        messages = [message for place in (channel, *threads) for message in self.own(place)]
        told = sum(message["type"] == 6 for message in self.visible(channel))
        return Seen(
            posts=sum(not message.get("poll") for message in messages),
            threads=len(threads),
            polls=sum(bool(message.get("poll")) for message in messages),
            # A message of Discord's own says that something was pinned.
            pins=max(told, len(self.pinned(channel))),
        )

    def own(self, channel: int) -> list[Json]:
        """What the bot has written there and nobody has deleted."""
        return [
            message
            for message in self.visible(channel)
            if message["type"] == 0 and message["author"]["id"] == str(BOT)
        ]
