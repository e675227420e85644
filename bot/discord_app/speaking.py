"""Replies to interactions: what the asker alone may be sent goes out ephemerally, except where they are alone anyway."""

import io
import math
from typing import Any

import discord

from bot.club.club import Here, NoBook, titles
from bot.club.flood import TooMuch
from bot.discord_app.desk import Desk
from bot.discord_app.layout import Sealed, layout, said, which_book
from bot.replies.answers import message_reply
from bot.replies.house import no_book_reply
from bot.replies.paging import pages
from bot.replies.reply import Page, Reply

Interaction = discord.Interaction[Any]
"""An interaction with some client; whoever needs more of the bot than it takes the desk as an argument."""


async def settled(interaction: Interaction, desk: Desk) -> Here | None:
    """What is read where an interaction comes from. None: no book is settled on, and the member has been told so."""
    here = await desk.here_of(interaction)
    if isinstance(here, Here):
        return here
    await _send(interaction, no_book(here, desk), to_all=False)
    return None


def no_book(here: NoBook, desk: Desk) -> Sealed:
    """What is said where no book is settled on, with the books to pick from where the member may."""
    reply = no_book_reply(in_server=here.in_server)
    return said(reply) if here.in_server else which_book(reply, titles(desk.club.books.values()))


async def show(interaction: Interaction, here: Here, page: Page) -> None:
    """Answers a command with a page: for all to see, unless it is private."""
    await _send(interaction, layout(page, here.book.slug), to_all=not page.private)


async def show_presser(interaction: Interaction, here: Here, page: Page) -> None:
    """Answers a press or a modal: the message stays as it is, and the presser alone sees the page."""
    await _send(interaction, layout(page, here.book.slug), to_all=False)


async def turn_over(interaction: Interaction, here: Here, page: Page) -> None:
    """Puts another page in place of the one whose button was pressed, where the presser alone sees it.

    One that others see stays, and the presser gets the page for themselves.
    """
    message = interaction.message
    if message is not None and (message.flags.ephemeral or interaction.guild_id is None):
        await interaction.response.edit_message(
            view=layout(page, here.book.slug), allowed_mentions=discord.AllowedMentions.none()
        )
    else:
        await show_presser(interaction, here, page)


async def tell(interaction: Interaction, reply: Reply, *, book: str = "", to_all: bool = False) -> None:
    """Answers with a reply whose pages cannot be turned; one too long for a message goes out as several.

    `book` is the slug of the book that its choices are from.
    """
    for part in pages(reply):
        await _send(interaction, layout(Page(part), book), to_all=to_all)


async def tell_layout(interaction: Interaction, view: Sealed) -> None:
    """Answers the asker alone with a message that is laid out already."""
    await _send(interaction, view, to_all=False)


async def update(interaction: Interaction, view: Sealed) -> None:
    """Puts a message in place of the one whose button, select or modal this answers, if the presser alone sees that.

    Where there is none, or others see it, the presser gets a new one.
    """
    message = interaction.message
    if message is not None and message.flags.ephemeral and not interaction.response.is_done():
        await interaction.response.edit_message(view=view, allowed_mentions=discord.AllowedMentions.none())
    else:
        await _send(interaction, view, to_all=False)


async def send_file(interaction: Interaction, reply: Reply, name: str, data: bytes) -> None:
    """Answers the asker alone, who has been told to wait, with a file."""
    await interaction.edit_original_response(
        view=said(reply),
        attachments=[discord.File(io.BytesIO(data), name)],
        allowed_mentions=discord.AllowedMentions.none(),
    )


def wait_reply(too_much: TooMuch) -> Reply:
    """What somebody is told who asks too fast."""
    seconds = max(1, math.ceil(too_much.seconds))
    return message_reply(
        f"That was a lot at once. Give me {seconds} second{'s' if seconds > 1 else ''}, then ask again."
    )


async def _send(interaction: Interaction, view: Sealed, *, to_all: bool) -> None:
    ephemeral = not to_all and interaction.guild_id is not None
    if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        # The placeholder becomes the answer; whether others see it was settled when it was sent.
        await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())
    elif interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=ephemeral)
    else:
        await interaction.response.send_message(view=view, ephemeral=ephemeral)
