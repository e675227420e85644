"""What a worker is to the rest: each thing that it asks of store or Discord is a boundary, at which it may die or freeze.

Not modelled: a process that is frozen past its lease between its last look at the clock and the departure of its request.
No bot can notice that, and only Discord's nonce helps, for as long as it lasts.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.club.memory import Memory
from bot.club.ports import StoreError
from tests.simulation.story import Dies, Freezes

if TYPE_CHECKING:
    from tests.simulation.world import World

SENDING = "before it sends"
LONGEST_UNNOTICED = 60.0
"""Seconds for which a worker may be frozen between its last look at the clock and the departure of a request."""

READS = frozenset(
    {"schedules", "idle", "next_look", "ceiling", "used", "suggestions", "records", "server", "standing"}
)


class Killed(BaseException):
    """The process is no more. Nothing that catches exceptions catches this."""


@dataclass
class Machine:
    """Where a worker runs; its clock goes wrong, and its process comes and goes."""

    number: int
    skew: float
    step_by: float = 0.0
    sleeps: list[tuple[float, float]] = field(default_factory=list)
    frozen: float = 0.0
    frozen_for: float = 0.0
    starts: int = 0
    traps: list[tuple[Dies | Freezes, list[int]]] = field(default_factory=list)

    def ticks(self, now: float) -> float:
        """Its own seconds, which stand still while it sleeps."""
        return now - sum(min(now, end) - start for start, end in self.sleeps if start < now)

    @property
    def process(self) -> str:
        """What the process is called that it runs now: a new name each start."""
        return f"worker {self.number} ({self.starts})"


async def pass_boundary(world: "World", machine: Machine, alive: Callable[[], bool], what: str) -> None:
    """Returns, unless the process dies here."""
    if not alive():
        raise Killed
    if machine.traps:
        _spring(world, machine, what)
        if not alive():
            raise Killed
    while machine.frozen > world.loop.time():
        await world.loop.sleep_until(machine.frozen)
        if not alive():
            raise Killed


def _spring(world: "World", machine: Machine, what: str) -> None:
    for trap in list(machine.traps):
        event, left = trap
        unnoticed = isinstance(event, Freezes) and event.seconds >= LONGEST_UNNOTICED and what == SENDING
        if left[0] <= 1 and unnoticed:
            continue
        left[0] -= 1
        if left[0] > 0:
            continue
        machine.traps.remove(trap)
        world.sprung(machine, event, what)
        if isinstance(event, Dies):
            return


class Bounded:
    """The store as a worker, or a moderator (`step` None), reaches it. It is a Store: all else is the Memory's."""

    def __init__(
        self,
        world: "World",
        memory: Memory,
        who: Machine | None,
        step: Callable[[str], Awaitable[None]] | None,
    ) -> None:
        self._world, self._memory, self._who, self._step = world, memory, who, step

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        world, who, step = self._world, self._who, self._step
        inner = getattr(self._memory, name)
        before, after = f"before store.{name}", f"after store.{name}"
        lags, loop = world.lags, world.loop

        async def call(*args: Any, **named: Any) -> Any:  # noqa: ANN401
            if step is not None:
                await step(before)
                if world.slow or lags.random() < 0.15:
                    await loop.sleep_until(loop.time() + max(world.slow, lags.random() * 0.02))
            if world.store_down:
                world.totals["refused by the store"] += 1
                raise StoreError("The store is not to be had now.")
            was = world.watch.before(name, args)
            result = await inner(*args, **named)
            world.watch.did(who, name, args, result, was)
            if world.store_forgets and name not in READS:
                world.totals["forgotten by the store"] += 1
                raise StoreError("The connection was cut.")
            if step is not None:
                await step(after)
            return result

        setattr(self, name, call)
        return call
