"""What is stored of a member, for that member."""

import json

import discord

from bot.discord_app.desk import Desk
from bot.discord_app.layout import Sealed, button, said
from bot.discord_app.presses import ForgetMe
from bot.discord_app.speaking import Interaction, send_file, update
from bot.replies.answers import message_reply
from bot.replies.markdown import displays
from bot.replies.privacy import held_reply

_EXPORTED = message_reply("All that I have stored with your Discord id.", "/privacy forget removes it.")
_SURE = message_reply(
    "This removes how far you have read, where you last asked me, and your questions that I had no answer to.",
    "What your club goes on using stays, without your name: suggestions, edits of its book, schedules.",
)
_FORGOTTEN = message_reply(
    "Done: nothing of yours is stored with your name any more.",
    "I hold back everything again until you tell me how far you have read.",
)


async def show_held(interaction: Interaction, desk: Desk) -> None:
    """Says what is stored of the asker."""
    held = await desk.club.store.held_on(interaction.user.id)
    reply = held_reply({sort: len(rows) for sort, rows in held.items()})
    await update(interaction, said(reply))


async def export(interaction: Interaction, desk: Desk) -> None:
    """Sends the asker all that is stored of them, as a file."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    held = await desk.club.store.held_on(interaction.user.id)
    data = json.dumps(held, ensure_ascii=False, indent=2).encode()
    await send_file(interaction, _EXPORTED, "what-is-stored-of-me.json", data)


async def ask_to_forget(interaction: Interaction) -> None:
    """Says what will be forgotten, with a button that does it."""
    await update(
        interaction, Sealed(displays(_SURE), [[button("Forget me", ForgetMe(), discord.ButtonStyle.danger)]])
    )


async def forget(interaction: Interaction, desk: Desk) -> None:
    """Forgets the presser."""
    desk.drop(interaction.user.id)
    await desk.club.store.forget_member(interaction.user.id)
    await update(interaction, said(_FORGOTTEN))
