"""Progress and recap in Discord: kept private, remembered, and used for nothing but gating."""

from dataclasses import replace

import pytest
import simcord

from bot.book.book import Book
from bot.club.asking import Asking
from bot.club.memory import Memory
from tests.discord.contract import components
from tests.discord.local import connected
from tests.discord.world import World, a_world, in_the_clear, raw, response, text_of


async def set_to(world: World, place: str, member: simcord.MemberActor | None = None) -> str:
    result = await (member or world.alice).slash(world.channel, "progress set", place=place)
    assert result.ephemeral
    return text_of(response(result))


async def shown(world: World, member: simcord.MemberActor | None = None) -> str:
    result = await (member or world.alice).slash(world.channel, "progress show")
    assert result.ephemeral
    return text_of(response(result))


def options(message: object) -> dict[str, str]:
    """The labels of a message's select, each with its value."""
    return {
        option["label"]: option["value"]
        for part in components(raw(message))
        if part["type"] == 3
        for option in part["options"]
    }


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("part one", "finished Part One"),
        ("Part 1", "finished Part One"),
        ("part-one", "finished Part One"),
        ("Part One / film, first act", "finished Part One"),
        ("film second act", "finished Part Two"),
        ("ch 9", "finished Part One."),
        ("ch 12", "finished Part One."),
        ("chapter 17", "finished Part Two"),
        ("Ch. 16", "finished Part One"),
        ("chapter twelve", "finished Part One"),
        ("23", "finished Part Three"),
        ("finished", "finished Part Three"),
        ("Finished (Part Three / film, third act)", "finished Part Three"),
        ("ch 3", "nothing finished"),
        ("nothing yet", "nothing finished"),
    ],
)
async def test_a_place_is_understood_and_chapters_round_down(world: World, said: str, noted: str) -> None:
    assert noted in await set_to(world, said)


async def test_a_chapter_in_an_unfinished_part_says_what_does_not_count_yet(world: World) -> None:
    assert "lies in Part Two" in await set_to(world, "ch 12")
    assert "You have finished Part One" in await shown(world)


@pytest.mark.parametrize("said", ["part nine", "ch 24", "ch 0", "ch 9999", "||", "@everyone", "chapter"])
async def test_a_place_that_is_not_in_the_book_changes_nothing(world: World, said: str) -> None:
    await set_to(world, "part one")
    assert "do not know that place" in await set_to(world, said)
    assert "You have finished Part One" in await shown(world)


async def test_progress_is_each_members_own_and_survives_a_restart(world: World) -> None:
    await set_to(world, "part two")
    await set_to(world, "part one", world.bob)
    await world.restart()
    assert "Part Two" in await shown(world)
    assert "Part One" in await shown(world, world.bob)
    result = await world.alice.slash(world.channel, "progress clear")
    assert result.ephemeral
    assert "nothing yet" in await shown(world)
    assert "Part One" in await shown(world, world.bob)


async def test_progress_opens_what_was_veiled_and_clearing_veils_it_again(world: World) -> None:
    async def asked() -> str:
        return in_the_clear(response(await world.alice.slash(world.channel, "ask", question="does ruth die")))

    assert "About Part Three" in await asked()
    await set_to(world, "finished")
    assert "About Part Three" not in await asked()
    await world.alice.slash(world.channel, "progress clear")
    assert "About Part Three" in await asked()


async def test_places_are_offered_while_typing(world: World) -> None:
    everything = await world.alice.autocomplete(world.channel, "progress set", "place", "")
    assert [choice["name"] for choice in everything] == [
        "Nothing yet",
        "Part One / film, first act",
        "Part Two / film, second act",
        "Finished (Part Three / film, third act)",
    ]
    (twelve,) = await world.alice.autocomplete(world.channel, "progress set", "place", "ch 12")
    assert twelve == {"name": "ch 12: Part One finished", "value": "ch 12"}
    assert await world.alice.autocomplete(world.channel, "progress set", "place", "zeppelin") == []


@pytest.mark.parametrize("restart", [False, True], ids=["", "after a restart"])
@pytest.mark.parametrize("command", ["prompt next", "recap", "progress show"])
async def test_i_have_read_this_far_is_noted_for_whoever_picks(
    world: World, command: str, restart: bool
) -> None:
    message = response(await world.alice.slash(world.channel, command))
    if restart:
        await world.restart()
    places = options(message)
    assert len(places) == 4
    # What only the member sees, only the member can press.
    reader = world.bob if command == "prompt next" else world.alice
    picked = await reader.select(message, [places["Part Two / film, second act"]], custom_id="read")
    assert picked.ephemeral
    assert "finished Part Two" in text_of(response(picked))
    assert "Part Two" in await shown(world, reader)
    await reader.select(message, [places["Nothing yet"]], custom_id="read")
    assert "nothing yet" in await shown(world, reader)


@pytest.mark.parametrize("value", ["0000000000", "part-three", "", "x" * 100])
async def test_a_place_that_was_not_offered_is_not_noted(asking: Asking, value: str) -> None:
    memory = Memory()
    async with connected(asking, memory=memory) as (server, _):
        asked = await server.slash("prompt next")
        picked = await server.press(asked.message, "read", value)
        assert picked.ephemeral
        assert "older version" in text_of(picked.data)
        nothing = await server.press(asked.message, "read")
        assert "older version" in text_of(nothing.data)
    assert memory.milestones == {}


@pytest.mark.parametrize(
    ("place", "there", "not_there"),
    [
        ("part one", ["Part One"], ["Part Two", "Part Three"]),
        ("part two", ["Part One", "Part Two"], ["Part Three"]),
        ("finished", ["Part One", "Part Two", "Part Three"], []),
    ],
)
async def test_a_recap_goes_up_to_the_readers_place(
    world: World, place: str, there: list[str], not_there: list[str]
) -> None:
    await set_to(world, place)
    result = await world.alice.slash(world.channel, "recap")
    assert result.ephemeral
    read = await whole_recap(world, result)
    assert "||" not in read
    for title in there:
        assert f"**{title}**" in read
    for title in not_there:
        assert f"**{title}**" not in read
    book = world.asking.book
    for entry in book.entries:
        for piece in entry.pieces:
            if entry.kind == "plot":
                within = book.ranks[piece.reveals] <= len(there)
                assert (" ".join(piece.text.split()) in read) == within, piece.text


async def whole_recap(world: World, result: simcord.InteractionResult) -> str:
    read, message = [], response(result)
    while True:
        read.append(text_of(message))
        forward = [part["custom_id"] for part in components(raw(message)) if part.get("label") == "Next"]
        if not forward:
            return "\n".join(read)
        turned = await world.alice.click(message, custom_id=forward[0])
        message = response(turned)


async def test_a_recap_of_nothing_says_how_to_set_a_place(world: World) -> None:
    result = await world.alice.slash(world.channel, "recap")
    assert result.ephemeral
    assert "have not told me" in text_of(response(result))
    assert options(response(result))


async def test_a_book_without_milestones_has_no_place_to_set(book: Book) -> None:
    plain = replace(
        book,
        slug="plain",
        head=book.head.model_copy(update={"milestones": ()}),
        entries=tuple(
            entry.model_copy(update={"pieces": (entry.pieces[0].model_copy(update={"reveals": None}),)})
            for entry in book.entries[:5]
            if entry.kind == "fact"
        ),
        prompts=(),
    )
    async with a_world(Asking(plain)) as world:
        assert "no parts" in await shown(world)
        assert "do not know that place" in await set_to(world, "part one")
        assert "no plot points" in text_of(response(await world.alice.slash(world.channel, "recap")))
