"""Which prompt a place gets next, those that its server's members wrote among them."""

from collections.abc import Sequence

from bot.book.book import Book
from bot.book.prompts import Drawn, Prompt, draw
from bot.book.spoilers import Horizon
from bot.club.ports import PromptLog, Suggestion

OWN = "own-"
"""How the id of a prompt begins that members wrote."""

OWN_THEME = "from the club"


def with_own(book: Book, own: Sequence[Suggestion]) -> tuple[Prompt, ...]:
    """The book's prompts in their order, and behind those of each milestone the approved ones that presuppose it."""
    prompts = list(book.prompts)
    for suggestion in own:
        if not suggestion.approved or suggestion.milestone not in book.ranks:
            continue
        rank = book.ranks[suggestion.milestone]
        at = next(
            (at for at in range(len(prompts), 0, -1) if book.ranks[prompts[at - 1].milestone] <= rank), 0
        )
        made = Prompt(
            id=f"{OWN}{suggestion.id}",
            question=suggestion.question,
            milestone=suggestion.milestone,
            theme=OWN_THEME,
        )
        prompts.insert(at, made)
    return tuple(prompts)


def fitting(
    book: Book, prompts: Sequence[Prompt], horizon: Horizon, theme: str | None = None
) -> list[Prompt]:
    """Those within the horizon whose theme holds that text, in any case."""
    wanted = (theme or "").strip().casefold()
    return [
        prompt
        for prompt in prompts
        if horizon.shows(book, prompt.milestone) and wanted in prompt.theme.casefold()
    ]


async def draw_prompt(book: Book, prompts: Sequence[Prompt], log: PromptLog, place: int) -> Prompt | None:
    """The next of these for the place, none twice until all have been had. None: there are none.

    Two who draw at once get two prompts.
    """
    while True:
        drawn: Drawn | None = draw(prompts, await log.used(place, book.slug))
        if drawn is None:
            return None
        if await log.mark_used(place, book.slug, drawn.prompt.id, drawn.anew):
            return drawn.prompt
