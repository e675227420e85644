"""A club's reading plan: what moderators type, what is said of it, and the ceiling that comes of it."""

import time as clock
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.book import Book, BookHead, Milestone, Source
from bot.book.calendar_words import NotUnderstood
from bot.book.plan import Step, ceiling_by, plan_in_words, read_plan

TODAY = date(2027, 2, 1)


def a_book(*milestones: Milestone) -> Book:
    return Book("a", BookHead(title="A", milestones=milestones, sources=(Source(id="s", title="s"),)), ())


PARTS = a_book(
    Milestone(id="one", title="Part One", chapters="1-9", film="first act"),
    Milestone(id="two", title="Part Two", chapters="10-17", film="second act"),
    Milestone(id="three", title="Part Three", chapters="18-23", film="third act"),
)
TITLES = a_book(
    Milestone(id="stand", title="Stand by Me"),
    Milestone(id="crime", title="Crime and Punishment"),
    Milestone(id="up", title="Up, up and away: by 3 March"),
    Milestone(id="three", title="3", chapters="18-23"),
)


def read(book: Book, words: str) -> list[tuple[str, str]] | str:
    match read_plan(book, words, TODAY):
        case NotUnderstood(hint):
            return hint
        case plan:
            return [(step.milestone, step.until.isoformat()) for step in plan]


TWO = [("one", "2027-03-03"), ("two", "2027-03-17")]


@pytest.mark.parametrize(
    "words",
    [
        "Part One until 3 March, Part Two until 17 March",
        "part 1 by March 3; part 2 by March 17",
        "Part One: 3 March\nPart Two: 17 March\n",
        "Part One = 2027-03-03, Part Two=2027-03-17",
        "Part One until March 3, 2027, Part Two until March 17, 2027.",
        "Part One until 3 March and Part Two until 17 March",
        "Part One until 3 March, and Part Two: until 17 March,",
        "PART ONE until 3 march, part two till 17 MARCH",
        "first act until 3 March, ch 17 until 17 March",
        "Part One / film, first act until 3 March, Part Two / film, second act until 17 March",
    ],
)
def test_a_plan_is_read(words: str) -> None:
    assert read(PARTS, words) == TWO


def test_titles_may_hold_what_stands_between_steps() -> None:
    words = "Stand by Me by 3 March, Crime and Punishment until 4 March, Up, up and away: by 3 March by 5 March, 3: 6 March"
    assert read(TITLES, words) == [
        ("stand", "2027-03-03"),
        ("crime", "2027-03-04"),
        ("up", "2027-03-05"),
        ("three", "2027-03-06"),
    ]


def test_days_without_a_year_are_the_next_ones() -> None:
    assert read(PARTS, "Part One until 1 December, Part Two until 31 January") == [
        ("one", "2027-12-01"),
        ("two", "2028-01-31"),
    ]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param("", "Say the plan like", id="nothing"),
        pytest.param(" ,;\n, and ", "Say the plan like", id="nothing between marks"),
        pytest.param("Part One, Part Two until 3 March", "Step 1: Say until when", id="a place without a date"),
        pytest.param("Part One until 3 March, Part Two", "Step 2: Say until when", id="the last place without a date"),
        pytest.param("until 3 March", "Step 1: Say a part", id="a date without a place"),
        pytest.param("nothing until 3 March", "Step 1: Say a part", id="nothing is no part"),
        pytest.param("Part Nine until 3 March", '"Part One", "Part Two", "Part Three".', id="an unknown place"),
        pytest.param("ch 12 until 3 March", "does not end a part", id="a chapter within a part"),
        pytest.param("ch 3 until 3 March", "does not end a part", id="a chapter within the first part"),
        pytest.param("Part One until soon", "Step 1: Say the date", id="no date"),
        pytest.param("Part One until 3/4/2027", "Step 1: That is 3 April 2027", id="one of two dates"),
        pytest.param("Part One until 30 February, 2027", "Step 1: There is no such day", id="no such day"),
        pytest.param("Part Two until 3 March, Part One until 4 March", "order of the story", id="backwards"),
        pytest.param("Part One until 3 March, part 1 until 4 March", "each part once", id="a part twice"),
        pytest.param("Part One until 3 March, Part Two until 3 March", "must go forward", id="on one day"),
        pytest.param("Part One until 31 January, Part Two until 17 March", "say its year", id="a day that has passed"),
        pytest.param("Part One until 3 March \x00", "Step 1: Say the date", id="NUL"),
        pytest.param("x" * 5000, "too long", id="too long"),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_told_so(words: str, hint: str) -> None:
    said = read(PARTS, words)
    assert isinstance(said, str)
    assert hint in said


def test_a_book_without_parts_has_no_plan() -> None:
    assert read(a_book(), "Part One until 3 March") == (
        'This book has no parts to plan by: it needs milestones, like "Part One".'
    )


@pytest.mark.parametrize("words", ["a," * 2000, "by " * 1300, ":" * 4000, "a by 3 march," * 300])
def test_what_is_long_is_not_understood_at_once(words: str) -> None:
    start = clock.perf_counter()
    assert isinstance(read_plan(PARTS, words, TODAY), NotUnderstood)
    assert clock.perf_counter() - start < 1


def test_the_ceiling_rises_on_the_day_of_each_step() -> None:
    plan = (Step(until=date(2027, 3, 3), milestone="one"), Step(until=date(2027, 3, 17), milestone="two"))
    ceilings = [ceiling_by(plan, date(2027, 3, day)) for day in (2, 3, 16, 17, 31)]
    assert ceilings == [None, "one", "one", "two", "two"]
    assert ceiling_by((), TODAY) is None


def test_a_plan_is_said() -> None:
    plan = (Step(until=date(2027, 3, 3), milestone="one"), Step(until=date(2027, 3, 17), milestone="gone"))
    assert (
        plan_in_words(PARTS, plan) == "Part One until 3 March 2027, a part that is gone until 17 March 2027"
    )
    assert plan_in_words(PARTS, ()) == ""


@given(
    st.sampled_from([PARTS, TITLES]),
    st.dates(date(2020, 1, 1), date(2090, 1, 1)),
    st.lists(st.integers(1, 200), min_size=4, max_size=4),
    st.sets(st.integers(0, 3), min_size=1),
)
@settings(deadline=None)
def test_a_plan_that_is_said_is_read_again(book: Book, start: date, gaps: list[int], parts: set[int]) -> None:
    chosen = [
        milestone for number, milestone in enumerate(book.head.milestones) if number in parts
    ] or book.head.milestones
    plan = tuple(
        Step(until=start + timedelta(sum(gaps[: number + 1])), milestone=milestone.id)
        for number, milestone in enumerate(chosen)
    )
    assert read_plan(book, plan_in_words(book, plan), TODAY) == plan


@given(st.text())
@settings(deadline=None)
def test_anything_may_be_typed(words: str) -> None:
    said = read(PARTS, words)
    assert isinstance(said, list) or said.endswith(".")
