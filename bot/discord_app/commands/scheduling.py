"""`/schedule`: when a channel gets prompts. For moderators, and all answers are theirs alone."""

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands

from bot.book.notices import NoBook, NoPrompts
from bot.book.recurrence import Occurrence
from bot.book.schedules import Scheduled
from bot.book.spoilers import Audience, Horizon, horizon_of
from bot.club import scheduling
from bot.club.club import Club
from bot.discord_app import timetable
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST
from bot.discord_app.moderating import moderates
from bot.discord_app.permissions import MODERATORS
from bot.discord_app.speaking import tell
from bot.replies.answers import list_reply, message_reply
from bot.replies.schedules import notice_said

Interaction = discord.Interaction[ClubClient]
Which = app_commands.Range[str, 1, 100]

schedule = app_commands.Group(
    name="schedule",
    description="Moderators: when a channel gets discussion prompts",
    default_permissions=MODERATORS,
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
)

_NO_SUCH = message_reply("I have no such schedule.", "Pick one from the list, or see /schedule list.")
_NOTHING_WAITS = message_reply("Nothing waits to be skipped.", "See /schedule list.")


@schedule.command(name="list", description="All schedules, their next posts, and what went wrong lately")
async def list_(interaction: Interaction) -> None:
    """Lists the server's schedules."""
    club = interaction.client.desk.club
    if await moderates(interaction, interaction.client.desk):
        guild, server = interaction.guild, interaction.guild_id or 0
        await tell(interaction, await timetable.overview_of_schedules(guild, club, server))


@schedule.command(description="What the next five posts of a schedule will be")
@app_commands.describe(which="The schedule")
async def preview(interaction: Interaction, which: Which) -> None:
    """Shows posts to come, what its reader has not read behind bars."""
    if found := await picked(interaction, which):
        club = interaction.client.desk.club
        audience = await _audience(club, interaction.user.id, found)
        await tell(interaction, await timetable.preview(interaction.guild, club, found, audience))


@schedule.command(description="Stop a schedule until you resume it")
@app_commands.describe(which="The schedule")
async def pause(interaction: Interaction, which: Which) -> None:
    """Stops a schedule for now."""
    await _change(interaction, which, scheduling.pause, "Paused")


@schedule.command(description="Go on with a schedule, from its next post on")
@app_commands.describe(which="The schedule")
async def resume(interaction: Interaction, which: Which) -> None:
    """Goes on with a schedule that was stopped."""
    await _change(interaction, which, scheduling.resume, "It goes on")


@schedule.command(description="Leave out the next post of a schedule")
@app_commands.describe(which="The schedule")
async def skip(interaction: Interaction, which: Which) -> None:
    """Skips one post."""
    found = await picked(interaction, which)
    if found is None:
        return
    club = interaction.client.desk.club
    if not await scheduling.skip(club, found):
        await tell(interaction, _NOTHING_WAITS)
        return
    now = await _find(club, found.schedule.server, found.schedule.id)
    await tell(interaction, timetable.done(interaction.guild, club, now or found, "Skipped one post"))


@schedule.command(description="Forget a schedule")
@app_commands.describe(which="The schedule")
async def remove(interaction: Interaction, which: Which) -> None:
    """Removes a schedule, and says what it was, so that it can be made again."""
    if found := await picked(interaction, which):
        club = interaction.client.desk.club
        await club.store.remove_schedule(found.schedule.id)
        said = timetable.lines(interaction.guild, club, found.schedule)
        await tell(interaction, list_reply("Removed", said, "With /schedule add you can make it again."))


@schedule.command(description="Post the next prompt of a schedule at once")
@app_commands.describe(which="The schedule")
async def now(interaction: Interaction, which: Which) -> None:
    """Posts beside the schedule's own times."""
    found = await picked(interaction, which)
    if found is None:
        return
    match await scheduling.post_now(interaction.client.desk.club, found.schedule):
        case Occurrence():
            interaction.client.desk.poke()
            await tell(interaction, message_reply("It is on its way."))
        case NoPrompts() | NoBook() as nothing:
            said = notice_said(nothing)
            await tell(interaction, message_reply(said[0].upper() + said[1:]))


async def picked(interaction: Interaction, which: str) -> Scheduled | None:
    """The schedule that a moderator picked, by its id. None: the caller is none, or there is none, and has been told."""
    desk = interaction.client.desk
    if not await moderates(interaction, desk):
        return None
    found = await _find(desk.club, interaction.guild_id or 0, which)
    if found is None:
        await tell(interaction, _NO_SUCH)
    return found


async def schedule_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The server's schedules whose line holds what has been typed."""
    store = interaction.client.desk.club.store
    wanted = typed.casefold().strip()
    lines = [
        (timetable.label(interaction.guild, one.schedule), one.schedule.id)
        for one in await store.schedules(interaction.guild_id or 0)
    ]
    return [
        app_commands.Choice(name=line, value=value)
        for line, value in lines
        if wanted in line.casefold() or wanted == value
    ][:MOST]


@preview.autocomplete("which")
@pause.autocomplete("which")
@resume.autocomplete("which")
@skip.autocomplete("which")
@remove.autocomplete("which")
@now.autocomplete("which")
async def _schedules(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await schedule_choices(interaction, typed)


async def _find(club: Club, server: int, which: str) -> Scheduled | None:
    """The schedule with that id, if it is this server's."""
    own = await club.store.schedules(server)
    return next((one for one in own if one.schedule.id == which), None)


async def _change(
    interaction: Interaction,
    which: str,
    change: Callable[[Club, str], Awaitable[Scheduled | None]],
    said: str,
) -> None:
    found = await picked(interaction, which)
    if found is None:
        return
    desk = interaction.client.desk
    changed = await change(desk.club, found.schedule.id)
    desk.poke()
    if changed is None:
        await tell(interaction, _NO_SUCH)
    else:
        await tell(interaction, timetable.done(interaction.guild, desk.club, changed, said))


async def _audience(club: Club, member: int, scheduled: Scheduled) -> Audience:
    schedule = scheduled.schedule
    asking = club.books.get(schedule.book)
    spoilers = (await club.store.server(schedule.server)).spoilers
    if asking is None:
        return Audience(Horizon(0), spoilers=spoilers)
    reached = await club.store.progress(member, asking.book.slug)
    return Audience(horizon_of(asking.book, reached), spoilers=spoilers)
