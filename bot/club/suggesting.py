"""Prompts that members write, and moderators take into the rotation or not. Each of these raises StoreError."""

from bot.book.book import Book
from bot.book.spoilers import furthest, milestone_at
from bot.club.club import Club
from bot.club.ports import Suggestion

MOST_WAITING = 100
"""A queue that is longer is not read."""

LENGTH = 300
"""Characters of a prompt's question."""


async def suggest(
    club: Club, server: int, book: Book, question: str, milestone: str | None, *, approved: bool
) -> Suggestion | None:
    """Remembers a prompt for those who have read so far, or further where its words tell more; None: too many wait."""
    found = await club.store.suggestions(server, book.slug)
    if not approved and sum(not one.approved for one in found) >= MOST_WAITING:
        return None
    text = " ".join(question.split())[:LENGTH]
    presupposes = milestone_at(book, furthest(book, book.ranks.get(milestone, 0), text))
    made = await club.store.suggest(server, book.slug, text, presupposes)
    if approved:
        await club.store.approve(server, made.id, presupposes)
    return made


async def queue(club: Club, server: int, book: Book) -> list[Suggestion]:
    """The suggestions that wait, the oldest first."""
    return [one for one in await club.store.suggestions(server, book.slug) if not one.approved]


async def approve(club: Club, server: int, book: Book, suggestion: int, milestone: str | None) -> bool:
    """Puts one into the rotation, for those who have read so far, but no less far than its words tell. False: it is gone."""
    found = {one.id: one for one in await queue(club, server, book)}
    if suggestion not in found:
        return False
    rank = furthest(book, book.ranks.get(milestone, 0), found[suggestion].question)
    return await club.store.approve(server, suggestion, milestone_at(book, rank))
