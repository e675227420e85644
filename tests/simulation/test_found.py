"""Bugs that the simulation has found, each as the shortest story in which it showed. None may show again."""

from dataclasses import replace
from datetime import UTC, datetime

from tests.simulation.book import ALSO
from tests.simulation.running import Report, run
from tests.simulation.story import (
    DAY,
    ClockSteps,
    Closes,
    Deletes,
    Dies,
    Event,
    Freezes,
    Made,
    Moved,
    Opened,
    Reconnects,
    Setting,
    Story,
    Weather,
)

START = datetime(2026, 3, 2, tzinfo=UTC)
NINE = 9 * 3600.0
BEFORE_NINE = NINE - 0.5


def assert_holds(setting: Setting, *events: Event) -> Report:
    report = run(Story(setting, events), log=True)
    assert not report.violations, "\n".join(report.told)
    return report


def at_nine(*extras: str, schedule: int = 1, clock: str = "09:00") -> Made:
    """A schedule, daily at nine."""
    return Made(0.0, schedule, server=1, channel=1, zone="UTC", clock=clock, extras=extras)


def test_a_look_that_takes_long_makes_an_old_claim_of_a_young_one() -> None:
    """It was young when the look began, and sent again 84 s after the first time: there were two."""
    assert_holds(Setting(1, window=61.0), at_nine(), Weather(BEFORE_NINE, "lost", 2, 1, 50.0))


def test_who_was_frozen_after_its_claim_asks_whether_it_still_is_its_own() -> None:
    """It looked, found nothing and sent, and so did the worker that had taken its job."""
    for step in range(14, 24):
        assert_holds(Setting(0, workers=2), at_nine("forum"), Freezes(BEFORE_NINE, 0, step, 120.0))


def test_who_was_frozen_before_its_claim_sends_nothing_that_is_too_late() -> None:
    """A machine slept for 13 hours with a prompt drawn; when it woke, it posted."""
    for step in range(1, 40):
        assert_holds(Setting(1), at_nine(), Freezes(BEFORE_NINE, 0, step, 13 * 3600.0, asleep=True))


def test_a_clock_that_is_set_between_two_looks_at_it_posts_nothing_early() -> None:
    """It was set forward by an hour in the moment in which a post was due; the post of an hour later went out too."""
    for seed in (4, 5, 7):
        assert_holds(
            Setting(seed),
            at_nine(),
            at_nine(schedule=2, clock="10:00"),
            ClockSteps(NINE + 0.003, 0, 3600.0, 20.0),
        )


def test_a_clock_that_is_years_ahead_for_a_moment_gives_nothing_up() -> None:
    """The post in work was recorded as missed, and one that Discord made wait was to be looked at in eleven years."""
    for seconds in (4161 * DAY, 7 * 3600.0, -20440 * DAY):
        for at in (NINE - 0.01, NINE, NINE + 0.2, NINE + 0.5):
            refused = Closes(BEFORE_NINE, 1, "locked", 40.0)
            assert_holds(Setting(1), at_nine(), ClockSteps(at, 0, seconds, 40.0), refused)


def test_workers_whose_clocks_differ_mean_the_same_by_a_minute() -> None:
    """What a worker had claimed eight minutes ago, whose clock was fast by that, was fresh by another's clock."""
    for step in range(20, 30):
        assert_holds(
            Setting(0, workers=2, skews=(500.0, 0.0)),
            at_nine(),
            Weather(BEFORE_NINE - 500.0, "lost", 1, 1, 45.0),
            Dies(BEFORE_NINE - 500.0, 0, step, 700.0),
            Closes(BEFORE_NINE, 1, "unreadable", 30.0),
        )


def test_three_weeks_away_are_one_summary() -> None:
    """There were two: one for the latest, which waited its turn and then was too late as well."""
    report = assert_holds(Setting(1), at_nine(), Dies(BEFORE_NINE, 0, 1, 21 * DAY + 13 * 3600.0))
    assert report.totals["missed"] == 22
    assert sum("is told of" in line and "Missed" in line for line in report.told) == 1


def test_an_old_answer_does_not_tell_the_time() -> None:
    """A worker was frozen for 200 s over the answer to what time it was, and posted 200 s late from then on."""
    for step in range(1, 5):
        early = (Dies(100.0, 0, 1, 5.0), Freezes(122.0, 0, step, 200.0))
        assert_holds(Setting(1), at_nine(), *early, Reconnects(NINE - 60.0, 0, 1))


def test_nothing_follows_a_post_that_was_taken_away() -> None:
    """Its thread was asked for three times, and eleven minutes after the post was gone came its poll."""
    made = replace(at_nine("thread", "poll", "pins"), theme=ALSO)
    report = assert_holds(Setting(1), made, Deletes(BEFORE_NINE, 1, 0.05), Reconnects(NINE + 1800.0, 0, 1))
    assert report.totals["posts"] == 1
    assert report.totals["polls"] == 0
    assert report.totals["requests"] == 2


def test_a_forum_post_may_arrive_a_minute_after_its_claim() -> None:
    """Its request waited for a rate limit, and arrived 65 s after the claim; it had been looked for after 61 s."""
    for step in range(1, 6):
        assert_holds(
            Setting(0),
            at_nine("forum"),
            replace(at_nine(schedule=2, clock="08:59"), channel=2),
            Weather(NINE - 60.5, "429 global", 1, 2, 75.0),
            Weather(BEFORE_NINE, "late", 1, 1, 50.0),
            Dies(NINE + 16.0, 0, step, 15.0),
        )


def test_a_pin_is_remembered_before_all_is_done() -> None:
    """Killed in between, the bot did not know what it had pinned, and never took that pin off."""
    for step in range(20, 40):
        assert_holds(
            Setting(1), at_nine("pins"), Dies(BEFORE_NINE, 0, step, 5.0), Reconnects(DAY + NINE + 60.0, 0, 1)
        )


def test_a_schedule_that_was_moved_is_not_suspended_for_its_old_channel() -> None:
    """It was refused twice, moderators moved it, and a third refusal of the old channel suspended it in the new one."""
    report = assert_holds(
        Setting(1),
        at_nine(),
        Closes(NINE - 60.0, 1, "forbidden", DAY),
        Moved(NINE + 120.0, 1, 2),
        Reconnects(DAY + NINE, 0, 1),
    )
    assert report.totals["refused"] == 1
    assert report.totals["posts"] == 1


def test_who_was_frozen_does_not_tell_what_has_been_told_since() -> None:
    """Its begin was done, and it stood still before it told that prompts run low; another worker told of the next day's."""
    for seed in range(4):
        for step in range(12, 24):
            assert_holds(
                Setting(seed, workers=2),
                at_nine(),
                Opened(0.0, 1, "one"),
                Freezes(BEFORE_NINE + DAY, 0, step, 2.5 * DAY),
                Reconnects(NINE + 5 * DAY, 0, 1),
            )


def test_what_was_claimed_and_not_sent_is_not_looked_for() -> None:
    """A machine slept for twelve seconds between claim and request, and a forum waited three minutes for nothing."""
    for step in range(1, 30):
        report = assert_holds(Setting(1), at_nine("forum"), Freezes(BEFORE_NINE, 0, step, 12.0, asleep=True))
        assert any("09:00" in line and "a message appears" in line for line in report.told)
        assert not report.totals["looks"]
