"""`bookclub schedule preview`: what would be posted where and when, by what is remembered, without Discord."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from bot.book.book import Book
from bot.book.schedule_said import rule_in_words
from bot.club.forecasting import Forecast, forecast
from bot.club.ports import Store


def preview(books: Mapping[str, Book], opening: AbstractAsyncContextManager[Store], weeks: int) -> int:
    """Prints every schedule, then every post of the next weeks in the order of time; 0. Raises StoreError.

    It names prompts ahead of any reader: it is for whoever hosts the bot.
    """
    for line in asyncio.run(_lines(books, opening, weeks)):
        print(line)
    return 0


async def _lines(
    books: Mapping[str, Book], opening: AbstractAsyncContextManager[Store], weeks: int
) -> list[str]:
    until = datetime.now(UTC) + timedelta(weeks=weeks)
    async with opening as store:
        schedules = await store.schedules()
        coming = await forecast(books, store, schedules)
        told = [
            f"{one.schedule.state:9} channel {one.schedule.channel}  {rule_in_words(one.schedule.rule)}"
            for one in schedules
        ]
        posts = [
            line
            for found in takewhile(lambda one: one.occurrence.due <= until, coming)
            for line in _post(found, books[found.schedule.book])
        ]
    if not schedules:
        return ["There are no schedules: moderators make them in Discord with /schedule add."]
    return [*told, "", *(posts or [f"Nothing is due in the next {weeks} weeks."])]


def _post(found: Forecast, book: Book) -> Iterator[str]:
    at, zone = found.occurrence.nominal, found.schedule.rule.zone
    prompt = (
        found.prompt.question
        if found.prompt
        else "(no prompt up to the channel's ceiling: nothing is posted)"
    )
    yield f"{at:%a %d %b %Y %H:%M} {zone}  channel {found.schedule.channel}  {prompt}"
    title = next((one.title for one in book.head.milestones if one.id == found.opens), None)
    if title:
        yield f"{'':20}  opens the channel up to {title}"
