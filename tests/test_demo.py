"""The club in a terminal: what a reader types and what comes back."""

import io
import subprocess
import sys
from random import Random

import pytest
from rich.console import Console

from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.demo.session import Session
from bot.demo.terminal import draw
from bot.replies.markdown import plain
from bot.replies.reply import Reply
from tests.conftest import ROOT


@pytest.fixture
def session(asking: Asking) -> Session:
    return Session(Club({asking.book.slug: asking}, Memory(), Random(1)))


def drawn(session: Session, reply: Reply) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    draw(console, reply, session.opened)
    return console.export_text()


async def test_a_question_is_answered_with_or_without_the_command(session: Session) -> None:
    assert "Carey Mulligan" in plain(await session.take("who plays kathy?"))
    assert await session.take("/ask who plays kathy?") == await session.take("who plays kathy?")
    assert await session.take("/ASK who plays kathy?") == await session.take("who plays kathy?")


async def test_a_spoiler_is_a_solid_block_of_one_length_until_it_is_opened(session: Session) -> None:
    first = drawn(session, await session.take("does ruth die"))
    second = drawn(session, await session.take("do they ever run away"))
    assert "/reveal 1" in first
    assert "complet" not in first
    blocks = [{part for part in text.split() if "█" in part} for text in (first, second)]
    assert blocks[0] == blocks[1]
    opened = drawn(session, await session.take("/reveal"))
    assert "█" not in opened


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "1.5", "²"])
async def test_a_spoiler_that_is_not_there_cannot_be_opened(session: Session, number: str) -> None:
    await session.take("does ruth die")
    assert "number from 1" in plain(await session.take(f"/reveal {number}"))
    assert session.opened == frozenset()
    await session.take("who plays kathy")
    assert "no spoiler" in plain(await session.take("/reveal"))


async def test_progress_moves_the_horizon(session: Session) -> None:
    assert "nothing yet" in plain(await session.take("/progress"))
    assert "Part Three" in plain(await session.take("/progress finished"))
    assert "||" not in plain(await session.take("does ruth die"))
    assert "Part Two" in plain(await session.take("/progress ch 20"))
    assert "||" in plain(await session.take("does ruth die"))
    assert "Part Two" in plain(await session.take("/progress"))
    assert "do not know" in plain(await session.take("/progress part nine"))
    await session.take("/progress nothing")
    assert "nothing yet" in plain(await session.take("/progress"))


async def test_a_choice_is_picked_by_its_number(session: Session, asking: Asking) -> None:
    reply = await session.take("who plays kathy")
    picked = await session.take("1")
    entry = asking.book.by_id[reply.choices[0].entry]
    assert entry.pieces[0].text in plain(picked)
    await session.take("does ruth die")
    assert "don't have that" in plain(await session.take("99"))


async def test_quotes_plot_and_views_are_looked_through(session: Session) -> None:
    assert "“" in plain(await session.take("/quote"))
    assert (
        "answering questions"
        in plain(await session.take("/quote headmistress questions no one wanted asked")).lower()
    )
    first, second = plain(await session.take("/plot")), plain(await session.take("/plot 2"))
    assert first != second
    assert "Page 1 of" in first
    assert plain(await session.take("/plot 999")) == plain(await session.take("/plot 5"))
    assert "||" in plain(await session.take("/plot cassette"))
    assert "no plot point" in plain(await session.take("/plot zeppelin"))
    views = plain(await session.take("/views the acting"))
    assert "BioNews" in views
    assert "Shary" in views
    assert "Name something" in plain(await session.take("/views"))


async def test_prompts_come_in_the_books_order_none_twice_within_the_horizon(
    session: Session, asking: Asking
) -> None:
    open_ones = [prompt for prompt in asking.book.prompts if prompt.milestone is None]
    seen = [plain(await session.take("/prompt")) for _ in open_ones]
    assert [prompt.question in text for prompt, text in zip(open_ones, seen, strict=True)] == [True] * len(
        open_ones
    )
    assert plain(await session.take("/prompt")) == seen[0]
    await session.take("/progress finished")
    assert "To discuss · art" in plain(await session.take("/prompt art"))
    assert "no prompt on that theme" in plain(await session.take("/prompt zeppelins"))


async def test_help_lists_every_command_and_an_unknown_one_points_to_it(session: Session) -> None:
    shown = plain(await session.take("/help"))
    for command in ("/ask", "/quote", "/plot", "/views", "/prompt", "/progress", "/reveal"):
        assert command in shown
    assert "/help" in plain(await session.take("/zeppelin"))
    assert "Ask me" in plain(await session.take("/ask"))


@pytest.mark.parametrize(
    "line", ["", "?", "\x00\x1b[31m", "||" * 500, "a" * 10_000, "\u200b", "/" * 300, "[bold]x[/]"]
)
async def test_hostile_lines_get_an_answer(session: Session, line: str) -> None:
    assert (await session.take(line)).blocks


def test_it_works_when_piped() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "demo"],
        input="who plays ruth?\n/reveal\ndoes ruth die\n/quit\nwho plays tommy\n",
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert "Keira Knightley" in done.stdout
    assert "█" in done.stdout
    assert "Garfield" not in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""
