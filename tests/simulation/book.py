"""The book of the simulated clubs: three parts, and prompts for each."""

from collections.abc import Mapping
from functools import cache

from bot.book.book import Book, BookHead, Milestone, Source
from bot.book.prompts import Prompt
from bot.club.asking import Asking

SLUG = "a-book"
PARTS = ("one", "two", "three")
ALSO = "characters"

_PROMPTS: tuple[tuple[str, str | None, str, bool], ...] = (
    ("p1", None, "first pages", False), ("p2", None, ALSO, True), ("p3", "one", ALSO, False),
    ("p4", "one", "setting", True), ("p5", "two", ALSO, False), ("p6", "two", "setting", False),
    ("p7", "three", "the end", True),
)  # fmt: skip


@cache
def the_book() -> Book:
    """The book."""
    return Book(
        slug=SLUG,
        head=BookHead(
            title="A Book",
            sources=(Source(id="source", title="A source"),),
            milestones=tuple(Milestone(id=part, title=f"Part {part}") for part in PARTS),
        ),
        entries=(),
        prompts=tuple(
            Prompt(
                id=name,
                question=f"What of {name}?",
                milestone=milestone,
                theme=theme,
                poll=("yes", "no") if poll else None,
            )
            for name, milestone, theme, poll in _PROMPTS
        ),
    )


@cache
def books() -> Mapping[str, Asking]:
    """What a club reads."""
    return {SLUG: Asking(the_book())}
