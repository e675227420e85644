"""What a command offers while a member types: topics and themes within what they have read, and nothing else."""

from collections.abc import Iterable

import discord
from discord import app_commands

from bot.book.book import Book
from bot.book.entries import Kind
from bot.book.progress import NotUnderstood, Reached, places_of, read_progress
from bot.club.club import NoBook
from bot.discord_app.client import ClubClient

MOST = 25
NAME = 100
"""Discord's limits: how many choices, and how long."""


async def topic_choices(
    interaction: discord.Interaction[ClubClient], typed: str, kind: Kind | None = None
) -> list[app_commands.Choice[str]]:
    """Topics that what has been typed may become. The member alone sees them, so their own progress counts."""
    here = await interaction.client.desk.here_of(interaction)
    if isinstance(here, NoBook):
        return []
    return choices(here.asking.topics(typed, here.audience.progress, MOST, kind))


def choices(texts: Iterable[str]) -> list[app_commands.Choice[str]]:
    """Texts as choices: what is picked is what was read."""
    return [app_commands.Choice(name=text, value=text) for text in texts]


def place_choices(book: Book, typed: str) -> list[app_commands.Choice[str]]:
    """Places in a book: those whose label holds what has been typed, else the one that it is understood as."""
    wanted = typed.casefold().strip()
    found = [
        app_commands.Choice(name=label[:NAME], value=label if len(label) <= NAME else milestone or label)
        for milestone, label in places_of(book)
        if wanted in label.casefold()
    ]
    if not found:
        match read_progress(book, typed):
            case Reached(milestone):
                name = f"{typed.strip()}: {milestone.title if milestone else 'nothing'} finished"
                return [app_commands.Choice(name=name[:NAME], value=typed[:NAME])]
            case NotUnderstood():
                pass
    return found[:MOST]
