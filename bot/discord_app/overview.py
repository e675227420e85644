"""How a server is set up, and what the bot is not allowed for it: what `/setup` answers."""

from collections.abc import Iterator, Mapping

import discord

from bot.book.book import Book
from bot.club.ports import Server
from bot.discord_app.client import ClubClient
from bot.discord_app.permissions import HIDING, MODERATORS, WATCHING, missing
from bot.replies.answers import list_reply
from bot.replies.reply import Reply

CHANNELS = 10
"""How many channels are named in one place; more are left out or counted."""

_NO_INTENT = (
    "The spoiler watch does not see messages yet. Whoever runs me has to switch on Message Content Intent: Discord's "
    "developer portal, my application, Bot. Then start me anew."
)


async def overview(client: ClubClient, server: int, place: int) -> Reply:
    """How everything stands in a server, `place` being the channel that is asked from or about."""
    club = client.desk.club
    settings = await club.store.server(server)
    asking = club.book_of(settings.book)
    watched = await club.store.watched(server)
    guild = client.get_guild(server)
    lines = [f"Book: {asking.book.title if asking else 'none chosen yet'}", *_settings(guild, settings)]
    if asking:
        ceilings = await club.store.ceilings(server, asking.book.slug)
        lines += _ceilings(guild, asking.book, ceilings, place)
    if watched:
        lines.append(f"Spoiler watch: {', '.join(_name(guild, one) for one in sorted(watched)[:CHANNELS])}")
        lines += [] if client.intents.message_content else [_NO_INTENT]
    lines += _missing(guild, settings, watched) if guild else []
    return list_reply("How this server is set up", lines, "Change it with /setup and one of its options.")


def _settings(guild: discord.Guild | None, settings: Server) -> Iterator[str]:
    role = guild.get_role(settings.moderators) if guild and settings.moderators else None
    yield f"Moderators: whoever has Manage Messages{f', and the role {role.name}' if role else ''}"
    if role and not role.permissions >= MODERATORS:
        yield f"For {role.name} to find my commands, allow it /setup under Server Settings, Integrations."
    veiled = settings.spoilers == "veil"
    yield f"Spoilers: {'behind bars' if veiled else 'withheld, as if I did not know them'}"
    yield f"Time zone: {settings.timezone}"
    yield f"“Hide as spoiler”: {'on' if settings.hides else 'off'}"
    yield f"Questions that I had no answer to: {'kept for /knowledge misses' if settings.misses else 'not kept'}"
    if settings.notices:
        yield f"Notices: {_name(guild, settings.notices)}"


def _ceilings(
    guild: discord.Guild | None, book: Book, ceilings: Mapping[int, str], place: int
) -> Iterator[str]:
    reached = {one.id: f"up to {one.title}" for one in book.head.milestones}
    here = reached.get(ceilings.get(place, ""), "as if nobody had read anything")
    yield f"{_name(guild, place)} may talk openly {here}"
    others = [
        (channel, milestone)
        for channel, milestone in ceilings.items()
        if channel != place and milestone in reached
    ]
    for channel, milestone in others[:CHANNELS]:
        yield f"{_name(guild, channel)}: {reached[milestone]}"


def _missing(guild: discord.Guild, settings: Server, watched: frozenset[int]) -> Iterator[str]:
    """What the bot is not allowed, each with the channels where."""
    where: dict[str, list[str]] = {}
    channels: list[discord.TextChannel | discord.ForumChannel] = [*guild.text_channels, *guild.forums]
    for channel in channels:
        has = channel.permissions_for(guild.me)
        lacks = [*missing(has)]
        lacks += missing(has, HIDING) if settings.hides else []
        lacks += missing(has, WATCHING) if channel.id in watched else []
        for what in lacks:
            where.setdefault(what, []).append(f"#{channel.name}")
    for what, names in where.items():
        more = f" and {len(names) - CHANNELS} more" if len(names) > CHANNELS else ""
        everywhere = len(names) == len(channels)
        named = "any channel" if everywhere else ", ".join(names[:CHANNELS]) + more
        yield f"Not allowed to me in {named}: {what}"
    if not where:
        yield "I am allowed all that I need in every channel."


def _name(guild: discord.Guild | None, channel: int) -> str:
    found = guild.get_channel(channel) if guild else None
    return f"#{found.name}" if found else "a channel that is gone"
