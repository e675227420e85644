"""A moderator who says that they have read less than they had, between two steps of a command."""

from collections.abc import AsyncIterator

import pytest

from bot.book.book import Book
from bot.book.entries import Entry
from bot.club.asking import Asking
from bot.club.ports import Server
from tests.discord.posting import Stage, a_stage
from tests.discord.server import GUILD, OWNER
from tests.discord.world import in_the_clear, text_of


@pytest.fixture
async def stage(asking: Asking) -> AsyncIterator[Stage]:
    async with a_stage(asking) as found:
        found.memory.servers[GUILD] = Server()
        found.memory.milestones[OWNER, asking.book.slug] = "part-three"
        yield found


def late(book: Book, first: str | None) -> Entry:
    """A fact that ends in the last part, and begins where it is said."""
    return next(
        one
        for one in book.entries
        if one.kind == "fact" and one.reveals == first and one.pieces[-1].reveals == "part-three"
    )


@pytest.mark.parametrize(
    ("first", "said"), [(None, "further on than you have read"), ("part-three", "I find no such entry")]
)
async def test_between_the_choices_and_the_command_no_form_is_opened(
    stage: Stage, book: Book, first: str | None, said: str
) -> None:
    entry = late(book, first)
    offered = await stage.server.choices("knowledge edit", "entry", entry.topic, member=OWNER)
    assert entry.topic in [one["value"] for one in offered]
    await stage.server.slash("progress clear", member=OWNER)
    told = await stage.server.slash("knowledge edit", {"entry": entry.topic}, member=OWNER)
    assert told.kind != 9
    assert said in text_of(told.data)
    assert entry.pieces[-1].text[:30] not in str(told.data)


async def test_between_the_form_and_its_sending_what_it_held_is_not_shown_in_the_clear(
    stage: Stage, book: Book
) -> None:
    entry = late(book, None)
    form = await stage.server.slash("knowledge edit", {"entry": entry.topic}, member=OWNER)
    assert form.kind == 9
    stage.memory.milestones.clear()
    typed = {"text": f"{entry.pieces[0].text}\n[Part Three]\nSomething else."}
    shown = await stage.server.submit(form.data, typed, member=OWNER)
    assert "Something else." in text_of(shown.data)
    assert "Something else." not in in_the_clear(shown.data)
    assert entry.pieces[-1].text[:30] not in in_the_clear(shown.data)
