"""The days of a schedule: what moderators type is read as they mean it or not at all, and what is said is read again."""

import time as clock
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.calendar_words import NotUnderstood
from bot.book.recurrence import LAST, Days, MonthlyByDay, MonthlyByWeekday, Recurrence, Weekly
from bot.book.schedule_said import days_in_words, rule_in_words
from bot.book.schedule_words import read_days

# A Wednesday.
SINCE = date(2027, 3, 3)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def weekly(*days: int, every: int = 1, since: date = SINCE) -> Weekly:
    return (
        Weekly(days=frozenset(days)) if every == 1 else Weekly(days=frozenset(days), every=every, since=since)
    )


# The first Monday and the first Tuesday on or after SINCE.
NEXT_MON, NEXT_TUE = date(2027, 3, 8), date(2027, 3, 9)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("monday", weekly(MON)),
        ("mon", weekly(MON)),
        ("Mondays", weekly(MON)),
        ("On Mondays.", weekly(MON)),
        ("tu", weekly(TUE)),
        ("tue, thu", weekly(TUE, THU)),
        ("Tue and Thu", weekly(TUE, THU)),
        ("tues & thurs", weekly(TUE, THU)),
        ("tue/thu", weekly(TUE, THU)),
        ("mon wed fri", weekly(MON, WED, FRI)),
        ("Mon, Wed, and Fri!", weekly(MON, WED, FRI)),
        ("every Monday and every Thursday", weekly(MON, THU)),
        ("mon-fri", weekly(MON, TUE, WED, THU, FRI)),
        ("Mon – Fri", weekly(MON, TUE, WED, THU, FRI)),
        ("Monday to Friday", weekly(MON, TUE, WED, THU, FRI)),
        ("from monday through friday", weekly(MON, TUE, WED, THU, FRI)),
        ("mon-wed, sat", weekly(MON, TUE, WED, SAT)),
        ("fri-mon", weekly(FRI, SAT, SUN, MON)),
        ("weekdays", weekly(MON, TUE, WED, THU, FRI)),
        ("every weekday", weekly(MON, TUE, WED, THU, FRI)),
        ("weekends", weekly(SAT, SUN)),
        ("weekdays and sunday", weekly(MON, TUE, WED, THU, FRI, SUN)),
        ("daily", weekly(*range(7))),
        ("every day", weekly(*range(7))),
        ("  EVERY   DAY  ", weekly(*range(7))),
        ("every monday", weekly(MON)),
        ("weekly on monday", weekly(MON)),
        ("mondays, every week", weekly(MON)),
        ("every other tuesday", weekly(TUE, every=2, since=NEXT_TUE)),
        ("every second Tuesday", weekly(TUE, every=2, since=NEXT_TUE)),
        ("alternate tuesdays", weekly(TUE, every=2, since=NEXT_TUE)),
        ("every other Monday and Thursday", weekly(MON, THU, every=2, since=date(2027, 3, 4))),
        ("every other weekend", weekly(SAT, SUN, every=2, since=date(2027, 3, 6))),
        ("every 2 weeks on monday", weekly(MON, every=2, since=NEXT_MON)),
        ("every two weeks on monday", weekly(MON, every=2, since=NEXT_MON)),
        ("monday, every other week", weekly(MON, every=2, since=NEXT_MON)),
        ("fortnightly on monday", weekly(MON, every=2, since=NEXT_MON)),
        ("biweekly tue", weekly(TUE, every=2, since=NEXT_TUE)),
        ("bi-weekly, Tue", weekly(TUE, every=2, since=NEXT_TUE)),
        ("every 3rd week on Wednesday", weekly(WED, every=3)),
        ("every 52 weeks on wed", weekly(WED, every=52)),
        ("1", MonthlyByDay(day=1)),
        ("1st", MonthlyByDay(day=1)),
        ("the first of the month", MonthlyByDay(day=1)),
        ("the 15th", MonthlyByDay(day=15)),
        ("15th of the month", MonthlyByDay(day=15)),
        ("the 15th day of every month", MonthlyByDay(day=15)),
        ("monthly on the 15th", MonthlyByDay(day=15)),
        ("every 15th of the month", MonthlyByDay(day=15)),
        ("31", MonthlyByDay(day=31)),
        ("on the 31st of each month that has one", MonthlyByDay(day=31, or_last=False)),
        ("last day", MonthlyByDay(day=LAST)),
        ("the last day of the month", MonthlyByDay(day=LAST)),
        ("end of the month", MonthlyByDay(day=LAST)),
        ("first monday", MonthlyByWeekday(nth=1, weekday=MON)),
        ("1st mon of the month", MonthlyByWeekday(nth=1, weekday=MON)),
        ("every month on the first Monday", MonthlyByWeekday(nth=1, weekday=MON)),
        ("every first monday", MonthlyByWeekday(nth=1, weekday=MON)),
        ("second Tuesday", MonthlyByWeekday(nth=2, weekday=TUE)),
        ("every second Tuesday of the month", MonthlyByWeekday(nth=2, weekday=TUE)),
        ("every third Friday of the month", MonthlyByWeekday(nth=3, weekday=FRI)),
        ("4th sun", MonthlyByWeekday(nth=4, weekday=SUN)),
        ("last friday", MonthlyByWeekday(nth=-1, weekday=FRI)),
        ("the last Friday of each month", MonthlyByWeekday(nth=-1, weekday=FRI)),
    ],
)
def test_days_are_read(words: str, days: Days) -> None:
    assert read_days(words, since=SINCE) == days


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param("", "Say the days like", id="nothing"),
        pytest.param("t", "Say the days like", id="Tuesday or Thursday"),
        pytest.param("s", "Say the days like", id="Saturday or Sunday"),
        pytest.param("mon, t", "Say the days like", id="one of them"),
        pytest.param("monday or tuesday", "Say the days like", id="a choice"),
        pytest.param("not monday", "Say the days like", id="not"),
        pytest.param("from monday", "Say the days like", id="a start without an end"),
        pytest.param("mon-mon", "Say the days like", id="a span of nothing"),
        pytest.param("mon-wed-fri", "Say the days like", id="a span or a list"),
        pytest.param("every other day", "Say the days like", id="every other day"),
        pytest.param("every other weekday", "Say the days like", id="every other week, or every other day"),
        pytest.param("monday and every other thursday", "Say the days like", id="two rules"),
        pytest.param("every 2 weeks on monday and every friday", "Say the days like", id="two rules, or one"),
        pytest.param("monday at 7pm", "Say the days like", id="a time among the days"),
        pytest.param("3 March", "Say the days like", id="a date"),
        pytest.param("-1", "Say the days like", id="minus one"),
        pytest.param("1 monday", "Say the days like", id="one Monday"),
        pytest.param("every", "On which day?", id="every what"),
        pytest.param("fortnightly", "On which day?", id="weeks without a day"),
        pytest.param("every 2 weeks", "On which day?", id="a number of weeks without a day"),
        pytest.param("every 60 weeks on monday", "1 to 52", id="more than a year"),
        pytest.param("every 0 weeks on monday", "1 to 52", id="no weeks at all"),
        pytest.param("every 2 weeks fri-mon", "Weeks begin on Monday", id="a span over the beginning of the week"),
        pytest.param("5th monday", '"last Monday"', id="a fifth Monday"),
        pytest.param("every fifth monday", '"every 5 weeks on Monday"', id="every fifth Monday"),
        pytest.param("every third friday", "could be either", id="of three weeks, or of the month"),
        pytest.param("every 3rd", "could be either", id="of three weeks, or of the month, without a day"),
        pytest.param("0", "days 1 to 31", id="day 0"),
        pytest.param("32nd", "days 1 to 31", id="day 32"),
        pytest.param("the 15th or its last day", "Say the days like", id="every month has a 15th"),
        pytest.param("1st and 15th", "two schedules", id="two days of the month"),
        pytest.param("first and third monday", "two schedules", id="two weekdays of the month"),
        pytest.param("monday 🎉", "Say the days like", id="an emoji"),
        pytest.param("\u202emonday", "Say the days like", id="right to left"),
        pytest.param("יום שני", "Say the days like", id="another alphabet"),
        pytest.param("١", "Say the days like", id="another alphabet's one"),
        pytest.param("mon\x00day", "Say the days like", id="NUL"),
    ],
)  # fmt: skip
def test_what_is_no_days_is_told_so(words: str, hint: str) -> None:
    read = read_days(words, since=SINCE)
    assert isinstance(read, NotUnderstood)
    assert hint in read.hint


@pytest.mark.parametrize(
    "words", ["mon " * 1250, "monday and " * 500, "🎉" * 5000, "-" * 5000, " " * 5000, "every " * 16]
)
def test_what_is_long_is_not_understood_at_once(words: str) -> None:
    start = clock.perf_counter()
    assert isinstance(read_days(words, since=SINCE), NotUnderstood)
    assert clock.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("words", "every", "days"),
    [
        ("tuesday", 3, weekly(TUE, every=3, since=NEXT_TUE)),
        ("every tuesday", 3, weekly(TUE, every=3, since=NEXT_TUE)),
        ("every other tuesday", 2, weekly(TUE, every=2, since=NEXT_TUE)),
        ("weekdays", 2, weekly(MON, TUE, WED, THU, FRI, every=2)),
        ("tuesday", 52, weekly(TUE, every=52, since=NEXT_TUE)),
        ("every other tuesday", 3, "two different things"),
        ("weekly on tuesday", 2, "two different things"),
        ("every day", 2, "two different things"),
        ("tuesday", 53, "1 to 52"),
        ("tuesday", 0, "1 to 52"),
        ("fri-mon", 2, "Weeks begin on Monday"),
        ("the 15th", 2, "on the 15th of each month is once a month"),
        ("last friday", 2, "on the last Friday of each month is once a month"),
    ],
)
def test_how_many_weeks_is_said_once(words: str, every: int, days: Days | str) -> None:
    read = read_days(words, every=every, since=SINCE)
    if isinstance(days, str):
        assert isinstance(read, NotUnderstood)
        assert days in read.hint
    else:
        assert read == days


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (weekly(*range(7)), "every day"),
        (weekly(MON), "every Monday"),
        (weekly(MON, THU), "every Monday and Thursday"),
        (weekly(MON, WED, FRI), "every Monday, Wednesday and Friday"),
        (weekly(MON, TUE, WED, THU, FRI), "Monday to Friday"),
        (weekly(TUE, every=2), "every second Tuesday"),
        (weekly(MON, FRI, every=2), "every second week on Monday and Friday"),
        (weekly(MON, FRI, every=3), "every 3rd week on Monday and Friday"),
        (weekly(TUE, every=3), "every 3rd week on Tuesday"),
        (weekly(MON, TUE, WED, THU, FRI, every=12), "every 12th week from Monday to Friday"),
        (weekly(*range(7), every=22), "every 22nd week from Monday to Sunday"),
        (MonthlyByDay(day=15), "on the 15th of each month"),
        (MonthlyByDay(day=31), "on the 31st of each month, or its last day"),
        (MonthlyByDay(day=31, or_last=False), "on the 31st of each month that has one"),
        (MonthlyByDay(day=LAST), "on the last day of each month"),
        (MonthlyByWeekday(nth=1, weekday=MON), "on the first Monday of each month"),
        (MonthlyByWeekday(nth=-1, weekday=FRI), "on the last Friday of each month"),
    ],
)
def test_days_are_said(days: Days, words: str) -> None:
    assert days_in_words(days) == words


@pytest.mark.parametrize(
    ("days", "start", "end", "words"),
    [
        (
            weekly(TUE, every=2), date(2027, 3, 3), date(2027, 6, 1),
            "every second Tuesday at 19:30, Europe/London time, from 3 March 2027 until 1 June 2027",
        ),
        (weekly(MON), None, None, "every Monday at 19:30, Europe/London time"),
        (weekly(MON), None, SINCE, "every Monday at 19:30, Europe/London time, until 3 March 2027"),
        (
            MonthlyByDay(day=31), SINCE, None,
            "on the 31st of each month, or its last day, at 19:30, Europe/London time, from 3 March 2027",
        ),
    ],
)  # fmt: skip
def test_a_rule_is_said(days: Days, start: date | None, end: date | None, words: str) -> None:
    rule = Recurrence(days=days, at=time(19, 30), zone="Europe/London", start=start, end=end)
    assert rule_in_words(rule) == words


# -------------------------------------------------------------------- for all rules and all words

weeks = st.builds(
    Weekly,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    every=st.integers(1, 52),
    since=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
by_day = st.builds(MonthlyByDay, day=st.one_of(st.just(LAST), st.integers(1, 31)), or_last=st.booleans())
by_weekday = st.builds(MonthlyByWeekday, nth=st.sampled_from([1, 2, 3, 4, -1]), weekday=st.integers(0, 6))


@given(st.one_of(weeks, by_day, by_weekday))
@settings(deadline=None)
def test_what_is_said_is_read_again_as_the_same_days(days: Days) -> None:
    since = days.since if isinstance(days, Weekly) else SINCE
    first = next(day for day in (since + timedelta(past) for past in range(400)) if days.falls_on(day))
    read = read_days(days_in_words(days), since=first)
    assert not isinstance(read, NotUnderstood)
    assert all(
        read.falls_on(day) == days.falls_on(day) for day in (first + timedelta(past) for past in range(400))
    )
    assert read_days(days_in_words(read), since=first) == read


VOCABULARY = [
    *("mon", "tuesday", "wednesdays", "th", "sun", "weekdays", "weekend", "day", "days", "daily", "week", "weeks", "month"),
    *("every", "each", "other", "first", "2nd", "third", "last", "1", "2", "15th", "31", "on", "of", "the", "and", "to"),
    *("-", ",", "monthly", "fortnightly", "biweekly", "its", "or", "that", "has", "one"),
]  # fmt: skip


@given(
    st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join),
    st.integers(1, 4),
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
)
@settings(deadline=None)
def test_what_is_understood_begins_in_time_and_can_be_said(words: str, every: int, since: date) -> None:
    read = read_days(words, every=every, since=since)
    if isinstance(read, Weekly):
        assert any(read.falls_on(since + timedelta(day)) for day in range(7))
    if not isinstance(read, NotUnderstood):
        assert days_in_words(read)


@given(st.text())
@settings(deadline=None)
def test_anything_may_be_typed(words: str) -> None:
    read = read_days(words, since=SINCE)
    assert not isinstance(read, NotUnderstood) or read.hint.endswith(".")
