"""All that the bot can say of the shipped book, to everybody everywhere: not one word of it is ahead of its reader.

The product is finite: every entry, plot point, prompt, theme, topic and aspect, by every command, for every progress
and ceiling, behind bars and withheld. Each page is rendered once, and all of it that does not stand behind bars is held
against the book's spoiler terms.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, product

import pytest

from bot.answering.outcomes import Answer, Comparison, Found, Match, Outcome, Suggestions, Unknown
from bot.book.book import Book
from bot.book.entries import PlotPoint, View
from bot.book.progress import NotUnderstood, Reached, places_of
from bot.book.spoilers import Audience, Horizon, Spoilers, terms_beyond
from bot.club.asking import Asking
from bot.club.club import Here, themes_for
from bot.discord_app.layout import beyond_layout, layout, said
from bot.replies.addressing import answer_page, plot_page, recap_page
from bot.replies.answers import message_reply, prompt_reply
from bot.replies.house import book_picked_reply, no_book_reply, noted_reply, place_reply
from bot.replies.reply import Page
from tests.leaks.checks import Json, in_the_clear

CLUBS: tuple[Spoilers, ...] = ("veil", "withhold")
RANKS = range(4)


def audiences() -> Iterator[Audience]:
    for progress, ceiling, club in product(RANKS, (None, *RANKS), CLUBS):
        yield Audience(Horizon(progress), None if ceiling is None else Horizon(ceiling), club)


class Reader:
    """Collects what is ahead of readers, each text looked at once a horizon."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.found: list[str] = []
        self.looked = 0

        @cache
        def look(text: str, rank: int) -> None:
            self.looked += 1
            reached = book.head.milestones[rank - 1].id if rank else None
            plain = re.sub(r"\\+(.)", r"\1", text)
            self.found += [
                f"{term} for rank {rank}: {plain[:300]}" for term, _ in terms_beyond(book, plain, reached)
            ]

        self._look = look

    def page(self, page: Page, audience: Audience) -> None:
        """One page, for whom it goes to."""
        horizon = audience.progress if page.private else audience.together
        self.view(layout(page, self.book.slug).to_components(), horizon)

    def pages(self, first: Page, audience: Audience, others: Iterable[Page]) -> None:
        for page in (first, *others):
            self.page(page, audience)

    def view(self, components: Json, horizon: Horizon) -> None:
        self._look(in_the_clear(components), horizon.rank)

    def text(self, text: str, horizon: Horizon) -> None:
        self._look(text, horizon.rank)


@pytest.fixture
def reader(book: Book) -> Reader:
    return Reader(book)


def outcomes(book: Book) -> Iterator[Outcome]:
    """Every fourth answer there is, alone, as a suggestion, and beside another; and every aspect's views."""
    for at, entry in islice(enumerate(book.entries), 0, None, 4):
        after = book.entries[(at + 1) % len(book.entries)]
        yield Answer((Found(Match(entry, 1.0)),), (Match(after, 0.5),))
        yield Answer((Found(Match(entry, 1.0)), Found(Match(after, 1.0))))
        yield Suggestions((Match(entry, 0.5), Match(after, 0.5)))
    for aspect in book.head.aspects:
        views = tuple(entry for entry in book.entries if isinstance(entry, View) and entry.about == aspect.id)
        if views:
            yield Answer((Comparison(aspect, views, 1.0),))
    yield Unknown()


def test_no_answer_is_ahead_of_its_reader(book: Book, reader: Reader) -> None:
    for audience in audiences():
        for outcome in outcomes(book):
            page = answer_page(outcome, book, audience)
            rest = (answer_page(outcome, book, audience, number) for number in range(2, page.count + 1))
            reader.pages(page, audience, rest)
            reader.page(answer_page(outcome, book, audience.aloud), audience.aloud)
    assert reader.found == []
    assert reader.looked > 1000


def test_what_is_looked_for_is_there(book: Book, reader: Reader) -> None:
    """A list of terms that nothing uses would find nothing."""
    finished = Audience(Horizon(3))
    for outcome in outcomes(book):
        reader.view(layout(answer_page(outcome, book, finished), book.slug).to_components(), Horizon(0))
    assert len(reader.found) > 100


def test_no_plot_or_recap_is_ahead_of_its_reader(book: Book, reader: Reader) -> None:
    points = [entry for entry in book.entries if isinstance(entry, PlotPoint)]
    for audience in audiences():
        for chosen in (points, points[::3], [], *([point] for point in points)):
            page = plot_page(chosen, book, audience)
            rest = (plot_page(chosen, book, audience, number) for number in range(2, page.count + 1))
            reader.pages(page, audience, rest)
        page = recap_page(book, audience)
        rest = (recap_page(book, audience, number) for number in range(2, page.count + 1))
        reader.pages(page, audience, rest)
    assert reader.found == []
    assert reader.looked > 30


def test_no_prompt_or_theme_is_ahead_of_the_channel(book: Book, asking: Asking, reader: Reader) -> None:
    for audience in audiences():
        horizon = audience.together
        for prompt in (None, *book.prompts):
            if prompt is None or horizon.shows(book, prompt.milestone):
                reader.page(Page(prompt_reply(prompt, book, horizon)), audience)
                reader.page(
                    Page(prompt_reply(None, book, horizon, prompt.theme if prompt else "x")), audience
                )
        for theme in themes_for(Here(asking, audience, 0), "", 1000):
            reader.text(theme, horizon)
    assert reader.found == []


def test_no_topic_is_offered_ahead_of_its_reader(asking: Asking, reader: Reader) -> None:
    typed = ("", "ruth", "do", "cl", "the ", "who", "donor", "does ruth die", "clone")
    for audience, text in product(audiences(), typed):
        for kind in (None, "fact", "quote", "plot", "view"):
            for topic in asking.topics(text, audience.progress, 1000, kind):
                reader.text(topic, audience.progress)
    assert reader.found == []
    assert reader.looked > 300


def test_nothing_that_the_bot_says_of_itself_is_ahead_of_anybody(
    book: Book, asking: Asking, reader: Reader
) -> None:
    nobody = Horizon(0)
    replies = [
        *(no_book_reply(in_server=one) for one in (True, False)),
        book_picked_reply(book),
        *(place_reply(book, milestone) for milestone, _ in places_of(book)),
        noted_reply(book, NotUnderstood()),
        *(
            noted_reply(book, Reached(milestone, unfinished))
            for milestone in (None, *book.head.milestones)
            for unfinished in (None, *book.head.milestones)
        ),
        message_reply(asking.first_question() or ""),
    ]
    for reply in replies:
        reader.view(layout(Page(reply), book.slug).to_components(), nobody)
    for view in (beyond_layout(answerable=True), beyond_layout(answerable=False), said(replies[0])):
        reader.view(view.to_components(), nobody)
    for source in book.head.sources:
        reader.text(source.title, nobody)
    for aspect in book.head.aspects:
        reader.text(aspect.title, nobody)
    assert reader.found == []
