"""What a moderator gives to `/schedule` -> a schedule, or what is wrong with it."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import discord

from bot.book.book import Book
from bot.book.calendar_words import NotUnderstood, read_date, read_time
from bot.book.plan import Step, read_plan
from bot.book.recurrence import Recurrence, zones
from bot.book.schedule_words import read_days
from bot.book.schedules import Extras, Schedule
from bot.club.club import Club
from bot.club.scheduling import new_id
from bot.discord_app.permissions import POSTING, missing
from bot.replies.answers import message_reply
from bot.replies.reply import Reply

ZONE = "I do not know that time zone: pick one from the list, for instance Europe/London."

Target = discord.abc.GuildChannel
"""Where posts go: a text or announcement channel, or a forum."""


@dataclass(frozen=True, slots=True)
class Typed:
    """When, as it was typed; None: nothing was."""

    days: str
    time: str
    every: int | None = None
    zone: str | None = None
    start: str | None = None
    end: str | None = None


def read_rule(club: Club, typed: Typed, default_zone: str) -> Recurrence | NotUnderstood:
    """The rule that is meant, in the club's zone unless another is named; dates count from today there."""
    zone = typed.zone or default_zone
    if zone not in zones():
        return NotUnderstood(ZONE)
    today = club.now().astimezone(ZoneInfo(zone)).date()
    start, end = _date(typed.start, today), _date(typed.end, today)
    for read in (start, end):
        if isinstance(read, NotUnderstood):
            return read
    at = read_time(typed.time)
    if isinstance(at, NotUnderstood):
        return at
    since = start if isinstance(start, date) else today
    days = read_days(typed.days, every=typed.every or 1, since=since)
    if isinstance(days, NotUnderstood):
        return days
    first, last = (one if isinstance(one, date) else None for one in (start, end))
    if first and last and last < first:
        return NotUnderstood("It ends before it starts: check the two dates.")
    return Recurrence(days=days, at=at, zone=zone, start=first, end=last)


def read_draft(
    club: Club,
    book: Book,
    target: Target,
    author: int,
    rule: Recurrence,
    extras: Extras,
    *,
    theme: str,
    plan: str,
) -> Schedule | NotUnderstood:
    """A schedule that is not saved yet."""
    steps: tuple[Step, ...] | NotUnderstood = ()
    if plan.strip():
        steps = read_plan(book, plan, club.now().astimezone(ZoneInfo(rule.zone)).date())
        if isinstance(steps, NotUnderstood):
            return steps
    wanted = theme.strip()
    if wanted and not any(wanted.casefold() in prompt.theme.casefold() for prompt in book.prompts):
        return NotUnderstood("There is no prompt on that theme: pick one from the list.")
    return Schedule(
        id=new_id(club.random),
        server=target.guild.id,
        channel=target.id,
        book=book.slug,
        rule=rule,
        author=author,
        theme=wanted or None,
        extras=extras,
        plan=steps,
    )


def read_tags(forum: discord.ForumChannel, words: str) -> tuple[int, ...] | NotUnderstood:
    """The tags of a forum that are named, between commas."""
    by_name = {tag.name.casefold(): tag.id for tag in forum.available_tags}
    names = [name.strip().casefold() for name in words.split(",") if name.strip()]
    known = ", ".join(tag.name for tag in forum.available_tags)
    if any(name not in by_name for name in names):
        return NotUnderstood(f"Tags of that forum: {known or 'none'}. Write them with commas between.")
    if len(names) > 5:
        return NotUnderstood("A post can have five tags at the most.")
    if forum.flags.require_tag and not names:
        return NotUnderstood(f"That forum wants a tag on each post. Choose with tags: {known}.")
    return tuple(by_name[name] for name in dict.fromkeys(names))


def warnings(target: Target, schedule: Schedule) -> list[str]:
    """What the bot is not allowed there and will need."""
    extras, has = schedule.extras, target.permissions_for(target.guild.me)
    needed = {
        "view_channel": True,
        "send_messages": True,
        "read_message_history": True,
        "create_public_threads": extras.thread,
        "send_messages_in_threads": extras.forum or (extras.thread and extras.poll),
        "create_polls": extras.poll,
        "pin_messages": extras.pins,
        "mention_everyone": _unmentionable(target, extras.role),
    }
    reasons = {name: reason for name, reason in POSTING.items() if needed[name]}
    return [f"Not allowed to me in #{target.name} yet: {what}" for what in missing(has, reasons)]


def refusal(wrong: NotUnderstood) -> Reply:
    """What is wrong, and that nothing has happened."""
    return message_reply(wrong.hint, "Nothing was changed.")


def _date(words: str | None, today: date) -> date | NotUnderstood | None:
    return read_date(words, today) if words and words.strip() else None


def _unmentionable(target: Target, role: int | None) -> bool:
    found = target.guild.get_role(role) if role else None
    return found is not None and not found.mentionable
