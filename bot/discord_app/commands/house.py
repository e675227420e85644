"""`/help` and `/about`: what the bot does, and what it is."""

import math
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import discord
from discord import app_commands

from bot.discord_app.client import ClubClient, Command
from bot.discord_app.speaking import tell
from bot.replies.answers import list_reply, message_reply

Interaction = discord.Interaction[ClubClient]


@app_commands.command(name="help", description="What I can do for you")
async def help_(interaction: Interaction) -> None:
    """Lists the commands that the caller may use."""
    commands = [
        command for command in interaction.client.tree.get_commands() if _may_use(interaction, command)
    ]
    reply = list_reply(
        "What I can do",
        [line for command in commands for line in _lines(command)],
        "Or mention me with a question, or write to me alone. Spoilers stay behind bars until you tap them.",
    )
    await tell(interaction, reply)


@app_commands.command(description="Which version this is, and what it knows")
async def about(interaction: Interaction) -> None:
    """Says what the bot is."""
    client = interaction.client
    synced = client.synced_at
    await tell(
        interaction,
        message_reply(
            f"I am bookclub-bot {_version()}. I answer from what people wrote down, with the source; "
            "I make nothing up.",
            *(
                f"Book: {one.book.title}, {len(one.book.entries)} entries, {len(one.book.prompts)} prompts"
                for one in client.desk.club.books.values()
            ),
            "Commands synced: " + (f"{synced:%d %B %Y %H:%M} UTC" if synced else "not since this start"),
            "Latency: "
            + (f"{client.latency * 1000:.0f} ms" if math.isfinite(client.latency) else "not measured yet"),
        ),
    )


def _version() -> str:
    try:
        return version("bookclub-bot")
    except PackageNotFoundError:
        return "of a checkout that is not installed"


def _may_use(interaction: Interaction, command: Command) -> bool:
    """Whether Discord offers the command to the caller by default; administrators may have changed that."""
    needs = command.default_permissions
    if interaction.guild_id is None:
        return command.allowed_contexts is None or command.allowed_contexts.dm_channel is not False
    return needs is None or interaction.permissions.administrator or interaction.permissions >= needs


def _lines(command: Command) -> Iterator[str]:
    if isinstance(command, app_commands.ContextMenu):
        yield f"{command.name}: hold or right-click a message, Apps"
    elif isinstance(command, app_commands.Group):
        for child in command.commands:
            yield from _lines(child)
    else:
        options = [
            f"{option.display_name}" if option.required else f"[{option.display_name}]"
            for option in command.parameters
        ]
        yield f"{' '.join([f'/{command.qualified_name}', *options])}: {command.description}"
