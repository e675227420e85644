"""A member's place in the book: what they have finished, as they say it."""

import re
from dataclasses import dataclass

from bot.book.book import Book, Milestone

_CHAPTER = re.compile(r"^(?:ch(?:apter)?s?\.?\s*)?(\d{1,4})$")
_NOTHING = frozenset({"", "none", "nothing", "clear", "start", "not started", "unset"})
_ALL = frozenset({"finished", "all", "everything", "the end", "end", "done"})


@dataclass(frozen=True, slots=True)
class Reached:
    """The milestone that the member has finished; None: nothing read."""

    milestone: Milestone | None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The words name no place in this book."""


def read_progress(book: Book, words: str) -> Reached | NotUnderstood:
    """What a member means by "part one", "ch 12", "finished" or "nothing".

    A chapter counts as finished when it is named, and rounds down: "ch 12" of a Part Two that ends with chapter 17
    means that Part One is finished.
    """
    said = " ".join(words.casefold().replace("-", " ").split())
    milestones = book.head.milestones
    if said in _NOTHING:
        return Reached(None)
    if said in _ALL and milestones:
        return Reached(milestones[-1])
    for milestone in milestones:
        if said in {
            milestone.id.replace("-", " "),
            milestone.title.casefold(),
            (milestone.film or "").casefold(),
        }:
            return Reached(milestone)
    if (found := _CHAPTER.match(said)) and any(milestone.chapters for milestone in milestones):
        chapter = int(found.group(1))
        done = [m for m in milestones if m.chapters and int(m.chapters.rpartition("-")[2]) <= chapter]
        return Reached(done[-1] if done else None)
    return NotUnderstood()
