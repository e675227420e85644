"""The real client in this process, connected to a local Discord over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random

import discord.gateway
import discord.http
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.club.shelf import Shelf
from bot.discord_app.client import ClubClient
from bot.discord_app.running import make_client
from tests.discord.launch import at
from tests.discord.server import TOKEN, LocalDiscord
from tests.discord.world import Clock


@asynccontextmanager
async def connected(
    asking: Asking, *others: Asking, memory: Memory | None = None
) -> AsyncIterator[tuple[LocalDiscord, ClubClient]]:
    """A client that has logged in. At the end no request may have been one that Discord would refuse."""
    # simcord leaves its own in the context that tests share.
    async_context.set(AsyncWebhookAdapter())  # type: ignore[no-untyped-call]
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    async with LocalDiscord() as server:
        at(server.port)
        books = Shelf({one.book.slug: one for one in (asking, *others)})
        client = make_client(Club(books, memory or Memory(), Random(1)), Clock())
        # discord.py greets nobody in the two seconds that it waits for the servers that it is in already.
        client._connection.guild_ready_timeout = 0.05  # noqa: SLF001
        running = asyncio.create_task(client.start(TOKEN))
        try:
            await asyncio.wait_for(server.ready.wait(), 10)
            await asyncio.wait_for(client.wait_until_ready(), 10)
            yield server, client
        finally:
            await client.close()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    assert not server.violations, server.violations
