"""A server's schedules as its moderators see them."""

from itertools import islice

import discord

from bot.book.book import Book
from bot.book.recurrence import occurrences
from bot.book.schedule_said import rule_in_words
from bot.book.schedules import Record, Schedule, Scheduled
from bot.book.spoilers import Audience
from bot.club.club import Club
from bot.club.forecasting import forecast
from bot.club.scheduling import troubles
from bot.replies.reply import Reply
from bot.replies.schedules import (
    Coming,
    draft_reply,
    list_schedules_reply,
    preview_reply,
    saved_reply,
    schedule_said,
)

NEXT = 5
"""How many posts to come are shown."""

SHOWN_TROUBLES = 3

_STATES = {
    "paused": "Paused: /schedule resume",
    "suspended": "Stopped by me, because the channel refused: /schedule resume",
}
_ENDS = {
    "missed": "was not made",
    "uncertain": "may not have arrived",
    "refused": "was refused by the channel",
}


def label(guild: discord.Guild | None, schedule: Schedule) -> str:
    """A schedule in one line, as it is picked."""
    return f"{channel_name(guild, schedule.channel)}: {rule_in_words(schedule.rule)}"[:100]


def lines(guild: discord.Guild | None, club: Club, schedule: Schedule) -> list[str]:
    """A schedule in a few lines."""
    asking = club.books.get(schedule.book)
    book: Book | None = asking.book if asking else None
    return list(
        schedule_said(
            schedule, book, lambda channel: channel_name(guild, channel), lambda role: _role_name(guild, role)
        )
    )


async def overview_of_schedules(guild: discord.Guild | None, club: Club, server: int) -> Reply:
    """All of them, with when they post next and what went wrong lately."""
    wrong = await troubles(club, server)
    entries = []
    for one in await club.store.schedules(server):
        schedule = one.schedule
        said = lines(guild, club, schedule)
        if schedule.state in _STATES:
            said.append(_STATES[schedule.state])
        elif one.next is None:
            said.append("Ended")
        said += [_trouble(record) for record in wrong.get(schedule.id, ())[-SHOWN_TROUBLES:]]
        entries.append((said, one.next.due if one.next else None))
    return list_schedules_reply(entries)


def draft_shown(guild: discord.Guild | None, club: Club, schedule: Schedule, warned: list[str]) -> Reply:
    """A schedule before it is saved, with its next posts."""
    coming = islice(occurrences(schedule.rule, club.now()), NEXT)
    return draft_reply(lines(guild, club, schedule), [Coming(one.due, None) for one in coming], warned)


def done(guild: discord.Guild | None, club: Club, scheduled: Scheduled, said: str) -> Reply:
    """What has been done to a schedule."""
    return saved_reply(
        lines(guild, club, scheduled.schedule), scheduled.next.due if scheduled.next else None, said
    )


async def preview(guild: discord.Guild | None, club: Club, scheduled: Scheduled, audience: Audience) -> Reply:
    """The next posts of a schedule, drawn as they will be, beside those of all others in the server."""
    schedule = scheduled.schedule
    asking = club.books.get(schedule.book)
    coming: list[Coming] = []
    if asking is not None and scheduled.next is not None:
        everything = await forecast(
            {schedule.book: asking.book}, club.store, await club.store.schedules(schedule.server)
        )
        own = (one for one in everything if one.schedule.id == schedule.id)
        coming = [Coming(one.occurrence.due, one.prompt, one.opens) for one in islice(own, _left(scheduled))]
    book = asking.book if asking else next(iter(club.books.values())).book
    return preview_reply(lines(guild, club, schedule), coming, book, audience)


def _left(scheduled: Scheduled) -> int:
    """How many posts to come there are, at most five: others go on when one has ended."""
    if scheduled.next is None:
        return 0
    return 1 + len(list(islice(occurrences(scheduled.schedule.rule, scheduled.next.due), NEXT - 1)))


def channel_name(guild: discord.Guild | None, channel: int) -> str:
    """A channel as moderators know it."""
    found = guild.get_channel(channel) if guild else None
    return f"#{found.name}" if found else "a channel that is gone"


def _role_name(guild: discord.Guild | None, role: int) -> str:
    found = guild.get_role(role) if guild else None
    return f"@{found.name}" if found else "a role that is gone"


def _trouble(record: Record) -> str:
    return f"The post of {record.name.replace('T', ' ')} {_ENDS[record.state]}."
