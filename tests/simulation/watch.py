"""What must hold at every moment, whatever goes wrong. What must hold in the end: `ending.py`.

It keeps its own account of what was drawn, recorded and told, from what passes the ports, and trusts no account of the bot.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.book.notices import Missed, NoBook, NoPrompts, Notice, PartMissing, RunningLow, Suspended, Uncertain
from bot.book.prompts import Prompt
from bot.book.recurrence import Recurrence
from bot.book.schedules import GRACE, UNFINISHED, Job, Part, Schedule, Scheduled
from bot.club.ports import Opening
from bot.club.publishing import DuePost
from tests.simulation.book import PARTS, SLUG, the_book
from tests.simulation.boundary import Machine
from tests.simulation.fake_discord import Key, Message

if TYPE_CHECKING:
    from tests.simulation.world import World

SLACK = 12 * 60.0
"""A machine's clock may be wrong by ten minutes; a request takes a while."""

STALE = 2.0
"""So many seconds old what was read before a request may be."""

LATE = 300.0
TOGETHER = 3600.0
"""Posts of one schedule that both are late, and no further apart, are a burst."""

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
        self.reigns: dict[str, list[Reign]] = {}
        self.channels: dict[str, set[int]] = {}
        self.owed: dict[int, Owed] = {}
        self.lost = Owed()
        self.told_missed: Counter[str] = Counter()
        self.recorded: dict[Occ, float] = {}
        self.no_prompts: set[Occ] = set()
        self.allowed: Counter[Occ] = Counter()
        self.deletes: dict[int, list[float]] = {}
        self.opened: dict[int, list[tuple[float, str | None]]] = {}
        self._had: dict[int, set[str]] = {}
        self._posts: dict[str, list[tuple[float, bool, str]]] = {}
        self._told: dict[str, set[str]] = {}
        self._told_uncertain: Counter[Occ] = Counter()
        self._uncertain: Counter[Occ] = Counter()
        self._refused: Counter[str] = Counter()
        self._waits: dict[Key, float] = {}
        self._takes: dict[int, tuple[int, int]] = {}

    def wrong(self, what: str) -> None:
        """Something does not hold."""
        self.world.say("WRONG: {}", what)
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
        match name:
            case "begin" | "add_job" if result:
                self._began(who, *arguments)
            case "save" if result and arguments[0].state not in UNFINISHED:
                self._over(who, arguments[0])
            case "change_schedule" if before is not None:
                kept = result.schedule
                self._told.setdefault(kept.id, set()).intersection_update(kept.told)
                if who is not None and kept.state == "suspended":
                    self.ruled(kept.id, before, result)
            case "take" if who is not None:
                self._looked(who, len(result.jobs))

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

    def _began(self, who: Machine | None, job: Job, opening: Opening) -> None:
        self._plan(job)
        if job.state == "missed":
            self._missed_at_once(who, job, opening)
        elif job.post is not None:
            self._drawn(job, job.post.channel, job.post.prompt)

    def _missed_at_once(self, who: Machine | None, job: Job, opening: Opening) -> None:
        now = self.world.true()
        passed = opening.then is not None and opening.then.due <= now + timedelta(seconds=SLACK)
        late = now - job.occurrence.due > GRACE - timedelta(seconds=SLACK)
        if not passed and not late:
            self.no_prompts.add((job.schedule.id, job.occurrence.name))
            if self._fitting(job.schedule, job.schedule.channel) and not self._lately_opened(
                job.schedule.channel
            ):
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

    # ------------------------------------------------------------ prompts and ceilings

    def _rank(self, milestone: str | None) -> int:
        return PARTS.index(milestone) + 1 if milestone in PARTS else 0

    def _ceiling(self, channel: int) -> int:
        return self._rank(self.world.memory.opened.get((channel, SLUG), (0, None))[1])

    def _fitting(self, schedule: Schedule, channel: int) -> list[Prompt]:
        ceiling = self._ceiling(channel)
        theme = schedule.theme or ""
        return [
            one for one in the_book().prompts if self._rank(one.milestone) <= ceiling and theme in one.theme
        ]

    def _lately_opened(self, channel: int) -> bool:
        opened = self.opened.get(channel)
        return bool(opened) and opened[-1][0] > self.world.loop.time() - 600  # type: ignore[index]

    def _drawn(self, job: Job, channel: int, prompt: str) -> None:
        fitting, had = self._fitting(job.schedule, channel), self._had.setdefault(channel, set())
        names = [one.id for one in fitting]
        unused = [name for name in names if name not in had]
        if not unused:
            had.difference_update(names)
        expected = (unused or names or [""])[0]
        if prompt != expected and not self._lately_opened(channel):
            self.wrong(f"{prompt} was drawn for channel {channel}, and it was {expected}'s turn")
        had.add(prompt)

    def _plan(self, job: Job) -> None:
        day = date.fromisoformat(job.occurrence.name[:10])
        planned = max((self._rank(one.milestone) for one in job.schedule.plan if one.until <= day), default=0)
        if job.state == "open" and self._ceiling(job.schedule.channel) < planned:
            self.wrong(f"the plan of {job.schedule.id} says part {planned}, and the channel is not so far")

    # ------------------------------------------------------------ Discord

    def sending(self, machine: Machine, due: DuePost, part: Part) -> None:
        """A request is about to leave."""
        now, channel = self.world.loop.time(), due.post.channel
        stale = STALE + self.world.slow * 4
        if machine.frozen > now - stale:
            stale += machine.frozen_for
        ceilings = [self._ceiling(channel)]
        ceilings += [self._rank(was) for when, was in self.opened.get(channel, ()) if when > now - stale]
        if self._rank(due.prompt.milestone) > max(ceilings):
            self.wrong(f"{due.prompt.id} is sent to channel {channel}, beyond its ceiling ({part})")
        key = (due.job.schedule.id, due.job.occurrence.name, part)
        if now < self._waits.get(key, 0.0) - 0.5:
            self.wrong(f"the {part} of {due.job.occurrence.name} is sent before Discord wants it")

    def must_wait(self, key: Key, seconds: float) -> None:
        """Discord has said when to ask again."""
        self._waits[key] = self.world.loop.time() + seconds

    def appeared(self, message: Message) -> None:
        """There is a new message."""
        world, (schedule, name, part) = self.world, message.key
        self.world.say("a message appears: {} in channel {}", message.key, message.channel)
        world.totals["posts" if part in {"post", "forum"} else "polls"] += 1
        before = world.discord.by_key[message.key][:-1]
        visible = [one for one in before if not one.deleted]
        if len(visible) > self.allowed[schedule, name]:
            self.wrong(f"the {part} of {name} ({schedule}) is there {len(visible) + 1} times")
        job = world.memory.jobs.get((schedule, name))
        if before and not visible:
            world.totals["posted again after a moderator took it away unseen"] += 1
            claim = job.claims.get(part) if job else None
            if claim is not None and claim.state == "sent":
                self.wrong(f"the {part} of {name} ({schedule}) was taken away, and is there again")
        if message.channel not in self.channels.get(schedule, ()):
            self.wrong(f"{name} of {schedule} is in channel {message.channel}, where it never belonged")
        if job is not None:
            self._in_time(message, job)
        for after in self.deletes.pop(message.channel, []):
            world.totals["taken away by a moderator"] += 1
            world.later(after, world.discord.delete, message)

    def _in_time(self, message: Message, job: Job) -> None:
        schedule, name, part = message.key
        late = message.at - self.world.seconds(job.occurrence.due)
        if late < -SLACK:
            self.wrong(f"the {part} of {name} ({schedule}) is {-late / 60:.0f} min early")
        if late > GRACE.total_seconds() + SLACK:
            self.wrong(f"the {part} of {name} ({schedule}) is {late / 3600:.1f} h late")
        if job.post is not None and job.post.prompt != message.prompt:
            self.wrong(f"{name} ({schedule}) brings {message.prompt}, and {job.post.prompt} was drawn")
        if (
            part in {"post", "forum"}
            and len(name) == len("2026-03-02T19:00")
            and not self.allowed[schedule, name]
        ):
            posts = self._posts.setdefault(schedule, [])
            for at, was_late, other in posts:
                if other != name and late > LATE and was_late and message.at - at < TOGETHER:
                    self.wrong(f"a burst: {other} and {name} of {schedule} within {message.at - at:.0f} s")
            posts.append((message.at, late > LATE, name))

    def known_again(self, message: Message) -> None:
        """Discord has known a request again by its nonce."""
        self.world.say("Discord knows {} again", message.key)
        self.world.totals["known again by their nonce"] += 1

    # ------------------------------------------------------------ moderators

    def told(self, machine: Machine, server: int, notices: Sequence[tuple[Schedule, Notice]]) -> None:
        """Moderators hear of something."""
        owed = self.owed.setdefault(machine.number, Owed())
        for schedule, notice in notices:
            self.world.say("server {} is told of {}: {}", server, schedule.id, notice)
            self.world.totals["notices"] += 1
            match notice:
                case Missed(count):
                    self.told_missed[schedule.id] += count
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
                    self._told_once(schedule.id, part)
                case RunningLow():
                    self._told_once(schedule.id, "low")
                case NoPrompts() | NoBook():
                    self._told_once(schedule.id, type(notice).__name__)

    def _told_once(self, schedule: str, trouble: str) -> None:
        told = self._told.setdefault(schedule, set())
        if trouble in told:
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
        self.world.totals["notices lost with the process"] += (
            sum(owed.missed.values()) + len(owed.uncertain) + sum(owed.suspended.values())
        )
