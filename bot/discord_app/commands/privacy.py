"""`/privacy`: what is stored of a member, and how they are forgotten."""

import discord
from discord import app_commands

from bot.discord_app.client import ClubClient
from bot.discord_app.privacy import ask_to_forget, show_held
from bot.discord_app.privacy import export as send_held

Interaction = discord.Interaction[ClubClient]

privacy = app_commands.Group(name="privacy", description="What I have stored of you")


@privacy.command(description="What I have stored of you, and why")
async def show(interaction: Interaction) -> None:
    """Says what is stored."""
    await show_held(interaction, interaction.client.desk)


@privacy.command(description="All that I have stored of you, as a file")
async def export(interaction: Interaction) -> None:
    """Sends what is stored."""
    await send_held(interaction, interaction.client.desk)


@privacy.command(description="Have me forget you")
async def forget(interaction: Interaction) -> None:
    """Asks whether that is meant."""
    await ask_to_forget(interaction)
