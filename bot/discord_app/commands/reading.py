"""`/progress` and `/recap`: where a member is in the book, and the story up to there. Only they see either."""

import discord
from discord import app_commands

from bot.book.progress import NotUnderstood, Reached, read_progress
from bot.club.club import Here, NoBook
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import place_choices
from bot.discord_app.speaking import settled, show, tell
from bot.replies.addressing import recap_page
from bot.replies.house import noted_reply, place_reply

Interaction = discord.Interaction[ClubClient]

progress = app_commands.Group(name="progress", description="How far you have read; nobody else sees it")


@progress.command(name="set", description="Say how far you have read")
@app_commands.describe(place="A part that you have finished, or a chapter such as: ch 12")
async def set_(interaction: Interaction, place: app_commands.Range[str, 1, 200]) -> None:
    """Notes a place."""
    if here := await settled(interaction, interaction.client.desk):
        await _note(interaction, here, read_progress(here.book, place))


@progress.command(name="show", description="What I know of how far you have read")
async def show_(interaction: Interaction) -> None:
    """Says what is noted."""
    if here := await settled(interaction, interaction.client.desk):
        milestone = await interaction.client.desk.club.store.progress(interaction.user.id, here.book.slug)
        await tell(interaction, place_reply(here.book, milestone), book=here.book.slug)


@progress.command(description="Forget how far I have read")
async def clear(interaction: Interaction) -> None:
    """Forgets what is noted."""
    if here := await settled(interaction, interaction.client.desk):
        await _note(interaction, here, Reached(None))


@app_commands.command(description="The story so far, up to where you are; only you see it")
async def recap(interaction: Interaction) -> None:
    """Tells the story so far."""
    if here := await settled(interaction, interaction.client.desk):
        await show(interaction, here, recap_page(here.book, here.audience))


@set_.autocomplete("place")
async def _places(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    here = await interaction.client.desk.here_of(interaction)
    if isinstance(here, NoBook):
        return []
    return place_choices(here.book, typed)


async def _note(interaction: Interaction, here: Here, read: Reached | NotUnderstood) -> None:
    if isinstance(read, Reached):
        await interaction.client.desk.club.keep_progress(interaction.user.id, here.book, read)
    await tell(interaction, noted_reply(here.book, read))
