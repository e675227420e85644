"""Changes of the server's book: how a moderator writes one, is shown what it does, and confirms it.

All ways of changing it end here. What is proposed is kept in memory for as long as an interaction lives.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord import ButtonStyle, SelectOption, TextStyle, ui

from bot.book.book import CLUB, Book
from bot.book.drafts import FIELD, FIELDS, Draft, Flaw
from bot.book.overlay import Revision
from bot.club.club import Here
from bot.club.curating import Clash, Proposal, differences, read, save, standing
from bot.club.ports import StoreError
from bot.discord_app.desk import Desk
from bot.discord_app.fields import picked_all, typed
from bot.discord_app.layout import (
    OPTION,
    OPTIONS,
    Row,
    Sealed,
    button,
    milestone_picked,
    place_value,
    said,
    turns,
)
from bot.discord_app.press_ids import custom_id
from bot.discord_app.presses import (
    ChangeProposal,
    Drafted,
    DropProposal,
    OfCurators,
    PickReveals,
    PickSources,
    SaveProposal,
    TurnProposal,
)
from bot.discord_app.speaking import Interaction, settled, tell, update
from bot.replies.answers import message_reply, places_in
from bot.replies.curating import clash_reply, proposal_reply, saved_reply
from bot.replies.markdown import displays
from bot.replies.paging import numbered, pages
from bot.replies.reply import Reply

_log = logging.getLogger("bookclub")

_FORGOTTEN = message_reply(
    "I no longer have that at hand: I keep what is not saved for a quarter of an hour.", "Begin again."
)
_DROPPED = message_reply("Then everything stays as it is.")
_TOO_LONG = message_reply(
    "That entry is too long for Discord’s form.",
    "Take it out with /knowledge export, change it in the file, and send that with /knowledge upload.",
)
_EVERYBODY = "Everybody, also who has read nothing"


async def open_form(
    interaction: Interaction, desk: Desk, proposal: Proposal, number: int | None = None
) -> None:
    """Opens the modal in which an entry is written, with what there is of it.

    `number` is the one under which the proposal is kept already; whoever closes the form finds it as it was.
    """
    number = number or interaction.id
    if proposal.draft is None:
        return
    if any(len(text) > FIELD for text in proposal.draft.texts.values()):
        await tell(interaction, _TOO_LONG)
        return
    desk.proposals.keep(interaction.user.id, number, proposal)
    await interaction.response.send_modal(_form(proposal.draft, number))


async def show_proposal(
    interaction: Interaction, desk: Desk, here: Here, proposal: Proposal, number: int, page: int = 1
) -> None:
    """Shows a moderator what a proposal does, in place of what they pressed; keeps it under the number."""
    desk.proposals.keep(interaction.user.id, number, proposal)
    base = desk.club.shared_book(proposal.book)
    found = differences(base, proposal.changes)
    reply = proposal_reply(found, proposal.flaws, here.book, here.audience.progress)
    rows: list[Row] = [*_pickers(proposal, here.book, number), _buttons(proposal, number)]
    await update(interaction, _laid_out(reply, page, rows, number))


async def curated(interaction: Interaction, desk: Desk, press: OfCurators, data: Mapping[str, Any]) -> None:
    """Does what a moderator presses below a proposal. Who may is looked at before."""
    number = press.proposal
    proposal = desk.proposals.take(interaction.user.id, number)
    if proposal is None or proposal.server != interaction.guild_id:
        await update(interaction, said(_FORGOTTEN))
        return
    here = await settled(interaction, desk)
    if here is None:
        return
    if here.book.slug != proposal.book:
        await update(interaction, said(_FORGOTTEN))
        return
    draft = proposal.draft
    match press:
        case DropProposal():
            await update(interaction, said(_DROPPED))
        case SaveProposal():
            await _save(interaction, desk, here, proposal, number)
        case ChangeProposal():
            await open_form(interaction, desk, proposal, number)
        case TurnProposal(page=page):
            await show_proposal(interaction, desk, here, proposal, number, page)
        case Drafted() | PickReveals() | PickSources() if draft is not None:
            changed = await read(desk.club, here, proposal, _changed(draft, press, data, here.book))
            await show_proposal(interaction, desk, here, changed, number)
        case Drafted() | PickReveals() | PickSources():
            await update(interaction, said(_FORGOTTEN))


async def _save(interaction: Interaction, desk: Desk, here: Here, proposal: Proposal, number: int) -> None:
    try:
        outcome = await save(desk.club, proposal, interaction.user.id)
    except StoreError:
        # It was not saved, and can be once the store is well again.
        desk.proposals.keep(interaction.user.id, number, proposal)
        raise
    match outcome:
        case Revision() as made:
            await update(interaction, said(saved_reply(made)))
            if proposal.contribution is not None:
                await thank(interaction, desk, here, proposal.contribution)
        case Flaw(what, remedy):
            await update(interaction, said(message_reply(what, remedy)))
        case Clash(again, theirs):
            base = desk.club.shared_book(proposal.book)
            ours = {change.entry: standing(base, change.entry, change.after) for change in again.changes}
            desk.proposals.keep(interaction.user.id, number, again)
            reply = clash_reply(theirs, ours, here.book, here.audience.progress)
            await update(interaction, _laid_out(reply, 1, [_over(number)], number))


async def thank(interaction: Interaction, desk: Desk, here: Here, contribution: int) -> None:
    """Tells the member that what they suggested was taken."""
    taken = await desk.club.store.settle_contribution(here.server or 0, contribution)
    if taken is not None and taken.member is not None:
        await tell_member(
            interaction,
            taken.member,
            f"Thank you: the moderators have taken what you suggested for {here.book.title}.",
        )


async def tell_member(interaction: Interaction, member: int, text: str) -> None:
    """Writes to a member alone, where they let the bot."""
    client = interaction.client
    try:
        direct = await client.http.start_private_message(member)
        where = client.get_partial_messageable(int(direct["id"]))
        await where.send(view=said(message_reply(text)))
    except discord.HTTPException as error:
        _log.info("A member could not be told what became of their suggestion (%s).", error.code)


def _changed(
    draft: Draft, press: Drafted | PickReveals | PickSources, data: Mapping[str, Any], book: Book
) -> Draft:
    match press:
        case Drafted():
            texts = {field.name: typed(data, field.name) for field in FIELDS[draft.kind]}
            return replace(draft, texts=texts)
        case PickReveals():
            values = picked_all(data)
            return replace(draft, reveals=milestone_picked(book, values[0] if values else None))
        case PickSources():
            names = {_source_value(book, name): name for name in book.sources}
            return replace(draft, sources=tuple(names[value] for value in picked_all(data) if value in names))


def _form(draft: Draft, number: int) -> ui.Modal:
    titles = {"fact": "A fact", "quote": "A quote", "plot": "A plot point", "view": "A view"}
    modal = ui.Modal(title=titles[draft.kind], custom_id=custom_id(Drafted(number)))
    for field in FIELDS[draft.kind]:
        more = (
            f" {len(draft.more_asks)} more stay as they are."
            if field.name == "asks" and draft.more_asks
            else ""
        )
        modal.add_item(
            ui.Label(
                text=field.label,
                description=(field.help + more)[:100],
                component=ui.TextInput(
                    custom_id=field.name,
                    style=TextStyle.paragraph if field.long else TextStyle.short,
                    default=draft.texts.get(field.name) or None,
                    required=field.required,
                    max_length=field.most,
                ),
            )
        )
    # Not kept by discord.py: `pressed` reads what comes back.
    modal.stop()
    return modal


def _pickers(proposal: Proposal, book: Book, number: int) -> Iterator[Row]:
    """Selects for what a form has no room for, with what is picked already."""
    draft = proposal.draft
    if draft is None:
        return
    if places := places_in(book)[:OPTIONS]:
        yield [
            ui.Select(
                custom_id=custom_id(PickReveals(number)),
                placeholder="Who may read it?",
                options=[
                    SelectOption(
                        label=f"Who has finished {place.label}"[:OPTION] if place.milestone else _EVERYBODY,
                        value=place_value(book.slug, place.milestone),
                        default=place.milestone == draft.reveals,
                    )
                    for place in places
                ],
            )
        ]
    names = _sources(book, draft.sources)
    yield [
        ui.Select(
            custom_id=custom_id(PickSources(number)),
            placeholder="Who says so?",
            max_values=len(names),
            options=[
                SelectOption(
                    label=book.sources[name].title[:OPTION],
                    value=_source_value(book, name),
                    default=name in draft.sources,
                )
                for name in names
            ],
        )
    ]


def _sources(book: Book, chosen: Sequence[str] = ()) -> list[str]:
    """The sources to pick from: those that are chosen, the moderators themselves, then the book's."""
    names = dict.fromkeys([*chosen, CLUB.id, *book.sources])
    return [name for name in names if name in book.sources][:OPTIONS]


def _source_value(book: Book, name: str) -> str:
    return book.digest_of(f"source:{name}")


def _buttons(proposal: Proposal, number: int) -> Row:
    row = [button("Save", SaveProposal(number), ButtonStyle.success)] if proposal.is_savable else []
    if proposal.draft is not None:
        row.append(button("Change", ChangeProposal(number)))
    return [*row, button("Forget it", DropProposal(number))]


def _over(number: int) -> Row:
    return [
        button("Save mine over it", SaveProposal(number), ButtonStyle.danger),
        button("Leave it as it is", DropProposal(number)),
    ]


def _laid_out(reply: Reply, page: int, rows: Sequence[Row], number: int) -> Sealed:
    found = pages(reply)
    page = min(max(page, 1), len(found))
    below = turns(page, len(found), partial(TurnProposal, number))
    return Sealed(displays(numbered(found[page - 1], page, len(found))), [*rows, below])
