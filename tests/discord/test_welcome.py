"""The one message that the bot sends of itself, and what it asks to be allowed."""

import logging
import re
from dataclasses import replace

import discord
import pytest

from bot.book.book import Book
from bot.club.asking import Asking
from bot.discord_app.permissions import NEEDED, REASONS, invite_link, named
from tests.conftest import ROOT
from tests.discord.local import connected
from tests.discord.server import GUILD, Fault, Json, LocalDiscord, general_of, guild_payload
from tests.discord.world import text_of

SERVER = GUILD + 7
SECOND = general_of(SERVER) + 50


def test_the_invite_link_has_both_scopes_and_exactly_the_permissions() -> None:
    assert invite_link(123) == (
        f"https://discord.com/oauth2/authorize?client_id=123&scope=bot+applications.commands&permissions={NEEDED.value}"
    )
    assert discord.Permissions(**dict.fromkeys(REASONS, True)) == NEEDED


def test_the_readme_gives_every_permission_and_its_reason() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, reason in REASONS.items():
        assert f"| {named(name)} | {reason} |" in readme
    assert str(NEEDED.value) in readme


def a_server(**changes: Json) -> Json:
    """A server with two channels; `everyone` are the permissions of everybody in it."""
    guild = guild_payload(SERVER)
    everyone = changes.pop("everyone", NEEDED.value)
    guild["roles"][0]["permissions"] = str(everyone)
    guild["channels"].append({**guild["channels"][0], "id": str(SECOND), "name": "books", "position": 1})
    return {**guild, **changes}


async def greeted(server: LocalDiscord, guild: Json) -> Json:
    """The message that the bot sends on joining; None where it sends none."""
    before = len(server.messages)
    await server.join(guild)
    return await server.next_message(before, wait=1.0)


async def test_a_server_that_lets_the_bot_in_is_greeted_with_a_question_that_works(asking: Asking) -> None:
    async with connected(asking) as (server, _):
        message = await greeted(server, a_server())
        assert message["channel_id"] == str(general_of(SERVER))
        first = re.search(r"/ask (.+)", text_of(message))
        assert first
        answer = await server.slash("ask", question=first.group(1))
        assert "I don't have that" not in text_of(answer.data)
        assert "not allowed" not in text_of(message)
        assert len(server.messages) == 2


@pytest.mark.parametrize(
    ("guild", "channel"),
    [
        pytest.param(a_server(system_channel_id=str(SECOND)), SECOND, id="the system channel"),
        pytest.param(
            a_server(
                channels=[
                    {**a_server()["channels"][0], "permission_overwrites": [{"id": str(SERVER), "type": 0, "allow": "0", "deny": "2048"}]},
                    a_server()["channels"][1],
                ],
                system_channel_id=str(general_of(SERVER)),
            ),
            SECOND,
            id="the first where it may write",
        ),
        pytest.param(a_server(everyone=1024), None, id="nowhere to write"),
        pytest.param(a_server(channels=[]), None, id="no channel at all"),
    ],
)  # fmt: skip
async def test_where_it_greets(
    asking: Asking, guild: Json, channel: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "bookclub")
    async with connected(asking) as (server, _):
        message = await greeted(server, guild)
        if channel is None:
            assert message is None
            assert f"server {SERVER}" in caplog.text
        else:
            assert message["channel_id"] == str(channel)


async def test_the_first_question_gives_nothing_away(asking: Asking, book: Book) -> None:
    """Found by a reviewer: it was an ask, and asks may use any words."""
    first = next(entry for entry in book.entries if entry.kind == "fact" and entry.reveals is None)
    changed = first.model_copy(update={"asks": ("why are the clones donors", *first.asks)})
    entries = tuple(changed if entry is first else entry for entry in book.entries)
    shown = Asking(replace(book, entries=entries), asking.index).first_question()
    assert shown == first.topic == asking.first_question()


async def test_where_it_may_not_write_after_all_the_next_channel_is_greeted(asking: Asking) -> None:
    async with connected(asking) as (server, _):
        server.fail(Fault("POST", f"channels/{general_of(SERVER)}/messages", 403, {"code": 50013}))
        message = await greeted(server, a_server())
        assert message["channel_id"] == str(SECOND)


async def test_it_says_what_it_is_not_allowed(asking: Asking) -> None:
    async with connected(asking) as (server, _):
        message = await greeted(server, a_server(everyone=1024 | 2048))
        shown = text_of(message)
        for name, reason in REASONS.items():
            assert (f"{named(name)} ({reason})" in shown) is (name not in {"view_channel", "send_messages"})


async def test_a_server_that_was_out_is_not_greeted_again(asking: Asking) -> None:
    async with connected(asking) as (server, _):
        await server.emit("GUILD_DELETE", {"id": str(GUILD), "unavailable": True})
        await server.emit("GUILD_CREATE", guild_payload(GUILD))
        assert await server.next_message(0, wait=0.3) is None
