"""“Hide as spoiler”: a member's message sent again by the bot behind bars, and the original removed.

The new message goes out before the old one is removed, so that nothing is lost if either fails.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import PurePath

import aiohttp
import discord
from discord import ui

from bot.book.progress import places_of
from bot.club.club import Here
from bot.club.ports import Server
from bot.discord_app.desk import Desk
from bot.discord_app.layout import place_value
from bot.discord_app.permissions import HIDING, is_moderator, missing, named
from bot.discord_app.press_ids import custom_id
from bot.discord_app.presses import Hide
from bot.discord_app.speaking import Interaction, tell
from bot.replies.answers import message_reply, veil_label, veil_text
from bot.replies.markdown import displays
from bot.replies.paging import pages
from bot.replies.reply import Reply

NO_PART = "."

_log = logging.getLogger("bookclub")

_OFF = message_reply("“Hide as spoiler” is switched off here.", "A moderator can switch it on: /setup hide")
_NOT_YOURS = message_reply("Only whoever wrote it, or a moderator, can have a message hidden.")
_NOT_HIDEABLE = message_reply("I can hide text and files that a member posted, and nothing else.")
_FORGOTTEN = message_reply("I no longer have that message at hand.", "Choose “Hide as spoiler” once more.")
_CHANGED = message_reply(
    "That message was changed or removed meanwhile, so I left things as they are.",
    "Choose “Hide as spoiler” once more if it is still there.",
)
_UNREADABLE = message_reply("I could not fetch its file, so I left things as they are.", "Try again.")
_REFUSED = message_reply("Discord did not take it, so I left things as they are.", "Try again in a moment.")
_TOO_LARGE = message_reply("Its files are too large for me to send again, so I left things as they are.")
_DONE = message_reply("Done: it stands behind bars now.")
_TWICE = message_reply(
    "I sent it behind bars, but Discord did not let me remove the original. Please remove it yourself."
)

_REQUEST_BYTES = 25 * 1024 * 1024
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")
_PICTURES = ("image/", "video/")


async def ask_for_label(interaction: Interaction, desk: Desk, message: discord.Message) -> None:
    """Opens the modal in which the label is picked, unless this may not or cannot be hidden."""
    server = await desk.club.store.server(interaction.guild_id or 0)
    refusal = _refusal(interaction, server, message)
    if refusal is not None:
        await tell(interaction, refusal)
        return
    here = await desk.here_of(interaction)
    desk.to_hide.keep(interaction.user.id, message.id, message)
    await interaction.response.send_modal(_modal(message, here if isinstance(here, Here) else None))


async def hide_picked(interaction: Interaction, desk: Desk, number: int, picked: str | None) -> None:
    """Hides a message under the label that was picked. Who may is looked at anew."""
    message = desk.to_hide.take(interaction.user.id, number)
    if message is None or message.channel.id != interaction.channel_id:
        await tell(interaction, _FORGOTTEN)
        return
    server = await desk.club.store.server(interaction.guild_id or 0)
    refusal = _refusal(interaction, server, message)
    if refusal is not None:
        await tell(interaction, refusal)
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    here = await desk.here_of(interaction)
    titles = (
        {place_value(here.book.slug, one.id): one.title for one in here.book.head.milestones}
        if isinstance(here, Here)
        else {}
    )
    await tell(interaction, await _hidden(message, titles.get(picked or "")))


async def _hidden(message: discord.Message, title: str | None) -> Reply:
    try:
        files = [await _file(number, attachment) for number, attachment in enumerate(message.attachments, 1)]
    except (discord.HTTPException, aiohttp.ClientError):
        return _UNREADABLE
    # Last of all: what was changed while the files came is not to be lost.
    try:
        now = await message.channel.fetch_message(message.id)
    except discord.NotFound:
        return _CHANGED
    if now.edited_at != message.edited_at:
        return _CHANGED
    label = f"{message.author.display_name} · {veil_label(title)}"
    # A message of files alone has nothing to put behind bars: its label stands over the blurred files.
    reply = veil_text(message.content, label) if message.content.strip() else message_reply(label)
    if not await _sent(message, [displays(page) for page in pages(reply)], files):
        return _REFUSED
    try:
        await message.delete()
    except discord.NotFound:
        return _DONE
    except discord.HTTPException:
        return _TWICE
    return _DONE


async def _sent(
    message: discord.Message, texts: list[list[str]], files: list[tuple[discord.File, bool]]
) -> bool:
    """Sends all parts, the files with the last. Where Discord refuses one, the others are taken back."""
    sent: list[discord.Message] = []
    try:
        for number, part in enumerate(texts, 1):
            own = files if number == len(texts) else []
            sent.append(await message.channel.send(view=_view(part, own), files=[file for file, _ in own]))
    except discord.HTTPException as error:
        _log.warning("A message that was to be hidden could not be sent again (%s).", error.code)
        for part_sent in sent:
            await part_sent.delete()
        return False
    return True


def _refusal(interaction: Interaction, server: Server, message: discord.Message) -> Reply | None:
    """Why this message is not hidden for this member; None where it may be tried."""
    if interaction.guild_id is None or not server.hides:
        return _OFF
    if message.author.id != interaction.user.id and not is_moderator(interaction, server):
        return _NOT_YOURS
    if message.author.bot or message.is_system() or message.poll or message.stickers:
        return _NOT_HIDEABLE
    if message.message_snapshots or not (message.content.strip() or message.attachments):
        return _NOT_HIDEABLE
    lacks = list(_lacks(interaction, message))
    if lacks:
        return message_reply(
            f"I am not allowed that here: {'; '.join(lacks)}.", "A moderator can allow it to my role."
        )
    sizes = [attachment.size for attachment in message.attachments]
    if any(size > interaction.filesize_limit for size in sizes) or sum(sizes) > _REQUEST_BYTES:
        return _TOO_LARGE
    return None


def _lacks(interaction: Interaction, message: discord.Message) -> Iterator[str]:
    has = interaction.app_permissions
    yield from missing(has, HIDING)
    if not has.read_message_history:
        yield named("read_message_history")
    thread = isinstance(interaction.channel, discord.Thread)
    if not (has.send_messages_in_threads if thread else has.send_messages):
        yield named("send_messages_in_threads" if thread else "send_messages")
    if message.attachments and not has.attach_files:
        yield named("attach_files")


def _modal(message: discord.Message, here: Here | None) -> ui.Modal:
    modal = ui.Modal(title="Hide as spoiler", custom_id=custom_id(Hide(message.id)))
    options = [discord.SelectOption(label="No part of the book", value=NO_PART)]
    if here is not None:
        options += [
            discord.SelectOption(label=label[:100], value=place_value(here.book.slug, milestone))
            for milestone, label in places_of(here.book)
            if milestone
        ][:24]
    modal.add_item(
        ui.Label(
            text="Which part does it give away?",
            description="It stands over the bars, for all to see.",
            component=ui.Select(custom_id="label", options=options),
        )
    )
    modal.stop()
    return modal


async def _file(number: int, attachment: discord.Attachment) -> tuple[discord.File, bool]:
    """The file again, blurred, under a name that gives nothing away and without its description; is it a picture?"""
    suffix = PurePath(attachment.filename).suffix
    name = f"{number}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
    file = await attachment.to_file(filename=name, description=None, spoiler=True)
    return file, (attachment.content_type or "").startswith(_PICTURES)


def _view(texts: list[str], files: list[tuple[discord.File, bool]]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    for text in texts:
        view.add_item(ui.TextDisplay(text))
    pictures = [discord.MediaGalleryItem(file, spoiler=True) for file, picture in files if picture]
    if pictures:
        view.add_item(ui.MediaGallery(*pictures))
    for file, picture in files:
        if not picture:
            view.add_item(ui.File(file, spoiler=True))
    view.stop()
    return view
