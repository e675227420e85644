"""A server with the real bot in it, by simcord: what members do, and what they then see."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

import discord
import simcord

from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.discord_app.client import INTENTS, ClubClient
from bot.discord_app.running import make_client
from tests.discord.contract import components, messages_in, texts, violations

Json: TypeAlias = Any

BARS = re.compile(r"\|\|.+?\|\|", re.DOTALL)


@dataclass
class Clock:
    """Seconds that pass only when a test says so; by themselves enough between two questions that none is a flood."""

    now: float = 0.0
    step: float = 60.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@dataclass
class World:
    """One server with a text channel, a thread's worth of members, and the bot."""

    env: simcord.Env
    asking: Asking
    books: Mapping[str, Asking]
    memory: Memory
    clock: Clock
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    alice: simcord.MemberActor
    bob: simcord.MemberActor

    @property
    def client(self) -> ClubClient:
        """The bot that runs now."""
        assert isinstance(self.env.bot, ClubClient)
        return self.env.bot

    @property
    def me(self) -> str:
        """How a member mentions the bot."""
        assert self.client.user
        return f"<@{self.client.user.id}>"

    def channel_without(self, permission: str) -> simcord.ChannelHandle:
        """A channel where the bot lacks one permission."""
        assert self.client.user
        denied = discord.PermissionOverwrite(**{permission: False})
        return self.guild.create_text_channel(f"no-{permission}", overwrites={self.client.user: denied})

    async def restart(self) -> None:
        """Ends the bot and starts it anew, with what it remembers."""
        await self.env.restart_bot(_client(self.books, self.memory, self.clock))

    def reach(self, milestone: str, member: simcord.MemberActor | None = None) -> None:
        """A member has read so far."""
        self.memory.milestones[(member or self.alice).id, self.asking.book.slug] = milestone

    def open_up_to(self, milestone: str, channel: simcord.ChannelHandle | None = None) -> None:
        """The channel may talk openly so far."""
        self.memory.opened[(channel or self.channel).id, self.asking.book.slug] = (self.guild.id, milestone)

    def problems(self) -> Iterator[str]:
        """All that Discord would have refused, or should never have been sent."""
        for request in self.env.http_requests:
            yield from violations(request.method, request.path, request.json)

    def sent(self) -> list[Json]:
        """Every message that the bot posted or changed."""
        return [
            message
            for request in self.env.http_requests
            for message in messages_in(request.method, request.path, request.json)
        ]


def _client(
    books: Mapping[str, Asking], memory: Memory, clock: Clock, intents: discord.Intents = INTENTS
) -> ClubClient:
    return make_client(Club(books, memory, Random(1)), clock, intents)


@asynccontextmanager
async def a_world(
    asking: Asking, *others: Asking, check_errors: bool = True, intents: discord.Intents = INTENTS
) -> AsyncIterator[World]:
    """A world that at its end holds every request against what Discord takes."""
    memory, clock = Memory(), Clock()
    books = {one.book.slug: one for one in (asking, *others)}
    env = simcord.Env(_client(books, memory, clock, intents))
    await env.start()
    try:
        guild = env.create_guild("Book club")
        world = World(
            env, asking, books, memory, clock, guild, guild.create_text_channel("general"),
            guild.add_member(env.create_user("alice")), guild.add_member(env.create_user("bob")),
        )  # fmt: skip
        yield world
        assert list(world.problems()) == []
    finally:
        await env.shutdown()
    assert not check_errors or not env.errors


def text_of(message: discord.Message | simcord.ResponseMessage | Json) -> str:
    """All the text of a message as a member reads it: no backslashes, bars where there are any."""
    return re.sub(r"\\([^\w\s])", r"\1", "\n".join(texts({"components": raw(message)})))


def in_the_clear(message: discord.Message | simcord.ResponseMessage | Json) -> str:
    """What of it stands outside bars."""
    return BARS.sub("■", text_of(message))


def raw(message: discord.Message | simcord.ResponseMessage | Json) -> Json:
    """A message's components as Discord has them."""
    if isinstance(message, dict):
        return message.get("components")
    if isinstance(message, simcord.ResponseMessage):
        return message.components
    return [component.to_dict() for component in message.components]


def buttons(message: discord.Message | simcord.ResponseMessage | Json) -> dict[str, str]:
    """The labels of a message's buttons, each with its custom_id."""
    return {part["label"]: part["custom_id"] for part in components(raw(message)) if part["type"] == 2}


def response(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """The message that answered an interaction."""
    if result.response is not None and not result.deferred:
        return result.response
    found = [*([result.response] if result.response else []), *result.followups]
    assert found, result
    return found[-1]
