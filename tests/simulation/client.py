"""A worker's Publisher: requests that take their time, and arrive or not, whatever becomes of who sent them.

Not modelled: discord.py, which sends again by itself; the product's publisher forbids it that.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.book.notices import Notice
from bot.book.schedules import Claim, Part, Schedule, nonce_of
from bot.club.publishing import DuePost, Looking, Refused, Sending, Unclear
from tests.simulation.boundary import SENDING
from tests.simulation.fake_discord import Key

if TYPE_CHECKING:
    from tests.simulation.workers import Worker

BOT = 7
PATIENCE = 40.0
"""After so many seconds the bot gives up on a request."""

MARGIN = timedelta(minutes=15)
"""How much earlier than by the bot's clock a message may have been sent by Discord's: as in the product's publisher."""

HELD = 20.0
"""For so long at the most a request waits for a rate limit to pass."""

T = TypeVar("T")


def key_of(due: DuePost, part: Part) -> Key:
    """What a part is known by."""
    return due.job.schedule.id, due.job.occurrence.name, part


class Client:
    """See Publisher."""

    def __init__(self, worker: "Worker") -> None:
        self.worker, self.world = worker, worker.world

    def nonce(self, due: DuePost, part: Part) -> str:
        """What Discord knows the part by."""
        return nonce_of(BOT, due.job.schedule.id, due.job.occurrence.name, part)

    async def clock(self) -> datetime | None:
        """See Publisher."""
        await self.worker.step("before it asks for the time")
        # To the second, as HTTP tells it.
        there = await self._request(None, lambda: self.world.true().replace(microsecond=0), "the time")
        if not self.world.weather.broken_off:
            # If that is no answer to it, it asks again at its next tick, and may be lucky.
            self.world.changed()
        await self.worker.step("after it asked for the time")
        return None if isinstance(there, Unclear) else there

    async def send(self, due: DuePost, part: Part) -> Sending:
        """See Publisher."""
        await self.worker.step(SENDING)
        world, key, channel = self.world, key_of(due, part), due.post.channel
        world.draws.sending(self.worker.machine, due, part)
        world.posts.sending(key, self.worker.name)
        claim = due.job.claims.get("post")
        nonce = None if part == "forum" else self.nonce(due, part)

        def arrives() -> Sending:
            discord = world.discord
            match part:
                case "post" | "poll" | "forum":
                    return discord.create(channel, key, due.prompt.id, nonce)
                case "thread":
                    return discord.start_thread(_known(claim))
                case "pin":
                    return discord.pin(_known(claim), due.job.schedule.pinned)

        sending = await self._request(channel, arrives, f"{part} of {key[:2]}")
        world.totals["requests"] += 1
        if isinstance(sending, Refused):
            world.totals["requests refused"] += 1
        if isinstance(sending, Unclear):
            world.posts.must_wait(key, self.worker.name, sending.after)
        await self.worker.step("after it sent")
        return sending

    async def look(self, due: DuePost, part: Part, since: datetime) -> Looking:
        """See Publisher."""
        await self.worker.step("before it looks")
        world = self.world
        earliest = (since - MARGIN - world.story.setting.start).total_seconds()
        looking = await self._request(
            due.post.channel,
            lambda: world.discord.look(due.post.channel, key_of(due, part), earliest),
            f"look for the {part} of {due.job.schedule.id} {due.job.occurrence.name}",
        )
        world.totals["looks"] += 1
        await self.worker.step("after it looked")
        return looking

    async def tell(self, server: int, notices: Sequence[tuple[Schedule, Notice]]) -> None:
        """See Publisher. It always arrives, if the process lives to send it."""
        await self.worker.step("before it tells")
        self.world.watch.told(self.worker.machine, server, notices)
        await self.worker.step("after it told")

    async def _request(self, channel: int | None, arrives: Callable[[], T], what: str) -> T | Unclear:
        world, loop = self.world, self.world.loop
        held = world.weather.limited(channel) - loop.time()
        if held > 0:
            if held > HELD or world.story.setting.window < 2 * PATIENCE:
                return Unclear(held)
            await loop.sleep_until(loop.time() + held)
        lag = 0.05 + world.lags.random() * 0.25
        mishap = world.weather.next(channel)
        now = loop.time()
        world.say("{} asks: {}{}", self.worker.name, what, f" ({mishap.mishap})" if mishap else "")
        answer: list[T] = []

        def arrive() -> None:
            answer.append(arrives())

        if mishap is None:
            loop.call_at(now + lag, arrive)
            await loop.sleep_until(now + 2 * lag)
            return answer[0]
        match mishap.mishap:
            case "lost" | "5xx taken":
                loop.call_at(now + lag, arrive)
            case "late":
                loop.call_at(now + mishap.seconds, arrive)
            case "429" | "429 global":
                return Unclear(mishap.seconds)
            case "shut off":
                return Unclear()
        gives_up = lag if "5xx" in mishap.mishap else min(mishap.seconds, PATIENCE)
        await loop.sleep_until(now + gives_up)
        return Unclear()


def _known(claim: Claim | None) -> int:
    if claim is None or claim.message is None:
        raise LookupError("parts are sent in order, so the post is there")
    return claim.message
