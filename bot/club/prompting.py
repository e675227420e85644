"""Which prompt a place gets next."""

from bot.book.book import Book
from bot.book.prompts import Prompt
from bot.book.spoilers import Horizon
from bot.club.ports import PromptLog


async def draw_prompt(
    book: Book, horizon: Horizon, log: PromptLog, place: int, theme: str | None = None
) -> Prompt | None:
    """The next prompt in the book's order within the horizon, none twice until all have been had.

    `theme` narrows to prompts whose theme holds that text, in any case. None: there is none within the horizon. Two
    who draw at once get two prompts.
    """
    wanted = (theme or "").strip().casefold()
    fitting = [
        prompt
        for prompt in book.prompts
        if horizon.shows(book, prompt.milestone) and wanted in prompt.theme.casefold()
    ]
    if not fitting:
        return None
    had = await log.used(place, book.slug)
    for prompt in fitting:
        if prompt.id not in had and await log.mark_used(place, book.slug, prompt.id):
            return prompt
    await log.forget_used(place, book.slug, [prompt.id for prompt in fitting])
    await log.mark_used(place, book.slug, fitting[0].id)
    return fitting[0]
