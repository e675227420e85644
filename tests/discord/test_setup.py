"""/setup: who may, what it changes, and what it says is missing."""

from collections.abc import AsyncIterator
from dataclasses import replace

import discord
import pytest
import simcord

from bot.book.book import Book
from bot.club.asking import Asking
from bot.club.memory import Memory
from bot.club.ports import Server, StoreError, Used
from tests.discord.contract import components
from tests.discord.local import connected
from tests.discord.server import ALICE, OWNER, dm_of
from tests.discord.world import World, response, text_of
from tests.discord.world import a_world as one_book_world

HOUSE = "small-house"


@pytest.fixture
async def world(asking: Asking) -> AsyncIterator[World]:
    async with one_book_world(asking) as found:
        yield found


@pytest.fixture
def small_house(book: Book) -> Asking:
    entries = tuple(entry for entry in book.entries if entry.kind == "fact")[:8]
    head = book.head.model_copy(update={"title": "The Small House"})
    return Asking(replace(book, slug=HOUSE, head=head, entries=entries, prompts=()))


@pytest.fixture
async def two_books(asking: Asking, small_house: Asking) -> AsyncIterator[World]:
    async with one_book_world(asking, small_house) as found:
        yield found


def moderator(world: World, **permissions: bool) -> simcord.MemberActor:
    role = world.guild.create_role("Staff", permissions=discord.Permissions(**permissions))
    return world.guild.add_member(world.env.create_user("staff"), roles=[role])


def settings(world: World) -> Server:
    return world.memory.servers.get(world.guild.id, Server())


async def setup(world: World, member: simcord.MemberActor, **options: object) -> str:
    result = await member.slash(world.channel, "setup", **options)
    assert result.ephemeral
    return text_of(response(result)).replace("\\_", "_")


async def test_a_moderator_sees_how_everything_stands(world: World) -> None:
    told = await setup(world, moderator(world, manage_messages=True))
    assert "Book: Never Let Me Go" in told
    assert "behind bars" in told
    assert "#general may talk openly as if nobody had read anything" in told
    assert "allowed all that I need" in told


@pytest.mark.parametrize(
    ("permissions", "may"),
    [
        ({}, False),
        ({"manage_messages": True}, True),
        ({"manage_guild": True}, True),
        ({"administrator": True}, True),
        ({"kick_members": True, "manage_channels": True}, False),
    ],
)
async def test_who_may_is_looked_at_by_the_bot_itself(
    world: World, permissions: dict[str, bool], may: bool
) -> None:
    # Discord's own gate can be opened by a server's admins: then members reach the command.
    world.client.tree.get_command("setup").default_permissions = None  # type: ignore[union-attr]
    await world.client.tree.sync()
    told = await setup(world, moderator(world, **permissions), spoilers="withhold")
    assert ("Only moderators" in told) != may
    assert settings(world).spoilers == ("withhold" if may else "veil")


async def test_the_role_that_was_set_may_too(world: World) -> None:
    world.client.tree.get_command("setup").default_permissions = None  # type: ignore[union-attr]
    await world.client.tree.sync()
    role = world.guild.create_role("Readers in chief", permissions=discord.Permissions.none())
    reader = world.guild.add_member(world.env.create_user("chief"), roles=[role])
    assert "Only moderators" in await setup(world, reader)
    told = await setup(world, moderator(world, manage_messages=True), moderators=role)
    assert "Readers in chief" in told
    assert "How this server" in await setup(world, reader)
    assert "Only moderators" in await setup(world, world.bob)


async def test_a_ceiling_opens_the_channel_and_its_threads(world: World) -> None:
    staff = moderator(world, manage_messages=True)
    world.reach("part-three")
    before = await world.alice.slash(world.channel, "ask", question="does ruth die")
    assert before.ephemeral
    assert "may talk openly up to Part Three" in await setup(
        world, staff, ceiling="Finished (Part Three / film, third act)"
    )
    after = await world.alice.slash(world.channel, "ask", question="does ruth die")
    assert not after.ephemeral
    other = world.guild.create_text_channel("newcomers")
    assert (await world.alice.slash(other, "ask", question="does ruth die")).ephemeral
    assert "as if nobody" in await setup(world, staff, ceiling="Nothing yet")
    assert (await world.alice.slash(world.channel, "ask", question="does ruth die")).ephemeral


async def test_another_channel_can_be_named(world: World) -> None:
    other = world.guild.create_text_channel("deep end")
    told = await setup(world, moderator(world, manage_messages=True), channel=other, ceiling="part two")
    assert (
        "#deep end may talk openly up to Part Two" in told
        or "#deep-end may talk openly up to Part Two" in told
    )
    assert world.memory.opened[other.id, world.asking.book.slug] == (world.guild.id, "part-two")
    assert (world.channel.id, world.asking.book.slug) not in world.memory.opened


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("timezone", "Mars/Olympus", "do not know that time zone"),
        ("timezone", "../../etc/passwd", "do not know that time zone"),
        ("ceiling", "part nine", "do not know that place"),
        ("book", "Moby Dick", "no book of that name"),
    ],
)
async def test_what_cannot_be_set_changes_nothing(world: World, option: str, value: str, told: str) -> None:
    staff = moderator(world, manage_messages=True)
    answer = await setup(world, staff, spoilers="withhold", **{option: value})
    assert told in answer
    assert "Nothing was changed" in answer
    assert settings(world) == Server()


async def test_all_of_it_at_once_and_one_after_another(world: World) -> None:
    staff = moderator(world, manage_messages=True)
    await setup(world, staff, spoilers="withhold", timezone="Asia/Kolkata", hide=True, book="Never Let Me Go")
    await setup(world, staff, timezone="Europe/London")
    assert settings(world) == Server("never-let-me-go", None, "withhold", "Europe/London", hides=True)
    await setup(world, staff, hide=False, spoilers="veil")
    assert settings(world) == Server("never-let-me-go", None, "veil", "Europe/London", hides=False)


async def test_it_offers_zones_by_city_places_and_books(world: World) -> None:
    staff = moderator(world, manage_messages=True)

    async def offered(option: str, typed: str) -> list[str]:
        found = await staff.autocomplete(world.channel, "setup", option, typed)
        return [str(choice["value"]) for choice in found]

    assert (await offered("timezone", "new york"))[0] == "America/New_York"
    assert (await offered("timezone", "kolk"))[0] == "Asia/Kolkata"
    assert await offered("book", "") == ["Never Let Me Go"]
    assert "Part One / film, first act" in await offered("ceiling", "part o")


async def test_it_says_what_is_not_allowed_and_where(world: World) -> None:
    staff = moderator(world, manage_messages=True)
    world.channel_without("send_messages")
    told = await setup(world, staff)
    assert "Not allowed to me in #no-send_messages: Send Messages (to answer when it is mentioned)" in told
    world.channel_without("manage_messages")
    assert "Manage Messages" not in (await setup(world, staff)).replace("whoever has Manage Messages", "")
    told = await setup(world, staff, hide=True)
    assert "#no-manage_messages" in told
    assert "Manage Messages (to remove" in told


async def test_the_watch_without_its_intent_says_how_to_switch_it_on(world: World) -> None:
    told = await setup(world, moderator(world, manage_messages=True), watch=True)
    assert "Spoiler watch: #general" in told
    assert "Message Content Intent" in told
    assert world.memory.watches == {world.channel.id: world.guild.id}
    assert "Spoiler watch" not in await setup(world, moderator(world, manage_messages=True), watch=False)
    assert world.memory.watches == {}


async def test_with_several_books_a_server_chooses_first(two_books: World) -> None:
    world = two_books
    staff = moderator(world, manage_messages=True)
    for command in ("ask", "quote", "plot", "prompt next", "recap", "progress show"):
        options = {"question": "who plays kathy"} if command == "ask" else {}
        result = await world.alice.slash(world.channel, command, **options)
        assert result.ephemeral
        assert "not chosen its book" in text_of(response(result)), command
    assert await world.alice.autocomplete(world.channel, "ask", "question", "") == []
    assert "Choose the book first" in await setup(world, staff, ceiling="part one")
    told = await setup(world, staff, book="The Small House", ceiling="part one")
    assert "Book: The Small House" in told
    assert world.memory.opened == {(world.channel.id, HOUSE): (world.guild.id, "part-one")}
    assert "not chosen" not in text_of(response(await world.alice.slash(world.channel, "quote")))


async def test_alone_with_the_bot_a_member_picks_the_book(asking: Asking, small_house: Asking) -> None:
    memory = Memory()
    alone = dm_of(ALICE)
    async with connected(asking, small_house, memory=memory) as (server, _):
        told = await server.say("who plays kathy?", channel=alone)
        assert "Which one" in text_of(told)
        (select,) = [part for part in components(told["components"]) if part["type"] == 3]
        assert {option["label"]: option["value"] for option in select["options"]} == {
            "Never Let Me Go": "never-let-me-go",
            "The Small House": HOUSE,
        }
        assert "older version" in text_of((await server.press(told, "book", "moby-dick")).data)
        assert "Never Let Me Go" in text_of((await server.press(told, "book", "never-let-me-go")).data)
        assert "Carey Mulligan" in text_of(await server.say("who plays kathy?", channel=alone))
        # A command asks in the same way.
        other = await server.slash("quote", member=str(OWNER), channel=str(dm_of(OWNER)))
        assert "Which one" in text_of(other.data)
    assert memory.last == {ALICE: Used("never-let-me-go", None)}


async def test_the_book_of_the_last_server_is_meant_in_a_direct_message(two_books: World) -> None:
    world = two_books
    await setup(world, moderator(world, manage_messages=True), book="Never Let Me Go", spoilers="withhold")
    await world.alice.slash(world.channel, "ask", question="who plays kathy?")
    here = await world.client.desk.club.here(world.alice.id, None, 1)
    assert getattr(here, "book", None) is world.asking.book
    # What the club withholds it withholds there too.
    assert getattr(here, "audience").spoilers == "withhold"  # noqa: B009


async def test_a_right_in_one_channel_is_none_over_the_server(world: World) -> None:
    carol = world.guild.add_member(world.env.create_user("carol"))
    may = discord.PermissionOverwrite(manage_messages=True)
    own = world.guild.create_text_channel("carols-corner", overwrites={carol: may})
    result = await carol.slash(own, "setup", channel=world.channel, ceiling="part three", spoilers="withhold")
    assert "Only moderators" in text_of(response(result))
    assert world.memory.opened == {}
    assert settings(world) == Server()


async def test_the_role_is_taken_back_with_everyone(world: World) -> None:
    staff = moderator(world, manage_messages=True)
    role = world.guild.create_role("Readers in chief", permissions=discord.Permissions.none())
    assert "Server Settings, Integrations" in await setup(world, staff, moderators=role)
    assert "Readers" not in await setup(world, staff, moderators=world.guild.default_role)
    assert settings(world).moderators is None


async def test_a_store_that_fails_in_between_opens_nothing(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> Server:
        raise StoreError("The disk is full.")

    async with one_book_world(asking, check_errors=False) as world:
        monkeypatch.setattr(world.memory, "change_server", fails)
        staff = moderator(world, manage_messages=True)
        told = await setup(world, staff, ceiling="part three", spoilers="withhold", watch=True)
        assert "cannot get at what I remember" in told
        assert (world.memory.opened, world.memory.watches) == ({}, {})
