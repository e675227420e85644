"""`/knowledge history` and `restore`: what was changed, and how it is taken back."""

import discord
from discord import app_commands

from bot.book.entries import Entry
from bot.club import auditing
from bot.club.club import Here, NoBook
from bot.club.curating import find_entry, propose_restoring, removed_topics
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST, NAME, choices
from bot.discord_app.commands.curating import Topic, curator, entry_choices
from bot.discord_app.commands.curating_files import knowledge
from bot.discord_app.histories import show_history
from bot.discord_app.moderating import may_moderate
from bot.discord_app.proposals import show_proposal
from bot.discord_app.speaking import tell
from bot.replies.answers import message_reply
from bot.replies.curating import revision_reply

# From here, so that whoever takes the group has these, too.
__all__ = ["knowledge"]

Interaction = discord.Interaction[ClubClient]
Number = app_commands.Range[int, 0, 10_000_000]

_NO_ENTRY = message_reply("I find no such entry among those that you have read.", "Pick one from the list.")
_NO_REVISION = message_reply("There is no revision of that number.", "See /knowledge history.")


@knowledge.command(description="Who changed what and when")
@app_commands.describe(entry="Of this entry alone", revision="All that this revision changed")
async def history(
    interaction: Interaction, entry: Topic | None = None, revision: Number | None = None
) -> None:
    """Lists revisions, or shows one of them entry by entry."""
    here = await curator(interaction)
    if here is None:
        return
    club = interaction.client.desk.club
    if revision is not None:
        found = await auditing.revision(club, here, revision)
        reply = (
            revision_reply(*found, here.book, here.audience.progress) if found is not None else _NO_REVISION
        )
        await tell(interaction, reply)
        return
    named = _find(interaction, here, entry)
    if entry and named is None:
        await tell(interaction, _NO_ENTRY)
        return
    await show_history(interaction, interaction.client.desk, here, None, named.id if named else None)


@knowledge.command(description="Make your book as it was after a revision; you see first what that changes")
@app_commands.describe(revision="Its number; 0 is the book as it came", entry="Only this entry")
async def restore(interaction: Interaction, revision: Number, entry: Topic | None = None) -> None:
    """Shows what restoring would change, to be confirmed. It is one more revision, and nothing is lost."""
    here = await curator(interaction)
    if here is None:
        return
    desk = interaction.client.desk
    named = _find(interaction, here, entry)
    if entry and named is None:
        await tell(interaction, _NO_ENTRY)
        return
    proposal = await propose_restoring(desk.club, here, revision, named.id if named else None)
    if proposal is None:
        await tell(interaction, _NO_REVISION)
    else:
        await show_proposal(interaction, desk, here, proposal, interaction.id)


def _find(interaction: Interaction, here: Here, topic: str | None) -> Entry | None:
    base = interaction.client.desk.club.shared_book(here.book.slug)
    return find_entry(here, topic, base) if topic else None


@history.autocomplete("entry")
@restore.autocomplete("entry")
async def _entries(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Entries of the book, those that the server has removed first."""
    desk = interaction.client.desk
    here = await desk.here_of(interaction)
    found = await entry_choices(interaction, typed)
    if isinstance(here, NoBook) or not await may_moderate(interaction, desk):
        return []
    wanted = typed.casefold().strip()
    removed = removed_topics(here, desk.club.shared_book(here.book.slug))
    return [*choices(topic for topic in removed if wanted in topic.casefold()), *found][:MOST]


@history.autocomplete("revision")
@restore.autocomplete("revision")
async def _revisions(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    desk = interaction.client.desk
    here = await desk.here_of(interaction)
    if isinstance(here, NoBook) or not await may_moderate(interaction, desk):
        return []
    found = await desk.club.store.history(here.server or 0, here.book.slug, MOST)
    named = [(f"#{one.number} {one.what}, {one.at:%d %B %Y %H:%M} UTC", one.number) for one in found]
    wanted = typed.strip().removeprefix("#")
    return [
        app_commands.Choice(name=name[:NAME], value=number)
        for name, number in named
        if str(number).startswith(wanted)
    ]
