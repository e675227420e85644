"""A club's store that forgets when the program ends: for the terminal and for tests."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.book.recurrence import Occurrence
from bot.book.schedules import GRACE, UNFINISHED, Job, Record, Schedule, Scheduled
from bot.club.memory_curation import CurationMemory
from bot.club.ports import LEASE, Opening, Server, Standing, Suggestion, Taken, Used

Key = tuple[str, str]
"""A schedule's id and an occurrence's name."""


@dataclass(frozen=True)
class _Lease:
    worker: str
    until: datetime


@dataclass
class Memory(CurationMemory):
    """A Store. `clock` measures leases; `alone`: those of other workers are over, for their process has ended."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    alone: bool = False

    milestones: dict[tuple[int, str], str] = field(default_factory=dict)
    last: dict[int, Used] = field(default_factory=dict)
    servers: dict[int, Server] = field(default_factory=dict)
    opened: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    """(channel, book) -> (server, milestone)"""
    watches: dict[int, int] = field(default_factory=dict)
    """channel -> server"""
    had: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)
    made: dict[str, Schedule] = field(default_factory=dict)
    fences: dict[str, int] = field(default_factory=dict)
    """A schedule's id -> the fence of its next occurrence, above that of any that was forgotten and may come again."""
    jobs: dict[Key, Job] = field(default_factory=dict)
    leases: dict[Key, _Lease] = field(default_factory=dict)
    workers: dict[str, datetime] = field(default_factory=dict)
    wishes: dict[int, tuple[int, str, Suggestion]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def standing(self, member: int, server: int | None, channel: int, book: str | None) -> Standing:
        """See Store."""
        last = self.last.get(member)
        where = server if server is not None else last.server if last else None
        settings = self.servers.get(where, Server()) if where is not None else Server()
        chosen = (
            book if book is not None else settings.book if server is not None else last.book if last else None
        )
        if chosen is None:
            return Standing(settings, last)
        _, ceiling = self.opened.get((channel, chosen), (0, None))
        revision = len(self.revisions.get((where, chosen), ())) if where is not None else 0
        return Standing(settings, last, ceiling, self.milestones.get((member, chosen)), revision)

    async def progress(self, member: int, book: str) -> str | None:
        """See ProgressStore."""
        return self.milestones.get((member, book))

    async def set_progress(self, member: int, book: str, milestone: str | None, now: datetime) -> None:  # noqa: ARG002
        """See ProgressStore."""
        if milestone is None:
            self.milestones.pop((member, book), None)
        else:
            self.milestones[member, book] = milestone

    async def last_used(self, member: int) -> Used | None:
        """See ProgressStore."""
        return self.last.get(member)

    async def note_used(self, member: int, used: Used, now: datetime) -> None:  # noqa: ARG002
        """See ProgressStore."""
        self.last[member] = used

    async def server(self, server: int) -> Server:
        """See ServerStore."""
        return self.servers.get(server, Server())

    async def change_server(self, server: int, change: Callable[[Server], Server]) -> Server:
        """See ServerStore."""
        self.servers[server] = change(await self.server(server))
        return self.servers[server]

    async def ceiling(self, channel: int, book: str) -> str | None:
        """See ServerStore."""
        return self.opened.get((channel, book), (0, None))[1]

    async def set_ceiling(self, server: int, channel: int, book: str, milestone: str | None) -> None:
        """See ServerStore."""
        if milestone is None:
            self.opened.pop((channel, book), None)
        else:
            self.opened[channel, book] = (server, milestone)

    async def ceilings(self, server: int, book: str) -> Mapping[int, str]:
        """See ServerStore."""
        return {
            channel: milestone
            for (channel, of), (where, milestone) in self.opened.items()
            if (where, of) == (server, book)
        }

    async def watched(self, server: int | None = None) -> frozenset[int]:
        """See ServerStore."""
        return frozenset(channel for channel, where in self.watches.items() if server in {None, where})

    async def set_watched(self, server: int, channel: int, *, watched: bool) -> None:
        """See ServerStore."""
        if watched:
            self.watches[channel] = server
        else:
            self.watches.pop(channel, None)

    async def used(self, place: int, book: str) -> frozenset[str]:
        """See PromptLog."""
        return self.had.get((place, book), frozenset())

    async def mark_used(self, place: int, book: str, prompt: str, anew: Collection[str] = ()) -> bool:
        """See PromptLog."""
        had = self.had.get((place, book), frozenset())
        if not had.issuperset(anew) or prompt in had.difference(anew):
            return False
        self.had[place, book] = had.difference(anew) | {prompt}
        return True

    async def add_schedule(self, scheduled: Scheduled) -> None:
        """See ScheduleStore."""
        self.made[scheduled.schedule.id] = scheduled.schedule
        self._wait(scheduled.schedule.id, scheduled.next)

    async def schedules(self, server: int | None = None) -> tuple[Scheduled, ...]:
        """See ScheduleStore."""
        return tuple(
            Scheduled(one, self._waiting(one.id))
            for one in self.made.values()
            if server in {None, one.server}
        )

    async def change_schedule(
        self, schedule: str, change: Callable[[Scheduled], Scheduled]
    ) -> Scheduled | None:
        """See ScheduleStore."""
        if schedule not in self.made:
            return None
        waiting = self._waiting(schedule)
        changed = change(Scheduled(self.made[schedule], waiting))
        self.made[schedule] = changed.schedule
        if changed.next != waiting:
            if waiting is not None:
                self.fences[schedule] = self.jobs[schedule, waiting.name].fence + 1
                self._forget((schedule, waiting.name))
            self._wait(schedule, changed.next)
        return Scheduled(changed.schedule, self._waiting(schedule))

    async def remove_schedule(self, schedule: str) -> bool:
        """See ScheduleStore."""
        for key in [key for key in self.jobs if key[0] == schedule]:
            self._forget(key)
        self.fences.pop(schedule, None)
        return self.made.pop(schedule, None) is not None

    async def skip(self, schedule: str, skipped: Occurrence, then: Occurrence | None) -> bool:
        """See ScheduleStore."""
        if self._waiting(schedule) != skipped:
            return False
        key = (schedule, skipped.name)
        self.leases.pop(key, None)
        self.jobs[key] = replace(self.jobs[key], state="skipped", fence=self.jobs[key].fence + 1)
        self._wait(schedule, then)
        return True

    async def take(self, worker: str, now: datetime, most: int) -> Taken:
        """See ScheduleStore."""
        clock = self.clock()
        self.workers[worker] = clock
        due = sorted(
            (job.at, key)
            for key, job in self.jobs.items()
            if job.state in UNFINISHED and job.at <= now and self._free(key, worker, clock)
        )
        turns = self._turns_had({key for _, key in due}, now)
        ranked = []
        for at, key in due:
            server = self.made[key[0]].server
            turns[server] += 1
            ranked.append((turns[server], at, key))
        taken = []
        for _, _, key in sorted(ranked)[:most]:
            job = replace(self.jobs[key], schedule=self.made[key[0]], fence=self.jobs[key].fence + 1)
            self.jobs[key] = job
            self.leases[key] = _Lease(worker, clock + LEASE)
            taken.append(job)
        alive = [one for one, seen in self.workers.items() if seen > clock - LEASE]
        return Taken(tuple(taken), 1 if self.alone else len(alive))

    async def begin(self, job: Job, opening: Opening, *, hold: bool) -> bool:
        """See ScheduleStore."""
        if not self._holds(job) or self._was_had(job.schedule, opening):
            return False
        await self.save(job, hold=hold)
        self._open(job.schedule, opening)
        return True

    async def add_job(self, job: Job, opening: Opening) -> bool:
        """See ScheduleStore."""
        key = (job.schedule.id, job.occurrence.name)
        if key in self.jobs or job.schedule.id not in self.made or self._was_had(job.schedule, opening):
            return False
        self.jobs[key] = job
        self._open(job.schedule, opening)
        return True

    async def save(self, job: Job, *, hold: bool) -> bool:
        """See ScheduleStore."""
        if not self._holds(job):
            return False
        key = (job.schedule.id, job.occurrence.name)
        self.jobs[key] = job
        lease = self.leases.pop(key, None)
        if hold and lease is not None:
            self.leases[key] = replace(lease, until=self.clock() + LEASE)
        return True

    async def next_look(self) -> datetime | None:
        """See ScheduleStore."""
        open_ones = (
            job.at for key, job in self.jobs.items() if job.state in UNFINISHED and key not in self.leases
        )
        return min(open_ones, default=None)

    async def idle(self) -> tuple[tuple[Schedule, datetime | None], ...]:
        """See ScheduleStore."""
        return tuple(
            (
                one,
                max((job.occurrence.due for key, job in self.jobs.items() if key[0] == one.id), default=None),
            )
            for one in self.made.values()
            if one.state == "active" and self._waiting(one.id) is None
        )

    async def wait_for(self, schedule: str, occurrence: Occurrence) -> bool:
        """See ScheduleStore."""
        return self._wait(schedule, occurrence)

    async def records(self, server: int, since: datetime) -> Mapping[str, tuple[Record, ...]]:
        """See ScheduleStore."""
        return {
            one.id: tuple(
                sorted(
                    (
                        Record(job.occurrence.name, job.occurrence.due, job.state)
                        for key, job in self.jobs.items()
                        if key[0] == one.id and job.occurrence.due >= since
                    ),
                    key=lambda record: (record.due, record.name),
                )
            )
            for one in self.made.values()
            if one.server == server
        }

    async def post_anyway(self, schedule: str, occurrence: str, now: datetime) -> bool:
        """See ScheduleStore."""
        job = self.jobs.get((schedule, occurrence))
        if job is None or job.post is None or job.state not in {"uncertain", "refused"}:
            return False
        # Due now, or it would at once be too late.
        due = job.occurrence.model_copy(update={"due": now})
        self.leases.pop((schedule, occurrence), None)
        self.jobs[schedule, occurrence] = Job(job.schedule, due, now, "open", job.post, fence=job.fence + 1)
        return True

    async def forget_before(self, moment: datetime) -> None:
        """See ScheduleStore."""
        for key in [key for key, job in self.jobs.items() if job.occurrence.due < moment]:
            if self.jobs[key].state not in UNFINISHED:
                self._forget(key)
        alive = self.clock() - LEASE
        self.workers = {worker: seen for worker, seen in self.workers.items() if seen > alive}

    async def suggest(self, server: int, book: str, question: str, milestone: str | None) -> Suggestion:
        """See SuggestionStore."""
        made = Suggestion(next(self._numbers), question, milestone)
        self.wishes[made.id] = (server, book, made)
        return made

    async def suggestions(self, server: int, book: str) -> tuple[Suggestion, ...]:
        """See SuggestionStore."""
        return tuple(made for where, of, made in self.wishes.values() if (where, of) == (server, book))

    async def approve(self, server: int, suggestion: int, milestone: str | None) -> bool:
        """See SuggestionStore."""
        where, book, made = self.wishes.get(suggestion, (None, "", None))
        if made is None or where != server:
            return False
        self.wishes[suggestion] = (server, book, replace(made, approved=True, milestone=milestone))
        return True

    async def reject(self, server: int, suggestion: int) -> bool:
        """See SuggestionStore."""
        if self.wishes.get(suggestion, (None,))[0] != server:
            return False
        del self.wishes[suggestion]
        return True

    def _turns_had(self, free: Collection[Key], now: datetime) -> Counter[int]:
        return Counter(
            self.made[key[0]].server
            for key, job in self.jobs.items()
            if now - GRACE <= job.occurrence.due <= now
            and key not in free
            and job.state not in {"missed", "skipped"}
        )

    def _waiting(self, schedule: str) -> Occurrence | None:
        return next(
            (
                job.occurrence
                for key, job in self.jobs.items()
                if key[0] == schedule and job.state == "waiting"
            ),
            None,
        )

    def _wait(self, schedule: str, occurrence: Occurrence | None) -> bool:
        if occurrence is None or schedule not in self.made or self._waiting(schedule) is not None:
            return False
        fence = self.fences.get(schedule, 0)
        return self._put(schedule, Job(self.made[schedule], occurrence, occurrence.due, fence=fence))

    def _put(self, schedule: str, job: Job) -> bool:
        return self.jobs.setdefault((schedule, job.occurrence.name), job) is job

    def _forget(self, key: Key) -> None:
        del self.jobs[key]
        self.leases.pop(key, None)

    def _free(self, key: Key, worker: str, clock: datetime) -> bool:
        lease = self.leases.get(key)
        if lease is None or (self.alone and lease.worker != worker):
            return True
        # One that ends later than any can was made before the clock was set back.
        return not clock < lease.until <= clock + LEASE + timedelta(seconds=1)

    def _holds(self, job: Job) -> bool:
        kept = self.jobs.get((job.schedule.id, job.occurrence.name))
        return (
            kept is not None
            and (kept.occurrence, kept.fence) == (job.occurrence, job.fence)
            and kept.state in UNFINISHED
        )

    def _was_had(self, schedule: Schedule, opening: Opening) -> bool:
        had = self.had.get((schedule.channel, schedule.book), frozenset())
        return opening.prompt is not None and (
            not had.issuperset(opening.anew) or opening.prompt in had.difference(opening.anew)
        )

    def _open(self, schedule: Schedule, opening: Opening) -> None:
        for missed in opening.missed:
            self._put(schedule.id, Job(schedule, missed, missed.due, "missed"))
        self._wait(schedule.id, opening.then)
        if opening.prompt is not None:
            place = (schedule.channel, schedule.book)
            self.had[place] = self.had.get(place, frozenset()).difference(opening.anew) | {opening.prompt}
        if opening.opens is not None:
            self.opened[schedule.channel, schedule.book] = (schedule.server, opening.opens)

    async def readers(self, book: str | None) -> Mapping[int, int | None]:
        """See KnowledgeStore."""
        return {server: one.notices for server, one in self.servers.items() if one.book == book}

    async def held_on(self, member: int) -> Mapping[str, tuple[Mapping[str, object], ...]]:
        """See PrivacyStore."""
        last = self.last.get(member)
        return {
            "last used": ({"book": last.book, "server": last.server},) if last else (),
            "progress": tuple(
                {"book": book, "milestone": milestone}
                for (who, book), milestone in self.milestones.items()
                if who == member
            ),
            **self.held_of_curator(member),
            "schedules": tuple(
                {"id": one.id, "server": one.server, "channel": one.channel}
                for one in self.made.values()
                if one.author == member
            ),
        }

    async def forget_member(self, member: int) -> None:
        """See PrivacyStore."""
        self.last.pop(member, None)
        self.milestones = {key: one for key, one in self.milestones.items() if key[0] != member}
        self.forget_curator(member)
        for name, schedule in self.made.items():
            if schedule.author == member:
                self.made[name] = schedule.model_copy(update={"author": 0})

    async def known_servers(self) -> frozenset[int]:
        """See PrivacyStore."""
        return frozenset(
            {
                *(last.server for last in self.last.values() if last.server is not None),
                *self.servers,
                *(server for server, _ in self.opened.values()),
                *self.watches.values(),
                *(one.server for one in self.made.values()),
                *(server for server, _, _ in self.wishes.values()),
                *self.servers_curated(),
            }
        )

    async def forget_left(self, before: datetime) -> frozenset[int]:
        """See PrivacyStore."""
        gone = frozenset(server for server, at in self.left.items() if at < before)
        places = {
            *(channel for (channel, _), (server, _) in self.opened.items() if server in gone),
            *(channel for channel, server in self.watches.items() if server in gone),
            *(one.channel for one in self.made.values() if one.server in gone),
        }
        for schedule in [name for name, one in self.made.items() if one.server in gone]:
            await self.remove_schedule(schedule)
        self.had = {key: one for key, one in self.had.items() if key[0] not in places}
        self.servers = {server: one for server, one in self.servers.items() if server not in gone}
        self.opened = {key: one for key, one in self.opened.items() if one[0] not in gone}
        self.watches = {channel: one for channel, one in self.watches.items() if one not in gone}
        self.wishes = {at: one for at, one in self.wishes.items() if one[0] not in gone}
        for member, last in self.last.items():
            if last.server in gone:
                self.last[member] = replace(last, server=None)
        self.forget_servers(gone)
        return gone
