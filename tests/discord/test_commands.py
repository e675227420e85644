"""Every command, as members use it, through the real client."""

import re
from importlib.metadata import version

import discord
import pytest

from bot.book.prompts import Prompt
from bot.club.asking import Asking
from tests.discord.world import World, buttons, in_the_clear, response, text_of

PRIVATE, PUBLIC = True, False

SPOILER = "does ruth die"
SPOILED = "completes"


async def test_ask_answers_all_with_source_and_related_topics(world: World) -> None:
    result = await world.alice.slash(world.channel, "ask", question="who plays kathy?")
    assert not result.ephemeral
    assert "Carey Mulligan" in in_the_clear(response(result))
    assert "Home Theater Info" in in_the_clear(response(result))
    assert "Not what I meant" in buttons(response(result))
    assert len(buttons(response(result))) == 4


@pytest.mark.parametrize(
    ("progress", "ceiling", "ephemeral", "veiled"),
    [
        pytest.param(None, None, PRIVATE, True, id="nobody has read anything"),
        pytest.param("part-three", None, PRIVATE, False, id="only the asker has read it"),
        pytest.param("part-three", "part-two", PRIVATE, False, id="the channel has not read it yet"),
        pytest.param("part-three", "part-three", PUBLIC, False, id="both have"),
        pytest.param(None, "part-three", PUBLIC, True, id="the channel has, the asker has not"),
    ],
)
async def test_where_an_answer_goes_and_what_it_shows(
    world: World, progress: str | None, ceiling: str | None, ephemeral: bool, veiled: bool
) -> None:
    if progress:
        world.reach(progress)
    if ceiling:
        world.open_up_to(ceiling)
    result = await world.alice.slash(world.channel, "ask", question=SPOILER)
    assert result.ephemeral is ephemeral
    assert (SPOILED not in in_the_clear(response(result))) is veiled
    assert SPOILED in text_of(response(result))


@pytest.mark.parametrize(
    ("command", "option"), [("ask", "question"), ("quote", "about"), ("plot", "about"), ("views", "about")]
)
async def test_what_gives_something_away_when_typed_is_answered_to_the_asker_alone(
    world: World, command: str, option: str
) -> None:
    """A public answer shows everybody what was typed."""
    typed = {option: "zeppelins with the donated organs of clones"}
    assert (await world.alice.slash(world.channel, command, **typed)).ephemeral
    world.open_up_to("part-three")
    assert not (await world.alice.slash(world.channel, command, **typed)).ephemeral


async def test_a_thread_has_its_parents_ceiling(world: World) -> None:
    world.open_up_to("part-three")
    other = world.guild.create_text_channel("other")
    open_message, closed_message = (
        await world.alice.send(world.channel, "hi"),
        await world.alice.send(other, "hi"),
    )
    for message, ephemeral in ((open_message, False), (closed_message, True)):
        thread = await message.create_thread(name="chapter one")
        (handle,) = [
            one for channel in (world.channel, other) for one in channel.threads if one.id == thread.id
        ]
        result = await world.alice.slash(handle, "ask", question=SPOILER)
        assert result.ephemeral is ephemeral


async def test_what_the_base_does_not_have(world: World) -> None:
    result = await world.alice.slash(world.channel, "ask", question="who plays miss geraldine")
    assert not result.ephemeral
    assert "I don't have that" in text_of(response(result))
    assert not buttons(response(result))


async def test_several_fit_and_are_offered(world: World) -> None:
    result = await world.alice.slash(world.channel, "ask", question="the interviewer")
    assert "Did you mean" in text_of(response(result))
    assert "Where the director was interviewed" in buttons(response(result))


async def test_quote(world: World) -> None:
    about = await world.alice.slash(world.channel, "quote", about="questions no one wanted asked")
    assert "answering questions" in text_of(response(about)).lower()
    anything = await world.alice.slash(world.channel, "quote")
    assert "“" in in_the_clear(response(anything))
    assert not anything.ephemeral
    nothing = await world.alice.slash(world.channel, "quote", about="zeppelins over paris")
    assert "I don't have that" in text_of(response(nothing))


async def test_views_stand_side_by_side_by_name(world: World) -> None:
    world.open_up_to("part-three")
    result = await world.alice.slash(world.channel, "views", about="The acting")
    shown = text_of(response(result))
    for reviewer in ("Shary", "Home Theater Info", "BioNews", "Priya"):
        assert re.search(rf"^- .*{reviewer}", shown, re.MULTILINE), reviewer


async def test_plot_is_veiled_for_everybody_in_story_order(world: World) -> None:
    world.reach("part-three")
    world.open_up_to("part-three")
    result = await world.alice.slash(world.channel, "plot")
    assert not result.ephemeral
    points = [entry for entry in world.asking.book.entries if entry.kind == "plot"]
    shown = text_of(response(result))
    assert shown.count("||") == 2 * sum(len(point.pieces) for point in points[:8])
    places = [shown.index(point.pieces[0].text.replace("|", "❘")) for point in points[:8]]
    assert places == sorted(places)
    assert not any(point.pieces[0].text in in_the_clear(response(result)) for point in points)
    about = await world.alice.slash(world.channel, "plot", about="the lost cassette")
    assert "cassette" in text_of(response(about)).lower()
    none = await world.alice.slash(world.channel, "plot", about="zeppelins")
    assert "no plot point" in text_of(response(none))


async def test_plot_beyond_the_ceiling_is_for_the_asker_alone(world: World) -> None:
    assert (await world.alice.slash(world.channel, "plot")).ephemeral
    world.open_up_to("part-one")
    assert not (await world.alice.slash(world.channel, "plot")).ephemeral


async def test_prompts_come_in_the_books_order_none_twice(world: World) -> None:
    safe: list[Prompt] = [one for one in world.asking.book.prompts if one.milestone is None]
    other = world.guild.create_text_channel("other")
    for prompt in [*safe, safe[0]]:
        result = await world.alice.slash(world.channel, "prompt next")
        assert not result.ephemeral
        assert prompt.question in in_the_clear(response(result))
    assert safe[0].question in text_of(response(await world.bob.slash(other, "prompt next")))
    world.reach("part-three")
    world.open_up_to("part-three")
    themed = await world.alice.slash(world.channel, "prompt next", theme="art")
    assert "To discuss · art" in text_of(response(themed))
    none = await world.alice.slash(world.channel, "prompt next", theme="zeppelins")
    assert none.ephemeral
    assert "no prompt on that theme" in text_of(response(none))


async def test_a_round_of_some_prompts_leaves_the_others_had(world: World) -> None:
    """Found by a reviewer: a theme that was used up made the whole channel begin anew."""
    world.reach("part-three")
    world.open_up_to("part-three")
    prompts = world.asking.book.prompts
    for prompt in prompts[:5]:
        assert prompt.question in text_of(response(await world.alice.slash(world.channel, "prompt next")))
    safe = [one for one in prompts if one.milestone is None]
    for _ in range(len(safe) + 1):
        await world.bob.slash(world.channel, "prompt next")
    had = {one.question for one in prompts[:5]}
    following = [text_of(response(await world.alice.slash(world.channel, "prompt next"))) for _ in range(10)]
    assert sum(question in text for question in had for text in following) <= len(
        had & {one.question for one in safe}
    )


async def test_help_lists_every_command_of_the_tree(world: World) -> None:
    may = discord.Permissions(manage_messages=True)
    moderators = world.guild.create_role("Moderators", permissions=may)
    moderator = world.guild.add_member(world.env.create_user("moderator"), roles=[moderators])
    result = await moderator.slash(world.channel, "help")
    assert result.ephemeral
    for command in world.client.tree.get_commands():
        assert command.name in text_of(response(result))
        assert getattr(command, "description", "") in text_of(response(result)) or isinstance(
            command, discord.app_commands.Group
        )


async def test_help_leaves_out_what_the_caller_may_not_use(world: World) -> None:
    may = discord.Permissions(manage_messages=True)
    moderators = world.guild.create_role("Moderators", permissions=may)
    moderator = world.guild.add_member(world.env.create_user("moderator"), roles=[moderators])
    assert "/setup" not in text_of(response(await world.alice.slash(world.channel, "help")))
    assert "/setup [book]" in text_of(response(await moderator.slash(world.channel, "help")))


async def test_about(world: World) -> None:
    result = await world.alice.slash(world.channel, "about")
    assert result.ephemeral
    shown = text_of(response(result))
    assert version("bookclub-bot") in shown
    assert f"Never Let Me Go, {len(world.asking.book.entries)} entries" in shown
    assert world.client.synced_at
    assert f"Commands synced: {world.client.synced_at:%d %B %Y %H:%M} UTC" in shown
    assert re.search(r"Latency: \d+ ms", shown)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("ask", {"question": "who plays kathy"}), ("ask", {"question": SPOILER}), ("quote", {}), ("plot", {}),
        ("views", {"about": "the acting"}), ("prompt next", {}), ("help", {}), ("about", {}),
    ],
)  # fmt: skip
async def test_every_command_works_in_a_direct_message(
    world: World, command: str, options: dict[str, str]
) -> None:
    result = await world.alice.user.slash(command, **options)
    assert result.acknowledged
    assert not result.ephemeral
    assert SPOILED not in in_the_clear(response(result))
    assert text_of(response(result))


@pytest.mark.parametrize(
    ("command", "option", "typed", "offered"),
    [
        ("ask", "question", "who plays ka", "Who plays Kathy"),
        ("ask", "question", "kathys actress", "Who plays Kathy"),
        ("ask", "question", "mulligen", "Carey Mulligan"),
        ("quote", "about", "japan", "Mark Romanek on a Japanese idea"),
        ("views", "about", "act", "The acting"),
        ("prompt next", "theme", "", ""),
    ],
)
async def test_what_is_offered_while_typing(
    world: World, command: str, option: str, typed: str, offered: str
) -> None:
    found = await world.alice.autocomplete(world.channel, command, option, typed)
    assert any(offered.casefold() in choice["name"].casefold() for choice in found), found
    assert len(found) <= 25
    assert all(choice["name"] == choice["value"] for choice in found)


@pytest.mark.parametrize(
    "option", [("ask", "question"), ("quote", "about"), ("plot", "about"), ("views", "about")]
)
async def test_nothing_beyond_the_progress_is_offered_while_typing(
    world: World, asking: Asking, option: tuple[str, str]
) -> None:
    late = {entry.topic for entry in asking.book.entries if entry.reveals is not None} - {
        entry.topic for entry in asking.book.entries if entry.reveals is None
    }
    for typed in ("", "ruth", "does ruth die", "the", *sorted(late)[:20]):
        found = await world.alice.autocomplete(world.channel, *option, typed)
        assert not {choice["name"] for choice in found} & late
    world.reach("part-three")
    if option[0] == "plot":
        assert await world.alice.autocomplete(world.channel, *option, "")


async def test_a_theme_beyond_the_channel_is_not_offered(world: World) -> None:
    world.reach("part-three")
    shown = await world.alice.autocomplete(world.channel, "prompt next", "theme", "")
    themes = {prompt.theme for prompt in world.asking.book.prompts if prompt.milestone is None}
    assert {choice["name"] for choice in shown} == themes
