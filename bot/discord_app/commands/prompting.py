"""`/prompt`: the next question for the club to discuss."""

import discord
from discord import app_commands

from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST, choices
from bot.discord_app.desk import place_of
from bot.discord_app.speaking import tell
from bot.replies.answers import prompt_reply

Interaction = discord.Interaction[ClubClient]


@app_commands.command(description="The next question to discuss, in the book's order")
@app_commands.describe(theme="Only questions on this theme")
async def prompt(interaction: Interaction, theme: app_commands.Range[str, 1, 100] = "") -> None:
    """Brings the channel's next discussion prompt."""
    desk = interaction.client.desk
    audience = desk.audience_of(interaction)
    drawn = desk.club.prompt(audience, place_of(interaction.channel), theme)
    reply = prompt_reply(drawn, desk.book, audience.together, theme)
    await tell(interaction, desk, reply, to_all=drawn is not None)


@prompt.autocomplete("theme")
async def _themes(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    desk = interaction.client.desk
    return choices(desk.club.themes(desk.audience_of(interaction), typed, MOST))
