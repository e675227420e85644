"""One job: claim, send with a nonce, confirm; and settle from the channel's history what a crash left open.

Rules: design.md section 6. Known flaws: a process that is frozen for minutes in the moment before its request leaves, after
its last look at the clock, may double a post; and what was noted for moderators is lost with a process that is killed before
it tells them.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from bot.book.notices import (
    Missed,
    NoBook,
    NoPrompts,
    Notice,
    PartMissing,
    RunningLow,
    Suspended,
    Trouble,
    Uncertain,
)
from bot.book.recurrence import Occurrence, due_between, next_after
from bot.book.schedules import GRACE, Claim, Job, Part, Schedule, Scheduled
from bot.book.spoilers import horizon_of
from bot.club.beginning import Begun, begun
from bot.club.club import Club
from bot.club.pace import Pace
from bot.club.ports import Opening
from bot.club.publishing import CannotLook, DuePost, NotThere, Publisher, Refused, Sent, Unclear

TRUST = timedelta(seconds=60)
"""For so long a second request with the same nonce surely is known as one ("a few minutes", says Discord)."""

ARRIVED = timedelta(minutes=3)
"""So long after a claim nothing is on its way any more: a request leaves within a minute of it, and is given up soon."""

REFUSALS = 3
WAITS = (timedelta(minutes=1), timedelta(minutes=10))
"""After which refusal a channel is tried again when; after the last one no more."""

LOW = 2
"""With so few prompts left, the moderators are told."""

AHEAD = 4
"""How many posts are begun, or wait for their turn when they are.

With more, those would pile up for which a slow store is not ready, and those that a crash leaves to be looked for.
"""

Step = Job | Literal["stop"]
"""What has become of a job after one part: it goes on, or it stops here for now or for good."""


@dataclass
class Delivery:
    """Does one job at a time, or several at once, and collects what the moderators have to know, by server.

    `now` is the time by Discord's clock, so that all workers mean the same by it. `steady`: it was so a moment ago.
    """

    club: Club
    publisher: Publisher
    pace: Pace
    now: Callable[[], datetime]
    steady: Callable[[], bool]
    notices: dict[int, list[tuple[Schedule, Notice]]] = field(default_factory=dict)
    _beginning: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AHEAD))

    async def do(self, job: Job) -> None:
        """Goes on with a job that was taken, as far as it goes now. Raises StoreError."""
        fresh = job.state == "waiting"
        if fresh:
            async with self._beginning:
                started = await self._begin(job)
                if started is None:
                    return
                await self.pace.turn()
            job = started
        else:
            # It is looked for first, which is a request as well.
            await self.pace.turn()
        if job.post is None:
            return
        for part in job.post.parts:
            step = await self._part(job, part, fresh=fresh and part == job.post.parts[0])
            if step == "stop":
                return
            job = step
        await self._done(job)

    async def _begin(self, job: Job) -> Job | None:
        """Settles what the occurrence brings, and claims its first part; None: nothing is to be sent now."""
        now, rule, store = self.now(), job.schedule.rule, self.club.store
        if not self.steady():
            await store.save(job, hold=False)
            return None
        passed = due_between(rule, job.occurrence.due, now)
        if passed or now - job.occurrence.due > GRACE:
            await self._missed(job, passed, now)
            return None
        then = next_after(rule, max(now, job.occurrence.due))
        found = await begun(self.club, job)
        if not self.steady() or self.now() - now > TRUST:
            # The process stood still over it: it may be too late, or another's by now.
            await store.save(job, hold=False)
            return None
        match found:
            case Begun(post, drawn, opening):
                claims = MappingProxyType({post.parts[0]: Claim(at=self.now())})
                started = replace(job, state="open", post=post, claims=claims)
                if not await store.begin(started, replace(opening, then=then), hold=True):
                    # The prompt went to somebody else in between, or the job did.
                    await store.save(job, hold=False)
                    return None
                if drawn.left <= LOW:
                    await self._note_once(job, "low", RunningLow(drawn.left))
                await self._settled(job, {"NoPrompts", "NoBook"} | ({"low"} if drawn.left > LOW else set()))
                return started
            case notice:
                if await store.begin(replace(job, state="missed"), Opening(then=then), hold=False):
                    await self._note_once(job, type(notice).__name__, notice)
                return None

    async def _missed(self, job: Job, passed: Sequence[Occurrence], now: datetime) -> None:
        """Away for long: only the latest may still be posted, and it waits its turn, if it is not too late as well."""
        missed = [job.occurrence, *passed]
        then = missed.pop() if now - missed[-1].due <= GRACE else next_after(job.schedule.rule, now)
        opening = Opening(then=then, missed=tuple(missed[1:]))
        if await self.club.store.begin(replace(job, state="missed"), opening, hold=False):
            self._note(job, Missed(len(missed), missed[-1]))

    async def _part(self, job: Job, part: Part, *, fresh: bool) -> Step:
        claim = job.claims.get(part)
        if claim is not None and claim.state != "claimed":
            return job
        if fresh and claim is not None and self._young(claim):
            return await self._send(job, part, again=False)
        if claim is not None:
            settled = await self._settle(job, part, claim)
            if settled == "absent":
                claim = None
            elif settled != "young":
                return settled
        if self.now() - job.occurrence.due > GRACE:
            return await self._over(job, part, Missed(1, job.occurrence), again=claim is not None)
        await self.pace.turn()
        if part not in {"thread", "pin"}:
            job = _claimed(job, part, claim or Claim(at=self.now()))
            if not await self.club.store.save(job, hold=True):
                return "stop"
        return await self._send(job, part, again=claim is not None)

    async def _send(self, job: Job, part: Part, *, again: bool) -> Step:
        """Sends a part that was claimed. `again`: it was sent before, and may be there."""
        due = await self._due(job)
        if due is None:
            return await self._over(job, part, NoBook(), again=again)
        if not due.ceiling.shows(due.book, due.prompt.milestone):
            # Moderators have lowered it since.
            return await self._over(job, part, NoPrompts(), again=again)
        # Nothing is waited for between this look at the clock and the request.
        claim = job.claims.get(part)
        if not self.steady() or (claim is not None and not self._young(claim)):
            # The process stood still since its claim, or looking took long: another may have the job by now.
            return await self._later(job if again else _unclaimed(job, part), 0.0)
        match await self.publisher.send(due, part):
            case Sent(message):
                return await self._confirm(job, part, message)
            case Refused(why):
                # What was refused is not there, unless it was sent once before.
                return await self._refused(job if again else _unclaimed(job, part), part, why)
            case Unclear(after):
                return await self._later(job, after)

    async def _settle(self, job: Job, part: Part, claim: Claim) -> Step | Literal["absent", "young"]:
        """What has become of a part that may have been sent before.

        "absent": it is not there. "young": that could not be learnt, but sent again it surely comes out once.
        """
        due = await self._due(job)
        if due is None:
            return await self._uncertain(job, part)
        looking = await self.publisher.look(due, part, claim.at)
        young = self._young(claim)
        match looking:
            case Sent(message):
                return await self._confirm(job, part, message)
            case NotThere() if part == "forum" and self.now() - claim.at < ARRIVED:
                # It has no nonce, and may still arrive.
                return await self._later(job, TRUST.total_seconds())
            case NotThere():
                return "absent"
            case CannotLook() | Unclear() if part != "forum" and young:
                return "young"
            case CannotLook():
                return await self._uncertain(job, part)
            case Unclear(after):
                return await self._look_later(job, part, after)

    def _young(self, claim: Claim) -> bool:
        return timedelta(0) <= self.now() - claim.at < TRUST

    async def _due(self, job: Job) -> DuePost | None:
        """The post with its book, its prompt and the ceiling as it is now; None: one of them is gone."""
        asking = self.club.books.get(job.schedule.book)
        if asking is None or job.post is None:
            return None
        prompts = await self.club.prompts_of(job.schedule.server, asking.book)
        prompt = next((one for one in prompts if one.id == job.post.prompt), None)
        if prompt is None:
            return None
        milestone = await self.club.store.ceiling(job.post.channel, asking.book.slug)
        return DuePost(job, job.post, asking.book, prompt, horizon_of(asking.book, milestone))

    async def _confirm(self, job: Job, part: Part, message: int | None) -> Step:
        job = _claimed(job, part, Claim(at=self.now(), state="sent", message=message))
        job = replace(job, tries=0, refusals=0)
        if message is None and part in {"post", "forum"}:
            # Somebody took it away at once: then nobody wants the rest of it.
            await self.club.store.save(replace(job, state="done"), hold=False)
            return "stop"
        if job.post is None or part == job.post.parts[-1]:
            return job
        return job if await self.club.store.save(job, hold=True) else "stop"

    async def _done(self, job: Job) -> None:
        pinned = job.claims.get("pin")
        if pinned is not None and pinned.state == "sent":
            # First: nobody goes on with what is done, and then the next post would not have this one unpinned.
            await self._change(job, lambda one: _pinning(one, job.schedule.pinned, pinned.message))
        if not await self.club.store.save(replace(job, state="done"), hold=False):
            return
        await self._settled(job, {part for part, claim in job.claims.items() if claim.state == "sent"})

    async def _refused(self, job: Job, part: Part, why: Trouble) -> Step:
        if part in {"thread", "pin"} and why == "gone":
            # The post is: somebody took it away, and wants no more of it.
            await self.club.store.save(replace(job, state="done"), hold=False)
            return "stop"
        refusals = job.refusals + 1
        if refusals < REFUSALS:
            at = self.now() + WAITS[refusals - 1]
            await self.club.store.save(replace(job, refusals=refusals, at=at), hold=False)
            return "stop"
        if part in {"thread", "poll", "pin"}:
            await self._note_once(job, part, PartMissing(part, why))
            return await self._without(job, part)
        if await self.club.store.save(replace(job, refusals=refusals, state="refused"), hold=False):
            await self._suspend(job, why)
        return "stop"

    async def _suspend(self, job: Job, why: Trouble) -> None:
        """The channel does not take the schedule's posts; moderators may have given it another one by now."""
        suspended = False

        def change(kept: Scheduled) -> Scheduled:
            nonlocal suspended
            suspended = job.post is not None and kept.schedule.channel == job.post.channel
            return _suspended(kept) if suspended else kept

        try:
            await self.club.store.change_schedule(job.schedule.id, change)
        finally:
            self._note(job, Suspended(why) if suspended else Missed(1, job.occurrence))

    async def _uncertain(self, job: Job, part: Part) -> Step:
        if part in {"thread", "poll", "pin"}:
            await self._note_once(job, part, PartMissing(part, "hidden"))
            return await self._without(job, part)
        if await self.club.store.save(replace(job, state="uncertain"), hold=False):
            self._note(job, Uncertain(job.occurrence.name))
        return "stop"

    async def _over(self, job: Job, part: Part, notice: Missed | NoBook | NoPrompts, *, again: bool) -> Step:
        """Nothing more is sent. What was sent before is looked for until it is known whether it arrived."""
        if again:
            return await self._later(job, 0.0)
        if part in {"thread", "poll", "pin"}:
            return await self._without(job, part)
        if await self.club.store.save(replace(job, state="missed"), hold=False):
            if isinstance(notice, Missed):
                self._note(job, notice)
            else:
                await self._note_once(job, type(notice).__name__, notice)
        return "stop"

    async def _without(self, job: Job, part: Part) -> Step:
        job = replace(_claimed(job, part, Claim(at=self.now(), state="refused")), refusals=0, tries=0)
        return job if await self.club.store.save(job, hold=True) else "stop"

    async def _look_later(self, job: Job, part: Part, after: float) -> Step:
        """Nothing could be learnt; when it is long too late, somebody has to decide."""
        if self.now() - job.occurrence.due > 2 * GRACE:
            return await self._uncertain(job, part)
        return await self._later(job, after)

    async def _later(self, job: Job, after: float) -> Literal["stop"]:
        wait = max(min(5.0 * 3**job.tries, 600.0) * self.club.random.uniform(0.8, 1.2), after)
        at = self.now() + timedelta(seconds=wait)
        await self.club.store.save(replace(job, at=at, tries=job.tries + 1), hold=False)
        return "stop"

    async def _change(self, job: Job, change: Callable[[Schedule], Schedule]) -> None:
        await self.club.store.change_schedule(
            job.schedule.id, lambda kept: replace(kept, schedule=change(kept.schedule))
        )

    def _note(self, job: Job, notice: Notice) -> None:
        self.notices.setdefault(job.schedule.server, []).append((job.schedule, notice))

    async def _note_once(self, job: Job, trouble: str, notice: Notice) -> None:
        """Tells what goes on until somebody does something about it."""
        new = False

        def change(schedule: Schedule) -> Schedule:
            nonlocal new
            new = trouble not in schedule.told
            return schedule.model_copy(update={"told": schedule.told | {trouble}})

        # What the job knows of its schedule may be old.
        if trouble not in job.schedule.told:
            await self._change(job, change)
        if new:
            self._note(job, notice)

    async def _settled(self, job: Job, troubles: Collection[str]) -> None:
        """These are over, and told anew when they come back."""
        if not job.schedule.told.isdisjoint(troubles):
            await self._change(
                job, lambda one: one.model_copy(update={"told": one.told.difference(troubles)})
            )


def _claimed(job: Job, part: Part, claim: Claim) -> Job:
    claims: Mapping[Part, Claim] = {**job.claims, part: claim}
    return replace(job, claims=MappingProxyType(dict(claims)))


def _unclaimed(job: Job, part: Part) -> Job:
    return replace(
        job, claims=MappingProxyType({other: claim for other, claim in job.claims.items() if other != part})
    )


def _pinning(schedule: Schedule, last: int | None, message: int | None) -> Schedule:
    """The schedule with what it has pinned, if a later post has pinned nothing since."""
    return schedule.model_copy(update={"pinned": message}) if schedule.pinned == last else schedule


def _suspended(scheduled: Scheduled) -> Scheduled:
    return Scheduled(scheduled.schedule.model_copy(update={"state": "suspended"}), None)
