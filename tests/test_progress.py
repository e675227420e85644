"""How a reader's words on where they are are read: never further than they have come."""

import pytest

from bot.book.book import Book, BookHead, Milestone, Source
from bot.book.progress import NotUnderstood, Reached, places_of, read_progress


def a_book(*milestones: Milestone) -> Book:
    return Book("a", BookHead(title="A", milestones=milestones, sources=(Source(id="s", title="s"),)), ())


def reached(book: Book, words: str) -> str | None:
    match read_progress(book, words):
        case Reached(milestone):
            return milestone.id if milestone else "nothing"
        case NotUnderstood():
            return None


NUMBERED = a_book(
    Milestone(id="1", title="One", chapters="1-9"),
    Milestone(id="2", title="Two", chapters="10-17"),
    Milestone(id="3", title="Three", chapters="18-23"),
)
FILMS = a_book(
    Milestone(id="first", title="First half", chapters="1-10", film="Chapter One"),
    Milestone(id="second", title="Second half", chapters="11-23", film="Chapter Two"),
)
ENDINGS = a_book(
    Milestone(id="beginning", title="Beginning"),
    Milestone(id="the-end", title="The End"),
    Milestone(id="epilogue", title="Epilogue"),
)
GAPS = a_book(
    Milestone(id="a", title="A", chapters="1-3"),
    Milestone(id="b", title="B"),
    Milestone(id="c", title="C", chapters="7"),
)


@pytest.mark.parametrize(
    ("book", "words", "place"),
    [
        pytest.param(NUMBERED, "3", "nothing", id="a number may be a chapter: the lesser counts"),
        pytest.param(NUMBERED, "three", "nothing", id="so may a word"),
        pytest.param(NUMBERED, "ch 17", "2", id="a chapter that ends a part"),
        pytest.param(NUMBERED, "ch 18", "2", id="a chapter that begins one"),
        pytest.param(FILMS, "chapter 2", "nothing", id="a film's chapter is not the novel's"),
        pytest.param(FILMS, "Second half / film, Chapter Two", "second", id="a label as it is offered"),
        pytest.param(FILMS, "film chapter two", "second", id="a film's chapter by its name"),
        pytest.param(ENDINGS, "The End", "the-end", id="a title that means finished elsewhere"),
        pytest.param(ENDINGS, "finished", "epilogue", id="finished"),
        pytest.param(ENDINGS, "Finished (Epilogue)", "epilogue", id="finished, as it is offered"),
        pytest.param(ENDINGS, "ch 2", None, id="a book without chapters"),
        pytest.param(GAPS, "5", "a", id="between two parts"),
        pytest.param(GAPS, "7", "c", id="a part of one chapter"),
        pytest.param(GAPS, "8", None, id="a chapter that there is not"),
        pytest.param(NUMBERED, "half of two", None, id="half"),
        pytest.param(NUMBERED, "not finished", None, id="not finished"),
        pytest.param(NUMBERED, "almost done", None, id="almost"),
        pytest.param(NUMBERED, "chapter 1 of 23", None, id="one of many"),
        pytest.param(a_book(), "finished", None, id="a book without parts"),
        pytest.param(a_book(), "nothing", "nothing", id="nothing of it"),
    ],
)
def test_words_are_read_as_the_least_that_they_can_mean(book: Book, words: str, place: str | None) -> None:
    assert reached(book, words) == place


@pytest.mark.parametrize("book", [NUMBERED, FILMS, ENDINGS, GAPS])
def test_every_place_that_is_offered_is_understood(book: Book) -> None:
    for milestone, label in places_of(book):
        assert reached(book, label) == (milestone or "nothing")
