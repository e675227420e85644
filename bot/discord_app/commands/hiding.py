"""“Hide as spoiler”, on any message."""

import discord
from discord import app_commands

from bot.discord_app.client import ClubClient
from bot.discord_app.hiding import ask_for_label


@app_commands.context_menu(name="Hide as spoiler")
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def hide(interaction: discord.Interaction[ClubClient], message: discord.Message) -> None:
    """Sends a message again behind bars and removes the original."""
    await ask_for_label(interaction, interaction.client.desk, message)
