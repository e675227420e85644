"""A schedule, and what becomes of each of its occurrences. Rules: design.md section 6."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from bot.book.entries import Frozen, Identifier
from bot.book.plan import Step
from bot.book.prompts import Theme
from bot.book.recurrence import Occurrence, Recurrence

Part = Literal["post", "forum", "thread", "poll", "pin"]
"""One thing that has to be sent for an occurrence. `forum`: the post as a forum has it, with its thread."""

ScheduleId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]

GRACE = timedelta(hours=12)
"""How late a post may be. What is older was missed."""


class Extras(Frozen):
    """What comes with each post. `role` is mentioned, `tags` are a forum's; `pins` unpins the last one, too."""

    forum: bool = False
    thread: bool = False
    poll: bool = False
    pins: bool = False
    silent: bool = False
    role: int | None = None
    tags: Annotated[tuple[int, ...], Field(max_length=5)] = ()


class Schedule(Frozen):
    """When a channel gets prompts, which, and how.

    `state`: a paused one was stopped by a moderator, a suspended one by the bot, because the channel refuses it. `pinned`
    is the message that it pinned last; `told` names the troubles that its moderators know of.
    """

    id: ScheduleId
    server: int
    channel: int
    book: Identifier
    rule: Recurrence
    author: int
    theme: Theme | None = None
    extras: Extras = Extras()
    plan: tuple[Step, ...] = ()
    state: Literal["active", "paused", "suspended"] = "active"
    pinned: int | None = None
    told: frozenset[str] = frozenset()


class Claim(Frozen):
    """A part that was about to be sent at that moment, and may have been; `sent` and `refused` are for good.

    `message` is what came of it; None of a sent one: it was deleted at once.
    """

    at: AwareDatetime
    state: Literal["claimed", "sent", "refused"] = "claimed"
    message: int | None = None


class Post(Frozen):
    """What an occurrence brings, settled when it begins, so that all of it, whenever sent, belongs together.

    `opens` is the milestone up to which the channel may talk openly from this post on, where that is news.
    """

    prompt: str
    channel: int
    extras: Extras
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    opens: Identifier | None = None


State = Literal["waiting", "open", "done", "missed", "skipped", "uncertain", "refused"]
"""`waiting` for its time; `open`: begun, and to be gone on with at `Job.at`; the others are for good.

`uncertain`: it may have been posted, and the bot cannot look. `refused`: the channel did not take it.
"""

UNFINISHED: frozenset[State] = frozenset({"waiting", "open"})


@dataclass(frozen=True)
class Job:
    """One occurrence in work. `at`: when it is to be looked at; `fence` tells this holder of it from the next."""

    schedule: Schedule
    occurrence: Occurrence
    at: datetime
    state: State = "waiting"
    post: Post | None = None
    claims: Mapping[Part, Claim] = field(default_factory=lambda: MappingProxyType({}))
    refusals: int = 0
    tries: int = 0
    fence: int = 0


@dataclass(frozen=True)
class Scheduled:
    """A schedule with the occurrence that waits for its time; None: none does."""

    schedule: Schedule
    next: Occurrence | None


@dataclass(frozen=True)
class Record:
    """What became of one occurrence."""

    name: str
    due: datetime
    state: State


def mark_of(schedule: str, occurrence: str) -> str:
    """What a post carries to be known again by: sixteen characters that say nothing to its readers."""
    return _letters(f"{schedule}/{occurrence}", 16)


def nonce_of(bot: int, schedule: str, occurrence: str, part: Part) -> str:
    """By this Discord knows the second of two requests for the same part; at most 25 characters."""
    return _letters(f"{bot}/{schedule}/{occurrence}/{part}", 24)


def _letters(text: str, count: int) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()[:count]
