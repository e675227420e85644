"""The rival of the burst: discord.py alone, sending to channels at a moment, and answering `/ask` with its echo.

`gather` sends to all at once, `loop` to one after the other.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import discord
from discord import app_commands

from bot.discord_app.client import INTENTS
from tests.benchmarks.echo_bot import ask
from tests.discord.launch import at

TEXT = (
    "The same story waits for us twice, as a novel and as a film. Which would you rather meet first, and why? "
    * 2
)


async def main(port: int, way: str, due: float, channels: Sequence[int]) -> None:
    """Runs until it is ended. `due` in seconds since 1970."""
    at(port)
    client = discord.Client(intents=INTENTS, allowed_mentions=discord.AllowedMentions.none())
    tree = app_commands.CommandTree(client)
    tree.add_command(ask)

    async def post() -> None:
        await client.wait_until_ready()
        await asyncio.sleep(due - time.time())
        sends = (client.get_partial_messageable(channel).send(TEXT) for channel in channels)
        if way == "gather":
            await asyncio.gather(*sends, return_exceptions=True)
        else:
            for send in sends:
                await send

    async with client:
        await client.login(os.environ["DISCORD_TOKEN"])
        await tree.sync()
        async with asyncio.TaskGroup() as group:
            group.create_task(client.connect())
            group.create_task(post())


if __name__ == "__main__":
    asyncio.run(
        main(int(sys.argv[1]), sys.argv[2], *json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")))
    )
