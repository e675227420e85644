"""The moderators' inbox: questions that were missed, and what members suggest for the base."""

from collections.abc import Mapping
from typing import Any

from discord import ButtonStyle, SelectOption, ui

from bot.book.book import Aspect
from bot.club import inbox
from bot.club.club import Here
from bot.club.curating import Proposal, find_entry
from bot.discord_app.desk import Desk
from bot.discord_app.fields import picked
from bot.discord_app.layout import OPTION, OPTIONS, Row, Sealed, button, turns
from bot.discord_app.press_ids import custom_id
from bot.discord_app.presses import (
    AnswerMiss,
    DismissMiss,
    MeantMiss,
    OfInbox,
    PickMeant,
    RejectContribution,
    TakeContribution,
    TurnContributions,
    TurnMisses,
)
from bot.discord_app.proposals import open_form, show_proposal, tell_member
from bot.discord_app.speaking import Interaction, tell, update
from bot.replies.answers import message_reply
from bot.replies.inbox import contribution_reply, meant_reply, misses_reply
from bot.replies.markdown import displays

_SETTLED = message_reply("Somebody has seen to that one already.")
_FURTHER_ON = message_reply(
    "That goes further on than you have read, and the form would show it.",
    "Say how far you have read with /progress, or leave it to another moderator.",
)


async def show_misses(interaction: Interaction, desk: Desk, here: Here, page: int = 1) -> None:
    """Shows a group of missed questions (the first is 1), with what can be done about it."""
    groups = await inbox.missed(desk.club, here)
    number = min(max(page, 1), max(len(groups), 1))
    group = groups[number - 1] if groups else None
    reply = misses_reply(
        group.questions if group else None,
        len(group.misses) if group else 0,
        sum(miss.not_meant for miss in group.misses) if group else 0,
        number,
        len(groups),
        here.book,
        here.audience.progress,
        kept=here.keeps_misses,
    )
    rows: list[Row] = []
    if group is not None:
        miss = group.misses[0].id
        rows = [
            [
                button("Add an answer", AnswerMiss(miss), ButtonStyle.success),
                button("It meant this one", MeantMiss(miss)),
                button("Dismiss", DismissMiss(miss)),
            ],
            turns(number, len(groups), TurnMisses),
        ]
    await update(interaction, Sealed(displays(reply), rows))


async def show_contributions(interaction: Interaction, desk: Desk, here: Here, page: int = 1) -> None:
    """Shows what a member suggests (the oldest is 1), with what can be done about it."""
    waiting = await desk.club.store.contributions(here.server or 0, here.book.slug)
    number = min(max(page, 1), max(len(waiting), 1))
    first = waiting[number - 1] if waiting else None
    reply = contribution_reply(first, number, len(waiting), here.book, here.audience.progress)
    rows: list[Row] = []
    if first is not None:
        rows = [
            [
                button("Write the entry", TakeContribution(first.id), ButtonStyle.success),
                button("Not this one", RejectContribution(first.id)),
            ],
            turns(number, len(waiting), TurnContributions),
        ]
    await update(interaction, Sealed(displays(reply), rows))


async def worked_through(
    interaction: Interaction, desk: Desk, here: Here, press: OfInbox, data: Mapping[str, Any]
) -> None:
    """Does what a moderator presses in the inbox. Who may is looked at before."""
    match press:
        case TurnMisses(page):
            await show_misses(interaction, desk, here, page)
        case TurnContributions(page):
            await show_contributions(interaction, desk, here, page)
        case AnswerMiss(miss) | MeantMiss(miss) | PickMeant(miss) | DismissMiss(miss):
            group = await inbox.group_of(desk.club, here, miss)
            if group is None:
                await tell(interaction, _SETTLED)
            else:
                await _settle(interaction, desk, here, press, group, data)
        case TakeContribution(number) | RejectContribution(number):
            await _decide(interaction, desk, here, press, number)


async def _settle(
    interaction: Interaction,
    desk: Desk,
    here: Here,
    press: AnswerMiss | MeantMiss | PickMeant | DismissMiss,
    group: inbox.Group,
    data: Mapping[str, Any],
) -> None:
    match press:
        case AnswerMiss():
            await _open(interaction, desk, inbox.propose_answer(here, group))
        case MeantMiss(miss):
            await update(interaction, _which_entry(here, group, miss))
        case PickMeant():
            entry = here.book.by_digest.get(picked(data) or "")
            named = None if entry is None or isinstance(entry, Aspect) else find_entry(here, entry.topic)
            if named is None:
                await tell(interaction, _SETTLED)
                return
            proposal = await inbox.propose_ask(desk.club, here, group, named)
            await show_proposal(interaction, desk, here, proposal, interaction.id)
        case DismissMiss():
            await inbox.dismiss(desk.club, here, group)
            await show_misses(interaction, desk, here)


async def _open(interaction: Interaction, desk: Desk, proposal: Proposal | None) -> None:
    if proposal is None:
        await tell(interaction, _FURTHER_ON)
    else:
        await open_form(interaction, desk, proposal)


def _which_entry(here: Here, group: inbox.Group, miss: int) -> Sealed:
    found = inbox.meant_by(here, group, OPTIONS)
    reply = meant_reply(group.questions[0], here.book, here.audience.progress, offered=bool(found))
    rows: list[Row] = []
    if found:
        rows = [
            [
                ui.Select(
                    custom_id=custom_id(PickMeant(miss)),
                    placeholder="It meant this one",
                    options=[
                        SelectOption(label=entry.topic[:OPTION], value=here.book.digest_of(entry.id))
                        for entry in found
                    ],
                )
            ]
        ]
    return Sealed(displays(reply), rows)


async def _decide(
    interaction: Interaction,
    desk: Desk,
    here: Here,
    press: TakeContribution | RejectContribution,
    number: int,
) -> None:
    server = here.server or 0
    waiting = {one.id: one for one in await desk.club.store.contributions(server, here.book.slug)}
    found = waiting.get(number)
    if found is None:
        await tell(interaction, _SETTLED)
        return
    match press:
        case TakeContribution():
            await _open(interaction, desk, await inbox.take_up(desk.club, here, found))
        case RejectContribution():
            gone = await desk.club.store.settle_contribution(server, number)
            await show_contributions(interaction, desk, here)
            if gone is not None and gone.member is not None:
                await tell_member(
                    interaction,
                    gone.member,
                    f"The moderators have looked at what you suggested for {here.book.title}, and leave the base as it "
                    "is. Thank you all the same.",
                )
