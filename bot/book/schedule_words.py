"""The days of a schedule as moderators type them. Words with two readings are not understood."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from bot.book.calendar_words import WEEKDAY_OF, WEEKDAYS, NotUnderstood, plain
from bot.book.recurrence import LAST, Days, MonthlyByDay, MonthlyByWeekday, Weekly
from bot.book.schedule_said import NTH, days_in_words, nth_in_words, ordinal

_EVERY_DAY, _WORKDAYS, _WEEKEND = frozenset(range(7)), frozenset(range(5)), frozenset({5, 6})

_COUNT = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SAME = {
    **{word: ordinal(number) for number, word in enumerate(NTH, 1)},
    **{word: str(number) for number, word in enumerate(_COUNT, 2)},
    **dict.fromkeys(("through", "thru", "till", "until"), "to"),
}
_PUNCTUATION = str.maketrans({**dict.fromkeys('.,;:/&!?()"', " "), "'": None, "-": " to "})

_DAY = "(?:" + "|".join(sorted(WEEKDAY_OF, key=len, reverse=True)) + ")"
_ITEM = rf"\b(?:{_DAY}(?: to {_DAY})?|weekdays?|weekends?)\b"
_LIST = rf"(?P<days>{_ITEM}(?: (?:and )?(?:on |every |each )?{_ITEM})*)"
_ONE_BY_ONE = rf"(?P<days>(?:{_DAY}|weekends?)(?: (?:and )?(?:{_DAY}|weekends?))*)"
_WEEKLY = (
    r"(?P<often>weekly|(?:every|each|once a) week|biweekly|fortnightly|(?:every|each) fortnight|every other week"
    r"|every (?P<weeks>[0-9]{1,2})(?:st|nd|rd|th)? weeks?|every|each)"
)
_ON = rf"(?:on |from (?={_DAY} to ))?(?:the )?"
_OF = r"(?: (?:day )?(?:of|in) (?:the|each|every|a) month| (?:each|every|a) month| monthly)"
_MONTHLY = r"(?P<month>(?:monthly|(?:every|each|once a) month) )?(?:on )?(?P<every>every |each )?(?:the )?"

_ALL_DAYS = re.compile(r"daily|(?:every|each) day|everyday")
_EVERY_OTHER = re.compile(rf"(?:on )?(?:every (?:other|2nd)|alternate) {_ONE_BY_ONE}")
_OFTEN = re.compile(_WEEKLY)
_OFTEN_AND_DAYS = re.compile(rf"(?:{_WEEKLY} )?{_ON}{_LIST}")
_DAYS_AND_OFTEN = re.compile(rf"{_ON}{_LIST} {_WEEKLY}")
_BY_WEEKDAY = re.compile(rf"{_MONTHLY}(?P<nth>[1-9](?:st|nd|rd|th)|last) (?P<day>{_DAY})(?P<of>{_OF})?")
_LAST_DAY = re.compile(rf"{_MONTHLY}last day{_OF}?|(?:on |at )?(?:the )?end of (?:the|each|every) month")
_BY_DAY = re.compile(
    rf"{_MONTHLY}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?P<of>{_OF})?(?P<short> or (?:its|the) last day| that has one)?"
)
_SEVERAL = re.compile(r"\b(?:[0-9]{1,2}(?:st|nd|rd|th)|last)\b.*\b(?:[0-9]{1,2}(?:st|nd|rd|th)|last)\b")


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Weekdays, and of every how many weeks the words say they are; None: they do not say."""

    days: frozenset[int]
    every: int | None
    over_monday: bool = False


def read_days(words: str, *, every: int = 1, since: date) -> Days | NotUnderstood:
    """The days that are meant by "mon, wed", "every other Tuesday", "the 15th of the month" or "last Friday".

    `every` is how many weeks the moderator chose beside the words; they may say it too, but not otherwise. The first
    of the days on or after `since` is in the first week that counts. "every second Tuesday" is one of two weeks,
    "second Tuesday" one a month; "every third Friday" could be either. Known flaw: weeks begin on Monday, so "every
    other week on Sunday and Monday" has six days between the two.
    """
    match _read(_folded(words)):
        case _Weeks() as weeks:
            return _weekly(weeks, every, since)
        case MonthlyByDay() | MonthlyByWeekday() as days if every != 1:
            return NotUnderstood(
                f'"every" counts weeks, and {days_in_words(days)} is once a month: leave "every" out,'
                ' or say weekdays, like "Monday".'
            )
        case read:
            return read


def _folded(words: str) -> str:
    said = plain(words).replace("bi-weekly", "biweekly").translate(_PUNCTUATION).split()
    return " ".join(_SAME.get(word, word) for word in said)


def _read(said: str) -> _Weeks | MonthlyByDay | MonthlyByWeekday | NotUnderstood:
    if _ALL_DAYS.fullmatch(said):
        return _Weeks(_EVERY_DAY, every=1)
    if found := _EVERY_OTHER.fullmatch(said):
        return _weeks(found["days"], 2)
    if found := _OFTEN_AND_DAYS.fullmatch(said) or _DAYS_AND_OFTEN.fullmatch(said):
        return _weeks(found["days"], _count(found["often"], found["weeks"]))
    if found := _BY_WEEKDAY.fullmatch(said):
        return _by_weekday(found)
    if _LAST_DAY.fullmatch(said):
        return MonthlyByDay(day=LAST)
    if found := _BY_DAY.fullmatch(said):
        return _by_day(found)
    if _OFTEN.fullmatch(said):
        return NotUnderstood('On which day? Say it like "every 2 weeks on Monday".')
    if _SEVERAL.search(said):
        return NotUnderstood(
            'One day of the month a schedule, like "first Monday": make two schedules for two.'
        )
    return _unknown()


def _count(often: str | None, weeks: str | None) -> int | None:
    if weeks is not None:
        return int(weeks)
    if often in {None, "every", "each"}:
        return None
    return 1 if often in {"weekly", "every week", "each week", "once a week"} else 2


def _weeks(listed: str, every: int | None) -> _Weeks | NotUnderstood:
    # "every 2 weeks on Monday and every Friday": two rules in one.
    if every is not None and re.search("every|each", listed):
        return _unknown()
    days: set[int] = set()
    over_monday = False
    for item in re.findall(_ITEM, listed):
        first, _, last = item.partition(" to ")
        if first.startswith("weekday"):
            days |= _WORKDAYS
        elif first.startswith("weekend"):
            days |= _WEEKEND
        elif not last:
            days.add(WEEKDAY_OF[first])
        else:
            start, length = WEEKDAY_OF[first], (WEEKDAY_OF[last] - WEEKDAY_OF[first]) % 7
            if length == 0:
                return _unknown()
            days |= {(start + day) % 7 for day in range(length + 1)}
            over_monday |= start + length > 6
    return _Weeks(frozenset(days), every, over_monday)


def _weekly(weeks: _Weeks, every: int, since: date) -> Weekly | NotUnderstood:
    if weeks.every is not None and every not in {1, weeks.every}:
        return NotUnderstood(
            'The words and "every" say two different things: say it once, like "every 2 weeks on Monday".'
        )
    every = every if weeks.every is None else weeks.every
    if not 1 <= every <= 52:
        return NotUnderstood('Every 1 to 52 weeks, like "every 2 weeks on Monday".')
    if every == 1:
        return Weekly(days=weeks.days)
    if weeks.over_monday:
        return NotUnderstood(
            'Weeks begin on Monday here: say the days one by one, like "every 2 weeks on Saturday and Sunday".'
        )
    first = next(day for day in map(timedelta, range(7)) if (since + day).weekday() in weeks.days)
    return Weekly(days=weeks.days, every=every, since=since + first)


def _by_weekday(found: re.Match[str]) -> MonthlyByWeekday | NotUnderstood:
    nth = LAST if found["nth"] == "last" else int(found["nth"][0])
    name = WEEKDAYS[WEEKDAY_OF[found["day"]]]
    if nth > 4:
        return NotUnderstood(
            f'Not every month has a {ordinal(nth)} {name}: say "last {name}", or "every {nth} weeks on {name}".'
        )
    if found["every"] and nth > 2 and not (found["month"] or found["of"]):
        return NotUnderstood(
            f'Say "every {nth} weeks on {name}", or "the {nth_in_words(nth)} {name} of the month": that could be either.'
        )
    # Which numbers there are has just been seen to.
    return MonthlyByWeekday(nth=cast(Literal[1, 2, 3, 4, -1], nth), weekday=WEEKDAY_OF[found["day"]])


def _by_day(found: re.Match[str]) -> MonthlyByDay | NotUnderstood:
    day = int(found["day"])
    if found["every"] and not (found["month"] or found["of"]):
        return NotUnderstood(
            'Say "every 3 weeks on Monday", or "the 3rd of the month": that could be either.'
        )
    if not 1 <= day <= 31:
        return NotUnderstood('A month has days 1 to 31: say one like "the 15th" or "last day".')
    # Every month has 28 days.
    if found["short"] and day <= 28:
        return _unknown()
    return MonthlyByDay(day=day, or_last=found["short"] != " that has one")


def _unknown() -> NotUnderstood:
    return NotUnderstood(
        'Say the days like "Monday and Thursday", "weekdays", "every other Tuesday", "the 15th of the month" or'
        ' "last Friday of the month".'
    )
