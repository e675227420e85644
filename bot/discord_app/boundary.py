"""Where errors of interactions and messages end: the member reads one short sentence, the log has the cause."""

import logging

import aiohttp
import discord
from discord import app_commands

from bot.club.ports import StoreError
from bot.discord_app.layout import said
from bot.discord_app.speaking import Interaction, tell
from bot.replies.answers import message_reply
from bot.replies.reply import Reply

_log = logging.getLogger("bookclub")

_TOO_LATE = frozenset({10062, 40060})
"""Discord's codes for an interaction that it no longer knows, and one that was answered already."""

_UNSENT = (discord.HTTPException, aiohttp.ClientError, OSError)
"""How sending fails: Discord says no, or cannot be reached."""

_FAILED = message_reply("Something went wrong on my side.", "Try again in a moment.")
_FORGETFUL = message_reply("I cannot get at what I remember just now.", "Try again in a moment.")
_CHANGED = message_reply("My commands have changed.", "Restart Discord to see the new ones, then try again.")


async def interaction_failed(interaction: Interaction, error: BaseException) -> None:
    """Tells the member that it failed, unless it is too late for that; logs why where it is not the member's doing."""
    error = getattr(error, "original", error)
    if interaction.type is discord.InteractionType.autocomplete:
        # There is nothing to say to somebody who is still typing.
        _log.warning("No choices could be offered.", exc_info=error)
        return
    match error:
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            await try_to_tell(interaction, _CHANGED)
        case StoreError():
            _log.error("What is remembered could not be read or written. %s", error)
            await try_to_tell(interaction, _FORGETFUL)
        case discord.HTTPException(code=code) if code in _TOO_LATE:
            _log.warning(
                "An answer came too late, or was the second: Discord took no notice of it (%s).", code
            )
        case _:
            _log.error("An interaction failed.", exc_info=error)
            await try_to_tell(interaction, _FAILED)


async def message_failed(message: discord.Message, error: BaseException) -> None:
    """Logs why a question in a message was not answered, and says so there unless the bot may not write there."""
    if isinstance(error, discord.Forbidden):
        _log.warning(
            "I may not write in channel %s. Give me the permission, or ask elsewhere.", message.channel.id
        )
        return
    if isinstance(error, StoreError):
        _log.error("What is remembered could not be read. %s", error)
    else:
        _log.error("A message was not answered.", exc_info=error)
    try:
        await message.channel.send(view=said(_FAILED))
    except _UNSENT as second:
        _log.warning("Nor could I say so there (%s).", type(second).__name__)


async def try_to_tell(interaction: Interaction, reply: Reply) -> None:
    """Tells the member something, and notes in the log where that cannot be done either."""
    try:
        await tell(interaction, reply)
    except _UNSENT as error:
        _log.warning("The member could not be told (%s).", type(error).__name__)
