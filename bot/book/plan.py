"""A club's reading plan: until when it reads which part of a book, as moderators type it and as it is said."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from bot.book.book import Book, Milestone
from bot.book.calendar_words import NotUnderstood, date_in_words, read_date
from bot.book.entries import Frozen, Identifier
from bot.book.progress import Reached, read_progress

_LONGEST = 4000
# A title may hold commas and "and", and a date a comma: so many pieces between them may be one step.
_PIECES = 12
_BETWEEN = re.compile(r"[,;\n]|\band\b", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till?|by)\b|[:=]", re.IGNORECASE)
_NAMED = 8


class Step(Frozen):
    """The club reads up to the end of `milestone` until this date; from that day on it may be talked of openly."""

    until: date
    milestone: Identifier


def ceiling_by(plan: Sequence[Step], day: date) -> str | None:
    """The milestone that the club has read by this day, as planned: the channel's ceiling. None: none of them yet."""
    return next((step.milestone for step in reversed(plan) if step.until <= day), None)


def read_plan(book: Book, words: str, today: date) -> tuple[Step, ...] | NotUnderstood:
    """What is meant by "Part One until 3 March, Part Two until 17 March".

    Steps stand in story order with increasing dates, which are read as of today. A chapter is a place only where it
    ends a part, for what it rounds down to is not what was said.
    """
    if not book.head.milestones:
        return NotUnderstood('This book has no parts to plan by: it needs milestones, like "Part One".')
    if len(words) > _LONGEST:
        return NotUnderstood(f"That is too long: say it like {_example(book)}.")
    spans = list(_spans(words))
    if not spans:
        return NotUnderstood(f"Say the plan like {_example(book)}.")
    plan: list[Step] = []
    while spans:
        step, pieces = _first_step(book, words, spans, today)
        if isinstance(step, NotUnderstood):
            return NotUnderstood(f"Step {len(plan) + 1}: {step.hint}")
        plan.append(step)
        spans = spans[pieces:]
    return _in_order(book, plan)


def plan_in_words(book: Book, plan: Sequence[Step]) -> str:
    """The steps as `read_plan` reads them; nothing where there are none. A part may have left the book since."""
    titles = {milestone.id: milestone.title for milestone in book.head.milestones}
    return ", ".join(
        f"{titles.get(step.milestone, 'a part that is gone')} until {date_in_words(step.until)}"
        for step in plan
    )


def _spans(words: str) -> Iterator[tuple[int, int]]:
    """Where the pieces between commas, semicolons, line ends and "and" lie, empty ones left out."""
    start = 0
    for start_of_mark, end_of_mark in [
        *(mark.span() for mark in _BETWEEN.finditer(words)),
        (len(words),) * 2,
    ]:
        if words[start:start_of_mark].strip():
            yield start, start_of_mark
        start = end_of_mark


def _first_step(
    book: Book, words: str, spans: list[tuple[int, int]], today: date
) -> tuple[Step | NotUnderstood, int]:
    """The step that the pieces begin with, and how many of them it is made of."""
    # The longest first, so that the year of "March 3, 2027" stays with its day.
    for pieces in range(min(_PIECES, len(spans)), 1, -1):
        step = _read_step(book, words[spans[0][0] : spans[pieces - 1][1]], today)
        if isinstance(step, Step):
            return step, pieces
    return _read_step(book, words[slice(*spans[0])], today), 1


def _read_step(book: Book, words: str, today: date) -> Step | NotUnderstood:
    # The last one is the one before the date: a title may hold such words, a date does not.
    marks = list(_UNTIL.finditer(words))
    if not marks:
        return NotUnderstood(f"Say until when, like {_example(book)}.")
    milestone = _read_place(book, words[: marks[-1].start()].strip(" \t\r\n:="))
    if isinstance(milestone, NotUnderstood):
        return milestone
    until = read_date(words[marks[-1].end() :], today)
    return until if isinstance(until, NotUnderstood) else Step(until=until, milestone=milestone.id)


def _read_place(book: Book, words: str) -> Milestone | NotUnderstood:
    # Before `read_progress`, which takes a title like "Three" for a chapter too: a plan is made of parts.
    for milestone in book.head.milestones:
        if " ".join(words.casefold().split()) == " ".join(milestone.title.casefold().split()):
            return milestone
    match read_progress(book, words):
        case Reached(Milestone() as milestone, unfinished=None):
            return milestone
        case Reached(_, unfinished=Milestone() as unfinished):
            return NotUnderstood(
                f'That chapter does not end a part. Say the part, like "{unfinished.title}".'
            )
    titles = [milestone.title for milestone in book.head.milestones]
    more = " and so on" if len(titles) > _NAMED else ""
    return NotUnderstood(
        "Say a part of this book: " + ", ".join(f'"{title}"' for title in titles[:_NAMED]) + f"{more}."
    )


def _in_order(book: Book, plan: list[Step]) -> tuple[Step, ...] | NotUnderstood:
    for one, other in pairwise(plan):
        if book.ranks[one.milestone] >= book.ranks[other.milestone]:
            return NotUnderstood(f"Say each part once, in the order of the story, like {_example(book)}.")
        if one.until >= other.until:
            return NotUnderstood(
                f"{date_in_words(one.until)} is not before {date_in_words(other.until)}: dates must go forward."
                ' Where one has passed, say its year, like "3 March 2027".'
            )
    return tuple(plan)


def _example(book: Book) -> str:
    return f'"{book.head.milestones[0].title} until 3 March"'
