"""`/prompt`: the next question for the club to discuss."""

import discord
from discord import app_commands

from bot.club.club import NoBook, themes_for
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST, choices
from bot.discord_app.speaking import settled, tell
from bot.replies.answers import prompt_reply

Interaction = discord.Interaction[ClubClient]


@app_commands.command(description="The next question to discuss, in the book's order")
@app_commands.describe(theme="Only questions on this theme")
async def prompt(interaction: Interaction, theme: app_commands.Range[str, 1, 100] = "") -> None:
    """Brings the channel's next discussion prompt."""
    desk = interaction.client.desk
    if here := await settled(interaction, desk):
        drawn = await desk.club.prompt(here, theme)
        reply = prompt_reply(drawn, here.book, here.audience.together, theme)
        await tell(interaction, reply, book=here.book.slug, to_all=drawn is not None)


@prompt.autocomplete("theme")
async def _themes(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    here = await interaction.client.desk.here_of(interaction)
    return [] if isinstance(here, NoBook) else choices(themes_for(here, typed, MOST))
