"""`/knowledge add`, `edit`, `remove` and `preview`: one entry of the server's book."""

import discord
from discord import app_commands

from bot.book.entries import Entry, Kind
from bot.book.progress import NotUnderstood, Reached, read_progress
from bot.book.spoilers import horizon_of
from bot.club.club import Here, NoBook
from bot.club.curating import (
    begin_edit,
    begin_entry,
    find_entries,
    find_entry,
    new_draft,
    propose_removal,
    read_in_full,
)
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST, choices, place_choices
from bot.discord_app.moderating import may_moderate, moderates
from bot.discord_app.permissions import MODERATORS
from bot.discord_app.proposals import open_form, show_proposal
from bot.discord_app.speaking import settled, tell
from bot.replies.answers import message_reply
from bot.replies.curating import preview_reply

Interaction = discord.Interaction[ClubClient]
Topic = app_commands.Range[str, 1, 100]

knowledge = app_commands.Group(
    name="knowledge",
    description="Moderators: what I know of the book in this server",
    default_permissions=MODERATORS,
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
)

_NO_ENTRY = message_reply(
    "I find no such entry among those that you have read.",
    "Pick one from the list. For all of the book, say how far you have read with /progress.",
)
_FURTHER_ON = message_reply(
    "Part of that entry is further on than you have read, and the form would show it.",
    "Say how far you have read with /progress, or leave it to another moderator.",
)
_NO_SUCH_PLACE = message_reply("I do not know that place in the book.", "Pick one from the list.")


async def curator(interaction: Interaction) -> Here | None:
    """Where a moderator curates; None: they may not, or no book is chosen, and have been told so."""
    desk = interaction.client.desk
    return await settled(interaction, desk) if await moderates(interaction, desk) else None


async def _named(interaction: Interaction, topic: str) -> tuple[Here, Entry] | None:
    """Where a moderator curates, and the entry that they name; None: they have been told why not."""
    here = await curator(interaction)
    found = find_entry(here, topic) if here else None
    if here is not None and found is None:
        await tell(interaction, _NO_ENTRY)
    return (here, found) if here and found else None


async def entry_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Topics of entries that a moderator has read; nothing for anybody else."""
    desk = interaction.client.desk
    here = await desk.here_of(interaction)
    if isinstance(here, NoBook) or not await may_moderate(interaction, desk):
        return []
    topics = here.asking.topics(typed, here.audience.progress, MOST)
    return choices(entry.topic for entry in find_entries(here, topics))


@knowledge.command(description="Write a new entry")
@app_commands.describe(kind="What it is")
@app_commands.choices(
    kind=[
        app_commands.Choice(name="fact", value="fact"),
        app_commands.Choice(name="quote", value="quote"),
        app_commands.Choice(name="plot point", value="plot"),
        app_commands.Choice(name="view of a reviewer", value="view"),
    ]
)
async def add(interaction: Interaction, kind: str) -> None:
    """Opens the form for an entry."""
    chosen: dict[str, Kind] = {"fact": "fact", "quote": "quote", "plot": "plot", "view": "view"}
    if (here := await curator(interaction)) and kind in chosen:
        await open_form(interaction, interaction.client.desk, begin_entry(here, new_draft(chosen[kind])))


@knowledge.command(description="Change an entry")
@app_commands.describe(entry="Its topic")
async def edit(interaction: Interaction, entry: Topic) -> None:
    """Opens the form with what the entry says now."""
    named = await _named(interaction, entry)
    if named is None:
        return
    here, found = named
    if not read_in_full(here, found):
        await tell(interaction, _FURTHER_ON)
        return
    desk = interaction.client.desk
    await open_form(interaction, desk, await begin_edit(desk.club, here, found))


@knowledge.command(description="Take an entry out; its history stays")
@app_commands.describe(entry="Its topic")
async def remove(interaction: Interaction, entry: Topic) -> None:
    """Shows what would go, to be confirmed."""
    named = await _named(interaction, entry)
    if named is None:
        return
    here, found = named
    desk = interaction.client.desk
    proposal = await propose_removal(desk.club, here, found)
    await show_proposal(interaction, desk, here, proposal, interaction.id)


@knowledge.command(description="What a reader at some point of the book sees of an entry")
@app_commands.describe(entry="Its topic", reader="How far that reader has come")
@app_commands.rename(reader="as")
async def preview(interaction: Interaction, entry: Topic, reader: Topic) -> None:
    """Shows the entry as such a reader would see it."""
    named = await _named(interaction, entry)
    if named is None:
        return
    here, found = named
    match read_progress(here.book, reader):
        case Reached(milestone):
            as_far_as = horizon_of(here.book, milestone.id if milestone else None)
            reply = preview_reply(found, here.book, as_far_as, here.audience.progress)
            await tell(interaction, reply)
        case NotUnderstood():
            await tell(interaction, _NO_SUCH_PLACE)


@edit.autocomplete("entry")
@remove.autocomplete("entry")
@preview.autocomplete("entry")
async def _entries(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await entry_choices(interaction, typed)


@preview.autocomplete("reader")
async def _places(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    here = await interaction.client.desk.here_of(interaction)
    return [] if isinstance(here, NoBook) else place_choices(here.book, typed)
