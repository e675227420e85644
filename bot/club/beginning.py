"""What an occurrence brings: the next prompt of its channel, up to the ceiling that the club's plan has come to."""

from dataclasses import dataclass

from bot.book.book import Book
from bot.book.notices import NoBook, NoPrompts
from bot.book.plan import ceiling_by
from bot.book.prompts import Drawn, Prompt, draw
from bot.book.recurrence import Occurrence
from bot.book.schedules import Extras, Job, Part, Post, Schedule
from bot.book.spoilers import horizon_of
from bot.club.club import Club
from bot.club.ports import Opening
from bot.club.prompting import fitting


@dataclass(frozen=True, slots=True)
class Begun:
    """The post, what was drawn, and what is to be remembered with it."""

    post: Post
    drawn: Drawn
    opening: Opening


async def begun(club: Club, job: Job) -> Begun | NoPrompts | NoBook:
    """What the job's occurrence would bring now. Raises StoreError."""
    schedule = job.schedule
    asking = club.books.get(schedule.book)
    if asking is None:
        return NoBook()
    book = asking.book
    reached = await club.store.ceiling(schedule.channel, book.slug)
    opens = ceiling_from(book, schedule, reached, job.occurrence)
    horizon = horizon_of(book, opens or reached)
    prompts = await club.prompts_of(schedule.server, book)
    had = await club.store.used(schedule.channel, book.slug)
    drawn = draw(fitting(book, prompts, horizon, schedule.theme), had)
    if drawn is None:
        return NoPrompts()
    post = Post(
        prompt=drawn.prompt.id,
        channel=schedule.channel,
        extras=schedule.extras,
        parts=_parts(schedule.extras, drawn.prompt),
        opens=opens,
    )
    return Begun(post, drawn, Opening(prompt=drawn.prompt.id, anew=drawn.anew, opens=opens))


def ceiling_from(book: Book, schedule: Schedule, reached: str | None, occurrence: Occurrence) -> str | None:
    """The ceiling that a schedule's plan has come to at an occurrence; None: it is no further than the channel is.

    A plan only moves on: what moderators have opened stays open.
    """
    planned = ceiling_by(schedule.plan, occurrence.nominal.date())
    return planned if book.ranks.get(planned, 0) > book.ranks.get(reached, 0) else None


def _parts(extras: Extras, prompt: Prompt) -> tuple[Part, ...]:
    parts: list[Part] = ["forum" if extras.forum else "post"]
    if extras.thread and not extras.forum:
        parts.append("thread")
    if extras.poll and prompt.poll:
        parts.append("poll")
    if extras.pins and not extras.forum:
        parts.append("pin")
    return tuple(parts)
