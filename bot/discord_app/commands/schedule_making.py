"""`/schedule add` and `/schedule move`: when and where."""

import discord
from discord import app_commands

from bot.book.book import Book
from bot.book.calendar_words import NotUnderstood
from bot.book.prompts import themes
from bot.book.recurrence import Weekly
from bot.book.schedule_said import days_in_words
from bot.book.schedules import Extras
from bot.club import scheduling
from bot.club.club import NoBook
from bot.club.zones import zones_like
from bot.discord_app import timetable
from bot.discord_app.client import ClubClient
from bot.discord_app.commands.choices import MOST, choices
from bot.discord_app.commands.scheduling import Which, picked, schedule, schedule_choices
from bot.discord_app.drafting import Target, Typed, read_draft, read_rule, read_tags, refusal, warnings
from bot.discord_app.layout import Sealed, button
from bot.discord_app.moderating import moderates
from bot.discord_app.presses import DropDraft, KeepDraft
from bot.discord_app.speaking import settled, tell, tell_layout
from bot.replies.answers import message_reply
from bot.replies.markdown import displays

# From here, so that whoever takes the group has all of it.
__all__ = ["schedule"]

Interaction = discord.Interaction[ClubClient]
Words = app_commands.Range[str, 1, 100]
Weeks = app_commands.Range[int, 1, 52]

_TARGETS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]

_NO_TARGET = message_reply(
    "I can post in text channels, announcement channels and forums.", "Choose one with the option channel."
)
_NO_PINS = message_reply("In a forum I cannot pin posts.", "Leave the option pin out.")
_NO_TAGS = message_reply("Only posts in a forum have tags.", "Leave the option tags out.")
_EVERYBODY = message_reply("I mention a role, but never everybody.", "Choose another role.")
_ENOUGH = message_reply(
    f"A server can have {scheduling.MOST} schedules.", "Remove one first: /schedule remove"
)
_NEVER = message_reply(
    "That would never post anything: it ends before its first day.", "Check the two dates."
)


class Postable(app_commands.Transformer):
    """A channel that can get posts."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """See Transformer."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """See Transformer. Named here because discord.py offers media channels with forums."""
        return _TARGETS

    async def transform(self, interaction: discord.Interaction, value: object, /) -> int:  # noqa: ARG002
        """The channel's id."""
        return value.id if isinstance(value, app_commands.AppCommandChannel) else 0


Where = app_commands.Transform[int, Postable]


@schedule.command(description="Have a channel get a prompt again and again")
@app_commands.describe(
    days="For instance: Monday and Thursday; every other Tuesday; the 15th; last Friday; daily",
    time="For instance: 7pm or 19:30",
    every="Every so many weeks",
    timezone="Type a city; left out: the club's zone",
    channel="Where to post; left out: here",
    thread="Open a thread below each post",
    poll="Add the prompt's poll where it has one",
    role="Mention this role",
    silent="Send no notification",
    pin="Pin the post, and unpin the one before",
    theme="Only prompts on this theme",
    start="First day, for instance 3 March",
    end="Last day",
    plan="Opens the channel as you read on: Part One until 3 March, Part Two until 17 March",
    tags="In a forum: its tags, with commas between",
)
async def add(
    interaction: Interaction,
    days: Words,
    time: Words,
    every: Weeks | None = None,
    timezone: Words | None = None,
    channel: Where | None = None,
    thread: bool = False,
    poll: bool = False,
    role: discord.Role | None = None,
    silent: bool = False,
    pin: bool = False,
    theme: Words = "",
    start: Words | None = None,
    end: Words | None = None,
    plan: app_commands.Range[str, 1, 1000] = "",
    tags: Words = "",
) -> None:
    """Shows what is meant, with the next five posts; a button saves it."""
    desk = interaction.client.desk
    if not await moderates(interaction, desk):
        return
    here = await settled(interaction, desk)
    if here is None:
        return
    target = _target(interaction, channel)
    if target is None:
        await tell(interaction, _NO_TARGET)
        return
    forum = target if isinstance(target, discord.ForumChannel) else None
    if forum and pin:
        await tell(interaction, _NO_PINS)
        return
    if tags and not forum:
        await tell(interaction, _NO_TAGS)
        return
    if role is not None and role.is_default():
        await tell(interaction, _EVERYBODY)
        return
    if len(await desk.club.store.schedules(target.guild.id)) >= scheduling.MOST:
        await tell(interaction, _ENOUGH)
        return
    settings = await desk.club.store.server(target.guild.id)
    rule = read_rule(desk.club, Typed(days, time, every, timezone, start, end), settings.timezone)
    if isinstance(rule, NotUnderstood):
        await tell(interaction, refusal(rule))
        return
    read = read_tags(forum, tags) if forum else ()
    if isinstance(read, NotUnderstood):
        await tell(interaction, refusal(read))
        return
    extras = Extras(
        forum=forum is not None,
        thread=thread and forum is None,
        poll=poll,
        pins=pin,
        silent=silent,
        role=role.id if role else None,
        tags=read,
    )
    draft = read_draft(
        desk.club, here.book, target, interaction.user.id, rule, extras, theme=theme, plan=plan
    )
    if isinstance(draft, NotUnderstood):
        await tell(interaction, refusal(draft))
        return
    if scheduling.first_of(desk.club, draft).next is None:
        await tell(interaction, _NEVER)
        return
    number = interaction.id
    desk.drafts.keep(interaction.user.id, number, draft)
    reply = timetable.draft_shown(interaction.guild, desk.club, draft, warnings(target, draft))
    rows = [[button("Save", KeepDraft(number)), button("Forget it", DropDraft(number))]]
    await tell_layout(interaction, Sealed(displays(reply), rows))


@schedule.command(description="Change when or where a schedule posts")
@app_commands.describe(
    which="The schedule",
    channel="Where it posts from now on",
    days="For instance: Monday and Thursday; every other Tuesday",
    time="For instance: 7pm or 19:30",
    every="Every so many weeks",
    timezone="Type a city",
)
async def move(
    interaction: Interaction,
    which: Which,
    channel: Where | None = None,
    days: Words | None = None,
    time: Words | None = None,
    every: Weeks | None = None,
    timezone: Words | None = None,
) -> None:
    """Changes what is given, and leaves the rest as it is."""
    found = await picked(interaction, which)
    if found is None:
        return
    desk, old = interaction.client.desk, found.schedule
    changes: dict[str, object] = {}
    if channel is not None:
        target = _target(interaction, channel)
        if target is None or isinstance(target, discord.ForumChannel) != old.extras.forum:
            await tell(interaction, _NO_TARGET)
            return
        changes["channel"] = target.id
    if days or time or every or timezone:
        # Weekdays alone, where only how often is new: "every second Monday" would gainsay it.
        plain = (
            Weekly(days=old.rule.days.days) if every and isinstance(old.rule.days, Weekly) else old.rule.days
        )
        typed = Typed(days or days_in_words(plain), time or f"{old.rule.at:%H:%M}", every, timezone)
        rule = read_rule(desk.club, typed, old.rule.zone)
        if isinstance(rule, NotUnderstood):
            await tell(interaction, refusal(rule))
            return
        on = rule.days if days or every else old.rule.days
        changes["rule"] = rule.model_copy(update={"days": on, "start": old.rule.start, "end": old.rule.end})
    changed = await scheduling.move(desk.club, old.id, changes)
    desk.poke()
    if changed is not None:
        await tell(interaction, timetable.done(interaction.guild, desk.club, changed, "Changed"))


@move.autocomplete("which")
async def _schedules(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await schedule_choices(interaction, typed)


@add.autocomplete("timezone")
@move.autocomplete("timezone")
async def _zones(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return choices(zones_like(typed, MOST))


@add.autocomplete("theme")
async def _themes(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    here = await interaction.client.desk.here_of(interaction)
    if isinstance(here, NoBook):
        return []
    book: Book = here.book
    shown = [one for one in book.prompts if here.audience.progress.shows(book, one.milestone)]
    return choices([theme for theme in themes(shown) if typed.casefold().strip() in theme.casefold()][:MOST])


@add.autocomplete("tags")
async def _tags(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    target = _target(interaction, getattr(interaction.namespace.channel, "id", None))
    if not isinstance(target, discord.ForumChannel):
        return []
    *before, last = typed.split(",")
    said = ", ".join(name.strip() for name in before if name.strip())
    names = [tag.name for tag in target.available_tags if last.strip().casefold() in tag.name.casefold()]
    return choices([f"{said}, {name}" if said else name for name in names][:MOST])


def _target(interaction: Interaction, channel: int | None) -> Target | None:
    """The channel of that id, or (None) the one that is asked from; of a thread its parent."""
    guild, asked = interaction.guild, interaction.channel
    if channel is None:
        channel = asked.parent_id if isinstance(asked, discord.Thread) else asked.id if asked else 0
    found = guild.get_channel(channel) if guild else None
    return found if found is not None and found.type in _TARGETS else None
