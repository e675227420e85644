"""What the bot asks for in a server, each with its reason, and the link that invites it with just that."""

from collections.abc import Iterator, Mapping
from typing import Any

import discord

from bot.club.ports import Server

REASONS = {
    "view_channel": "to see the channels it is asked in",
    "send_messages": "to answer when it is mentioned",
    "send_messages_in_threads": "to answer in threads",
    "read_message_history": "to reply to the very message that asks, and to read it again for “Show me privately”",
}
"""Permission -> why. Slash commands need none of them."""

NEEDED = discord.Permissions(**dict.fromkeys(REASONS, True))
SCOPES = ("bot", "applications.commands")


def invite_link(application: int) -> str:
    """Where the host lets the bot into a server."""
    return discord.utils.oauth_url(application, permissions=NEEDED, scopes=SCOPES)


HIDING = {"manage_messages": "to remove a message that it has sent again behind bars"}
WATCHING = {"add_reactions": "to mark a message that gives something away"}
"""What only the features need that a server has to switch on."""

POSTING = {
    "view_channel": "to see the channel",
    "send_messages": "to post",
    "read_message_history": "to look whether a post has arrived, after a crash",
    "create_public_threads": "to open threads",
    "send_messages_in_threads": "to post polls there",
    "create_polls": "to add polls",
    "pin_messages": "to pin",
    "mention_everyone": "to mention a role that not everybody may mention",
}
"""What scheduled posts may need, by what comes with them."""


def missing(has: discord.Permissions, reasons: Mapping[str, str] = REASONS) -> Iterator[str]:
    """What is missing of what the bot needs, as Discord calls it, each with its reason."""
    for name, reason in reasons.items():
        if not getattr(has, name):
            yield f"{named(name)} ({reason})"


def named(permission: str) -> str:
    """A permission as Discord's settings call it."""
    plural = {"view_channel": "View Channels"}
    return plural.get(permission, permission.replace("_", " ").title().replace(" In ", " in "))


MODERATORS = discord.Permissions(manage_messages=True)
"""Who is offered the moderators' commands by default; `is_moderator` decides."""


def is_moderator(interaction: discord.Interaction[Any], server: Server) -> bool:
    """Whether somebody may do in this channel what moderators may. Discord's own gate can be moved by its admins."""
    if interaction.guild_id is None or not isinstance(interaction.user, discord.Member):
        return False
    return _moderates(interaction.permissions) or _has_the_role(interaction.user, server)


def moderates_server(interaction: discord.Interaction[Any], server: Server) -> bool:
    """Whether somebody may settle what holds for a whole server: a right in one channel alone is not enough."""
    if interaction.guild_id is None or not isinstance(interaction.user, discord.Member):
        return False
    return _moderates(interaction.user.guild_permissions) or _has_the_role(interaction.user, server)


def _moderates(has: discord.Permissions) -> bool:
    return has.administrator or has.manage_messages or has.manage_guild


def _has_the_role(member: discord.Member, server: Server) -> bool:
    return server.moderators is not None and member.get_role(server.moderators) is not None
