"""`/knowledge export`, `upload` and `check`: the server's book as a whole."""

import aiohttp
import discord
from discord import app_commands

from bot.club import auditing
from bot.club.curating import Proposal
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.curating import curator, knowledge
from bot.discord_app.proposals import show_proposal
from bot.discord_app.speaking import send_file, tell
from bot.replies.answers import message_reply
from bot.replies.curating import check_reply, upload_reply

# From here, so that whoever takes the group has these, too.
__all__ = ["knowledge"]

Interaction = discord.Interaction[ClubClient]

MOST_BYTES = 1024 * 1024
"""As much as the loader takes of a file."""

_TOO_LARGE = message_reply(
    "That file is larger than 1 MiB; nothing was changed.",
    "Spread its entries over several files, such as facts-cast.yaml and facts-places.yaml.",
)
_UNREADABLE = message_reply("Discord did not give me that file; nothing was changed.", "Send it again.")
_EXPORTED = message_reply(
    "Your book as it stands, the whole story in it: a ZIP with the YAML files.",
    "Change one in an editor and send it back with /knowledge upload.",
)


@knowledge.command(description="Your book as YAML files that you can edit, the whole story in them")
async def export(interaction: Interaction) -> None:
    """Sends the files to the moderator alone, packed: Discord would show what stands in a plain one."""
    here = await curator(interaction)
    if here is None:
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    data = await auditing.export(here)
    await send_file(interaction, _EXPORTED, f"{here.book.slug}.zip", data)


@knowledge.command(description="Send a YAML file: you see what it changes before it counts")
@app_commands.describe(file="facts.yaml, quotes.yaml, plot.yaml or views.yaml; entries that it lacks stay")
async def upload(interaction: Interaction, file: discord.Attachment) -> None:
    """Shows what a file would change, to be confirmed."""
    here = await curator(interaction)
    if here is None:
        return
    if file.size > MOST_BYTES:
        await tell(interaction, _TOO_LARGE)
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    try:
        data = await file.read()
    except (discord.HTTPException, aiohttp.ClientError):
        await tell(interaction, _UNREADABLE)
        return
    desk = interaction.client.desk
    found = await auditing.propose_upload(desk.club, here, file.filename, data[: MOST_BYTES + 1])
    if isinstance(found, Proposal):
        await show_proposal(interaction, desk, here, found, interaction.id)
    else:
        await tell(interaction, upload_reply(found))


@knowledge.command(description="What there is to mend in your own entries")
async def check(interaction: Interaction) -> None:
    """Looks through the server's edits."""
    here = await curator(interaction)
    if here is None:
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    found = await auditing.check(interaction.client.desk.club, here)
    reply = check_reply(
        found.outdated, found.unusable, found.flawed, found.edits, here.book, here.audience.progress
    )
    await tell(interaction, reply)
