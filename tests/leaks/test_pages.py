"""Whatever the base holds and whatever a question comes to: no page shows its reader more than they may see.

`BOOKCLUB_FUZZ=20000` puts that many books to each test here.
"""

import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.answering.outcomes import Answer, Found, Match, Outcome
from bot.book.entries import Entry, PlotPoint
from bot.book.spoilers import Audience, Horizon
from bot.discord_app import layout as laying
from bot.discord_app.layout import beyond_layout, layout
from bot.replies import addressing, answers, markdown
from bot.replies.addressing import answer_page, plot_page, recap_page
from bot.replies.answers import prompt_reply, reply_to, veil_text
from bot.replies.paging import pages
from bot.replies.reply import Note, Page, Reply, Shown, Veiled
from tests.leaks.books import Tainted, audiences, outcomes, tainted, tokens_in
from tests.leaks.checks import in_the_clear, page_leaks, texts_of
from tests.oracles.hostile import hostile, hostile_outside
from tests.oracles.oracles import Oracles, available, leaks

CASES = int(os.environ.get("BOOKCLUB_FUZZ", "500"))

Json: TypeAlias = Any
Anything: TypeAlias = Any


def body(page: Page, made: Tainted) -> Json:
    """The components that go to Discord."""
    return layout(page, made.book.slug).to_components()


def every_page(first: Callable[[int], Page]) -> Iterator[Page]:
    """All pages of what has several."""
    page = first(1)
    yield page
    for number in range(2, page.count + 1):
        yield first(number)


def all_pages(made: Tainted, audience: Audience, outcome: Outcome, points: list[Entry]) -> Iterator[Page]:
    """What every command would send."""
    book = made.book
    yield from every_page(lambda number: answer_page(outcome, book, audience, number))
    yield from every_page(lambda number: answer_page(outcome, book, audience.aloud, number))
    yield from every_page(lambda number: plot_page(points, book, audience, number))
    yield from every_page(lambda number: recap_page(book, audience, number))
    for prompt in book.prompts:
        shown = audience.together.shows(book, prompt.milestone)
        yield from (
            Page(part) for part in pages(prompt_reply(prompt if shown else None, book, audience.together))
        )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Tainted, Audience, Outcome, list[Entry]]:
    made = draw(tainted())
    plot = [entry for entry in made.book.entries if isinstance(entry, PlotPoint)]
    points: list[Entry] = [point for point in plot if draw(st.booleans())]
    return made, draw(audiences()), draw(outcomes(made.book)), points


def problems(case: tuple[Tainted, Audience, Outcome, list[Entry]]) -> list[str]:
    """All that is wrong with all that would be sent."""
    made, audience, outcome, points = case
    laying.layout.cache_clear()
    return [
        problem
        for page in all_pages(made, audience, outcome, points)
        for problem in page_leaks(made, audience, page, body(page, made))
    ]


def property_with(examples: int, *phases: Phase) -> Callable[[], None]:
    """The property, over so many cases."""

    @settings(
        max_examples=examples, phases=phases or tuple(Phase), deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(cases())
    def holds(case: tuple[Tainted, Audience, Outcome, list[Entry]]) -> None:
        assert problems(case) == []

    return holds


def test_no_page_shows_more_than_its_reader_may_see() -> None:
    property_with(CASES)()


@settings(max_examples=CASES // 3, deadline=None, suppress_health_check=list(HealthCheck))
@given(tainted(), st.data(), st.sampled_from(["veil", "withhold"]))
def test_to_have_read_less_never_shows_more(made: Tainted, data: st.DataObject, club: Anything) -> None:
    """Topics are left out: three are offered at most, and a later one may take an earlier one's place."""
    outcome = data.draw(outcomes(made.book))
    ceiling = data.draw(st.none() | st.integers(0, 3).map(Horizon))
    topics = {token for entry in made.book.entries for token in tokens_in(entry.topic)}

    def clear(rank: int) -> set[str]:
        audience = Audience(Horizon(rank), ceiling, club)
        shown = [
            *every_page(lambda number: answer_page(outcome, made.book, audience, number)),
            *every_page(lambda number: recap_page(made.book, audience, number)),
        ]
        return {token for page in shown for token in tokens_in(in_the_clear(body(page, made)))} - topics

    found = [clear(rank) for rank in range(4)]
    for lower, higher in pairwise(found):
        assert lower <= higher


@settings(max_examples=CASES // 3, deadline=None, suppress_health_check=list(HealthCheck))
@given(tainted(), audiences(), st.data())
def test_what_may_be_read_is_read(made: Tainted, audience: Audience, data: st.DataObject) -> None:
    """Hiding everything would pass all other tests."""
    entry = data.draw(st.sampled_from(made.book.entries))
    outcome = Answer((Found(Match(entry, 1.0)),))
    shown = list(every_page(lambda number: answer_page(outcome, made.book, audience, number)))
    clear = {token for page in shown for token in tokens_in(in_the_clear(body(page, made)))}
    for piece in entry.pieces:
        horizon = audience.progress if shown[0].private else audience.together
        if horizon.shows(made.book, piece.reveals):
            assert tokens_in(piece.text) <= clear


@settings(max_examples=CASES // 3, deadline=None)
@given(st.text(max_size=300), st.text(max_size=40))
def test_a_members_text_that_is_hidden_stays_behind_its_bars(text: str, name: str) -> None:
    for part in pages(veil_text(f"{text} zq000000 {text}", f"{name} · About Part One · tap to reveal")):
        for content in texts_of(layout(Page(part), "").to_components()):
            assert "zq000000" not in content or (content.startswith("||") and content.count("||") == 2)


def test_the_fixed_line_is_the_same_for_everything() -> None:
    assert tokens_in(str(beyond_layout(answerable=True).to_components())) == set()


# -------------------------------------------------------------- other people's parsers


@pytest.fixture(scope="module")
def oracles() -> Iterator[Oracles]:
    if why_not := available():
        pytest.skip(why_not)
    with Oracles() as asked:
        yield asked


def collected(examples: int) -> list[tuple[str, set[str]]]:
    """Texts that would be sent, each with the tokens that its reader may not see in the clear."""
    found: list[tuple[str, set[str]]] = []

    @settings(
        max_examples=examples, phases=(Phase.generate,), deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(cases())
    def collect(case: tuple[Tainted, Audience, Outcome, list[Entry]]) -> None:
        made, audience, outcome, points = case
        laying.layout.cache_clear()
        late = made.beyond(audience.progress)
        for page in all_pages(made, audience, outcome, points):
            found.extend((text, tokens_in(text) & late) for text in texts_of(body(page, made)))

    collect()
    return found


def oracle_problems(oracles: Oracles, found: list[tuple[str, set[str]]]) -> list[object]:
    veiled = [(text, late) for text, late in dict(sorted(found, key=lambda one: len(one[1]))).items() if late]
    seen = oracles.ask([text for text, _ in veiled])
    return [leak for one, (_, late) in zip(seen, veiled, strict=True) for leak in leaks(one, late)]


def test_other_parsers_see_a_members_hidden_lines_inside_spoilers(oracles: Oracles) -> None:
    random = Random(5)
    found: list[tuple[str, set[str]]] = []
    for number in range(CASES * 3):
        token = f"zq{number:06}"
        text = "\n".join(hostile(random, token, 300) for _ in range(random.randint(1, 4)))
        for part in pages(veil_text(text, hostile_outside(random))):
            shown = texts_of(layout(Page(part), "").to_components())
            found += [(one, {token}) for one in shown if token in one]
    assert len(found) >= CASES * 3
    assert oracle_problems(oracles, found) == []


def test_other_parsers_see_it_inside_spoilers_too(oracles: Oracles) -> None:
    found = collected(CASES // 3)
    assert sum(bool(late) for _, late in found) > CASES // 10
    assert oracle_problems(oracles, found) == []


# ------------------------------------------------------------------------ planted leaks


def no_shows(*_: object) -> bool:
    return True


def naive_bars(text: str, **_: bool) -> str:
    return f"||{text}||" if text.strip() else ""


def plain_escaping(text: str, **_: bool) -> str:
    return " ".join(text.split())


def labels_that_tell(book: Anything, piece: Anything, text: str) -> Anything:
    del book, piece
    return Veiled(f"It says {text[:40]}", text)


REAL_PAGE = addressing._page  # noqa: SLF001
REAL_REPLY = reply_to


def never_private(*arguments: Anything, **options: Anything) -> Page:
    return REAL_PAGE(*arguments, **{**options, "private": False})


def with_ids(outcome: Outcome, book: Anything, horizon: Horizon) -> Reply:
    reply = REAL_REPLY(outcome, book, horizon)
    return Reply((*reply.blocks, Note(" ".join(entry.id for entry in book.entries))), reply.choices)


PLANTS: dict[str, tuple[tuple[object, str, object], ...]] = {
    "the horizon shows everything": ((Horizon, "shows", no_shows),),
    "a topic beyond the horizon is offered": ((Horizon, "shows_start_of", no_shows),),
    "veiled text goes out without bars": ((markdown, "barred", plain_escaping),),
    "bars inside the veil stay bars": ((markdown, "barred", naive_bars),),
    "the label tells what it hides": ((answers, "_veiled", labels_that_tell),),
    "nothing is private": ((addressing, "_page", never_private),),
    "only what is shown counts as beyond the ceiling": (
        (addressing, "_exceeds", lambda outcome, book, progress, ceiling: False),  # noqa: ARG005
    ),
    "the plot's ceiling is not looked at": ((addressing, "_any_beyond", lambda *_: False),),
    "the plot of a club that withholds is whole": ((addressing, "within", lambda entry, *_: entry),),
    "a club that withholds veils": ((addressing, "withheld", lambda outcome, *_: outcome),),
    "parts that are withheld leave their layers": ((answers, "within", lambda entry, *_: entry),),
    "what is near a withheld part is offered": ((answers, "narrowed", lambda outcome, *_: outcome),),
    "a public answer goes by the asker's progress": (
        (Audience, "together", property(lambda self: self.progress)),
    ),
    "a public answer goes by the ceiling alone": (
        (Audience, "together", property(lambda self: self.ceiling or self.progress)),
    ),
    "a recap goes on beyond the reader": (
        (addressing, "recap_reply", lambda book, _: answers.recap_reply(book, Horizon(3))),
    ),
    "buttons carry names and no digests": ((laying, "digest", lambda _, name: name),),
    "an entry's words are its heading": (
        (answers, "_said", lambda entry, piece: f"{entry.pieces[-1].text} {piece.text}"),
    ),
    "sources name the entry": ((addressing, "reply_to", with_ids),),
    "the last layer stands first": (
        (answers, "_entry", lambda entry, *_: iter([Shown(entry.pieces[-1].text)])),
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_found(plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name, wrong in PLANTS[plant]:
        monkeypatch.setattr(where, name, wrong)
    try:
        with pytest.raises(AssertionError, match="zq0"):
            property_with(400, Phase.generate)()
    finally:
        laying.layout.cache_clear()
