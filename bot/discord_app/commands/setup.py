"""`/setup`: what a server's moderators settle, all of it picked; and what the bot is not allowed where."""

from typing import Literal

import discord
from discord import app_commands

from bot.book.progress import NotUnderstood, Reached, read_progress
from bot.book.recurrence import zones
from bot.club.club import Club, titles
from bot.club.ports import Server
from bot.club.zones import zones_like
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST, choices, place_choices
from bot.discord_app.desk import place_of
from bot.discord_app.moderating import FORBIDDEN
from bot.discord_app.overview import overview
from bot.discord_app.permissions import MODERATORS, moderates_server
from bot.discord_app.speaking import tell
from bot.replies.answers import message_reply
from bot.replies.reply import Reply

Interaction = discord.Interaction[ClubClient]
Channel = discord.TextChannel | discord.VoiceChannel
# Not forums: discord.py would offer media channels with them, which Discord's schema of commands does not have.

_NO_SUCH_BOOK = message_reply("I have no book of that name.", "Pick one from the list. Nothing was changed.")
_NO_SUCH_ZONE = message_reply(
    "I do not know that time zone.",
    "Pick one from the list, for instance Europe/London. Nothing was changed.",
)
_NO_SUCH_PLACE = message_reply(
    "I do not know that place in the book.", "Pick one from the list. Nothing was changed."
)
_BOOK_FIRST = message_reply("Choose the book first: /setup book", "Nothing was changed.")


@app_commands.command(
    description="Moderators: what the club reads, how far each channel is, and what I may do"
)
@app_commands.describe(
    book="The book that this server reads",
    moderators="A role that may do what moderators may; @everyone for none",
    spoilers="What becomes of text that a reader has not reached",
    timezone="The club's time zone: type a city",
    channel="What the next two are about; left out: this channel, or in a post its forum",
    ceiling="Up to where the channel may talk openly",
    watch="Mark messages in the channel that give something away",
    hide="Let members and moderators use “Hide as spoiler”",
    notices="Where moderators are told of troubles with scheduled prompts and with the book's files",
    misses="Keep questions that I had no answer to, for /knowledge misses",
)
@app_commands.choices(
    spoilers=[
        app_commands.Choice(name="veil: behind spoiler bars", value="veil"),
        app_commands.Choice(name="withhold: as if I did not know it", value="withhold"),
    ]
)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.default_permissions(MODERATORS)
async def setup(
    interaction: Interaction,
    book: app_commands.Range[str, 1, 100] | None = None,
    moderators: discord.Role | None = None,
    spoilers: str | None = None,
    timezone: app_commands.Range[str, 1, 100] | None = None,
    channel: Channel | None = None,
    ceiling: app_commands.Range[str, 1, 100] | None = None,
    watch: bool | None = None,
    hide: bool | None = None,
    notices: discord.TextChannel | None = None,
    misses: bool | None = None,
) -> None:
    """Looks at all that is given, then changes it, and says how everything stands."""
    club, server = interaction.client.desk.club, interaction.guild_id
    if server is None or not moderates_server(interaction, await club.store.server(server)):
        await tell(interaction, FORBIDDEN)
        return
    slug = titles(club.books.values()).get(book, book) if book else None
    if slug is not None and slug not in club.books:
        await tell(interaction, _NO_SUCH_BOOK)
        return
    if timezone is not None and timezone not in zones():
        await tell(interaction, _NO_SUCH_ZONE)
        return
    place = channel.id if channel else place_of(interaction.channel)
    opened = None if ceiling is None else await _opened(club, server, slug, ceiling)
    if isinstance(opened, Reply):
        await tell(interaction, opened)
        return

    def change(old: Server) -> Server:
        return Server(
            slug or old.book,
            old.moderators if moderators is None else None if moderators.is_default() else moderators.id,
            _spoilers(spoilers) or old.spoilers,
            timezone or old.timezone,
            old.hides if hide is None else hide,
            notices.id if notices else old.notices,
            old.misses if misses is None else misses,
        )

    # What opens something comes last: if the store fails in between, too much is held back and not too little.
    await club.store.change_server(server, change)
    if watch is not None:
        await club.store.set_watched(server, place, watched=watch)
    if opened is not None:
        await club.store.set_ceiling(server, place, *opened)
    await tell(interaction, await overview(interaction.client, server, place))


@setup.autocomplete("book")
async def _books(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    found = titles(interaction.client.desk.club.books.values())
    wanted = typed.casefold().strip()
    return choices([title[:100] for title in found if wanted in title.casefold()][:MOST])


@setup.autocomplete("timezone")
async def _zones(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return choices(zones_like(typed, MOST))


@setup.autocomplete("ceiling")
async def _ceilings(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    club = interaction.client.desk.club
    settings = await club.store.server(interaction.guild_id or 0)
    picked = titles(club.books.values()).get(str(getattr(interaction.namespace, "book", None) or ""))
    asking = club.book_of(picked or settings.book)
    return place_choices(asking.book, typed) if asking else []


async def _opened(club: Club, server: int, slug: str | None, typed: str) -> tuple[str, str | None] | Reply:
    """The book and the milestone that a channel is opened up to; what to say where there is none such."""
    asking = club.book_of(slug or (await club.store.server(server)).book)
    if asking is None:
        return _BOOK_FIRST
    match read_progress(asking.book, typed):
        case Reached(milestone):
            return asking.book.slug, milestone.id if milestone else None
        case NotUnderstood():
            return _NO_SUCH_PLACE


def _spoilers(picked: str | None) -> Literal["veil", "withhold"] | None:
    return "withhold" if picked == "withhold" else "veil" if picked == "veil" else None
