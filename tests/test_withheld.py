"""A club that withholds: what lies beyond the reader is as if the base did not have it, byte for byte."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.answering.outcomes import Answer, Found, Match, Outcome, Suggestions, Unknown
from bot.book.book import Book
from bot.book.entries import Entry
from bot.book.spoilers import Audience, Horizon
from bot.club.asking import Asking
from bot.discord_app.layout import layout
from bot.replies.addressing import answer_page, plot_page
from bot.replies.reply import Page

UNKNOWN = "what is the airspeed of an unladen swallow"


def bytes_of(page: Page, book: Book) -> tuple[str, bool]:
    """All that goes to Discord for a page, and whether the asker alone sees it."""
    return json.dumps(layout(page, book.slug).to_components()), page.private


def audiences(book: Book, spoilers: str = "withhold") -> Iterator[Audience]:
    ranks = range(len(book.head.milestones) + 1)
    for progress in ranks:
        for ceiling in (None, *ranks):
            yield Audience(
                Horizon(progress),
                None if ceiling is None else Horizon(ceiling),
                spoilers,  # type: ignore[arg-type]
            )


def without(book: Book, horizon: Horizon) -> Book:
    """The base as if it had nothing beyond the horizon."""

    def cut(entry: Entry) -> Entry | None:
        pieces = tuple(piece for piece in entry.pieces if horizon.shows(book, piece.reveals))
        return entry.model_copy(update={"pieces": pieces}) if pieces else None

    return replace(book, entries=tuple(one for one in map(cut, book.entries) if one is not None))


def test_what_lies_beyond_is_answered_as_what_is_unknown(book: Book, asking: Asking) -> None:
    """Every entry of the base, at every progress and ceiling, asked in its own words and picked by itself."""
    compared = 0
    for audience in audiences(book):
        unknown = bytes_of(answer_page(Unknown(), book, audience), book)
        assert unknown == bytes_of(answer_page(asking.answer(UNKNOWN), book, audience), book)
        for entry in book.entries:
            if audience.progress.shows_start_of(book, entry):
                continue
            picked = answer_page(Answer((Found(Match(entry, 1.0)),)), book, audience)
            assert bytes_of(picked, book) == unknown
            offered = answer_page(Suggestions((Match(entry, 0.5),)), book, audience)
            assert bytes_of(offered, book) == unknown
            compared += 1
    assert compared > 500


def test_in_a_mention_too_where_all_would_see_that_there_is_more(book: Book) -> None:
    for audience in [one.aloud for one in audiences(book)]:
        unknown = bytes_of(answer_page(Unknown(), book, audience), book)
        for entry in book.entries:
            if not audience.together.shows_start_of(book, entry):
                page = answer_page(Answer((Found(Match(entry, 1.0)),)), book, audience)
                assert bytes_of(page, book) == unknown


def test_what_was_typed_alone_decides_whether_an_unknown_question_is_private(book: Book) -> None:
    audience = Audience(Horizon(0), Horizon(0), "withhold")
    late = next(entry for entry in book.entries if entry.reveals == "part-three")
    for typed in ("are they donors", late.topic, "who is the postman"):
        hidden = answer_page(Answer((Found(Match(late, 1.0)),)), book, audience, typed=typed)
        unknown = answer_page(Unknown(), book, audience, typed=typed)
        assert bytes_of(hidden, book) == bytes_of(unknown, book)


def test_an_answer_in_layers_is_the_one_of_a_base_without_the_later_ones(book: Book) -> None:
    layered = [entry for entry in book.entries if len({piece.reveals for piece in entry.pieces}) > 1]
    assert len(layered) >= 5
    for audience in audiences(book):
        bare = without(book, audience.progress)
        for entry in layered:
            if entry.id in bare.by_id:
                page = answer_page(Answer((Found(Match(entry, 1.0)),)), book, audience)
                other = answer_page(Answer((Found(Match(bare.by_id[entry.id], 1.0)),)), bare, audience)
                assert bytes_of(page, book) == bytes_of(other, bare)


def test_of_an_answer_in_parts_the_hidden_part_leaves_no_trace(book: Book) -> None:
    early = next(entry for entry in book.entries if entry.reveals is None and entry.kind == "fact")
    late = next(entry for entry in book.entries if entry.reveals == "part-three" and entry.kind == "fact")
    near = tuple(Match(entry, 0.4) for entry in book.entries if entry.reveals is None)[:3]
    audience = Audience(Horizon(0), Horizon(0), "withhold")
    both = answer_page(Answer((Found(Match(early, 1.0)), Found(Match(late, 1.0))), near), book, audience)
    alone = answer_page(Answer((Found(Match(early, 1.0)),)), book, audience)
    assert bytes_of(both, book) == bytes_of(alone, book)


@pytest.mark.parametrize("about", ["", "does ruth die", "who gets a deferral", "zeppelin"])
def test_the_plot_is_the_one_of_a_base_that_ends_there(book: Book, asking: Asking, about: str) -> None:
    for audience in audiences(book):
        bare = without(book, audience.progress)
        points = asking.plot(about)
        kept = [bare.by_id[point.id] for point in points if point.id in bare.by_id]
        if not kept:
            nothing = plot_page(asking.plot("zeppelin"), book, audience, typed=about)
            assert not about or bytes_of(plot_page(points, book, audience, typed=about), book) == bytes_of(
                nothing, book
            )
            continue
        for number in (1, 2):
            page = plot_page(points, book, audience, number, typed=about)
            other = plot_page(kept, bare, audience, number, typed=about)
            assert bytes_of(page, book) == bytes_of(other, bare)


def test_plot_of_nothing_read_names_nothing(book: Book, asking: Asking) -> None:
    page = plot_page(asking.plot(""), book, Audience(Horizon(0), Horizon(0), "withhold"))
    assert "where you are" in bytes_of(page, book)[0]
    assert not page.private


def test_who_has_read_it_is_answered(book: Book, asking: Asking) -> None:
    read: Outcome = asking.answer("does ruth die")
    page = answer_page(read, book, Audience(Horizon(3), Horizon(0), "withhold"))
    assert page.private
    assert page == answer_page(read, book, Audience(Horizon(3), Horizon(0)))
