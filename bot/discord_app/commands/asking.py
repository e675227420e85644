"""`/ask`: a question in the member's own words."""

import discord
from discord import app_commands

from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import topic_choices
from bot.discord_app.speaking import settled, show

Interaction = discord.Interaction[ClubClient]


@app_commands.command(description="Ask anything about the book, in your own words")
@app_commands.describe(question="Typos and half-remembered names are fine")
async def ask(interaction: Interaction, question: app_commands.Range[str, 1, 200]) -> None:
    """Answers a question."""
    desk = interaction.client.desk
    if here := await settled(interaction, desk):
        await show(interaction, here, desk.answer(question, here, here.audience, interaction.user.id))


@ask.autocomplete("question")
async def _topics(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await topic_choices(interaction, typed)
