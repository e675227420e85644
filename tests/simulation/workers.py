"""A worker: one process of the bot with its own clock. What it had in memory is gone when it ends."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any, cast

from bot.club.club import Club
from bot.club.pace import Pace
from bot.club.ports import Store
from bot.club.posting import Poster
from bot.club.publishing import Publisher
from tests.simulation.book import books
from tests.simulation.boundary import Bounded, Killed, Machine, pass_boundary
from tests.simulation.client import Client

if TYPE_CHECKING:
    from tests.simulation.world import World

CURRENT: "ContextVar[Worker | None]" = ContextVar("worker", default=None)


@dataclass(frozen=True)
class Breaking:
    """How a step of the protocol is broken: by what stands between the product and its ports."""

    store: Callable[[Any, "Worker"], Any] = lambda store, _: store
    client: Callable[[Any, "Worker"], Any] = lambda client, _: client


class Worker:
    """One start of a process on a machine."""

    def __init__(self, world: "World", machine: Machine, breaking: Breaking) -> None:
        machine.starts += 1
        self.world, self.machine = world, machine
        self.name = machine.process
        self.alive = True
        self.tasks: set[asyncio.Task[Any]] = set()
        store = breaking.store(Bounded(world, world.memory, machine, self.step), self)
        self.club = Club(books(), cast("Store", store), Random(world.story.setting.seed), self.now)
        publisher = cast("Publisher", breaking.client(Client(self), self))
        self.poster = Poster(self.club, publisher, self.name, Pace(self.ticks), self.ticks)
        context = copy_context()
        context.run(CURRENT.set, self)
        self.main = world.loop.create_task(self.poster.run(), context=context)
        self.own(self.main)
        world.loop.mains.add(self.main)

    def own(self, task: asyncio.Task[Any]) -> None:
        """A task of this process; it ends with it."""
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and not isinstance(error := task.exception(), Killed | None):
            self.world.watch.wrong(f"{self.name} failed: {error!r}")

    def now(self) -> datetime:
        """What its machine's clock shows."""
        return self.world.wall(self.machine)

    def ticks(self) -> float:
        """Its machine's own seconds."""
        return self.machine.ticks(self.world.loop.time())

    async def step(self, what: str) -> None:
        """See `pass_boundary`."""
        if self.alive and not self.machine.traps and self.machine.frozen <= self.world.loop.time():
            return
        await pass_boundary(self.world, self.machine, lambda: self.alive, what)

    def die(self) -> None:
        """All that it does and knows is gone."""
        self.alive = False
        for task in list(self.tasks):
            task.cancel()

    async def stop(self, then: Callable[[], None]) -> None:
        """Ends as it does when it is asked to, and dies if that takes too long."""
        if self.main.cancelling():
            return
        self.main.cancel()
        began = self.world.loop.time()
        await self.poster.finish(10.0)
        if self.world.loop.time() - began > 12.0 and self.machine.frozen < began:
            self.world.watch.wrong(f"{self.name} took longer than 10 s to end")
        self.die()
        then()
