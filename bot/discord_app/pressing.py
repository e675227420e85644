"""Buttons and modals. All that they need stands in their `custom_id`, so a restart makes no difference.

They are read from the raw interaction, not by discord.py's views: those forget every modal at a restart, and pass over
a `custom_id` that they do not know in silence, so that the member would see a failure.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.book.entries import ASK_LENGTH
from bot.discord_app.desk import Desk
from bot.discord_app.mentions import question_in
from bot.discord_app.presses import (
    Meant,
    NotMeant,
    ShowPrivately,
    Tell,
    TurnPage,
    TurnPlot,
    custom_id,
    read_press,
)
from bot.discord_app.speaking import Interaction, show_presser, tell, turn_over, wait_reply
from bot.replies.addressing import answer_page, plot_page
from bot.replies.answers import message_reply

FIELD = "question"

_GONE = message_reply(
    "I can no longer read that question.", "Ask it with /ask: then only you see the answer."
)
_OLD = message_reply("That button is from an older version of me.", "Ask again with /ask.")


async def pressed(interaction: Interaction, desk: Desk) -> None:
    """Answers one press of a button, or one modal that was filled in."""
    data: Mapping[str, Any] = interaction.data or {}
    asking = desk.club.asking
    audience = desk.audience_of(interaction)
    press = read_press(str(data.get("custom_id", "")))
    # A modal was counted when its button was pressed; what was typed into it is not to be lost.
    if not isinstance(press, Meant) and (too_much := desk.refuses(interaction.user.id, interaction.guild_id)):
        await tell(interaction, desk, wait_reply(too_much))
        return
    match press:
        case Tell(answer):
            await show_presser(interaction, desk, answer_page(asking.told([answer]), desk.book, audience))
        case TurnPage(answers, number):
            page = answer_page(asking.told(answers), desk.book, audience, number)
            await turn_over(interaction, desk, page)
        case TurnPlot(points, number):
            page = plot_page(asking.points(points), desk.book, audience, number)
            await turn_over(interaction, desk, page)
        case NotMeant(answers):
            await interaction.response.send_modal(_modal(Meant(answers)))
        case Meant(answers):
            turned_down = asking.names(answers)
            page = answer_page(asking.answer(_typed(data), turned_down), desk.book, audience)
            await show_presser(interaction, desk, replace(page, turned_down=turned_down))
        case ShowPrivately():
            await interaction.response.defer(ephemeral=True, thinking=True)
            question = await _question_replied_to(interaction)
            if question is None:
                await tell(interaction, desk, _GONE)
            else:
                await show_presser(interaction, desk, desk.answer(question, audience))
        case None:
            await tell(interaction, desk, _OLD)


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


def _typed(data: Mapping[str, Any]) -> str:
    """What stands in the modal's field."""
    for row in data.get("components", ()):
        field = row.get("component", {})
        if field.get("custom_id") == FIELD:
            return str(field.get("value", ""))
    return ""


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
