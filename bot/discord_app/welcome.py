"""The one message that the bot sends of itself: when a server has let it in."""

from collections.abc import Iterator

import discord

from bot.discord_app.desk import Desk
from bot.discord_app.layout import said
from bot.discord_app.permissions import missing
from bot.replies.answers import message_reply
from bot.replies.reply import Reply


async def greet(guild: discord.Guild, desk: Desk) -> bool:
    """Says in the system channel, or the first where the bot may write, what it does. False: it may write nowhere."""
    for channel in _channels(guild):
        try:
            await channel.send(view=said(greeting(desk, channel.permissions_for(guild.me))))
        except discord.Forbidden:
            continue
        return True
    return False


def greeting(desk: Desk, has: discord.Permissions) -> Reply:
    """What the bot does, a first question to try, and what it is not allowed yet."""
    lacks = list(missing(has))
    only = desk.club.book_of(None)
    first = only.first_question() if only else None
    notes = [
        *([f"Try it: /ask {first}"] if first else []),
        "Moderators: /setup says what the club reads, how far each channel is, and what I may do.",
        "Or mention me with a question, or write to me alone. /help lists the rest.",
        *([f"I am not allowed here yet: {'; '.join(lacks)}."] if lacks else []),
    ]
    subject = only.book.title if only else "the book that your club reads"
    return message_reply(
        f"Hello! I answer questions about {subject} from what this club's sources say, with the source, "
        "and I keep what you have not read yet behind bars.",
        *notes,
    )


def _channels(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """Where it may write, as far as it knows: the system channel first."""
    channels = [guild.system_channel, *sorted(guild.text_channels, key=lambda channel: channel.position)]
    for channel in channels:
        if channel is not None:
            has = channel.permissions_for(guild.me)
            if has.view_channel and has.send_messages:
                yield channel
