"""Outcome + audience -> a page, and whether all may see it or the asker alone (design: spoiler rules, 5)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answering.outcomes import Answer, Found, Outcome, Suggestions, Unknown
from bot.book.book import Book
from bot.book.entries import Entry, PlotPoint
from bot.book.spoilers import Audience, Horizon, ranks_in
from bot.replies.answers import (
    message_reply,
    narrowed,
    plot_reply,
    recap_reply,
    reply_to,
    withheld,
    within,
)
from bot.replies.paging import numbered, pages
from bot.replies.reply import Page, Reply

PLOT_POINTS = 8
"""How many plot points stand on one page: a wall of bars is not read."""

BEYOND = "That is further on than this channel has read."
"""All that a public reply says, whatever was asked, when the answer goes beyond the ceiling."""


def answer_page(
    outcome: Outcome, book: Book, audience: Audience, number: int = 1, *, typed: str = ""
) -> Page:
    """A page of the answer. Private when anything in it, in the clear or veiled, lies beyond the channel's ceiling.

    So it is too when what the member `typed` gives something away, for a public answer shows that to everybody. A
    number past the last page gives the last. Where the club withholds, what lies beyond the asker's progress is
    neither shown nor counted: the page is the one for a base without it.
    """
    if audience.spoilers == "withhold":
        outcome = withheld(outcome, book, audience.progress)
    private = audience.ceiling is not None and (
        _exceeds(outcome, book, audience.progress, audience.ceiling) or _tells(book, typed, audience)
    )
    horizon = audience.progress if private else audience.together
    return _page(pages(reply_to(outcome, book, horizon)), number, private=private)


def plot_page(
    points: Sequence[Entry], book: Book, audience: Audience, number: int = 1, *, typed: str = ""
) -> Page:
    """A page of plot points, every one veiled. Private when one on this page lies beyond the channel's ceiling.

    So it is too when what the member `typed` gives something away. Where the club withholds, those beyond the asker's
    progress are left out.
    """
    count = sum(isinstance(entry, PlotPoint) for entry in book.entries)
    everything = not typed.strip() and 0 < len(points) == count
    if audience.spoilers == "withhold":
        points = [cut for point in points if (cut := within(point, book, audience.progress)) is not None]
        if everything and not points:
            return Page(message_reply("There is no plot point for where you are in the book."))
    named = () if everything else tuple(point.id for point in points)
    chunks = [points[at : at + PLOT_POINTS] for at in range(0, len(points), PLOT_POINTS)] or [points]
    shown = [(reply, chunk) for chunk in chunks for reply in pages(plot_reply(chunk, book))]
    number = min(max(number, 1), len(shown))
    private = audience.ceiling is not None and (
        _any_beyond(shown[number - 1][1], book, audience.ceiling) or _tells(book, typed, audience)
    )
    return replace(
        _page([reply for reply, _ in shown], number, ", in story order", private=private), plot=named
    )


def recap_page(book: Book, audience: Audience, number: int = 1) -> Page:
    """A page of the story so far, up to the asker's progress: always private."""
    page = _page(pages(recap_reply(book, audience.progress)), number, private=True)
    return replace(page, recap=True)


def beyond_reply(*notes: str) -> Reply:
    """What a channel is told instead of an answer beyond its ceiling: the same for every such question."""
    return message_reply(BEYOND, *notes)


def _page(found: Sequence[Reply], number: int, said: str = "", *, private: bool) -> Page:
    number = min(max(number, 1), len(found))
    return Page(numbered(found[number - 1], number, len(found), said), number, len(found), private)


def _tells(book: Book, typed: str, audience: Audience) -> bool:
    """Whether what was typed names something that is not for the whole channel.

    Where the club withholds, only what the asker has read counts: to be answered in private would confirm a guess.
    """
    if audience.ceiling is None:
        return False
    most = audience.progress.rank if audience.spoilers == "withhold" else len(book.head.milestones)
    return any(audience.ceiling.rank < rank <= most for rank in ranks_in(book, typed))


def _exceeds(outcome: Outcome, book: Book, progress: Horizon, ceiling: Horizon) -> bool:
    match narrowed(outcome, book, progress):
        case Answer(parts):
            return any(
                _any_beyond([part.match.entry] if isinstance(part, Found) else part.views, book, ceiling)
                for part in parts
            )
        case Suggestions(matches):
            return not all(ceiling.shows_start_of(book, match.entry) for match in matches)
        case Unknown():
            return False


def _any_beyond(entries: Iterable[Entry], book: Book, ceiling: Horizon) -> bool:
    return not all(ceiling.shows(book, piece.reveals) for entry in entries for piece in entry.pieces)
