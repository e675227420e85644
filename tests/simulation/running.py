"""Runs a story, from its first event until all is settled."""

from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.ending import settle
from tests.simulation.happening import happen
from tests.simulation.logs import heard
from tests.simulation.loop import EndlessError
from tests.simulation.story import HOUR, Story
from tests.simulation.workers import Breaking
from tests.simulation.world import World

SETTLED = 1.0 * HOUR
"""After the last trouble it takes no longer until all is settled."""

BREAK = Breaking()


@dataclass
class Report:
    """What came of a story. `told`: what happened, line by line, if it was asked for."""

    violations: list[str]
    totals: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)


def run(story: Story, breaking: Breaking = BREAK, *, log: bool = False) -> Report:
    """Runs a story; the same story comes out the same."""
    world = World(story, breaking, log=log)
    for machine in world.machines:
        world.start(machine)
    _schedule(world)
    with heard(world.watch.wrong) as ear:
        try:
            _run(world)
        except EndlessError:
            world.watch.wrong("the bot does much, and no time passes")
        world.totals["lines of errors"] += ear.lines
        halted = world.loop.halted
        _end(world)
    if not halted:
        settle(world)
    for failure in world.loop.failures:
        world.watch.wrong(failure)
    return Report(world.watch.violations, world.totals, world.told or [])


def run_in(world: World, seconds: float) -> None:
    """Runs a world that was started for so long, and ends it; what must hold in the end is not asked."""
    _schedule(world)
    with heard(world.watch.wrong):
        world.loop.run_until(seconds)
        _end(world)


def _run(world: World) -> None:
    end = max((event.at for event in world.story.events), default=0.0) + SETTLED
    while world.loop.time() < end and not world.loop.halted:
        world.loop.run_until(end)
        end = max(end, world.latest + SETTLED, world.troubles.last + SETTLED)


def _end(world: World) -> None:
    """Ends what still runs."""
    world.watch.deaf, world.loop.halted = True, False
    for machine in world.machines:
        machine.traps.clear()
        machine.frozen = 0.0
    for worker in world.workers.values():
        worker.die()
    world.loop.run_until(world.loop.time() + 1)
    world.watch.deaf = False


def _schedule(world: World) -> None:
    for event in world.story.events:
        world.loop.call_at(event.at, happen, world, event)
