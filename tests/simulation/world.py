"""All of a story at once: time, machines, store, Discord; and what happens to them."""

from collections import Counter
from collections.abc import Coroutine
from contextvars import Context
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar, cast

from bot.club.club import Club
from bot.club.memory import Memory
from bot.club.ports import LEASE, Store
from tests.simulation.book import PARTS, books
from tests.simulation.boundary import Bounded, Machine
from tests.simulation.draws import Draws
from tests.simulation.fake_discord import FakeDiscord
from tests.simulation.loop import TICK, VirtualLoop
from tests.simulation.posts import Posts
from tests.simulation.story import Dies, Freezes, Story
from tests.simulation.watch import Watch
from tests.simulation.weather import Sky, Troubles
from tests.simulation.workers import CURRENT, Breaking, Worker

T = TypeVar("T")

ASTRAY = 600.0
"""By so much a machine's clock may be wrong, and it still posts."""

RECOVERY = LEASE.total_seconds() + 2 * TICK
"""So long it may take until another worker goes on with what one has left."""


class World:
    """What there is while a story is told. `true` is the time as Discord has it."""

    def __init__(self, story: Story, breaking: Breaking, *, log: bool) -> None:
        setting = story.setting
        self.story, self.breaking = story, breaking
        self.totals: Counter[str] = Counter()
        self.told: list[str] | None = [] if log else None
        self.lags = Random(setting.seed)
        self.loop = VirtualLoop()  # type: ignore[abstract] # it has what is asked of it here
        self.loop.leap = self._nothing_before
        self.loop.on_task = self._adopt
        self.troubles = Troubles()
        self.weather = Sky(self.troubles, self.loop.time)
        self.machines = [
            Machine(number, setting.skews[number] if number < len(setting.skews) else 0.0)
            for number in range(setting.workers or 1)
        ]
        self.store_step = 0.0
        self.memory = Memory(self._store_clock, alone=not setting.workers)
        self.slow, self.store_down, self.store_forgets = 0.0, False, False
        self.watch, self.draws, self.posts = Watch(self), Draws(self), Posts(self)
        self.discord = FakeDiscord(
            setting.window, self.loop.time, self.posts.appeared, self.posts.known_again
        )
        self.workers: dict[int, Worker] = {}
        self.desk = Club(
            books(),
            cast("Store", Bounded(self, self.memory, None, None)),
            Random(setting.seed),
            self._desk_time,
        )
        self._unwell: dict[int, set[str]] = {}
        self._since: float | None = None
        self.latest = 0.0

    # ------------------------------------------------------------ time

    def true(self) -> datetime:
        """What time it is."""
        return self.story.setting.start + timedelta(seconds=self.loop.time())

    def seconds(self, moment: datetime) -> float:
        """A moment, in seconds since the story's start."""
        return (moment - self.story.setting.start).total_seconds()

    def wall(self, machine: Machine) -> datetime:
        """What a machine's clock shows."""
        return self.story.setting.start + timedelta(seconds=self.loop.time() + machine.skew + machine.step_by)

    def _store_clock(self) -> datetime:
        if not self.story.setting.workers:
            return self.wall(self.machines[0])
        return self.true() + timedelta(seconds=self.story.setting.server_clock + self.store_step)

    def desk_machine(self) -> Machine | None:
        """A machine whose bot hears what moderators say, and has the right time."""
        for number, worker in self.workers.items():
            if worker.alive and not self._unwell.get(number):
                return self.machines[number]
        return None

    def _desk_time(self) -> datetime:
        machine = self.desk_machine()
        return self.wall(machine) if machine else self.true()

    def _nothing_before(self) -> float:
        """Before this time, a worker that looks for what is due finds nothing."""
        now = self.loop.time()
        offs = {0.0, self.story.setting.server_clock} | {
            machine.skew + machine.step_by for machine in self.machines
        }
        offs = {off for off in offs if abs(off) < 2 * ASTRAY}
        moments = [
            self.seconds(job.at) for job in self.memory.jobs.values() if job.state in {"waiting", "open"}
        ]
        moments += [self.seconds(lease.until) for lease in self.memory.leases.values()]
        return min(
            (when for moment in moments for off in offs if (when := moment - off) > now), default=float("inf")
        )

    # ------------------------------------------------------------ what happens

    def later(self, seconds: float, what: Any, *arguments: Any) -> None:  # noqa: ANN401
        """Has something happen then."""

        def happen() -> None:
            self.changed()
            what(*arguments)

        self.latest = max(self.latest, self.loop.time() + seconds)
        # In a context of its own: what happens is not the doing of the worker that may be at work now.
        self.loop.call_at(self.loop.time() + seconds, happen, context=Context())

    def changed(self) -> None:
        """Something is otherwise than workers know."""
        self.loop.changed = self.loop.time()

    def start(self, machine: Machine) -> None:
        """Starts the bot on a machine."""
        self.say("worker {} starts", machine.number)
        self.ails(machine, "down", ails=False)
        self.workers[machine.number] = Worker(self, machine, self.breaking)

    def sprung(self, machine: Machine, event: Dies | Freezes, what: str) -> None:
        """A machine has come to the step at which it is to die or freeze."""
        now = self.loop.time()
        self.changed()
        if isinstance(event, Dies):
            self.say("worker {} dies {}", machine.number, what)
            self.totals["killed"] += 1
            self.down(machine, event.down)
            return
        self.say("worker {} freezes {} for {:.0f} s", machine.number, what, event.seconds)
        self.totals["frozen"] += 1
        start = max(now, machine.frozen)
        machine.frozen, machine.frozen_for = start + event.seconds, event.seconds
        if event.asleep:
            machine.sleeps.append((start, machine.frozen))
        self.blip(machine.frozen - now)
        what = f"frozen {self.totals['frozen']}"
        self.ails(machine, what, ails=True)
        self.later(machine.frozen - now, partial(self.ails, machine, what, ails=False))

    def down(self, machine: Machine, seconds: float) -> None:
        """A process is gone, and comes back."""
        if not self.workers[machine.number].alive:
            return
        self.workers[machine.number].die()
        self.watch.ended(machine)
        self.blip(0.0)
        self.ails(machine, "down", ails=True)
        self.later(seconds, self.start, machine)

    def after_stop(self, worker: Worker, down: float) -> None:
        """A process has ended as it was asked to."""
        self.watch.ended(worker.machine)
        self.later(down, self.start, worker.machine)

    def lowered(self, was: str | None, now: str | None) -> bool:
        """Whether a channel may talk of less than before."""
        order = (None, *PARTS)
        return order.index(now) < order.index(was)

    def blip(self, seconds: float) -> None:
        """Something stopped for so long; what it had in work may take longer."""
        now = self.loop.time()
        self.troubles.add(now, now + seconds + RECOVERY, None, "stopped")

    def ails(self, machine: Machine, what: str, *, ails: bool) -> None:
        """A machine cannot post, or can again."""
        unwell = self._unwell.setdefault(machine.number, set())
        (unwell.add if ails else unwell.discard)(what)
        none = all(self._unwell.get(one.number) for one in self.machines)
        now = self.loop.time()
        if none and self._since is None:
            self._since = now
        elif not none and self._since is not None:
            self.troubles.add(self._since, now + 2 * TICK, None, "nobody works")
            self._since = None

    def at_once(self, what: Coroutine[Any, Any, T]) -> T:
        """What a coroutine returns that waits for nothing."""
        try:
            what.send(None)
        except StopIteration as stop:
            return cast("T", stop.value)
        raise AssertionError("it waits")

    def say(self, text: str, *values: object) -> None:
        """Notes what happens, for who reads the story of a failure."""
        if self.told is not None:
            self.told.append(f"{self.true():%a %d %b %H:%M:%S.%f} {text.format(*values)}"[:300])

    def _adopt(self, task: Any) -> None:  # noqa: ANN401
        worker = CURRENT.get()
        if worker is not None:
            worker.own(task)
            if not worker.alive:
                task.cancel()
