"""Messages that ask the bot: a mention of it in a server, and all that it is told in a direct message."""

import re

import discord

from bot.club.club import NoBook
from bot.discord_app.desk import Desk
from bot.discord_app.layout import Sealed, beyond_layout, layout, said
from bot.discord_app.speaking import no_book, wait_reply
from bot.replies.answers import message_reply
from bot.replies.reply import Reply

_NO_QUESTION = message_reply("Ask me something about the book.", "/help lists what else I do.")
_ROLE = message_reply(
    "You pinged my role, and then Discord does not show me what you wrote.",
    "Use /ask, or pick me and not my role when you mention me.",
)
_UNREADABLE = message_reply("I can only read text.", "Type your question, or use /ask.")


def question_in(content: str, bot: int) -> str | None:
    """What is asked in a message that mentions the bot by `<@id>`; None where it does not."""
    without, mentions = re.subn(rf"<@!?{bot}>", " ", content)
    return " ".join(without.split()) if mentions else None


async def heard(message: discord.Message, desk: Desk, me: discord.ClientUser) -> bool:
    """Answers a message if it is for the bot, and says whether it was.

    A reply to one of its messages is not, unless it mentions it too.
    """
    asked = _asked(message, me)
    if asked is None:
        return False
    guild = message.guild.id if message.guild else None
    if too_much := desk.refuses(message.author.id, guild):
        # One line a flood: unlike the answer to a command, all see this one.
        if too_much.first:
            await _say(message, said(wait_reply(too_much)))
    elif isinstance(asked, Reply):
        await _say(message, said(asked))
    else:
        await _say(message, await _answer(message, desk, asked))
    return True


async def _answer(message: discord.Message, desk: Desk, question: str) -> Sealed:
    guild = message.guild.id if message.guild else None
    here = await desk.here(message.author.id, guild, message.channel)
    if isinstance(here, NoBook):
        return no_book(here, desk)
    page = desk.answer(question, here, here.audience.aloud, message.author.id)
    if page.private:
        return beyond_layout(answerable=_may_refer(message))
    return layout(page, here.book.slug)


def _asked(message: discord.Message, me: discord.ClientUser) -> str | Reply | None:
    """The question in a message, or what to say where there is none; None for a message that is not for the bot."""
    if message.author.bot or message.webhook_id is not None or message.is_system():
        return None
    if isinstance(message.channel, discord.DMChannel):
        return message.content.strip() or _UNREADABLE
    if message.guild is None:
        # A server that the bot does not know, for Discord's word of it was lost: not the member alone.
        return None
    question = question_in(message.content, me.id)
    if question is not None:
        return question or _NO_QUESTION
    role = message.guild.self_role
    return _ROLE if role is not None and role in message.role_mentions else None


async def _say(message: discord.Message, view: Sealed) -> None:
    """Replies to the message; where its history may not be read Discord takes no reply, only a message."""
    if _may_refer(message):
        await message.channel.send(
            view=view, reference=message.to_reference(fail_if_not_exists=False), mention_author=False
        )
    else:
        await message.channel.send(view=view)


def _may_refer(message: discord.Message) -> bool:
    """Whether the bot may reply to this very message. Where it does not know the channel it takes it that it may."""
    if message.guild is None or isinstance(message.channel, discord.PartialMessageable):
        return True
    try:
        return message.channel.permissions_for(message.guild.me).read_message_history
    except discord.ClientException:  # a thread whose parent is not known
        return True
