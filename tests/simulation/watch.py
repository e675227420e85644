"""What must hold at every moment, whatever goes wrong. What must hold in the end: `ending.py`.

It keeps its own account of what was drawn, recorded and told, from what passes the ports, and trusts no account of the bot.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.book.notices import Missed, NoBook, NoPrompts, Notice, PartMissing, RunningLow, Suspended, Uncertain
from bot.book.recurrence import Recurrence
from bot.book.schedules import GRACE, UNFINISHED, Job, Schedule, Scheduled
from bot.club.ports import Opening
from tests.simulation.boundary import Machine
from tests.simulation.posts import SLACK

if TYPE_CHECKING:
    from tests.simulation.world import World

STILL = 5.0
"""Seconds after it stood still, in which a worker still says what it meant to say before."""

Occ = tuple[str, str]
"""A schedule and one of its occurrences."""


@dataclass
class Reign:
    """A rule that was in force. `until`: its occurrences before then are expected; None: it still is."""

    rule: Recurrence
    since: datetime
    until: datetime | None = None


@dataclass
class Owed:
    """What a process has recorded and not told yet."""

    missed: Counter[str] = field(default_factory=Counter)
    uncertain: set[Occ] = field(default_factory=set)
    suspended: Counter[str] = field(default_factory=Counter)


class Watch:
    """Hears of everything, and says what is wrong."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.violations: list[str] = []
        self.deaf = False
        self.reigns: dict[str, list[Reign]] = {}
        self.owed: dict[int, Owed] = {}
        self.lost = Owed()
        self.recorded: dict[Occ, float] = {}
        self.no_prompts: set[Occ] = set()
        self.allowed: Counter[Occ] = Counter()
        self._told: dict[str, set[str]] = {}
        self._told_uncertain: Counter[Occ] = Counter()
        self._uncertain: Counter[Occ] = Counter()
        self._refused: Counter[str] = Counter()
        self._refused_in: dict[str, int] = {}
        self._takes: dict[int, tuple[int, int]] = {}
        self._holders: dict[Occ, str] = {}

    def wrong(self, what: str) -> None:
        """Something does not hold; the story ends here."""
        if self.deaf:
            return
        self.world.say("WRONG: {}", what)
        self.world.loop.halted = True
        if len(self.violations) < 5:
            self.violations.append(f"{self.world.true():%a %d %b %H:%M:%S}  {what}")

    # ------------------------------------------------------------ the store

    def before(self, name: str, arguments: Sequence[Any]) -> Scheduled | None:
        """What a schedule is before it is changed."""
        return self.peek(arguments[0]) if name == "change_schedule" else None

    def did(
        self,
        who: Machine | None,
        name: str,
        arguments: Sequence[Any],
        result: Any,  # noqa: ANN401 - each call of the store has its own
        before: Scheduled | None,
    ) -> None:
        """The store has done what it was asked."""
        if who is not None and name in {"begin", "save"} and result:
            self._saved(who, arguments[0])
        match name:
            case "begin" | "add_job" if result:
                self._began(who, *arguments)
            case "save" if result and arguments[0].state not in UNFINISHED:
                self._over(who, arguments[0])
            case "change_schedule" if before is not None:
                kept = result.schedule
                self._told.setdefault(kept.id, set()).intersection_update(kept.told)
                if who is not None and (kept.state, before.schedule.state) == ("suspended", "active"):
                    self.ruled(kept.id, before, result)
                    if kept.channel != self._refused_in.get(kept.id):
                        self.wrong(f"{kept.id} is suspended, and its channel refuses nothing")
            case "take" if who is not None:
                self._looked(who, len(result.jobs))
                for job in result.jobs:
                    self._holders[job.schedule.id, job.occurrence.name] = who.process

    def peek(self, schedule: str) -> Scheduled | None:
        """A schedule and what waits."""
        return self.world.at_once(self.world.memory.change_schedule(schedule, lambda kept: kept))

    def ruled(self, schedule: str, before: Scheduled | None, after: Scheduled | None) -> None:
        """A schedule was changed: what is expected of it changes too."""
        now = self.world.desk.now()
        reigns = self.reigns.setdefault(schedule, [])
        same = before is not None and after is not None and before.schedule.rule == after.schedule.rule
        if same and before is not None and after is not None and before.next == after.next and after.next:
            return
        if reigns and reigns[-1].until is None and before is not None:
            # What waited is forgotten, and with it all that came after.
            reigns[-1].until = before.next.due if before.next else self._latest(schedule)
        if after is not None and after.schedule.state == "active":
            reigns.append(Reign(after.schedule.rule, now))

    def _latest(self, schedule: str) -> datetime:
        dues = (job.occurrence.due for key, job in self.world.memory.jobs.items() if key[0] == schedule)
        return max(dues, default=self.world.story.setting.start) + timedelta(seconds=1)

    def _saved(self, who: Machine, job: Job) -> None:
        occ = (job.schedule.id, job.occurrence.name)
        holder = self._holders.setdefault(occ, who.process)
        if holder != who.process:
            self.wrong(f"{who.process} saves {occ[1]} of {occ[0]}, which {holder} has taken since")

    def _began(self, who: Machine | None, job: Job, opening: Opening) -> None:
        if job.state == "missed":
            self._missed_at_once(who, job, opening)
        elif job.post is not None:
            self.world.draws.drawn(job)

    def _missed_at_once(self, who: Machine | None, job: Job, opening: Opening) -> None:
        now = self.world.true()
        passed = opening.then is not None and opening.then.due <= now + timedelta(seconds=SLACK)
        late = now - job.occurrence.due > GRACE - timedelta(seconds=SLACK)
        if not passed and not late:
            self.no_prompts.add((job.schedule.id, job.occurrence.name))
            draws = self.world.draws
            if draws.fitting(job.schedule) and not draws.lately_opened(job.schedule.channel):
                self.wrong(f"{job.occurrence.name} of {job.schedule.id} was missed, and there was a prompt")
            return
        names = [job.occurrence.name, *(missed.name for missed in opening.missed)]
        new = [name for name in names if (job.schedule.id, name) not in self.recorded]
        for name in new:
            self._record(job.schedule.id, name)
        self._owes(who).missed[job.schedule.id] += len(new)

    def _over(self, who: Machine | None, job: Job) -> None:
        occ = (job.schedule.id, job.occurrence.name)
        self._record(*occ)
        match job.state:
            case "missed":
                late = self.world.true() - job.occurrence.due > GRACE - timedelta(seconds=SLACK)
                if late:
                    self._owes(who).missed[job.schedule.id] += 1
                else:
                    self.no_prompts.add(occ)
            case "uncertain":
                self._uncertain[occ] += 1
                self._owes(who).uncertain.add(occ)
            case "refused":
                self._refused[job.schedule.id] += 1
                if job.post is not None:
                    self._refused_in[job.schedule.id] = job.post.channel
                self._owes(who).suspended[job.schedule.id] += 1

    def _record(self, schedule: str, name: str) -> None:
        self.recorded[schedule, name] = self.world.loop.time()

    def _owes(self, who: Machine | None) -> Owed:
        if who is None or self.world.store_forgets:
            # The bot hears that nothing was done, so it cannot tell.
            return self.lost
        return self.owed.setdefault(who.number, Owed())

    def _looked(self, who: Machine, jobs: int) -> None:
        bucket = int(self.world.loop.time() // 10)
        at, count = self._takes.get(who.number, (bucket, 0))
        count = 1 if at != bucket else count + 1 - 3 * jobs
        self._takes[who.number] = (bucket, count)
        if count > 100:
            self._takes[who.number] = (bucket, -10_000)
            self.wrong(f"worker {who.number} looks for work a hundred times in ten seconds, in vain")

    # ------------------------------------------------------------ moderators

    def told(self, machine: Machine, server: int, notices: Sequence[tuple[Schedule, Notice]]) -> None:
        """Moderators hear of something."""
        owed = self.owed.setdefault(machine.number, Owed())
        for schedule, notice in notices:
            self.world.say("server {} is told of {}: {}", server, schedule.id, notice)
            self.world.totals["notices"] += 1
            match notice:
                case Missed(1, last) if self._was_refused(schedule.id, last.name):
                    owed.suspended[schedule.id] -= 1
                case Missed(count):
                    owed.missed[schedule.id] -= count
                case Uncertain(name):
                    occ = (schedule.id, name)
                    self._told_uncertain[occ] += 1
                    owed.uncertain.discard(occ)
                    if self._told_uncertain[occ] > self._uncertain[occ]:
                        self.wrong(f"moderators are told twice that {name} of {schedule.id} is uncertain")
                case Suspended():
                    owed.suspended[schedule.id] -= 1
                    self._refused[schedule.id] -= 1
                    if self._refused[schedule.id] < 0:
                        self.wrong(f"moderators are told twice that {schedule.id} is suspended")
                case PartMissing(part):
                    self._told_once(machine, schedule.id, part)
                case RunningLow():
                    self._told_once(machine, schedule.id, "low")
                case NoPrompts() | NoBook():
                    self._told_once(machine, schedule.id, type(notice).__name__)

    def _was_refused(self, schedule: str, name: str) -> bool:
        job = self.world.memory.jobs.get((schedule, name))
        return job is not None and job.state == "refused"

    def _told_once(self, machine: Machine, schedule: str, trouble: str) -> None:
        told = self._told.setdefault(schedule, set())
        # Who stood still tells what it noted before, and a moderator may have changed the schedule since.
        if trouble in told and machine.frozen < self.world.loop.time() - STILL:
            self.wrong(f"moderators are told twice of {schedule}: {trouble}")
        made = self.world.memory.made.get(schedule)
        if made is not None and trouble in made.told:
            # Else a moderator has changed the schedule since it was noted, and what is told of it begins anew.
            told.add(trouble)

    def ended(self, machine: Machine) -> None:
        """A process is no more; what it had not told yet, nobody will."""
        owed = self.owed.pop(machine.number, Owed())
        self.lost.missed.update(owed.missed)
        self.lost.uncertain |= owed.uncertain
        self.lost.suspended.update(owed.suspended)
        self.world.totals["notices lost with the process"] += sum(
            count > 0 for count in (*owed.missed.values(), *owed.suspended.values())
        ) + len(owed.uncertain)
