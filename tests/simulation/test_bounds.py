"""How often, how fast, how fair and how much at the most: each in a story of its own."""

import re
import time
from collections import Counter
from datetime import timedelta

import pytest

from bot.book.recurrence import Occurrence
from bot.book.schedules import Scheduled
from tests.simulation.happening import id_of
from tests.simulation.running import Report, run, run_in
from tests.simulation.story import (
    DAY,
    HOUR,
    ClockSteps,
    Dies,
    Event,
    Made,
    Outage,
    Reconnects,
    Setting,
    Stops,
    StoreFails,
    Story,
    Weather,
)
from tests.simulation.workers import Breaking
from tests.simulation.world import World

NINE = 9 * HOUR
A_MINUTE = 60.0


def daily(schedule: int, server: int, clock: str = "09:00") -> Made:
    return Made(0.0, schedule, server, channel=schedule, zone="UTC", clock=clock)


def told(setting: Setting, *events: Event) -> Report:
    report = run(Story(setting, events), log=True)
    assert not report.violations, "\n".join(report.told[-60:])
    return report


def requests(report: Report, what: str = "post of") -> list[tuple[float, int]]:
    """When each request left, in seconds of its day, and for which schedule."""
    found = []
    for line in report.told:
        if match := re.search(rf"(\d\d):(\d\d):([\d.]+) worker .* asks: {what} \('([0-9a-f]+)'", line):
            hours, minutes, seconds, schedule = match.groups()
            found.append((int(hours) * HOUR + int(minutes) * 60 + float(seconds), int(schedule, 16)))
    return found


@pytest.mark.parametrize(
    ("events", "most"),
    [
        pytest.param((), 122, id="there is no schedule"),
        pytest.param((daily(1, 1),), 122, id="the next post is hours away"),
        pytest.param((daily(1, 1), ClockSteps(HOUR, 0, 7 * HOUR, DAY)), 122, id="the clock is wrong"),
        pytest.param((daily(1, 1, "02:00"), Outage(HOUR, "timeout", 12 * HOUR)), 150, id="no network"),
        pytest.param(
            (daily(1, 1, "02:00"), Outage(HOUR, "shut off", 12 * HOUR)), 150, id="no network at all"
        ),
    ],
)
@pytest.mark.parametrize("workers", [0, 2])
def test_it_looks_for_work_every_half_minute_and_no_more(
    events: tuple[Event, ...], most: int, workers: int
) -> None:
    world = World(Story(Setting(1, workers=workers), events), Breaking(), log=False)
    # Here no tick is left out.
    world.loop.leap = lambda: 0.0
    looks: Counter[int] = Counter()
    for machine in world.machines:
        world.start(machine)

    def counted(worker: int) -> None:
        inner = world.workers[worker].poster.work

        async def work() -> bool:
            looks[int(world.loop.time() // HOUR)] += 1
            return await inner()

        world.workers[worker].poster.work = work  # type: ignore[method-assign]

    for machine in world.machines:
        counted(machine.number)
    run_in(world, 4 * HOUR)
    assert not world.watch.violations
    assert max(looks.values()) <= most * len(world.machines)


def test_a_server_with_one_schedule_does_not_wait_for_one_with_many() -> None:
    """Six servers: one has 300 schedules, and all posts are due at nine."""
    many = [daily(number, 1) for number in range(1, 301)]
    few = [daily(300 + server, server) for server in range(2, 7)]
    report = told(Setting(1), *many, *few, Reconnects(NINE + 60, 0, 1))
    order = [schedule for _, schedule in requests(report)]
    assert len(order) == len(set(order)) == 305
    # One of each server in turn; a store that now and then takes a little longer may mix neighbours up.
    assert {301 + at for at in range(1, 6)} <= set(order[:15])


@pytest.mark.parametrize(
    "trouble", [ClockSteps(HOUR, 0, 7 * HOUR, DAY), StoreFails(HOUR, 5 * HOUR)], ids=["clock", "store"]
)
def test_what_goes_on_is_complained_of_once(trouble: Event) -> None:
    report = told(Setting(1), daily(1, 1), daily(2, 1, "02:00"), trouble)
    assert report.totals["lines of errors"] == 1


@pytest.mark.parametrize("workers", [0, 3])
def test_a_burst_keeps_to_the_rate(workers: int) -> None:
    """Discord takes fifty requests a second from a bot, whatever number of workers it has."""
    burst = [daily(number, 1 + number % 40) for number in range(1, 401)]
    report = told(Setting(1, workers=workers), *burst, Reconnects(NINE + 60, 0, 1))
    moments = sorted(at for at, _ in requests(report))
    assert len(moments) == 400
    # The first workers take more than their share, at the rate of their share.
    assert moments[-1] - moments[0] < (20 if workers else 12)
    assert max(sum(at <= other < at + 1 for other in moments) for at in moments) <= 50


def test_a_thousand_missed_posts_are_one_post_and_one_summary() -> None:
    began = time.process_time()
    report = told(Setting(1), daily(1, 1), Dies(NINE - 1, 0, 1, 1000 * DAY + HOUR))
    assert report.totals["posts"] == 1
    assert report.totals["missed"] == 1000
    assert sum("Missed" in line for line in report.told) == 1
    assert time.process_time() - began < 1.0


def test_fifty_posts_under_way_are_ended_in_ten_seconds_and_gone_on_with() -> None:
    """Discord takes its time; the bot is asked to end, and started again."""
    schedules = [daily(number, number) for number in range(1, 51)]
    slow = [Weather(NINE - 1, "timeout", 1, number, 35.0) for number in range(1, 51, 2)]
    report = told(Setting(1), *schedules, *slow, Stops(NINE + 0.8, 0, 5.0), Reconnects(NINE + HOUR, 0, 1))
    assert report.totals["posts"] == report.totals["done"] == 50


def test_newer_zone_data_moves_what_waits() -> None:
    """By the data of the last start, nine o'clock was an hour later or earlier."""
    for hours in (1, -1):
        world = World(Story(Setting(1), (daily(1, 1), Dies(HOUR, 0, 1, HOUR))), Breaking(), log=True)

        def moves(world: World = world, hours: int = hours) -> None:
            def moved(kept: Scheduled) -> Scheduled:
                assert kept.next is not None
                due = kept.next.due + timedelta(hours=hours)
                return Scheduled(kept.schedule, Occurrence(nominal=kept.next.nominal, due=due))

            world.at_once(world.memory.change_schedule(id_of(1), moved))

        for machine in world.machines:
            world.start(machine)
        world.loop.call_at(1.5 * HOUR, moves)
        run_in(world, 12 * HOUR)
        (message,) = world.discord.messages.values()
        assert abs(message.at - NINE) < 2.0


def test_it_comes_through_a_death_at_every_step() -> None:
    """Whatever the step, and however long it is away; with the answer of its first request lost, or not."""
    extras = ("thread", "poll", "pins")
    post = Made(0.0, 1, 1, 1, "UTC", "09:00", extras=extras, theme="characters")
    last = 0
    for lost in ((), (Weather(NINE - 1, "lost", 1, None, 5.0),)):
        for down in (1.0, 70.0, 2 * HOUR):
            for step in range(1, 70):
                story = Story(Setting(step), (post, *lost, Dies(NINE - 0.5, 0, step, down)))
                report = run(story)
                assert not report.violations, (lost, down, step, report.violations)
                assert (report.totals["posts"], report.totals["polls"]) == (1, 1), (lost, down, step)
                if report.totals["looks"] and not lost:
                    last = max(last, step)
    # The last steps were those after all was done: nothing was left to be looked for.
    assert 30 < last < 69
