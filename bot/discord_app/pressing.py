"""Buttons and modals. All that they need stands in their `custom_id`, so a restart makes no difference.

They are read from the raw interaction, not by discord.py's views: those forget every modal at a restart, and pass over
a `custom_id` that they do not know in silence, so that the member would see a failure.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.book.book import Book
from bot.book.entries import ASK_LENGTH
from bot.book.progress import Reached
from bot.club.club import Here
from bot.club.ports import Used
from bot.discord_app.desk import Desk
from bot.discord_app.fields import picked, typed
from bot.discord_app.hiding import hide_picked
from bot.discord_app.layout import milestone_picked
from bot.discord_app.mentions import question_in
from bot.discord_app.moderating import moderated
from bot.discord_app.posts import prompt_name
from bot.discord_app.press_ids import custom_id, read_press
from bot.discord_app.presses import (
    Drafted,
    ForgetMe,
    Hide,
    InBook,
    Meant,
    MoreOn,
    NotMeant,
    OfModerators,
    PickBook,
    ReadThisFar,
    ShowPrivately,
    Suggest,
    Suggested,
    Tell,
    TurnPage,
    TurnPlot,
    TurnRecap,
)
from bot.discord_app.privacy import forget
from bot.discord_app.speaking import Interaction, settled, show_presser, tell, turn_over, wait_reply
from bot.discord_app.suggesting import suggested, suggestion_modal
from bot.replies.addressing import answer_page, plot_page, recap_page
from bot.replies.answers import message_reply
from bot.replies.house import book_picked_reply, noted_reply
from bot.replies.schedules import follow_ups_reply

FIELD = "question"

_GONE = message_reply(
    "I can no longer read that question.", "Ask it with /ask: then only you see the answer."
)
_OLD = message_reply("That button is from an older version of me.", "Ask again with /ask.")


async def pressed(interaction: Interaction, desk: Desk) -> None:
    """Answers one press of a button, one pick in a select, or one modal that was filled in."""
    data: Mapping[str, Any] = interaction.data or {}
    press = read_press(str(data.get("custom_id", "")))
    # A modal was counted when its button was pressed; what was typed into it is not to be lost.
    filled_in = isinstance(press, Meant | Hide | Suggested | Drafted)
    if not filled_in and (too_much := desk.refuses(interaction.user.id, interaction.guild_id)):
        await tell(interaction, wait_reply(too_much))
        return
    if isinstance(press, OfModerators):
        await moderated(interaction, desk, press, data)
        return
    match press:
        case None:
            await tell(interaction, _OLD)
        case PickBook():
            await _pick_book(interaction, desk, picked(data))
        case Hide(message):
            await hide_picked(interaction, desk, message, picked(data))
        case ForgetMe():
            await forget(interaction, desk)
        case NotMeant(answers):
            await interaction.response.send_modal(_modal(Meant(answers)))
        case _:
            if here := await settled(interaction, desk):
                await _answer(interaction, desk, here, press, data)


async def _answer(
    interaction: Interaction, desk: Desk, here: Here, press: InBook, data: Mapping[str, Any]
) -> None:
    asking, book, audience = here.asking, here.book, here.audience
    match press:
        case Tell(answer):
            await show_presser(interaction, here, answer_page(asking.told([answer]), book, audience))
        case TurnPage(answers, number):
            await turn_over(interaction, here, answer_page(asking.told(answers), book, audience, number))
        case TurnPlot(points, number):
            await turn_over(interaction, here, plot_page(asking.points(points), book, audience, number))
        case TurnRecap(number):
            await turn_over(interaction, here, recap_page(book, audience, number))
        case Meant(answers):
            turned_down, meant = asking.names(answers), typed(data, FIELD)
            desk.note_miss(here, interaction.user.id, meant, not_meant=True)
            page = answer_page(asking.answer(meant, turned_down), book, audience)
            await show_presser(interaction, here, replace(page, turned_down=turned_down))
        case MoreOn(digest):
            await _more_on(interaction, desk, here, digest)
        case Suggest():
            await interaction.response.send_modal(suggestion_modal(here))
        case Suggested():
            await suggested(interaction, desk, here, data)
        case ReadThisFar():
            await _read_this_far(interaction, desk, book, picked(data))
        case ShowPrivately():
            await interaction.response.defer(ephemeral=True, thinking=True)
            question = await _question_replied_to(interaction)
            if question is None:
                await tell(interaction, _GONE)
            else:
                await show_presser(interaction, here, desk.answer(question, here, audience))


async def _read_this_far(interaction: Interaction, desk: Desk, book: Book, chosen: str | None) -> None:
    place = milestone_picked(book, chosen)
    if place is False:
        await tell(interaction, _OLD)
        return
    read = Reached(book.head.milestones[book.ranks[place] - 1] if place else None)
    await desk.club.keep_progress(interaction.user.id, book, read)
    await tell(interaction, noted_reply(book, read))


async def _more_on(interaction: Interaction, desk: Desk, here: Here, digest: str) -> None:
    prompts = here.book.prompts if here.server is None else await desk.club.prompts_of(here.server, here.book)
    found = next((one for one in prompts if here.book.digest_of(prompt_name(one.id)) == digest), None)
    reply = follow_ups_reply(found, here.book, here.audience) if found else _OLD
    await tell(interaction, reply)


async def _pick_book(interaction: Interaction, desk: Desk, chosen: str | None) -> None:
    asking = desk.club.books.get(chosen or "")
    if asking is None:
        await tell(interaction, _OLD)
        return
    last = await desk.club.store.last_used(interaction.user.id)
    used = Used(asking.book.slug, last.server if last else None)
    await desk.club.store.note_used(interaction.user.id, used, desk.club.now())
    await tell(interaction, book_picked_reply(asking.book))


def _modal(meant: Meant) -> ui.Modal:
    modal = ui.Modal(title="Not what you meant?", custom_id=custom_id(meant))
    modal.add_item(
        ui.Label(
            text="What were you after?",
            description="In other words, or with the name of the person, place or scene.",
            component=ui.TextInput(custom_id=FIELD, max_length=ASK_LENGTH),
        )
    )
    # Not kept by discord.py: `pressed` reads what comes back.
    modal.stop()
    return modal


async def _question_replied_to(interaction: Interaction) -> str | None:
    """The question of the message that the pressed one answers; None where it is gone or may not be read."""
    message = interaction.message
    if message is None or message.reference is None or message.reference.message_id is None:
        return None
    channel = message.channel
    try:
        asked = await channel.fetch_message(message.reference.message_id)
    except (discord.NotFound, discord.Forbidden):
        return None
    me = interaction.client.user
    return question_in(asked.content, me.id) if me else None
