"""Presses that only moderators may make: schedules and edits to be saved, posts to be made after all, suggestions."""

from collections.abc import Mapping
from typing import Any

from bot.club.scheduling import first_of
from bot.discord_app.desk import Desk
from bot.discord_app.histories import history_pressed
from bot.discord_app.inbox import worked_through
from bot.discord_app.permissions import moderates_server
from bot.discord_app.presses import (
    Approve,
    ApproveFor,
    DropDraft,
    KeepDraft,
    OfCurators,
    OfInbox,
    OfModerators,
    PostAnyway,
    Reject,
    ShowHistory,
    TakeShrunk,
)
from bot.discord_app.proposals import curated
from bot.discord_app.speaking import Interaction, settled, tell
from bot.discord_app.suggesting import decide
from bot.discord_app.timetable import done
from bot.replies.answers import message_reply
from bot.replies.files import taken_reply

FORBIDDEN = message_reply(
    "Only moderators can do that.", "They have Manage Messages, or the role set in /setup."
)

_FORGOTTEN = message_reply("I no longer have that one at hand.", "Type /schedule add once more.")
_DROPPED = message_reply("Then I forget it.")
_ANYWAY = message_reply("I post it now.")
_SETTLED = message_reply("That is settled already.", "See /schedule list.")


async def may_moderate(interaction: Interaction, desk: Desk) -> bool:
    """Whether the caller may settle what holds for the server."""
    server = interaction.guild_id
    return server is not None and moderates_server(interaction, await desk.club.store.server(server))


async def moderates(interaction: Interaction, desk: Desk) -> bool:
    """Whether the caller may settle what holds for the server; who may not is told so."""
    if await may_moderate(interaction, desk):
        return True
    await tell(interaction, FORBIDDEN)
    return False


async def moderated(
    interaction: Interaction, desk: Desk, press: OfModerators, data: Mapping[str, Any]
) -> None:
    """Does what a moderator presses."""
    if not await moderates(interaction, desk):
        return
    if isinstance(press, OfCurators):
        await curated(interaction, desk, press, data)
        return
    if isinstance(press, OfInbox):
        if here := await settled(interaction, desk):
            await worked_through(interaction, desk, here, press, data)
        return
    match press:
        case KeepDraft(draft):
            await _keep(interaction, desk, draft)
        case DropDraft(draft):
            desk.drafts.take(interaction.user.id, draft)
            await tell(interaction, _DROPPED)
        case PostAnyway(schedule, occurrence):
            await _post(interaction, desk, schedule, occurrence)
        case TakeShrunk(book, state):
            await _take(interaction, desk, book, state)
        case ShowHistory():
            if here := await settled(interaction, desk):
                await history_pressed(interaction, desk, here, press)
        case Approve() | ApproveFor() | Reject():
            if here := await settled(interaction, desk):
                await decide(interaction, desk, here, press, data)


async def _keep(interaction: Interaction, desk: Desk, draft: int) -> None:
    schedule = desk.drafts.take(interaction.user.id, draft)
    if schedule is None or schedule.server != interaction.guild_id:
        await tell(interaction, _FORGOTTEN)
        return
    scheduled = first_of(desk.club, schedule)
    await desk.club.store.add_schedule(scheduled)
    desk.poke()
    await tell(interaction, done(interaction.guild, desk.club, scheduled, "Saved"))


async def _post(interaction: Interaction, desk: Desk, schedule: str, occurrence: str) -> None:
    store = desk.club.store
    own = {one.schedule.id for one in await store.schedules(interaction.guild_id or 0)}
    found = schedule in own and await store.post_anyway(schedule, occurrence, desk.club.now())
    desk.poke()
    await tell(interaction, _ANYWAY if found else _SETTLED)


async def _take(interaction: Interaction, desk: Desk, book: str, state: str) -> None:
    own = desk.club.book_of((await desk.club.store.server(interaction.guild_id or 0)).book)
    reads = own is not None and own.book.slug == book
    await tell(interaction, taken_reply(found=reads and await desk.take_files(book, state)))
