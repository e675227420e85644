"""What a command offers while a member types: topics and themes within what they have read, and nothing else."""

from collections.abc import Iterable

import discord
from discord import app_commands

from bot.book.entries import Kind
from bot.discord_app.client import ClubClient

MOST = 25


def topic_choices(
    interaction: discord.Interaction[ClubClient], typed: str, kind: Kind | None = None
) -> list[app_commands.Choice[str]]:
    """Topics that what has been typed may become. The member alone sees them, so their own progress counts."""
    desk = interaction.client.desk
    progress = desk.audience_of(interaction).progress
    return choices(desk.club.asking.topics(typed, progress, MOST, kind))


def choices(texts: Iterable[str]) -> list[app_commands.Choice[str]]:
    """Texts as choices: what is picked is what was read."""
    return [app_commands.Choice(name=text, value=text) for text in texts]
