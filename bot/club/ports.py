"""What the club needs from outside, as small Protocols; `bot/store/` and `memory.py` fill them.

What a method is said to have written is still there after the process was killed the moment it returned. `now` is an
aware datetime. Members, servers, channels and roles are Discord's ids; books and milestones are named by their ids.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.book.recurrence import Occurrence
from bot.book.schedules import Job, Record, Schedule, Scheduled
from bot.book.spoilers import Spoilers
from bot.club.curation_ports import InboxStore, KnowledgeStore, PrivacyStore

LEASE = timedelta(seconds=120)
"""How long a worker has a job to itself without saving it."""


class StoreError(Exception):
    """What is remembered cannot be read or written now; a sentence for the host, with what to do.

    Nothing was changed, unless PostgreSQL was lost in the moment of a commit: then nobody knows.
    """


@dataclass(frozen=True, slots=True)
class Server:
    """What the moderators of a server have set; a new one has set nothing.

    `book` None: none is chosen. `moderators` is the role that may do what moderators may, beside those who have
    Manage Messages. `timezone` is an IANA name. `hides`: "Hide as spoiler" is switched on. `notices` is the channel where
    moderators are told what only they have to know. `misses`: questions that nothing answered are kept for them.
    """

    book: str | None = None
    moderators: int | None = None
    spoilers: Spoilers = "veil"
    timezone: str = "UTC"
    hides: bool = False
    notices: int | None = None
    misses: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """Where a member last used the bot: for which book, and in which server; None: they never were in one."""

    book: str
    server: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides what a member may see in one place: what is set there, and how far both have come in a book.

    `settings` are those of the server, or, alone with the bot, of the one where the member last was; `revision` is that of
    the same server's overlay.
    """

    settings: Server = Server()
    last: Used | None = None
    ceiling: str | None = None
    progress: str | None = None
    revision: int = 0


class ProgressStore(Protocol):
    """Remembers which milestone one member has finished of one book, and where they last were."""

    async def progress(self, member: int, book: str) -> str | None:
        """The milestone's id; None where the member has set none."""
        ...

    async def set_progress(self, member: int, book: str, milestone: str | None, now: datetime) -> None:
        """Remembers a milestone; None forgets it."""
        ...

    async def last_used(self, member: int) -> Used | None:
        """Where the member last used the bot; None where it never was."""
        ...

    async def note_used(self, member: int, used: Used, now: datetime) -> None:
        """Remembers where the member uses the bot, in place of what was noted before."""
        ...


class ServerStore(Protocol):
    """Remembers what the moderators of each server have set."""

    async def server(self, server: int) -> Server:
        """What is set; the defaults where nothing is."""
        ...

    async def change_server(self, server: int, change: Callable[[Server], Server]) -> Server:
        """Changes what is set and returns it. Nothing else changes it between `change`'s reading and the writing."""
        ...

    async def ceiling(self, channel: int, book: str) -> str | None:
        """Up to which milestone a channel may talk openly; None where none is set: nobody has read anything."""
        ...

    async def set_ceiling(self, server: int, channel: int, book: str, milestone: str | None) -> None:
        """Remembers a ceiling; None forgets it."""
        ...

    async def ceilings(self, server: int, book: str) -> Mapping[int, str]:
        """Every channel of the server that has a ceiling for this book, with the milestone's id."""
        ...

    async def watched(self, server: int | None = None) -> frozenset[int]:
        """The channels whose messages are watched for spoilers: in one server, or (None) everywhere."""
        ...

    async def set_watched(self, server: int, channel: int, *, watched: bool) -> None:
        """Begins or ends the watch over a channel."""
        ...


class PromptLog(Protocol):
    """Remembers which prompts of a book one place has had."""

    async def used(self, place: int, book: str) -> frozenset[str]:
        """The ids of the prompts since the round began."""
        ...

    async def mark_used(self, place: int, book: str, prompt: str, anew: Collection[str] = ()) -> bool:
        """Notes a prompt as had, and in the same step those of `anew` as not had: a new round of them begins.

        False: nothing was changed, because it was noted already (and is not among `anew`), or not all of `anew` were.
        """
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """What happens in one step with an occurrence's beginning or end.

    `then` is to wait next, `missed` are recorded as missed; one that is there already, in whatever state, stays as it
    is. `prompt` is noted as had by the channel, those of `anew` as not had. `opens`: the channel's new ceiling.
    """

    then: Occurrence | None = None
    missed: tuple[Occurrence, ...] = ()
    prompt: str | None = None
    anew: tuple[str, ...] = ()
    opens: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Jobs that a worker now has to itself, in the order in which they are to be done; how many workers there are."""

    jobs: tuple[Job, ...]
    workers: int


class ScheduleStore(Protocol):
    """Remembers schedules and their occurrences. An occurrence that is there stays until `forget_before`.

    Several workers may share the work: a job that one has taken is not given to another before its lease is over, by
    the store's own clock, and then under another fence, so that what the first still saves is refused.
    """

    async def add_schedule(self, scheduled: Scheduled) -> None:
        """Remembers a new schedule and the occurrence that waits."""
        ...

    async def schedules(self, server: int | None = None) -> tuple[Scheduled, ...]:
        """The schedules of one server, or (None) of all, the oldest first."""
        ...

    async def change_schedule(
        self, schedule: str, change: Callable[[Scheduled], Scheduled]
    ) -> Scheduled | None:
        """Changes a schedule and what waits, and returns both; None: it is gone.

        Nothing else changes it between `change`'s reading and the writing. Where another occurrence is to wait, the one
        that waited is forgotten, be it taken or not; one that is there already in another state stays, and nothing waits.
        """
        ...

    async def remove_schedule(self, schedule: str) -> bool:
        """Forgets a schedule and all its occurrences. False: it was gone."""
        ...

    async def skip(self, schedule: str, skipped: Occurrence, then: Occurrence | None) -> bool:
        """Has an occurrence skipped and another wait in its place. False: it no longer waits."""
        ...

    async def take(self, worker: str, now: datetime, most: int) -> Taken:
        """Takes jobs whose time has come, waiting or open, so many at the most.

        In turn one of each server, those that have waited longest first; of equals always the same first. What a server
        has had of the occurrences due within the grace are turns that it has had.
        """
        ...

    async def begin(self, job: Job, opening: Opening, *, hold: bool) -> bool:
        """Saves a job, and all of the opening with it. False: nothing was changed, because the job is another's by now,
        or somebody has drawn for the channel since: it has had the prompt (`anew` aside), or not had all of `anew`.
        """
        ...

    async def add_job(self, job: Job, opening: Opening) -> bool:
        """Remembers an open job of a new occurrence, for any worker to take. False: as for `begin`, or it is there."""
        ...

    async def save(self, job: Job, *, hold: bool) -> bool:
        """Saves state, moment, post, claims and counts of a job that was taken; `hold` renews the lease, else it ends.

        What was begun does not wait again. False: the job is another's by now, or gone, and nothing was changed.
        """
        ...

    async def next_look(self) -> datetime | None:
        """The earliest moment at which a job that nobody has is to be looked at; None: there is no job."""
        ...

    async def idle(self) -> tuple[tuple[Schedule, datetime | None], ...]:
        """Active schedules for which nothing waits, each with the moment at which its latest occurrence was due."""
        ...

    async def wait_for(self, schedule: str, occurrence: Occurrence) -> bool:
        """Has an occurrence wait if none does. False: it is there already, or another waits, or the schedule is gone."""
        ...

    async def records(self, server: int, since: datetime) -> Mapping[str, tuple[Record, ...]]:
        """What became of the occurrences of each schedule of a server that were due since then, in that order."""
        ...

    async def post_anyway(self, schedule: str, occurrence: str, now: datetime) -> bool:
        """Has an uncertain or refused occurrence posted as one that is due now. False: it is neither, or gone."""
        ...

    async def forget_before(self, moment: datetime) -> None:
        """Forgets the occurrences that were due before and are over, and workers unseen for as long as a lease."""
        ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A prompt that somebody of a server wrote, for those who have read so far. `approved`: it is in the rotation."""

    id: int
    question: str
    milestone: str | None
    approved: bool = False


class SuggestionStore(Protocol):
    """Remembers the prompts that a server's members wrote for a book, and not who."""

    async def suggest(self, server: int, book: str, question: str, milestone: str | None) -> Suggestion:
        """Remembers a new one, not approved."""
        ...

    async def suggestions(self, server: int, book: str) -> tuple[Suggestion, ...]:
        """All of them, the oldest first."""
        ...

    async def approve(self, server: int, suggestion: int, milestone: str | None) -> bool:
        """Puts one into the rotation, for those who have read so far. False: it is gone."""
        ...

    async def reject(self, server: int, suggestion: int) -> bool:
        """Forgets one. False: it is gone."""
        ...


class Store(
    ProgressStore,
    ServerStore,
    PromptLog,
    ScheduleStore,
    SuggestionStore,
    KnowledgeStore,
    InboxStore,
    PrivacyStore,
    Protocol,
):
    """All that a club remembers."""

    async def standing(self, member: int, server: int | None, channel: int, book: str | None) -> Standing:
        """How a member stands in a channel of a server, or (`server` None) alone with the bot: in one look.

        `book` None: the one that the server has chosen, or that the member last used. Every question asks for this.
        """
        ...
