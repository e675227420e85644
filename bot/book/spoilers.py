"""The spoiler policy: what a reader may see in the clear. Rules: design.md section 4."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from bot.book.book import Book, Milestone, folded
from bot.book.entries import Entry, Piece

Spoilers = Literal["veil", "withhold"]
"""What a club wants of text beyond a reader's horizon: behind bars, or as if the base did not have it."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """What one message may show in the clear: all up to and with the milestone of this rank; 0 is nothing read."""

    rank: int

    def shows(self, book: Book, reveals: str | None) -> bool:
        """Whether text that reveals this milestone may stand in the clear."""
        return book.ranks[reveals] <= self.rank

    def shows_start_of(self, book: Book, entry: Entry) -> bool:
        """Whether a reader here may see at least the entry's first layer, and so may be offered its topic."""
        return self.shows(book, entry.reveals)

    def shows_words(self, book: Book, text: str, reveals: str | None = None) -> bool:
        """Whether somebody's words may stand in the clear: as far as is said, and as far as they tell by themselves.

        A milestone that the book does not have is beyond everybody.
        """
        beyond = len(book.head.milestones) + 1
        return furthest(book, book.ranks.get(reveals, beyond), text) <= self.rank


def ranks_in(book: Book, text: str) -> Iterator[int]:
    """How far into the book each thing lies that a member's text names: spoiler terms, and an entry's topic.

    A topic gives nothing away by itself; but that there is one is not for those who are not offered it. Known flaws:
    see `terms_beyond`.
    """
    yield book.topics.get(folded(text), 0)
    yield from (book.ranks[milestone.id] for _, milestone in terms_beyond(book, text, None))


def furthest(book: Book, rank: int, *texts: str) -> int:
    """How far one must have read to see texts that are for readers at `rank`: further, where their words tell more."""
    return max([rank, *(told for text in texts for told in ranks_in(book, text))])


def milestone_at(book: Book, rank: int) -> str | None:
    """The milestone of a rank, by its id; None for nothing read."""
    return book.head.milestones[rank - 1].id if rank else None


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a message reaches: somebody who has read as far as `progress`, and the channel with its `ceiling`.

    `ceiling` None: the asker is alone with the bot. `spoilers` is what their club has chosen.
    """

    progress: Horizon
    ceiling: Horizon | None = None
    spoilers: Spoilers = "veil"

    @property
    def together(self) -> Horizon:
        """What a message that all of them see may show in the clear: the lower of progress and ceiling."""
        if self.ceiling is None:
            return self.progress
        return Horizon(min(self.progress.rank, self.ceiling.rank))

    @property
    def aloud(self) -> "Audience":
        """The audience of an answer that all will see, whatever it holds: a mention's.

        Where the club withholds, all of them count as readers of no more than they may know together, so that nobody
        learns that there is more.
        """
        return replace(self, progress=self.together) if self.spoilers == "withhold" else self


def horizon_of(book: Book, progress: str | None) -> Horizon:
    """The horizon of a reader alone with the bot, who has finished `progress`.

    A milestone that the book does not have (it was renamed since) counts as nothing read: the safe side.
    """
    return Horizon(book.ranks.get(progress, 0))


def milestone_of(book: Book, piece: Piece) -> Milestone | None:
    """The milestone that a piece reveals; None when it is safe for everybody."""
    rank = book.ranks[piece.reveals]
    return book.head.milestones[rank - 1] if rank else None


def terms_beyond(book: Book, text: str, reveals: str | None) -> Iterator[tuple[str, Milestone]]:
    """Every spoiler term in `text` that belongs to a later milestone than `reveals`, with that milestone.

    Terms match whole words, case and typographic apostrophes folded. Known flaw: a text can give something away
    without any listed term; the list is the moderators' to extend.
    """
    plain = text.replace("’", "'")
    for milestone in book.head.milestones[book.ranks.get(reveals, 0) :]:
        pattern = _terms_pattern(milestone.spoiler_terms)
        if pattern is not None:
            for found in pattern.finditer(plain):
                yield found.group(0), milestone


@lru_cache(maxsize=256)
def _terms_pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    if not terms:
        return None
    longest_first = sorted({term.replace("’", "'") for term in terms}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)
