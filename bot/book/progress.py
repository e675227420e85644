"""A member's place in the book: what they have finished, as they say it and as it is offered to them."""

import re
from dataclasses import dataclass

from bot.book.book import Book, Milestone

NOTHING = "Nothing yet"
FINISHED = "Finished"

_CHAPTER = re.compile(r"(?:ch(?:apter)?s?\.? ?)?(\d{1,4})")
_NOTHING = frozenset({"", "none", "nothing", "nothing yet", "clear", "start", "not started", "unset"})
_ALL = frozenset({"finished", "all", "all of it", "everything", "the end", "end", "done"})
_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_NUMBERS = {word: str(number) for number, word in enumerate(_WORDS, start=1)}


@dataclass(frozen=True, slots=True)
class Reached:
    """The milestone that the member has finished; None: nothing read.

    `unfinished` is the milestone that the chapter they named lies in, where that is not finished with it.
    """

    milestone: Milestone | None
    unfinished: Milestone | None = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The words name no place in this book."""


def read_progress(book: Book, words: str) -> Reached | NotUnderstood:
    """What a member means by "part one", "part 1", "first act", "ch 12", "finished" or "nothing".

    A chapter counts as finished when it is named, and rounds down: "ch 12" of a Part Two that ends with chapter 17
    means that Part One is finished. A chapter that the book does not have is not understood.
    """
    said = _folded(words)
    if said in _NOTHING:
        return Reached(None)
    for place, label in places_of(book)[1:]:
        if words.strip().casefold() == label.casefold():
            return Reached(book.head.milestones[book.ranks[place] - 1])
    readings = [
        Reached(milestone) for milestone in book.head.milestones if said in map(_folded, _names(milestone))
    ]
    if not readings and said in _ALL and book.head.milestones:
        return Reached(book.head.milestones[-1])
    if (found := _CHAPTER.fullmatch(said)) and isinstance(
        read := _by_chapter(book, int(found.group(1))), Reached
    ):
        readings.append(read)
    # Words that can be read in several ways count as the least of them: too much would spoil.
    return min(
        readings,
        key=lambda one: book.ranks[one.milestone.id if one.milestone else None],
        default=NotUnderstood(),
    )


def place_label(milestone: Milestone) -> str:
    """A milestone as it is offered to be picked, for readers and for those who have only seen the film."""
    return f"{milestone.title} / film, {milestone.film}" if milestone.film else milestone.title


def places_of(book: Book) -> tuple[tuple[str | None, str], ...]:
    """Every place that a member can be at, in story order: the milestone's id (None: nothing read) and its label."""
    milestones = [(milestone.id, place_label(milestone)) for milestone in book.head.milestones]
    if milestones:
        last, label = milestones[-1]
        milestones[-1] = (last, f"{FINISHED} ({label})")
    return ((None, NOTHING), *milestones)


def _by_chapter(book: Book, chapter: int) -> Reached | NotUnderstood:
    finished = None
    for milestone in book.head.milestones:
        if milestone.chapters is None:
            continue
        first, _, last = milestone.chapters.partition("-")
        if chapter >= int(last or first):
            finished = milestone
            if chapter == int(last or first):
                return Reached(milestone)
        elif chapter >= 1:
            return Reached(finished, unfinished=milestone)
    return NotUnderstood()


def _names(milestone: Milestone) -> list[str]:
    film = [milestone.film, f"film {milestone.film}"] if milestone.film else []
    return [milestone.id, milestone.title, place_label(milestone), *film]


def _folded(words: str) -> str:
    plain = re.sub(r"[-/,()]+", " ", words.casefold()).split()
    return " ".join(_NUMBERS.get(word, word) for word in plain)
