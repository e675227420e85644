"""Prompts that members write: the modal, the queue for moderators, and what they decide."""

from collections.abc import Mapping
from typing import Any, Literal

from discord import ButtonStyle, TextStyle, ui

from bot.club.club import Club, Here
from bot.club.suggesting import LENGTH, MOST_WAITING, approve, queue, suggest
from bot.discord_app.desk import Desk
from bot.discord_app.fields import picked, typed
from bot.discord_app.layout import Row, Sealed, button, milestone_picked, place_select
from bot.discord_app.permissions import moderates_server
from bot.discord_app.press_ids import custom_id
from bot.discord_app.presses import Approve, ApproveFor, Reject, Suggested
from bot.discord_app.speaking import Interaction, tell, tell_layout
from bot.replies.answers import message_reply, places_in
from bot.replies.markdown import displays
from bot.replies.suggestions import decided_reply, full_reply, queue_reply, suggested_reply

FIELD = "question"
PLACE = "place"

_IN_A_SERVER = message_reply("Prompts belong to a club: suggest one in its server.")
_EMPTY = message_reply("There was nothing in it.", "Write the question that the club shall discuss.")


def suggestion_modal(here: Here) -> ui.Modal:
    """Asks for a prompt, and for whom it is."""
    modal = ui.Modal(title="Suggest a prompt", custom_id=custom_id(Suggested()))
    modal.add_item(
        ui.Label(
            text="What should the club discuss?",
            description="A moderator reads it first.",
            component=ui.TextInput(custom_id=FIELD, style=TextStyle.paragraph, max_length=LENGTH),
        )
    )
    select = place_select(places_in(here.book), here.book.slug, PLACE, "As far as I have read")
    if select is not None:
        select.required = False
        modal.add_item(ui.Label(text="For whom? Those who have read:", component=select))
    # Not kept by discord.py: `pressed` reads what comes back.
    modal.stop()
    return modal


async def suggested(interaction: Interaction, desk: Desk, here: Here, data: Mapping[str, Any]) -> None:
    """Remembers what was written into the modal."""
    place = milestone_picked(here.book, picked(data))
    await keep_suggestion(interaction, desk, here, typed(data, FIELD), place)


async def keep_suggestion(
    interaction: Interaction, desk: Desk, here: Here, question: str, place: str | Literal[False] | None
) -> None:
    """Remembers a prompt for those who have read up to a place; False: none was named, so as far as its writer."""
    if here.server is None:
        await tell(interaction, _IN_A_SERVER)
        return
    if not question.strip():
        await tell(interaction, _EMPTY)
        return
    own = here.audience.progress.rank
    milestone = (
        place if not isinstance(place, bool) else here.book.head.milestones[own - 1].id if own else None
    )
    trusted = moderates_server(interaction, await desk.club.store.server(here.server))
    made = await suggest(desk.club, here.server, here.book, question, milestone, approved=trusted)
    await tell(interaction, suggested_reply(approved=trusted) if made else full_reply(MOST_WAITING))


async def show_queue(interaction: Interaction, desk: Desk, here: Here) -> None:
    """Shows a moderator the suggestion that has waited longest, with what to do about it."""
    await tell_layout(interaction, await _next(desk.club, here))


async def decide(
    interaction: Interaction,
    desk: Desk,
    here: Here,
    press: Approve | ApproveFor | Reject,
    data: Mapping[str, Any],
) -> None:
    """Does what a moderator decides, and shows the next suggestion."""
    if here.server is None:
        return
    found = {one.id: one for one in await queue(desk.club, here.server, here.book)}
    waiting = found.get(press.suggestion)
    match press:
        case Reject(number):
            done = await desk.club.store.reject(here.server, number) if waiting else False
        case Approve(number):
            done = waiting is not None and await approve(
                desk.club, here.server, here.book, number, waiting.milestone
            )
        case ApproveFor(number):
            place = milestone_picked(here.book, picked(data))
            done = not isinstance(place, bool) and await approve(
                desk.club, here.server, here.book, number, place
            )
    await tell(interaction, decided_reply(found=done, approved=not isinstance(press, Reject)))
    if len(found) > 1:
        await show_queue(interaction, desk, here)


async def _next(club: Club, here: Here) -> Sealed:
    waiting = await queue(club, here.server or 0, here.book)
    if not waiting:
        return Sealed(displays(queue_reply(None, None, 0, here.book, here.audience.progress)), [])
    first = waiting[0]
    reply = queue_reply(first.question, first.milestone, len(waiting) - 1, here.book, here.audience.progress)
    select = place_select(
        reply.places, here.book.slug, custom_id(ApproveFor(first.id)), "Approve for those who have read:"
    )
    rows: list[Row] = [
        [button("Approve", Approve(first.id), ButtonStyle.success), button("Reject", Reject(first.id))],
        *([[select]] if select is not None else []),
    ]
    return Sealed(displays(reply), rows)
