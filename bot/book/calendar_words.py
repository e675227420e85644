"""Times and dates as moderators type them, and a date as it is said. Words with two readings are not understood."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

# Two letters at least: "t" and "s" could be either of two days.
_SHORT_WEEKDAYS = ("mo mon", "tu tue tues", "we wed weds", "th thu thur thurs", "fr fri", "sa sat", "su sun")
WEEKDAY_OF = {
    word: number
    for number, (name, short) in enumerate(zip(WEEKDAYS, _SHORT_WEEKDAYS, strict=True))
    for word in (name.lower(), f"{name.lower()}s", *short.split())
}
"""Every word for a weekday, in lower case, and which it is; 0 is Monday."""

_MONTH_OF = {
    word: number for number, name in enumerate(MONTHS, 1) for word in (name.lower(), name.lower()[:3])
}
_MONTH_OF["sept"] = 9

_LONGEST = 100
# What phones and word processors put for the plain mark; iOS writes U+202F before "PM".
_PLAIN_MARKS = str.maketrans("‐‑–—’‘\u00a0\u202f\t\r\n", "----''     ")

_NAMED_TIMES = {
    "noon": time(12), "midday": time(12), "12 noon": time(12), "midnight": time(0), "12 midnight": time(0),
}  # fmt: skip
_TIME = re.compile(r"([0-9]{1,2})(?:[:. ]?([0-9]{2}))?(?: ?([ap])\.? ?m\.?)?")

_DAY = r"([0-9]{1,2})"
_MONTH = "(" + "|".join(sorted(_MONTH_OF, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?: (?:20)?([0-9]{2}))?"
_DAY_FIRST = re.compile(rf"(?:the )?{_DAY}(?:st|nd|rd|th|\.)?(?: of)? ?{_MONTH}{_YEAR}")
_MONTH_FIRST = re.compile(rf"{_MONTH} ?(?:the )?{_DAY}(?:st|nd|rd|th)?{_YEAR}")
_YEAR_FIRST = re.compile(rf"(20[0-9]{{2}})([-/.]){_DAY}\2{_DAY}")
_YEAR_LAST = re.compile(rf"{_DAY}([-/.]){_DAY}\2(20[0-9]{{2}})")
_NEXT = re.compile(r"next ([a-z]+)")


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The words have no reading, or more than one.

    `hint` tells a moderator in plain English what to type, with an example. It never quotes what they typed.
    """

    hint: str


def plain(words: str) -> str:
    """Short words in lower case with single spaces, plain dashes and plain apostrophes.

    Nothing is left of words that are long, or hold anything beyond printable ASCII when those marks are plain: no
    time and no date is written so.
    """
    if len(words) > _LONGEST:
        return ""
    marked = words.translate(_PLAIN_MARKS)
    return " ".join(marked.lower().split()) if marked.isascii() and marked.isprintable() else ""


def read_time(words: str) -> time | NotUnderstood:
    """The time of day that is meant by "7pm", "7:30 p.m.", "19:30", "1930" or "noon".

    Without "am" or "pm" an hour of two digits with minutes is taken by the 24-hour clock ("07:30", "10:00"); "7",
    "7:30" and "730" could be either half of the day.
    """
    unknown = NotUnderstood('Say the time like "7pm", "7:30pm" or "19:30".')
    said = plain(words).removeprefix("at ")
    if said in _NAMED_TIMES:
        return _NAMED_TIMES[said]
    found = _TIME.fullmatch(said)
    if not found:
        return unknown
    hours, minutes, half = found.groups()
    hour, minute = int(hours), int(minutes or 0)
    if half and not 1 <= hour <= 12:
        return unknown
    if hour > 23 or minute > 59 or (hour == 0 and minutes is None):
        return unknown
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute)
    if 1 <= hour <= 12 and (minutes is None or len(hours) == 1):
        bare = f"{hour}:{minute:02}" if minutes else f"{hour}"
        return NotUnderstood(f'{bare}am or {bare}pm? Say which, or use the 24-hour clock, like "19:30".')
    return time(hour, minute)


def read_date(words: str, today: date) -> date | NotUnderstood:
    """The day that is meant by "3 March", "March 3rd, 2027", "2027-03-03", "tomorrow" or "next Monday".

    Without a year it is the next such day, from today on. "next Monday" is the first one after today. Years are of
    this century; in numbers alone the year must be there with all its digits.
    """
    said = " ".join(plain(words).rstrip(".").replace(",", " ").replace("'", "").split())
    match said:
        case "today":
            return today
        case "tomorrow":
            return today + timedelta(days=1)
    if (found := _NEXT.fullmatch(said)) and (weekday := WEEKDAY_OF.get(found[1])) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if found := _DAY_FIRST.fullmatch(said):
        return _in_year(found[3], _MONTH_OF[found[2]], int(found[1]), today)
    if found := _MONTH_FIRST.fullmatch(said):
        return _in_year(found[3], _MONTH_OF[found[1]], int(found[2]), today)
    if found := _YEAR_FIRST.fullmatch(said):
        return _date(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_LAST.fullmatch(said):
        return _by_country(int(found[1]), int(found[3]), int(found[4]))
    return NotUnderstood('Say the date like "3 March", "3 March 2027" or "2027-03-03".')


def date_in_words(day: date) -> str:
    """A date that no country reads otherwise: "3 March 2027"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _in_year(year: str | None, month: int, day: int, today: date) -> date | NotUnderstood:
    if year is not None:
        return _date(2000 + int(year), month, day)
    # 29 February can be eight years away.
    for near in range(today.year, today.year + 9):
        found = _date(near, month, day)
        if isinstance(found, date) and found >= today:
            return found
    return _no_such_day()


def _by_country(one: int, other: int, year: int) -> date | NotUnderstood:
    if one <= 12 and other <= 12 and one != other:
        return NotUnderstood(
            f"That is {date_in_words(date(year, other, one))} in some countries and"
            f' {date_in_words(date(year, one, other))} in others. Say the month by its name, like "3 March {year}".'
        )
    return _date(year, other, one) if one > 12 else _date(year, one, other)


def _date(year: int, month: int, day: int) -> date | NotUnderstood:
    try:
        return date(year, month, day)
    except ValueError:
        return _no_such_day()


def _no_such_day() -> NotUnderstood:
    return NotUnderstood('There is no such day. Say one like "3 March" or "28 February 2027".')
