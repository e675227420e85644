"""Nothing beyond a reader's progress stands outside bars: every ask of the base, at every progress."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.outcomes import Answer, Found, Match, Suggestions
from bot.book.book import Book
from bot.book.entries import Quote
from bot.book.spoilers import Horizon, horizon_of, terms_beyond
from bot.club.asking import Asking
from bot.replies.answers import plot_reply, prompt_reply, reply_to
from bot.replies.markdown import markdown, plain
from bot.replies.reply import Heading, Note, Reply, Shown, Veiled
from bot.replies.veiling import barred, escaped

SHINGLE = 5
BARS = re.compile(r"\|\|.+?\|\|", re.DOTALL)


def in_the_clear(text: str) -> str:
    """What stands outside the bars of Discord's markdown, as a reader sees it."""
    return re.sub(r"\\([^\w\s])", r"\1", BARS.sub(" ■ ", text))


def shingles(text: str) -> Iterator[tuple[str, ...]]:
    for part in re.split(r"[\n·■]", text.casefold()):
        found = re.findall(r"\w+", part)
        for at in range(len(found) - SHINGLE + 1):
            yield tuple(found[at : at + SHINGLE])


@pytest.fixture(scope="module")
def hidden(book: Book) -> dict[tuple[str, ...], int]:
    """Every run of five words of the base, with the earliest point of the book where it may be read."""
    earliest: dict[tuple[str, ...], int] = {}
    texts: list[tuple[str, str | None]] = [(milestone.title, None) for milestone in book.head.milestones]
    texts += [(source.title, None) for source in book.head.sources]
    for entry in book.entries:
        texts += [(entry.topic, None), *((piece.text, piece.reveals) for piece in entry.pieces)]
        if isinstance(entry, Quote):
            texts.append((entry.where or "", entry.reveals))
    for prompt in book.prompts:
        texts += [(text, prompt.milestone) for text in (prompt.question, *prompt.follow_ups)]
    for text, reveals in texts:
        for shingle in shingles(text):
            earliest[shingle] = min(earliest.get(shingle, 99), book.ranks[reveals])
    return earliest


def leaks(book: Book, reply: Reply, horizon: Horizon, hidden: dict[tuple[str, ...], int]) -> list[str]:
    reached = book.head.milestones[horizon.rank - 1].id if horizon.rank else None
    found = []
    for text in (markdown(reply), plain(reply)):
        clear = in_the_clear(text)
        assert "||" not in clear
        found += [" ".join(run) for run in shingles(clear) if hidden.get(run, 0) > horizon.rank]
        found += [term for term, _ in terms_beyond(book, clear, reached)]
    return found


def horizons(book: Book) -> list[Horizon]:
    return [Horizon(rank) for rank in range(len(book.head.milestones) + 1)]


def test_no_ask_of_the_base_brings_a_spoiler_into_the_clear(
    book: Book, asking: Asking, hidden: dict[tuple[str, ...], int]
) -> None:
    veiled = 0
    for entry in book.entries:
        # Every ninth: an entry's asks all bring the same answer, or nearly all.
        for ask in entry.asks[::9]:
            outcome = asking.answer(ask)
            for horizon in horizons(book):
                reply = reply_to(outcome, book, horizon)
                assert not leaks(book, reply, horizon, hidden), (ask, horizon, markdown(reply))
                assert all(
                    horizon.shows(book, book.by_id[choice.entry].reveals) for choice in reply.choices
                ), (ask, horizon)
                veiled += any(isinstance(block, Veiled) for block in reply.blocks)
    assert veiled > 150


def test_every_entry_picked_by_itself_keeps_its_secrets(
    book: Book, hidden: dict[tuple[str, ...], int]
) -> None:
    for entry in book.entries:
        for horizon in horizons(book):
            reply = reply_to(Answer((Found(Match(entry, 1.0)),)), book, horizon)
            assert not leaks(book, reply, horizon, hidden)
            shown = [piece for piece in entry.pieces if horizon.shows(book, piece.reveals)]
            assert sum(isinstance(block, Veiled) for block in reply.blocks) == len(entry.pieces) - len(shown)
            for piece in shown:
                assert " ".join(piece.text.split()) in in_the_clear(markdown(reply))


def test_the_plot_is_veiled_for_everybody(book: Book, asking: Asking) -> None:
    points = asking.plot("")
    reply = plot_reply(points, book)
    assert all(isinstance(block, Veiled) for block in reply.blocks)
    assert {block.label for block in reply.blocks if isinstance(block, Veiled)} == {
        f"About {milestone.title} · tap to reveal" for milestone in book.head.milestones
    }


def test_prompts_beyond_the_horizon_are_veiled(book: Book, hidden: dict[tuple[str, ...], int]) -> None:
    for prompt in book.prompts:
        for horizon in horizons(book):
            assert not leaks(book, prompt_reply(prompt, book, horizon), horizon, hidden)


def test_an_entry_that_a_prompt_names_twice_is_offered_once(book: Book) -> None:
    prompt = book.prompts[0]
    twice = prompt.model_copy(update={"entries": prompt.entries[:1] * 2})
    assert len(prompt_reply(twice, book, Horizon(3)).choices) == 1


def test_a_suggestion_that_is_beyond_the_horizon_is_as_if_unknown(book: Book) -> None:
    late = [entry for entry in book.entries if entry.reveals == "part-three"]
    outcome = Suggestions(tuple(Match(entry, 0.5) for entry in late))
    assert reply_to(outcome, book, horizon_of(book, "part-two")) == reply_to(
        Suggestions(()), book, Horizon(0)
    )
    assert reply_to(outcome, book, horizon_of(book, "part-three")).choices


def test_a_milestone_that_is_gone_counts_as_nothing_read(book: Book) -> None:
    assert horizon_of(book, "part-four") == Horizon(0)


HOSTILE = st.text(st.sampled_from("ab |\\`*_~#>-[]()<>:/\n\r\t.!@" + "\u2758\u200b"), max_size=60) | st.text(
    max_size=40
)


@given(HOSTILE)
@settings(max_examples=500)
def test_bars_cannot_be_broken_from_inside(secret: str) -> None:
    wrapped = barred(secret)
    if wrapped:
        assert wrapped.startswith("||")
        assert wrapped.endswith("||")
        inside = wrapped[2:-2]
        assert "|" not in inside
        assert inside.strip()
        assert not inside.endswith("\\")
        assert "\n" not in inside
    else:
        assert not secret.strip()


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=500)
def test_no_text_around_a_veil_can_open_it(before: str, secret: str, after: str) -> None:
    """However hostile the text outside, the only bars in a message are the two of the veil."""
    token = "SECRET" + secret
    reply = Reply((Heading(before), Shown(after), Veiled(before or "x", token), Note(after)))
    lines = markdown(reply).split("\n")
    assert [line for line in lines if "||" in line] == [barred(token)]
    assert "SECRET" not in BARS.sub("", markdown(reply))


@given(HOSTILE)
def test_escaping_leaves_no_mark_that_means_anything(text: str) -> None:
    marks = re.sub(r"\\[!-/:-@\[-`{-~]", "", escaped(text))
    assert not re.search(r"[!-/:-@\[-`{-~]", marks)
