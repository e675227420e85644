"""A schedule as it is said. `read_days` reads the days again as the same ones."""

from collections.abc import Iterable

from bot.book.calendar_words import WEEKDAYS, date_in_words
from bot.book.recurrence import LAST, Days, MonthlyByDay, MonthlyByWeekday, Recurrence, Weekly

NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SPANS = {frozenset(range(7)): "Monday to Sunday", frozenset(range(5)): "Monday to Friday"}


def days_in_words(days: Days) -> str:
    """The days as a phrase: "every Monday and Thursday", "every second Tuesday", "on the last day of each month"."""
    match days:
        case Weekly():
            return _weekly_in_words(days)
        case MonthlyByDay(day=day) if day == LAST:
            return "on the last day of each month"
        case MonthlyByDay():
            said = f"on the {ordinal(days.day)} of each month"
            # Every month has 28 days.
            if days.day <= 28:
                return said
            return f"{said}, or its last day" if days.or_last else f"{said} that has one"
        case MonthlyByWeekday():
            return f"on the {nth_in_words(days.nth)} {WEEKDAYS[days.weekday]} of each month"


def rule_in_words(rule: Recurrence) -> str:
    """The whole rule: "every second Tuesday at 19:30, Europe/London time, from 3 March 2027 until 1 June 2027".

    Of every how many weeks it says, but not of which: dates that it falls on say that.
    """
    days = days_in_words(rule.days)
    # "or its last day at 19:30" would be said of the last day alone.
    said = f"{days}{',' if ', or ' in days else ''} at {rule.at:%H:%M}, {rule.zone} time"
    dates = [
        f"{word} {date_in_words(day)}" for word, day in (("from", rule.start), ("until", rule.end)) if day
    ]
    return f"{said}, {' '.join(dates)}" if dates else said


def ordinal(number: int) -> str:
    """A number up to 100 as "1st", "12th" or "23rd"."""
    ending = "th" if number in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def nth_in_words(nth: int) -> str:
    """Which one of a month: "first", or "last" for -1."""
    return "last" if nth == LAST else NTH[nth - 1]


def _weekly_in_words(rule: Weekly) -> str:
    listed = _listed([WEEKDAYS[day] for day in sorted(rule.days)])
    if rule.every == 1:
        return "every day" if len(rule.days) == 7 else _SPANS.get(rule.days, f"every {listed}")
    if rule.every == 2 and len(rule.days) == 1:
        return f"every second {listed}"
    days = f"from {_SPANS[rule.days]}" if rule.days in _SPANS else f"on {listed}"
    return f"every {'second' if rule.every == 2 else ordinal(rule.every)} week {days}"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
