"""Every button and modal, before and after a restart."""

from dataclasses import fields, replace
from datetime import datetime
from typing import get_args

import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st

from bot.book.book import Book
from bot.book.entries import IDENTIFIER, Fact, Piece
from bot.club.asking import Asking
from bot.discord_app.press_ids import custom_id, read_press
from bot.discord_app.presses import NotMeant, Press
from tests.discord.test_commands import SPOILED, SPOILER
from tests.discord.world import BARS, World, a_world, buttons, in_the_clear, response, text_of

RESTARTS = pytest.mark.parametrize("restart", [False, True], ids=["as it is", "after a restart"])

DIGESTS = st.lists(st.text("0123456789abcdef", min_size=10, max_size=10), min_size=1, max_size=6).map(tuple)
PAGES = st.integers(1, 9999)
NUMBERS = st.integers(0, 2**63)
FIELDS: dict[str, st.SearchStrategy[object]] = {
    "answer": DIGESTS.map(lambda digests: digests[0]),
    "answers": DIGESTS,
    "points": DIGESTS | st.just(()),
    "entries": DIGESTS | st.just(()),
    "page": PAGES,
    "book": st.from_regex(IDENTIFIER, fullmatch=True),
    "state": DIGESTS.map(lambda digests: digests[0]),
    "prompt": DIGESTS.map(lambda digests: digests[0]),
    "mark": st.none() | st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16),
    "schedule": st.text("0123456789abcdef", min_size=12, max_size=12),
    "occurrence": st.datetimes(min_value=datetime(1000, 1, 1)).map(  # noqa: DTZ001 - nominal
        lambda moment: moment.isoformat(timespec="seconds" if moment.second else "minutes")
    ),
}
PRESSES: st.SearchStrategy[Press] = st.sampled_from(get_args(Press)).flatmap(
    lambda kind: st.builds(kind, *(FIELDS.get(field.name, NUMBERS) for field in fields(kind)))
)


@given(PRESSES)
def test_a_press_is_read_as_it_was_written(press: Press) -> None:
    assert read_press(custom_id(press)) == press
    assert len(custom_id(press)) <= 100


@given(st.lists(DIGESTS.map(lambda digests: digests[0]), min_size=7, max_size=12).map(tuple))
def test_more_digests_than_fit_are_left_out(digests: tuple[str, ...]) -> None:
    assert len(custom_id(NotMeant(digests))) <= 100
    assert read_press(custom_id(NotMeant(digests))) == NotMeant(digests[:6])


@given(st.text(max_size=100))
def test_no_custom_id_breaks_the_reading(text: str) -> None:
    press = read_press(text)
    assert press is None or custom_id(press) == text or text.split(":")[1].startswith("0")


async def pressed(
    world: World, message: simcord.ResponseMessage, label: str, *, restart: bool
) -> simcord.InteractionResult:
    if restart:
        await world.restart()
    return await world.bob.click(message, label=label)


@RESTARTS
async def test_a_related_topic_is_told_to_the_presser_alone(world: World, restart: bool) -> None:
    asked = response(await world.alice.slash(world.channel, "ask", question="who plays ruth"))
    label = next(label for label in buttons(asked) if label != "Not what I meant")
    told = await pressed(world, asked, label, restart=restart)
    assert told.ephemeral
    entry = next(entry for entry in world.asking.book.entries if entry.topic == label)
    assert entry.pieces[0].text in text_of(response(told))
    assert "Keira Knightley plays the older Ruth" in text_of(asked)


@RESTARTS
async def test_one_of_several_that_fit_is_told(world: World, restart: bool) -> None:
    asked = response(await world.alice.slash(world.channel, "ask", question="the interviewer"))
    told = await pressed(world, asked, "Where the director was interviewed", restart=restart)
    assert told.ephemeral
    entry = next(
        entry for entry in world.asking.book.entries if entry.topic == "Where the director was interviewed"
    )
    assert entry.pieces[0].text in text_of(response(told))


@RESTARTS
async def test_what_was_not_meant_is_asked_again_and_left_out(world: World, restart: bool) -> None:
    asked = response(await world.alice.slash(world.channel, "ask", question="who plays kathy"))
    modal = await pressed(world, asked, "Not what I meant", restart=restart)
    assert modal.modal
    assert modal.modal["components"][0]["label"] == "What were you after?"
    if restart:
        await world.restart()
    told = await world.bob.submit_modal(modal, {"question": "who plays kathy"})
    assert told.ephemeral
    kathy = world.asking.book.by_id["kathy-cast"]
    assert kathy.pieces[0].text not in text_of(response(told))
    other = await world.bob.submit_modal(
        await world.bob.click(asked, label="Not what I meant"), {"question": "who plays ruth"}
    )
    assert "Keira Knightley" in text_of(response(other))


async def test_what_was_turned_down_stays_so_and_the_next_best_is_offered(world: World) -> None:
    turned_down = ["kathy-cast"]
    shown = response(await world.alice.slash(world.channel, "ask", question="who plays kathy"))
    for _ in range(3):
        modal = await world.alice.click(shown, label="Not what I meant")
        shown = response(await world.alice.submit_modal(modal, {"question": "who plays kathy"}))
        given = [entry for entry in world.asking.book.entries if entry.topic in buttons(shown)]
        assert not {entry.id for entry in given} & set(turned_down)
        turned_down += [entry.id for entry in given]
        if "Not what I meant" not in buttons(shown):
            assert "I don't have that" in text_of(shown)
            break
        assert "Did you mean" in text_of(shown)


@RESTARTS
async def test_none_of_several_was_meant(world: World, restart: bool) -> None:
    asked = response(await world.alice.slash(world.channel, "ask", question="the interviewer"))
    modal = await pressed(world, asked, "Not what I meant", restart=restart)
    told = await world.bob.submit_modal(modal, {"question": "the interviewer"})
    assert "Where the director was interviewed" not in buttons(response(told))


@RESTARTS
async def test_a_mention_beyond_the_ceiling_is_answered_to_each_presser_alone(
    world: World, restart: bool
) -> None:
    await world.alice.send(world.channel, f"{world.me} {SPOILER}?")
    shown = world.channel.last_message
    assert shown
    assert text_of(shown) == "That is further on than this channel has read."
    if restart:
        await world.restart()
    told = await world.alice.click(shown, label="Show me privately")
    assert told.ephemeral
    assert SPOILED in text_of(response(told))
    assert SPOILED not in in_the_clear(response(told))
    world.reach("part-three", world.bob)
    assert SPOILED in in_the_clear(response(await world.bob.click(shown, label="Show me privately")))


async def test_a_question_that_is_gone_cannot_be_shown(world: World) -> None:
    asked = await world.alice.send(world.channel, f"{world.me} {SPOILER}?")
    shown = world.channel.last_message
    assert shown
    await world.alice.delete(asked)
    told = await world.alice.click(shown, label="Show me privately")
    assert told.ephemeral
    assert "no longer read that question" in text_of(response(told))


@RESTARTS
async def test_pages_of_a_public_plot_come_to_the_presser_alone(world: World, restart: bool) -> None:
    world.open_up_to("part-three")
    first = response(await world.alice.slash(world.channel, "plot"))
    before = text_of(first)
    assert "Back" not in buttons(first)
    second = await pressed(world, first, "Next", restart=restart)
    assert second.ephemeral
    assert "Page 2 of" in text_of(response(second))
    history = world.channel.last_message
    assert history
    assert text_of(history) == before
    third = await pressed(world, response(second), "Next", restart=restart)
    assert "Page 3 of" in text_of(response(second))
    assert third.response is None or third.response.id == response(second).id
    await pressed(world, response(second), "Back", restart=restart)
    assert "Page 2 of" in text_of(response(second))


async def test_pages_are_turned_in_place_in_a_direct_message(world: World) -> None:
    first = response(await world.alice.user.slash("plot"))
    await world.alice.user.click(first, label="Next")
    assert "Page 2 of" in text_of(first)


async def test_pages_go_on_to_the_end(world: World) -> None:
    first = await world.alice.slash(world.channel, "plot")
    seen = [text_of(response(first))]
    while "Next" in buttons(response(first)):
        await world.alice.click(response(first), label="Next")
        seen.append(text_of(response(first)))
    for entry in world.asking.book.entries:
        if entry.kind == "plot":
            assert sum(entry.pieces[0].text.replace("|", "❘") in page for page in seen) == 1


@pytest.fixture(scope="module")
def long_book(book: Book) -> Book:
    """A book with one answer of 12 layers, each as long as may be."""
    pieces = tuple(
        Piece(text=f"{number:02} {'word* ' * 245}end{number:02}", reveals=reveals)
        for number, reveals in enumerate(
            [None] * 3 + ["part-one"] * 3 + ["part-two"] * 3 + ["part-three"] * 3
        )
    )
    fact = Fact.model_construct(
        id="long",
        topic="The long one",
        asks=("the long one",),
        sources=("priya",),
        pieces=pieces,
        medium="both",
    )
    return replace(book, entries=(fact,), prompts=(), unanswered=())


@RESTARTS
async def test_a_long_answer_becomes_pages(long_book: Book, restart: bool) -> None:
    async with a_world(Asking(long_book)) as world:
        first = response(await world.alice.slash(world.channel, "ask", question="the long one"))
        seen = [text_of(first)]
        while "Next" in buttons(first):
            await world.alice.click(first, label="Next") if not restart else await _after_restart(
                world, first
            )
            seen.append(text_of(first))
        assert len(seen) > 2
        for number in range(12):
            assert sum(f"end{number:02}" in page for page in seen) == 1
            assert any(f"end{number:02}" in BARS.sub("■", page) for page in seen) is (number < 3)
        assert all(f"Page {number} of {len(seen)}" in page for number, page in enumerate(seen, 1))


async def _after_restart(world: World, message: simcord.ResponseMessage) -> None:
    await world.restart()
    await world.alice.click(message, label="Next")


async def test_a_button_of_a_book_that_is_gone_gets_a_polite_answer(world: World, long_book: Book) -> None:
    asked = response(await world.alice.slash(world.channel, "ask", question="who plays ruth"))
    plot = response(await world.alice.slash(world.channel, "plot"))
    label = next(label for label in buttons(asked) if label != "Not what I meant")
    world.books = {long_book.slug: Asking(long_book)}
    await world.restart()
    told = await world.alice.click(asked, label=label)
    assert "I don't have that" in text_of(response(told))
    await world.alice.click(plot, label="Next")
    assert "no plot point" in text_of(plot)
    modal = await world.alice.click(asked, label="Not what I meant")
    told = await world.alice.submit_modal(modal, {"question": "the long one"})
    assert "end00" in text_of(response(told))


@pytest.mark.parametrize(
    "old", ["related:kathy-cast", "tell:zzzz", "page:x:y", "", "x" * 100, "plot:1:../../etc"]
)
async def test_a_button_of_another_version_gets_a_polite_answer(world: World, old: str) -> None:
    asked = response(await world.alice.slash(world.channel, "ask", question="who plays ruth"))
    for part in asked._message.components[0]["components"]:  # noqa: SLF001 - a message as another version sent it
        for button in part.get("components", ()):
            if button["label"] == "Not what I meant":
                button["custom_id"] = old or "empty"
    told = await world.alice.click(asked, label="Not what I meant")
    assert told.ephemeral
    assert "older version" in text_of(response(told))


async def test_presses_count_as_questions(world: World) -> None:
    asked = response(await world.alice.slash(world.channel, "ask", question="who plays ruth"))
    world.clock.step = 0.1
    opened = None
    for _ in range(5):
        opened = await world.bob.click(asked, label="Not what I meant")
    refused = await world.bob.click(asked, label="Not what I meant")
    assert refused.ephemeral
    assert opened
    told = await world.bob.submit_modal(opened, {"question": "who plays ruth"})
    assert "That was a lot" not in text_of(response(told)), "what was typed is not lost"
    assert "That was a lot at once" in text_of(response(refused))
