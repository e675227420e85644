"""The spoiler watch: marks members' messages that give away what their channel has not read. Nothing else is done."""

import logging

import discord

from bot.club.watching import tells_ahead
from bot.discord_app.desk import Desk, place_of

MARK = "\N{SEE-NO-EVIL MONKEY}"

_log = logging.getLogger("bookclub")


async def watch(message: discord.Message, desk: Desk) -> None:
    """Marks a message of a member in a watched channel, when sure that it tells of what lies beyond the ceiling."""
    if message.guild is None or message.author.bot or message.is_system() or not message.content:
        return
    place = place_of(message.channel)
    if place not in await desk.club.store.watched(message.guild.id):
        return
    found = await desk.club.open_in(message.guild.id, place)
    if found is None or not tells_ahead(*found, message.content):
        return
    try:
        await message.add_reaction(MARK)
    except discord.Forbidden:
        _log.warning("I may not add a reaction in channel %s. Allow it, or end the watch there.", place)
    except discord.NotFound:
        return
