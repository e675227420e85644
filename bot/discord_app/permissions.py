"""What the bot asks for in a server, each with its reason, and the link that invites it with just that."""

from collections.abc import Iterator

import discord

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


def missing(has: discord.Permissions) -> Iterator[str]:
    """What is missing of what the bot needs, as Discord calls it, each with its reason."""
    for name, reason in REASONS.items():
        if not getattr(has, name):
            yield f"{named(name)} ({reason})"


def named(permission: str) -> str:
    """A permission as Discord's settings call it."""
    plural = {"view_channel": "View Channels"}
    return plural.get(permission, permission.replace("_", " ").title().replace(" In ", " in "))
