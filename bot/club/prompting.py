"""Which prompt a place gets next."""

from bot.book.book import Book
from bot.book.prompts import Prompt, next_prompt
from bot.book.spoilers import Horizon
from bot.club.ports import PromptLog


def draw_prompt(
    book: Book, horizon: Horizon, log: PromptLog, place: int, theme: str | None = None
) -> Prompt | None:
    """The next prompt in the book's order within the horizon, none twice until all have been had.

    `theme` narrows to prompts whose theme holds that text, in any case. None: there is none within the horizon.
    """
    wanted = (theme or "").strip().casefold()
    fitting = [
        prompt
        for prompt in book.prompts
        if horizon.shows(book, prompt.milestone) and wanted in prompt.theme.casefold()
    ]
    if not fitting:
        return None
    prompt = next_prompt(fitting, log.used(place, book.slug))
    if prompt is None:
        log.forget_used(place, book.slug, [one.id for one in fitting])
        prompt = fitting[0]
    log.mark_used(place, book.slug, prompt.id)
    return prompt
