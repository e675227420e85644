"""The spoiler watch: what it marks, above all what it does not, and that it is there only where it was switched on."""

import json
from collections.abc import AsyncIterator

import discord
import pytest

from bot.book.spoilers import Horizon, horizon_of
from bot.club.asking import Asking
from bot.club.watching import tells_ahead
from bot.discord_app.client import INTENTS, WATCHFUL
from bot.discord_app.watching import MARK
from tests.conftest import ROOT
from tests.discord.world import World, a_world

TABLE = [
    json.loads(line) for line in (ROOT / "tests" / "watch.jsonl").read_text(encoding="utf-8").splitlines()
]
INNOCENT = [row for row in TABLE if not row["tells"]]
TELLING = [row for row in TABLE if row["tells"]]

SPOILER = "so they are all clones made to donate their organs"


@pytest.fixture
async def watched(asking: Asking) -> AsyncIterator[World]:
    async with a_world(asking, intents=WATCHFUL) as world:
        world.memory.watches[world.channel.id] = world.guild.id
        yield world


def marks(message: discord.Message, world: World) -> list[str]:
    found = next(one for one in world.channel.history() if one.id == message.id)
    return [str(reaction.emoji) for reaction in found.reactions]


def test_no_innocent_message_is_marked(asking: Asking) -> None:
    """The table: real uses of the terms, other books, members who are called Ruth, and what is open already."""
    assert len(INNOCENT) >= 250
    fired = [
        row for row in INNOCENT if tells_ahead(asking, horizon_of(asking.book, row["ceiling"]), row["text"])
    ]
    assert fired == []


def test_many_a_telling_one_is(asking: Asking) -> None:
    """A fifth of them: what is told in words that are far from the base's is not recognised."""
    fired = [
        row for row in TELLING if tells_ahead(asking, horizon_of(asking.book, row["ceiling"]), row["text"])
    ]
    assert len(fired) >= 36
    assert len(fired) < len(TELLING), "say so here when it becomes better"


def test_where_all_is_open_nothing_is_marked(asking: Asking) -> None:
    for row in TABLE:
        assert not tells_ahead(asking, Horizon(3), row["text"])


@pytest.mark.parametrize(
    "text", ["", " ", "?" * 4000, "\n" * 4000, "ruth dies " * 400, "||" * 2000, "\u200b"]
)
def test_hostile_messages_are_read_in_no_time(asking: Asking, text: str) -> None:
    assert tells_ahead(asking, Horizon(0), text) == ("ruth" in text)


async def test_a_message_that_tells_is_marked_and_nothing_more(watched: World) -> None:
    message = await watched.alice.send(watched.channel, SPOILER)
    assert marks(message, watched) == [MARK]
    assert len(watched.channel.history()) == 1, "not a word is said"
    # Nobody's place is noted by talking.
    assert watched.memory.last == {}


async def test_an_innocent_one_and_a_question_to_the_bot_are_not(watched: World) -> None:
    for text in (
        "see you all on thursday",
        "does ruth die?",
        f"{watched.me} so they are clones made for organs",
    ):
        message = await watched.alice.send(watched.channel, text)
        assert marks(message, watched) == []


async def test_what_the_channel_has_read_is_open(watched: World) -> None:
    watched.open_up_to("part-three")
    assert marks(await watched.alice.send(watched.channel, SPOILER), watched) == []


async def test_only_watched_channels_are(watched: World) -> None:
    watched.memory.watches.clear()
    assert marks(await watched.alice.send(watched.channel, SPOILER), watched) == []


async def test_without_the_intent_nothing_is_looked_at(asking: Asking) -> None:
    async with a_world(asking) as world:
        world.memory.watches[world.channel.id] = world.guild.id
        assert marks(await world.alice.send(world.channel, SPOILER), world) == []


async def test_where_it_may_not_react_the_log_says_so(
    watched: World, caplog: pytest.LogCaptureFixture
) -> None:
    channel = watched.channel_without("add_reactions")
    watched.memory.watches[channel.id] = watched.guild.id
    await watched.alice.send(channel, SPOILER)
    assert "may not add a reaction" in caplog.text
    assert "clone" not in caplog.text


def test_only_the_watch_asks_for_a_privileged_intent() -> None:
    assert not INTENTS.message_content
    asked = {name for name, on in WATCHFUL if on} - {name for name, on in INTENTS if on}
    assert asked == {"message_content"}
