"""A club that withholds: what lies beyond the reader is as if the base did not have it, byte for byte."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.answering.outcomes import Answer, Found, Match, Outcome, Suggestions, Unknown
from bot.answering.topics import likely
from bot.book.book import Book
from bot.book.entries import Entry, View
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


def test_to_type_what_one_has_not_read_changes_nothing(book: Book) -> None:
    """Neither a term nor a topic of further on makes the reply private: that would confirm a guess."""
    late = next(entry for entry in book.entries if entry.reveals == "part-three")
    for audience in audiences(book):
        unknown = answer_page(Unknown(), book, audience, typed="who is the postman")
        for typed in ("who gets a deferral", "does ruth die", "are they donors", late.topic):
            if audience.progress.rank == 0:
                page = answer_page(Answer((Found(Match(late, 1.0)),)), book, audience, typed=typed)
                assert bytes_of(page, book) == bytes_of(unknown, book)
                assert plot_page([], book, audience, typed=typed).private is False


def test_what_the_asker_has_read_and_the_channel_has_not_stays_between_them(book: Book) -> None:
    audience = Audience(Horizon(3), Horizon(0), "withhold")
    assert answer_page(Unknown(), book, audience, typed="are they donors").private


def test_every_ask_of_the_base_is_answered_as_an_unknown_question(book: Book, asking: Asking) -> None:
    audience = Audience(Horizon(0), Horizon(0), "withhold")
    unknown = bytes_of(answer_page(asking.answer(UNKNOWN), book, audience, typed=UNKNOWN), book)
    asked = 0
    for entry in book.entries:
        if entry.reveals:
            for ask in entry.asks[::6]:
                outcome = asking.answer(ask)
                if outcome_beyond(book, outcome):
                    assert bytes_of(answer_page(outcome, book, audience, typed=ask), book) == unknown, ask
                    asked += 1
    assert asked > 200


def outcome_beyond(book: Book, outcome: Outcome) -> bool:
    """Whether all of an answer lies beyond one who has read nothing."""
    return isinstance(outcome, Answer) and not any(
        Horizon(0).shows_start_of(book, entry)
        for part in outcome.parts
        for entry in ([part.match.entry] if isinstance(part, Found) else part.views)
    )


def test_a_hidden_question_offers_no_more_while_typing_than_what_is_spelt_alike(
    book: Book, asking: Asking
) -> None:
    nobody = Horizon(0)
    shown = [entry for entry in book.entries if nobody.shows_start_of(book, entry)]
    viewed = {entry.about for entry in shown if isinstance(entry, View)}
    topics = [aspect.title for aspect in book.head.aspects if aspect.id in viewed]
    topics = list(dict.fromkeys([*topics, *(entry.topic for entry in shown)]))
    compared = 0
    for entry in book.entries:
        for ask in entry.asks[::6] if entry.reveals else ():
            if outcome_beyond(book, asking.answer(ask)):
                assert asking.topics(ask, nobody, 25) == likely(ask, topics, 25), ask
                compared += 1
    assert compared > 200


def test_a_base_of_one_plot_point_says_the_same_of_it_as_of_none(book: Book) -> None:
    late = next(one for one in book.entries if one.kind == "plot" and one.reveals == "part-three")
    small = replace(book, entries=(*(one for one in book.entries if one.kind != "plot"), late), prompts=())
    audience = Audience(Horizon(0), Horizon(0), "withhold")
    hidden = plot_page([late], small, audience, typed="the boat")
    assert bytes_of(hidden, small) == bytes_of(plot_page([], small, audience, typed="the boat"), small)


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
