"""“Hide as spoiler”: who may, what comes out, and that nothing is lost or shown on the way."""

import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import discord
import pytest
import simcord
from simcord.enums import InteractionType

from bot.club.ports import Server
from bot.discord_app.layout import place_value
from tests.discord.contract import components, texts
from tests.discord.world import World, in_the_clear, raw, response, text_of

HIDE = "Hide as spoiler"
GIVEN_AWAY = "omg ruth dies at the end ||really|| and `so does` everybody"


@pytest.fixture
def on(world: World) -> World:
    """The feature is switched on."""
    world.memory.servers[world.guild.id] = Server(hides=True)
    return world


async def hidden(
    world: World, message: discord.Message, by: simcord.MemberActor, label: str = "part-three"
) -> str:
    """Has a message hidden; what whoever asked is told."""
    opened = await by.context_menu(world.channel, HIDE, message)
    if opened.modal is None:
        assert opened.ephemeral
        return text_of(response(opened))
    value = label if label == "." else place_value(world.asking.book.slug, label)
    done = await by.submit_modal(opened, {"label": [value]})
    assert done.ephemeral
    return text_of(response(done))


def gone(world: World, message: discord.Message) -> bool:
    return all(one.id != message.id for one in world.channel.history())


def picked(message: discord.Message) -> dict[str, object]:
    """What comes back from the modal of a message."""
    select = {"type": 3, "id": 2, "custom_id": "label", "values": ["."]}
    return {"custom_id": f"hide:{message.id}", "components": [{"type": 18, "id": 1, "component": select}]}


def last(world: World) -> discord.Message:
    return max(world.channel.history(), key=lambda one: one.id)


async def test_the_author_has_it_sent_again_behind_bars(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    assert "behind bars" in await hidden(on, message, on.alice)
    assert gone(on, message)
    sent = last(on)
    assert sent.author.id == on.client.user.id  # type: ignore[union-attr]
    assert in_the_clear(sent) == "alice · About Part Three · tap to reveal\n■"
    # Each of its own bars is a look-alike: the only two are those of the veil.
    assert "||omg ruth dies at the end ❘❘really❘❘ and `so does` everybody||" in text_of(sent)


async def test_its_lines_stay_lines(on: World) -> None:
    message = await on.alice.send(on.channel, "# first ||x||\n\n> ruth dies\n```\ncode\n```\nlast\\")
    assert "behind bars" in await hidden(on, message, on.alice)
    *_, bars = texts({"components": raw(last(on))})
    assert bars == "||# first ❘❘x❘❘\n\n> ruth dies\n```\ncode\n```\nlast\\ ||"


async def test_a_moderator_may_and_another_member_may_not(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    assert "Only whoever wrote it" in await hidden(on, message, on.bob)
    assert not gone(on, message)
    role = on.guild.create_role("Staff", permissions=discord.Permissions(manage_messages=True))
    staff = on.guild.add_member(on.env.create_user("staff"), roles=[role])
    assert "behind bars" in await hidden(on, message, staff)
    assert in_the_clear(last(on)).startswith("alice")


async def test_who_may_is_looked_at_again_when_the_label_is_picked(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    opened = await on.alice.context_menu(on.channel, HIDE, message)
    on.memory.servers[on.guild.id] = Server(hides=False)
    done = await on.alice.submit_modal(opened, {"label": ["."]})
    assert "switched off" in text_of(response(done))
    assert not gone(on, message)


async def test_switched_off_it_says_how_to_switch_it_on(world: World) -> None:
    message = await world.alice.send(world.channel, GIVEN_AWAY)
    assert "/setup hide" in await hidden(world, message, world.alice)
    assert not gone(world, message)


async def test_without_the_permission_it_says_which_one(on: World) -> None:
    channel = on.channel_without("manage_messages")
    message = await on.alice.send(channel, GIVEN_AWAY)
    told = await on.alice.context_menu(channel, HIDE, message)
    assert "Manage Messages" in text_of(response(told))
    assert [one.id for one in channel.history()] == [message.id]


async def test_the_label_gives_no_part_away_if_none_is_picked(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    await hidden(on, message, on.alice, label=".")
    assert in_the_clear(last(on)) == "alice · A spoiler · tap to reveal\n■"


async def test_files_come_again_blurred_and_under_names_that_tell_nothing(on: World) -> None:
    message = await on.alice.send(
        on.channel,
        "look",
        attachments=[("ruth_dies.png", b"\x89PNG rest"), ("all about ruth.txt", b"she dies")],
    )
    assert "behind bars" in await hidden(on, message, on.alice)
    sent = last(on)
    assert len(sent.attachments) == 2
    assert [one.filename for one in sent.attachments] == ["SPOILER_1.png", "SPOILER_2.txt"]
    parts = list(components(raw(sent)))
    assert "ruth" not in json.dumps(parts)
    files = [part for part in parts if part["type"] in {12, 13}]
    assert files
    for part in files:
        for item in part.get("items", [part]):
            assert item["spoiler"] is True


async def test_a_long_message_becomes_several_and_every_word_stays(on: World) -> None:
    words = [f"secret{number}" for number in range(380)]
    message = await on.alice.send(on.channel, " ".join(words)[:2000])
    assert "behind bars" in await hidden(on, message, on.alice)
    posted = sorted(on.channel.history(), key=lambda one: one.id)
    together = " ".join(text_of(one) for one in posted)
    for word in " ".join(words)[:2000].split():
        assert word in together
    assert all("secret" not in in_the_clear(one) for one in posted)


async def test_a_message_that_changed_meanwhile_stays(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    opened = await on.alice.context_menu(on.channel, HIDE, message)
    await on.alice.edit(message, content="never mind")
    done = await on.alice.submit_modal(opened, {"label": ["."]})
    assert "changed or removed" in text_of(response(done))
    assert not gone(on, message)


async def test_a_message_that_is_gone_is_not_brought_back(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    opened = await on.alice.context_menu(on.channel, HIDE, message)
    await on.alice.delete(message)
    done = await on.alice.submit_modal(opened, {"label": ["."]})
    assert "changed or removed" in text_of(response(done))
    assert on.channel.history() == []


@pytest.mark.parametrize("passed", [901.0, 10_000.0])
async def test_after_an_interactions_life_it_is_chosen_anew(on: World, passed: float) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    opened = await on.alice.context_menu(on.channel, HIDE, message)
    on.clock.now += passed
    done = await on.alice.submit_modal(opened, {"label": ["."]})
    assert "no longer have" in text_of(response(done))
    assert not gone(on, message)


async def test_after_a_restart_it_is_chosen_anew(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    opened = await on.alice.context_menu(on.channel, HIDE, message)
    await on.restart()
    done = await on.alice.submit_modal(opened, {"label": ["."]})
    assert "no longer have" in text_of(response(done))
    assert not gone(on, message)


async def test_the_bots_own_messages_are_left_alone(on: World) -> None:
    role = on.guild.create_role("Staff", permissions=discord.Permissions(manage_messages=True))
    staff = on.guild.add_member(on.env.create_user("staff"), roles=[role])
    await on.alice.send(on.channel, f"{on.me} who plays kathy?")
    answer = last(on)
    assert "that a member posted" in await hidden(on, answer, staff)
    assert not gone(on, answer)


@pytest.mark.parametrize(
    "name",
    ["||a||", "`x`", "**bold**", "@everyone", "[x](http://x.y)", "# big", "a\\"],
)
async def test_a_hostile_name_opens_nothing(on: World, name: str) -> None:
    author = on.guild.add_member(on.env.create_user("zed"), nick=name)
    message = await author.send(on.channel, GIVEN_AWAY)
    assert "behind bars" in await hidden(on, message, author)
    clear = in_the_clear(last(on))
    assert "ruth" not in clear
    assert clear.endswith("About Part Three · tap to reveal\n■")


async def test_a_picture_comes_without_its_description(on: World) -> None:
    message = await on.alice.send(on.channel, "look", attachments=[("a.png", b"\x89PNG rest")])
    stored = on.env.backend.get_message(on.channel.id, message.id)
    stored.attachments[0]["description"] = "ruth dies in this picture"
    assert "behind bars" in await hidden(on, message, on.alice)
    assert [file.description for file in last(on).attachments] == [None]


async def test_the_modal_is_its_members_own(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    opened = await on.alice.context_menu(on.channel, HIDE, message)
    forged = await on.bob._dispatch_interaction(  # noqa: SLF001
        InteractionType.MODAL_SUBMIT, on.channel, picked(message)
    )
    assert "no longer have" in text_of(response(forged))
    assert not gone(on, message)
    done = await on.alice.submit_modal(opened, {"label": ["."]})
    assert "behind bars" in text_of(response(done))


async def test_a_message_of_another_server_is_left_alone(on: World) -> None:
    user, other = on.env.create_user("both"), on.env.create_guild("Elsewhere")
    here, there = on.guild.add_member(user), other.add_member(user)
    elsewhere = other.create_text_channel("x")
    on.memory.servers[other.id] = Server(hides=True)
    message = await here.send(on.channel, GIVEN_AWAY)
    opened = await here.context_menu(on.channel, HIDE, message)
    assert opened.modal is not None
    forged = await there._dispatch_interaction(InteractionType.MODAL_SUBMIT, elsewhere, picked(message))  # noqa: SLF001
    assert "no longer have" in text_of(response(forged))
    assert not gone(on, message)


async def test_without_the_history_it_says_so(on: World) -> None:
    channel = on.channel_without("read_message_history")
    message = await on.alice.send(channel, GIVEN_AWAY)
    told = await on.alice.context_menu(channel, HIDE, message)
    assert "Read Message History" in text_of(response(told))


async def test_an_original_that_discord_keeps_is_told_of(on: World) -> None:
    message = await on.alice.send(on.channel, GIVEN_AWAY)
    on.env.inject_error("DELETE", "/channels/*/messages/*", status=400, code=50000, times=None)
    assert "did not let me remove the original" in await hidden(on, message, on.alice)
    assert not gone(on, message)


async def test_a_part_that_is_refused_takes_the_others_back(
    on: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.replies.paging.CHARACTERS", 600)
    monkeypatch.setattr("bot.replies.paging._PIECE", 500)
    message = await on.alice.send(on.channel, "ruth dies " * 100)
    real: Callable[..., Awaitable[discord.Message]] = discord.abc.Messageable.send
    calls: list[object] = []

    async def send(self: discord.abc.Messageable, **options: object) -> discord.Message:
        calls.append(options)
        if len(calls) == 2:
            refused = SimpleNamespace(status=400, reason="Bad Request")
            raise discord.HTTPException(refused, "no")
        return await real(self, **options)

    monkeypatch.setattr(discord.abc.Messageable, "send", send)
    assert "left things as they are" in await hidden(on, message, on.alice)
    assert [one.id for one in on.channel.history()] == [message.id]
