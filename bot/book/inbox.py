"""What comes in from members for the moderators: questions that were missed, and what they suggest for the base."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

KEPT = timedelta(days=90)
"""How long a missed question is kept."""

MOST_MISSES = 2_000
MOST_DISMISSED = 500
"""How many missed, and how many dismissed, questions of one server and book are kept."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that nothing answered, or (`not_meant`) after an answer that was not meant. Who asked is not told."""

    id: int
    question: str
    at: datetime
    not_meant: bool = False


Sort = Literal["fact", "quote", "correction"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a member suggests for the base; nothing of it is used before a moderator has made an entry of it.

    `where` is the place in the book that it is from, in the member's words; `milestone` is how far one must have read to
    see it. `entry` names the entry that a correction is of, where the member named one. `member` None: they have had
    themselves forgotten.
    """

    id: int
    member: int | None
    sort: Sort
    text: str
    where: str | None
    milestone: str | None
    entry: str | None
    at: datetime
