"""Steps of the protocol, each taken out or broken by what stands between the product and its ports.

The simulation has to notice each of them; if it does not, it proves nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.book.notices import Notice
from bot.book.recurrence import next_after
from bot.book.schedules import GRACE, Claim, Job, Part, Schedule
from bot.club.ports import Opening, Taken
from bot.club.publishing import CannotLook, DuePost, Looking, NotThere, Sending, Unclear
from tests.simulation.book import PARTS
from tests.simulation.workers import Breaking, Worker

Name = tuple[str, str]


class Over:
    """Stands before a port, and hands on what it does not change."""

    def __init__(self, inner: Any, worker: Worker) -> None:  # noqa: ANN401
        self.inner, self.worker = inner, worker

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.inner, name)


class Saving(Over):
    """Changes what is saved."""

    def saved(self, job: Job) -> Job | None:
        """What is saved instead; None: nothing, and the product hears that it was."""
        return job

    def opening(self, job: Job, opening: Opening) -> Opening:  # noqa: ARG002
        """What is begun with it instead."""
        return opening

    async def begin(self, job: Job, opening: Opening, *, hold: bool) -> bool:
        kept = self.saved(job)
        return kept is None or await self.inner.begin(kept, self.opening(job, opening), hold=hold)

    async def save(self, job: Job, *, hold: bool) -> bool:
        kept = self.saved(job)
        return kept is None or await self.inner.save(kept, hold=hold)


class NoClaims(Saving):
    def saved(self, job: Job) -> Job:
        return _with(job, {part: claim for part, claim in job.claims.items() if claim.state != "claimed"})


class NoConfirming(Saving):
    def saved(self, job: Job) -> Job | None:
        return None if any(claim.state == "sent" for claim in job.claims.values()) else job


class NoFences(Saving):
    def saved(self, job: Job) -> Job:
        kept = self.worker.world.memory.jobs.get((job.schedule.id, job.occurrence.name))
        return job if kept is None else replace(job, fence=kept.fence)


class NoMarking(Saving):
    def opening(self, job: Job, opening: Opening) -> Opening:  # noqa: ARG002
        return replace(opening, prompt=None, anew=())


class NoOpening(Saving):
    def opening(self, job: Job, opening: Opening) -> Opening:  # noqa: ARG002
        return replace(opening, opens=None)


class NoRecords(Saving):
    def opening(self, job: Job, opening: Opening) -> Opening:  # noqa: ARG002
        return replace(opening, missed=())


class NoLeases(Over):
    async def take(self, worker: str, now: datetime, most: int) -> Taken:
        leases = self.worker.world.memory.leases
        for key in [key for key, lease in leases.items() if lease.worker != worker]:
            del leases[key]
        taken: Taken = await self.inner.take(worker, now, most)
        return taken


class NoCeiling(Over):
    async def ceiling(self, channel: int, book: str) -> str:
        await self.inner.ceiling(channel, book)
        return PARTS[-1]


class NoRest(Over):
    async def next_look(self) -> datetime:
        await self.inner.next_look()
        return self.worker.world.true() - timedelta(days=1)


class Taking(Saving):
    """Changes what is taken."""

    async def take(self, worker: str, now: datetime, most: int) -> Taken:
        taken: Taken = await self.inner.take(worker, now, most)
        return replace(taken, jobs=tuple(self.taken(job, now) for job in taken.jobs))

    def taken(self, job: Job, now: datetime) -> Job:  # noqa: ARG002
        """What is taken instead."""
        return job


class NoGrace(Taking):
    """Whatever is late is taken as due now, and saved under its own time."""

    def __init__(self, inner: Any, worker: Worker) -> None:  # noqa: ANN401
        super().__init__(inner, worker)
        self._dues: dict[Name, datetime] = {}

    def taken(self, job: Job, now: datetime) -> Job:
        if now - job.occurrence.due <= GRACE:
            return job
        self._dues[job.schedule.id, job.occurrence.name] = job.occurrence.due
        return replace(job, occurrence=job.occurrence.model_copy(update={"due": now}))

    def saved(self, job: Job) -> Job:
        due = self._dues.get((job.schedule.id, job.occurrence.name))
        return job if due is None else replace(job, occurrence=job.occurrence.model_copy(update={"due": due}))


class CatchingUp(NoGrace):
    """And the next one, however late, after it."""

    def opening(self, job: Job, opening: Opening) -> Opening:
        mine = self.saved(job).occurrence
        return replace(opening, then=next_after(job.schedule.rule, mine.due))


class LongTrust(Taking):
    def taken(self, job: Job, now: datetime) -> Job:
        hour, young = timedelta(hours=1), now - timedelta(seconds=5)
        claims = {
            part: claim.model_copy(update={"at": young})
            if claim.state == "claimed" and now - hour < claim.at < young
            else claim
            for part, claim in job.claims.items()
        }
        return _with(job, claims)


class AgedForums(Taking):
    """A forum's claim counts as old at once: it is not waited for."""

    def taken(self, job: Job, now: datetime) -> Job:  # noqa: ARG002
        old = timedelta(hours=1)
        claims = {
            part: claim.model_copy(update={"at": claim.at - old})
            if part == "forum" and claim.state == "claimed"
            else claim
            for part, claim in job.claims.items()
        }
        return _with(job, claims)


class OwnClock(Over):
    async def clock(self) -> datetime | None:
        return self.worker.now()


class Blind(Over):
    async def look(self, due: DuePost, part: Part, since: datetime) -> Looking:
        await self.inner.look(due, part, since)
        return NotThere()


class Careless(Over):
    """Where it cannot look, it takes that for nothing there; `forums`: only in forums."""

    forums = False

    async def look(self, due: DuePost, part: Part, since: datetime) -> Looking:
        looking: Looking = await self.inner.look(due, part, since)
        careless = isinstance(looking, CannotLook | Unclear) and (part == "forum" or not self.forums)
        return NotThere() if careless else looking


class CarelessInForums(Careless):
    forums = True


class Impatient(Over):
    async def send(self, due: DuePost, part: Part) -> Sending:
        sending: Sending = await self.inner.send(due, part)
        return Unclear() if isinstance(sending, Unclear) else sending


class Silent(Over):
    async def tell(self, server: int, notices: Sequence[tuple[Schedule, Notice]]) -> None:
        """Tells nothing."""


class Chatty(Over):
    async def tell(self, server: int, notices: Sequence[tuple[Schedule, Notice]]) -> None:
        await self.inner.tell(server, notices)
        await self.inner.tell(server, notices)


def _random_nonces(client: Any, worker: Worker) -> Any:  # noqa: ANN401
    client.nonce = lambda *_: f"{worker.world.lags.random()}"
    return client


def _with(job: Job, claims: dict[Part, Claim]) -> Job:
    return replace(job, claims=MappingProxyType(claims))


BROKEN: dict[str, Breaking] = {
    "claims are not saved": Breaking(store=NoClaims),
    "each request has another nonce": Breaking(client=_random_nonces),
    "the history is never looked at": Breaking(client=Blind),
    "what cannot be looked at is taken for empty": Breaking(client=Careless),
    "what was sent is not noted": Breaking(store=NoConfirming),
    "fences are ignored": Breaking(store=NoFences),
    "leases are ignored": Breaking(store=NoLeases),
    "however late, it is posted": Breaking(store=NoGrace),
    "all that was missed is posted": Breaking(store=CatchingUp),
    "the clock is believed": Breaking(client=OwnClock),
    "a nonce is trusted for an hour": Breaking(store=LongTrust),
    "a forum is trusted as if it had a nonce": Breaking(store=AgedForums, client=CarelessInForums),
    "prompts are drawn and not marked": Breaking(store=NoMarking),
    "ceilings are ignored": Breaking(store=NoCeiling),
    "plans open nothing": Breaking(store=NoOpening),
    "what was missed is not recorded": Breaking(store=NoRecords),
    "a rate limit is not waited for": Breaking(client=Impatient),
    "moderators are told nothing": Breaking(client=Silent),
    "moderators are told twice": Breaking(client=Chatty),
    "it never rests": Breaking(store=NoRest),
}
