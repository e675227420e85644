"""What schedules will post: the same rules as when they do, run ahead."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.book.book import Book
from bot.book.prompts import Prompt, draw
from bot.book.recurrence import Occurrence, occurrences
from bot.book.schedules import Schedule, Scheduled
from bot.book.spoilers import horizon_of
from bot.club.beginning import ceiling_from
from bot.club.ports import Store
from bot.club.prompting import fitting, with_own

Place = tuple[int, str]
"""A channel and a book."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """One post to come. `prompt` None: there is none. `opens`: the milestone up to which it opens the channel."""

    schedule: Schedule
    occurrence: Occurrence
    prompt: Prompt | None
    opens: str | None


@dataclass
class _Place:
    """How a channel stands, as far as the forecast has come."""

    book: Book
    prompts: Sequence[Prompt]
    ceiling: str | None
    had: frozenset[str]


async def forecast(
    books: Mapping[str, Book], store: Store, schedules: Sequence[Scheduled]
) -> Iterator[Forecast]:
    """What these will post if nothing changes, in the order of time; endless, unless they all end.

    Channels that several of them share are drawn from as they will be, so give all of a server. Of a book that is
    not among these, nothing. Raises StoreError.
    """
    places: dict[Place, _Place] = {}
    for one in schedules:
        schedule = one.schedule
        book, place = books.get(schedule.book), (schedule.channel, schedule.book)
        if book is not None and place not in places:
            places[place] = _Place(
                book,
                with_own(book, await store.suggestions(schedule.server, book.slug)),
                await store.ceiling(*place),
                await store.used(*place),
            )
    return _run(places, [one for one in schedules if (one.schedule.channel, one.schedule.book) in places])


def _run(places: dict[Place, _Place], schedules: Sequence[Scheduled]) -> Iterator[Forecast]:
    for _, number, occurrence in heapq.merge(*(_moments(*one) for one in enumerate(schedules))):
        schedule = schedules[number].schedule
        place = places[schedule.channel, schedule.book]
        opens = ceiling_from(place.book, schedule, place.ceiling, occurrence)
        place.ceiling = opens or place.ceiling
        fits = fitting(place.book, place.prompts, horizon_of(place.book, place.ceiling), schedule.theme)
        drawn = draw(fits, place.had)
        if drawn is not None:
            place.had = place.had.difference(drawn.anew) | {drawn.prompt.id}
        yield Forecast(schedule, occurrence, drawn.prompt if drawn else None, opens)


def _moments(number: int, scheduled: Scheduled) -> Iterator[tuple[datetime, int, Occurrence]]:
    # No schedule has two occurrences at one moment, so occurrences themselves are never compared.
    if scheduled.next is None:
        return
    yield scheduled.next.due, number, scheduled.next
    for occurrence in occurrences(scheduled.schedule.rule, scheduled.next.due):
        yield occurrence.due, number, occurrence
