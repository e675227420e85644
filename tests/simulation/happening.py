"""How each event of a story happens."""

from datetime import date, time, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

from bot.book.recurrence import MonthlyByDay, Recurrence, Weekly, next_after
from bot.book.schedules import Extras, Schedule, Scheduled
from bot.club import scheduling
from bot.club.ports import StoreError
from tests.simulation.book import SLUG
from tests.simulation.story import (
    Act,
    ClockSteps,
    Closes,
    Deletes,
    Dies,
    Edited,
    Event,
    Freezes,
    Made,
    Moderated,
    Moved,
    Opened,
    Outage,
    Reconnects,
    Stops,
    StoreFails,
    StoreSlow,
    Weather,
)

if TYPE_CHECKING:
    from tests.simulation.world import World

MODERATOR = 99
SETTLING = 90.0
"""After a step of a clock, all is well again within so many seconds."""


def happen(world: "World", event: Event) -> None:
    """Has an event happen now."""
    world.changed()
    world.say("* {}", event.words())
    match event:
        case Made() | Edited() | Moderated() | Moved() | Opened():
            _moderate(world, event)
        case Deletes(_, channel, after):
            world.posts.deletes.setdefault(channel, []).append(after)
        case Weather():
            world.weather.comes(event)
        case Outage():
            world.weather.breaks_off(event)
            world.later(event.lasts, world.changed)
        case Closes():
            _close(world, event)
        case StoreFails() | StoreSlow():
            _store(world, event)
        case _:
            _machine(world, event)


def id_of(schedule: int) -> str:
    """A schedule's id."""
    return f"{schedule:012x}"


def _machine(world: "World", event: Event) -> None:
    match event:
        case Dies(_, number, step) | Freezes(_, number, step) if number < len(world.machines):
            world.machines[number].traps.append((event, [step]))
        case ClockSteps():
            _step_clock(world, event)
        case Stops(_, number, down) if number < len(world.machines) and world.workers[number].alive:
            worker = world.workers[number]
            world.ails(worker.machine, "down", ails=True)
            world.totals["stopped"] += 1
            world.blip(10.0)
            task = world.loop.create_task(worker.stop(lambda: world.after_stop(worker, down)))
            worker.own(task)
        case Reconnects(_, number, times) if number < len(world.machines):
            for _ in range(times):
                if world.workers[number].alive:
                    world.workers[number].poster.poke()


def _step_clock(world: "World", event: ClockSteps) -> None:
    now = world.loop.time()
    if event.machine < 0:
        world.store_step += event.seconds
        world.later(event.lasts, _unstep_store, world, event.seconds)
        world.blip(event.lasts)
        return
    if event.machine >= len(world.machines):
        return
    machine = world.machines[event.machine]
    world.totals["clock steps"] += 1
    machine.step_by += event.seconds
    world.troubles.add(now, now + SETTLING, None, "clock")
    world.troubles.add(now + event.lasts, now + event.lasts + SETTLING, None, "clock")
    name = f"clock {world.totals['clock steps']}"
    world.ails(machine, name, ails=True)

    def right() -> None:
        machine.step_by -= event.seconds
        world.ails(machine, name, ails=False)

    world.later(event.lasts, right)


def _unstep_store(world: "World", seconds: float) -> None:
    world.store_step -= seconds


def _close(world: "World", event: Closes) -> None:
    discord = world.discord
    discord.closed[event.channel, event.how] += 1
    world.troubles.add(event.at, event.at + event.lasts, event.channel, event.how)
    if event.how == "gone":
        for message in discord.messages.values():
            if message.channel == event.channel:
                discord.delete(message)

    def opens() -> None:
        discord.closed[event.channel, event.how] -= 1

    world.later(event.lasts, opens)


def _store(world: "World", event: StoreFails | StoreSlow) -> None:
    world.troubles.add(event.at, event.at + event.lasts + 150.0, None, "store")
    what = "slow" if isinstance(event, StoreSlow) else "store_forgets" if event.forgetful else "store_down"
    setattr(world, what, event.lag if isinstance(event, StoreSlow) else True)
    world.later(event.lasts, partial(setattr, world, what, 0.0 if what == "slow" else False))


# -------------------------------------------------------------------- moderators


def _moderate(world: "World", event: Made | Edited | Moderated | Moved | Opened) -> None:
    """A moderator's command, as long as there is a bot that hears it."""
    if world.desk_machine() is None or world.store_forgets:
        world.totals["moderators not heard"] += 1
        return
    try:
        match event:
            case Made():
                _make(world, event)
            case Opened(_, channel, milestone):
                _, was = world.memory.opened.get((channel, SLUG), (0, None))
                world.draws.opens(channel)
                world.at_once(world.desk.store.set_ceiling(0, channel, SLUG, milestone))
                if world.lowered(was, milestone):
                    world.troubles.add(0.0, event.at, channel, "lowered")
            case _:
                _manage(world, event)
    except StoreError:
        world.totals["moderators not heard"] += 1


def _make(world: "World", event: Made) -> None:
    schedule = Schedule(
        id=id_of(event.schedule),
        server=event.server,
        channel=event.channel,
        book=SLUG,
        rule=_rule(event, world.story.setting.start.date()),
        author=MODERATOR,
        theme=event.theme,
        extras=Extras.model_validate(dict.fromkeys(event.extras, True)),
        plan=event.plan,
    )
    if schedule.id in world.memory.made:
        return
    scheduled = Scheduled(schedule, next_after(schedule.rule, world.desk.now()))
    world.at_once(world.desk.store.add_schedule(scheduled))
    world.posts.channels[schedule.id] = {event.channel}
    world.watch.ruled(schedule.id, None, scheduled)


@cache
def _rule(event: Made, start: date) -> Recurrence:
    days = Weekly(days=frozenset(event.days)) if event.day is None else MonthlyByDay(day=event.day)
    end = start + timedelta(days=event.ends) if event.ends is not None else None
    return Recurrence(days=days, at=time.fromisoformat(event.clock), zone=event.zone, end=end)


def _manage(world: "World", event: Edited | Moderated | Moved) -> None:
    schedule = id_of(event.schedule)
    if schedule not in world.memory.made:
        return
    before = world.watch.peek(schedule)
    assert before is not None
    after: Scheduled | None = before
    club = world.desk
    match event:
        case Edited(_, _, clock):
            rule = before.schedule.rule.model_copy(update={"at": time.fromisoformat(clock)})
            after = world.at_once(scheduling.move(club, schedule, {"rule": rule}))
        case Moved(_, _, channel):
            world.posts.channels[schedule].add(channel)
            after = world.at_once(scheduling.move(club, schedule, {"channel": channel}))
        case Moderated(_, _, act):
            after = _act(world, before, act)
    world.watch.ruled(schedule, before, after)
    world.totals["moderators' commands"] += 1


def _act(world: "World", before: Scheduled, act: Act) -> Scheduled | None:
    schedule, club = before.schedule, world.desk
    match act:
        case "pause":
            return world.at_once(scheduling.pause(club, schedule.id))
        case "resume":
            return world.at_once(scheduling.resume(club, schedule.id))
        case "remove":
            world.at_once(club.store.remove_schedule(schedule.id))
            return None
        case "skip":
            world.at_once(scheduling.skip(club, before))
        case "post now":
            world.at_once(scheduling.post_now(club, schedule))
        case "post anyway":
            records = world.at_once(club.store.records(schedule.server, world.story.setting.start))
            for record in records.get(schedule.id, ()):
                if world.at_once(club.store.post_anyway(schedule.id, record.name, club.now())):
                    world.watch.allowed[schedule.id, record.name] += 1
    return before
