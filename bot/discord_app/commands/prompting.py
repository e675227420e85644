"""`/prompt`: questions for the club to discuss: the next one, one of a member's own, and the queue of those."""

import discord
from discord import app_commands

from bot.book.progress import NotUnderstood, Reached, read_progress
from bot.club.club import NoBook, themes_for
from bot.club.suggesting import LENGTH
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST, choices, place_choices
from bot.discord_app.moderating import moderates
from bot.discord_app.speaking import settled, tell
from bot.discord_app.suggesting import keep_suggestion, show_queue
from bot.replies.answers import message_reply, prompt_reply

Interaction = discord.Interaction[ClubClient]

_NO_SUCH_PLACE = message_reply("I do not know that place in the book.", "Pick one from the list.")

prompt = app_commands.Group(name="prompt", description="Questions for the club to discuss")


@prompt.command(name="next", description="The next question to discuss, in the book's order")
@app_commands.describe(theme="Only questions on this theme")
async def next_(interaction: Interaction, theme: app_commands.Range[str, 1, 100] = "") -> None:
    """Brings the channel's next discussion prompt."""
    desk = interaction.client.desk
    if here := await settled(interaction, desk):
        drawn = await desk.club.prompt(here, theme)
        reply = prompt_reply(drawn, here.book, here.audience.together, theme)
        await tell(interaction, reply, book=here.book.slug, to_all=drawn is not None)


@prompt.command(description="Suggest a question of your own; a moderator reads it first")
@app_commands.describe(
    question="What the club shall discuss",
    place="For those who have read up to here; left out: as far as you have",
)
async def suggest(
    interaction: Interaction,
    question: app_commands.Range[str, 1, LENGTH],
    place: app_commands.Range[str, 1, 100] | None = None,
) -> None:
    """Takes a prompt from a member, or at once from a moderator."""
    desk = interaction.client.desk
    here = await settled(interaction, desk)
    if here is None:
        return
    if place is None:
        await keep_suggestion(interaction, desk, here, question, False)
        return
    match read_progress(here.book, place):
        case Reached(milestone):
            await keep_suggestion(interaction, desk, here, question, milestone.id if milestone else None)
        case NotUnderstood():
            await tell(interaction, _NO_SUCH_PLACE)


@prompt.command(description="Moderators: take or reject what members suggested")
async def review(interaction: Interaction) -> None:
    """Shows the suggestion that has waited longest."""
    desk = interaction.client.desk
    if await moderates(interaction, desk) and (here := await settled(interaction, desk)):
        await show_queue(interaction, desk, here)


@next_.autocomplete("theme")
async def _themes(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    here = await interaction.client.desk.here_of(interaction)
    return [] if isinstance(here, NoBook) else choices(themes_for(here, typed, MOST))


@suggest.autocomplete("place")
async def _places(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    here = await interaction.client.desk.here_of(interaction)
    return [] if isinstance(here, NoBook) else place_choices(here.book, typed)
