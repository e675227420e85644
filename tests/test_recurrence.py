"""When a schedule is due: a readable table of the edges, and `whenever` as the oracle for all zones and all transitions."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
import whenever
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.book.recurrence import (
    LAST,
    Days,
    MonthlyByDay,
    MonthlyByWeekday,
    Recurrence,
    Weekly,
    due_between,
    instant,
    next_after,
    occurrences,
)

# The oracle reads the same data as the bot, and not what the machine has.
whenever.reset_tzpath([])
whenever.clear_tzcache()

EVERY_DAY = Weekly(days=frozenset(range(7)))
FIRST, END = datetime(2011, 1, 1, tzinfo=UTC), datetime(2031, 12, 31, tzinfo=UTC)


def daily(at: str, zone: str) -> Recurrence:
    return Recurrence(days=EVERY_DAY, at=time.fromisoformat(at), zone=zone)


def local(rule: Recurrence, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(rule.zone)):%Y-%m-%dT%H:%M%z}"


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected"),
    [
        pytest.param(
            "Europe/London", "01:30", "2026-03-28T12:00", ["2026-03-29T02:30+0100", "2026-03-30T01:30+0100"],
            id="London: 01:30 is not there on the day the clocks go forward, an hour later is",
        ),
        pytest.param(
            "Europe/London", "01:30", "2026-10-24T12:00", ["2026-10-25T01:30+0100", "2026-10-26T01:30+0000"],
            id="London: 01:30 comes twice on the day the clocks go back, the first counts",
        ),
        pytest.param(
            "America/New_York", "02:30", "2026-03-07T12:00", ["2026-03-08T03:30-0400", "2026-03-09T02:30-0400"],
            id="New York: 02:30 is not there",
        ),
        pytest.param(
            "America/New_York", "01:15", "2026-10-31T12:00", ["2026-11-01T01:15-0400", "2026-11-02T01:15-0500"],
            id="New York: 01:15 comes twice",
        ),
        pytest.param(
            "Australia/Lord_Howe", "02:15", "2026-10-03T12:00", ["2026-10-04T02:45+1100", "2026-10-05T02:15+1100"],
            id="Lord Howe: the clocks go forward by half an hour only",
        ),
        pytest.param(
            "Australia/Lord_Howe", "01:45", "2026-04-04T12:00", ["2026-04-05T01:45+1100", "2026-04-06T01:45+1030"],
            id="Lord Howe: half an hour comes twice",
        ),
        pytest.param(
            "America/St_Johns", "02:10", "2026-03-07T12:00", ["2026-03-08T03:10-0230", "2026-03-09T02:10-0230"],
            id="St John's: an odd offset, the same rule",
        ),
        pytest.param(
            "Asia/Kolkata", "19:30", "2026-03-28T19:30", ["2026-03-29T19:30+0530", "2026-03-30T19:30+0530"],
            id="Kolkata: nothing ever changes",
        ),
        pytest.param(
            "Africa/Casablanca", "02:30", "2026-02-14T12:00", ["2026-02-15T02:30+0100", "2026-02-16T02:30+0000"],
            id="Casablanca: back for Ramadan, and 02:30 twice: the first",
        ),
        pytest.param(
            "Africa/Casablanca", "02:30", "2026-03-21T12:00", ["2026-03-22T03:30+0100", "2026-03-23T02:30+0100"],
            id="Casablanca: forward again after Ramadan, over 02:30",
        ),
        pytest.param(
            "Pacific/Apia", "12:00", "2011-12-28T23:00", ["2011-12-29T12:00-1000", "2011-12-31T12:00+1400", "2012-01-01T12:00+1400"],
            id="Apia: 30 December 2011 never was, so its post is the next day's",
        ),
    ],
)  # fmt: skip
def test_the_edges(zone: str, at: str, after: str, expected: list[str]) -> None:
    rule = daily(at, zone)
    start = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    assert [local(rule, one.due) for one in islice(occurrences(rule, start), len(expected))] == expected


def dates(days: Days, after: date, count: int, zone: str = "Europe/London") -> list[str]:
    rule = Recurrence(days=days, at=time(19), zone=zone)
    start = datetime(after.year, after.month, after.day, 12, tzinfo=UTC)
    return [f"{one.nominal:%Y-%m-%d}" for one in islice(occurrences(rule, start), count)]


@pytest.mark.parametrize(
    ("days", "after", "expected"),
    [
        pytest.param(
            Weekly(days=frozenset({3}), every=2, since=date(2026, 3, 19)), date(2026, 3, 13),
            ["2026-03-19", "2026-04-02", "2026-04-16"], id="every other Thursday, over the spring change",
        ),
        pytest.param(
            Weekly(days=frozenset({6}), every=2, since=date(2026, 10, 11)), date(2026, 10, 11),
            ["2026-10-11", "2026-10-25", "2026-11-08"], id="every other Sunday, over the autumn change",
        ),
        pytest.param(
            Weekly(days=frozenset({0, 4})), date(2026, 12, 29), ["2027-01-01", "2027-01-04", "2027-01-08"],
            id="Mondays and Fridays, over the new year",
        ),
        pytest.param(
            MonthlyByDay(day=31), date(2026, 1, 1), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
            id="the 31st, or the last day of a shorter month",
        ),
        pytest.param(
            MonthlyByDay(day=31, or_last=False), date(2026, 1, 1), ["2026-01-31", "2026-03-31", "2026-05-31"],
            id="the 31st, in months that have one",
        ),
        pytest.param(
            MonthlyByDay(day=29, or_last=False), date(2027, 1, 30), ["2027-03-29", "2027-04-29"],
            id="the 29th of a February that has 28 days",
        ),
        pytest.param(
            MonthlyByDay(day=29), date(2028, 2, 1), ["2028-02-29", "2028-03-29"], id="leap day",
        ),
        pytest.param(
            MonthlyByDay(day=LAST), date(2028, 1, 31), ["2028-01-31", "2028-02-29", "2028-03-31"], id="the last day",
        ),
        pytest.param(
            MonthlyByWeekday(nth=1, weekday=1), date(2026, 12, 2), ["2027-01-05", "2027-02-02"], id="first Tuesday",
        ),
        pytest.param(
            MonthlyByWeekday(nth=LAST, weekday=3), date(2026, 11, 1), ["2026-11-26", "2026-12-31"], id="last Thursday",
        ),
    ],
)  # fmt: skip
def test_which_days(days: Days, after: date, expected: list[str]) -> None:
    assert dates(days, after, len(expected)) == expected


def test_now_is_never_next() -> None:
    rule = daily("19:30", "Europe/London")
    due = next_after(rule, FIRST)
    assert due is not None
    assert due.name == "2011-01-01T19:30"
    following = next_after(rule, due.due)
    assert following is not None
    assert following.name == "2011-01-02T19:30"
    assert next_after(rule, due.due - timedelta(microseconds=1)) == due


def test_it_begins_and_ends_with_its_dates() -> None:
    rule = Recurrence(
        days=EVERY_DAY, at=time(9), zone="Asia/Kolkata", start=date(2026, 5, 1), end=date(2026, 5, 3)
    )
    assert [one.name for one in occurrences(rule, FIRST)] == [f"2026-05-0{day}T09:00" for day in (1, 2, 3)]


def test_what_was_missed_is_all_that_was_due_since() -> None:
    rule = daily("19:30", "Europe/London")
    since, now = datetime(2026, 5, 1, 18, 30, tzinfo=UTC), datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
    assert [one.name for one in due_between(rule, since, now)] == [
        f"2026-05-0{day}T19:30" for day in (2, 3, 4)
    ]
    assert due_between(rule, now, now) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"at": time(1, 2, 3)},
        {"at": time(1, tzinfo=UTC)},
        {"start": date(2026, 1, 2), "end": date(2026, 1, 1)},
        {"days": {"kind": "weekly", "days": []}},
        {"days": {"kind": "day", "day": 0}},
        {"days": {"kind": "weekday", "nth": 5, "weekday": 1}},
    ],
)
def test_what_is_no_rule_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Recurrence.model_validate({"days": EVERY_DAY, "at": time(9), "zone": "Asia/Kolkata", **wrong})


# -------------------------------------------------------------------- the oracle


@cache
def oracle(nominal: datetime, zone: str) -> datetime:
    plain = whenever.PlainDateTime.parse_iso(nominal.isoformat())
    return plain.assume_tz(zone, disambiguation="compatible").to_instant().to_stdlib()


def transitions(zone: str) -> Iterator[datetime]:
    """The instants, to the minute, at which a zone's offset changes."""
    info, step = ZoneInfo(zone), timedelta(days=4)
    at, offset = FIRST, FIRST.astimezone(info).utcoffset()
    while at < END:
        following = at + step
        if following.astimezone(info).utcoffset() != offset:
            low, high = at, following
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
                if middle <= low:
                    break
                if middle.astimezone(info).utcoffset() == offset:
                    low = middle
                else:
                    high = middle
            yield high
            offset = following.astimezone(info).utcoffset()
        at = following


def test_the_transitions_that_are_looked_at_are_all_there_are() -> None:
    assert len(list(transitions("Europe/London"))) == 2 * 21
    assert list(transitions("Asia/Kolkata")) == []
    assert len(list(transitions("Africa/Casablanca"))) >= 2 * 20


@pytest.mark.parametrize("letter", sorted({zone[0] for zone in available_timezones()}))
def test_every_zone_at_every_transition_is_as_the_oracle_says(letter: str) -> None:
    """Also for a bot that is started at any of these minutes: what is next then is the oracle's next."""
    for zone in sorted(available_timezones()):
        if zone[0] != letter:
            continue
        for change in transitions(zone):
            wall = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            for minutes in range(-180, 181, 15):
                nominal = wall + timedelta(minutes=minutes)
                assert instant(nominal, zone) == oracle(nominal, zone), (zone, nominal)
            at = (wall - timedelta(minutes=30)).time().replace(second=0, microsecond=0)
            rule = Recurrence(days=EVERY_DAY, at=at, zone=zone)
            days = [wall.date() + timedelta(days=day) for day in range(-4, 5)]
            due = sorted({oracle(datetime.combine(day, at), zone) for day in days})
            for minutes in (-1500, -95, -61, -31, -30, -29, -1, 0, 1, 29, 30, 31, 61, 95, 1500):
                now = change + timedelta(minutes=minutes)
                following = next_after(rule, now)
                assert following is not None
                assert following.due == due[bisect_right(due, now)], (zone, now)


rules = st.builds(
    Recurrence,
    days=st.one_of(
        st.builds(
            Weekly,
            days=st.frozensets(st.integers(0, 6), min_size=1),
            every=st.integers(1, 6),
            since=st.dates(date(2011, 1, 1), date(2031, 1, 1)),
        ),
        st.builds(MonthlyByDay, day=st.integers(1, 31), or_last=st.booleans()),
        st.builds(MonthlyByWeekday, nth=st.sampled_from([1, 2, 3, 4, -1]), weekday=st.integers(0, 6)),
    ),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zone=st.sampled_from(sorted(available_timezones())),
)


@given(rules, st.datetimes(FIRST.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC)))
@settings(deadline=None)
def test_occurrences_go_forward_and_can_be_taken_up_anywhere(rule: Recurrence, now: datetime) -> None:
    found = list(islice(occurrences(rule, now), 6))
    assert all(one.due < other.due for one, other in pairwise(found))
    assert found[0].due > now
    for one, other in pairwise(found):
        assert next_after(rule, one.due) == other
        assert next_after(rule, other.due - timedelta(minutes=1)) == other or other.due - one.due < timedelta(
            minutes=1
        )
        assert one.due == oracle(one.nominal, rule.zone)
