"""Times and dates that moderators type: read as they mean them, or not at all."""

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.calendar_words import NotUnderstood, date_in_words, read_date, read_time

# A Wednesday.
TODAY = date(2027, 3, 3)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("7pm", "19:00"),
        ("7 p.m.", "19:00"),
        ("at 7 PM", "19:00"),
        ("7:30pm", "19:30"),
        ("7:30 PM", "19:30"),
        ("7:30\u202fPM", "19:30"),
        ("7.30pm", "19:30"),
        ("730pm", "19:30"),
        ("19:30", "19:30"),
        ("19.30", "19:30"),
        ("1930", "19:30"),
        ("19", "19:00"),
        ("07:30", "07:30"),
        ("10:00", "10:00"),
        ("noon", "12:00"),
        ("Midday", "12:00"),
        ("midnight", "00:00"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("12:05 a.m.", "00:05"),
        ("0:00", "00:00"),
        ("00:15", "00:15"),
        ("23:59", "23:59"),
    ],
)
def test_times_are_read(words: str, expected: str) -> None:
    assert read_time(words) == time.fromisoformat(expected)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("7", "7am or 7pm?"),
        ("12", "12am or 12pm?"),
        ("7:30", "7:30am or 7:30pm?"),
        ("730", "7:30am or 7:30pm?"),
        ("24:00", "Say the time like"),
        ("25:00", "Say the time like"),
        ("13pm", "Say the time like"),
        ("0am", "Say the time like"),
        ("7:60", "Say the time like"),
        ("7:60pm", "Say the time like"),
        ("0", "Say the time like"),
        ("-7pm", "Say the time like"),
        ("7pm or 8pm", "Say the time like"),
        ("half past seven", "Say the time like"),
        ("19:30:00", "Say the time like"),
        ("", "Say the time like"),
        ("7pm\x00", "Say the time like"),
        ("٧pm", "Say the time like"),
        ("7" * 5000, "Say the time like"),
    ],
)
def test_what_is_no_time_is_told_so(words: str, hint: str) -> None:
    read = read_time(words)
    assert isinstance(read, NotUnderstood)
    assert hint in read.hint


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2027-03-03", "2027-03-03"),
        ("2027/3/4", "2027-03-04"),
        ("3 March", "2027-03-03"),
        ("2 March", "2028-03-02"),
        ("March 3", "2027-03-03"),
        ("march 27", "2027-03-27"),
        ("3rd of March 2027", "2027-03-03"),
        ("the 3rd of March, 2027", "2027-03-03"),
        ("March 3rd, 2027", "2027-03-03"),
        ("March 3,2027.", "2027-03-03"),
        ("3 Mar 27", "2027-03-03"),
        ("3. Sept. '27", "2027-09-03"),
        ("3/3/2027", "2027-03-03"),
        ("25/3/2027", "2027-03-25"),
        ("3/25/2027", "2027-03-25"),
        ("25.3.2027", "2027-03-25"),
        ("1 March 2020", "2020-03-01"),
        ("29 February", "2028-02-29"),
        ("29 Feb 2028", "2028-02-29"),
        ("today", "2027-03-03"),
        ("Tomorrow", "2027-03-04"),
        ("next monday", "2027-03-08"),
        ("next Wed", "2027-03-10"),
        ("next thursday", "2027-03-04"),
    ],
)
def test_dates_are_read(words: str, expected: str) -> None:
    assert read_date(words, TODAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("3/4/2027", "3 April 2027 in some countries and 4 March 2027 in others"),
        ("30 February", "no such day"),
        ("29 February 2027", "no such day"),
        ("2027-13-01", "no such day"),
        ("13/13/2027", "no such day"),
        ("0 March", "no such day"),
        ("3/3", "Say the date like"),
        ("3/3/27", "Say the date like"),
        ("March 2027", "Say the date like"),
        ("March", "Say the date like"),
        ("3 March 1927", "Say the date like"),
        ("3 March 20277", "Say the date like"),
        ("monday", "Say the date like"),
        ("next week", "Say the date like"),
        ("", "Say the date like"),
        ("3 March 🎉", "Say the date like"),
        ("٣ March", "Say the date like"),
        ("3 March" + " " * 5000, "Say the date like"),
    ],
)
def test_what_is_no_date_is_told_so(words: str, hint: str) -> None:
    read = read_date(words, TODAY)
    assert isinstance(read, NotUnderstood)
    assert hint in read.hint


def test_a_leap_day_can_be_eight_years_away() -> None:
    assert read_date("29 February", date(2096, 3, 1)) == date(2104, 2, 29)


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(days, days)
@settings(deadline=None)
def test_a_date_that_is_said_is_read_again(day: date, today: date) -> None:
    said = date_in_words(day)
    assert read_date(said, today) == read_date(day.isoformat(), today) == day
    without_year = read_date(said.rsplit(" ", 1)[0], today)
    assert isinstance(without_year, date)
    assert without_year >= today
    assert (without_year.month, without_year.day) == (day.month, day.day)


@given(st.times())
@settings(deadline=None)
def test_a_time_by_either_clock_is_read_again(at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    assert read_time(f"{at:%H:%M}") == read_time(f"{at:%H%M}") == read_time(f"{at:%I:%M %p}") == at


@given(st.text())
@settings(deadline=None)
def test_anything_may_be_typed(words: str) -> None:
    for read in (read_time(words), read_date(words, TODAY)):
        assert not isinstance(read, NotUnderstood) or read.hint.endswith(".")
