"""`/knowledge misses` and `suggestions` for moderators, and `/suggest` for members."""

import discord
from discord import app_commands

from bot.book.inbox import Sort
from bot.club import inbox
from bot.club.club import NoBook
from bot.club.curating import find_entries, find_entry
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST, choices
from bot.discord_app.commands.curating import Topic, curator
from bot.discord_app.commands.curating_history import knowledge
from bot.discord_app.inbox import show_contributions, show_misses
from bot.discord_app.speaking import settled, tell
from bot.replies.answers import message_reply
from bot.replies.inbox import contributed_reply

# From here, so that whoever takes the group has these, too.
__all__ = ["knowledge", "suggest"]

Interaction = discord.Interaction[ClubClient]

_SORTS: dict[str, Sort] = {"fact": "fact", "quote": "quote", "correction": "correction"}

_NO_ENTRY = message_reply("I find no such answer among what you have read.", "Pick one from the list.")
_NO_PLACE = message_reply("Where does the quote stand?", "Name a chapter or a scene with the option where.")
_NO_SORT = message_reply("I do not know what that is.", "Pick one from the list.")


@knowledge.command(description="Questions that I had no answer to, most asked first")
async def misses(interaction: Interaction) -> None:
    """Shows the first group of missed questions."""
    if here := await curator(interaction):
        await show_misses(interaction, interaction.client.desk, here)


@knowledge.command(description="What members suggest: take it or leave it")
async def suggestions(interaction: Interaction) -> None:
    """Shows the suggestion that has waited longest."""
    if here := await curator(interaction):
        await show_contributions(interaction, interaction.client.desk, here)


@app_commands.command(description="Suggest a fact, a quote or a correction; a moderator reads it first")
@app_commands.describe(
    what="What it is",
    text="In your own words; a quote word for word",
    where="The chapter, scene or page that it is from",
    answer="The answer that is to be corrected",
)
@app_commands.choices(what=[app_commands.Choice(name=sort, value=sort) for sort in _SORTS])
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def suggest(
    interaction: Interaction,
    what: str,
    text: app_commands.Range[str, 1, inbox.LENGTH],
    where: app_commands.Range[str, 1, 120] | None = None,
    answer: Topic | None = None,
) -> None:
    """Keeps what a member suggests, and shows it to nobody but the moderators."""
    desk = interaction.client.desk
    here = await settled(interaction, desk)
    if here is None:
        return
    sort = _SORTS.get(what)
    entry = find_entry(here, answer) if answer else None
    if sort is None:
        await tell(interaction, _NO_SORT)
    elif answer and entry is None:
        await tell(interaction, _NO_ENTRY)
    elif sort == "quote" and not (where or "").strip():
        await tell(interaction, _NO_PLACE)
    else:
        kept = await inbox.suggest(desk.club, here, interaction.user.id, sort, text, where, entry)
        await tell(interaction, contributed_reply(kept if isinstance(kept, int) else None))


@suggest.autocomplete("answer")
async def _answers(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    here = await interaction.client.desk.here_of(interaction)
    if isinstance(here, NoBook):
        return []
    topics = here.asking.topics(typed, here.audience.progress, MOST)
    return choices(entry.topic for entry in find_entries(here, topics))
