"""The rival of the load benchmark: discord.py alone. `bare` only connects, `echo` has a command that echoes."""

import asyncio
import os
import sys

import discord
from discord import app_commands

from bot.discord_app.client import INTENTS
from tests.discord.launch import at


@app_commands.command(description="Says it again")
async def ask(interaction: discord.Interaction, question: str) -> None:
    """Echoes."""
    await interaction.response.send_message(question)


async def main(port: int, what: str) -> None:
    """Runs until it is ended."""
    at(port)
    client = discord.Client(intents=INTENTS, allowed_mentions=discord.AllowedMentions.none())
    tree = app_commands.CommandTree(client)
    if what == "echo":
        tree.add_command(ask)
    async with client:
        await client.login(os.environ["DISCORD_TOKEN"])
        await tree.sync()
        await client.connect()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
