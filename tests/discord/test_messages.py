"""Mentions, direct messages, and what is none of the bot's business."""

import discord
import pytest

from bot.club.asking import Asking
from bot.club.memory import Memory
from bot.club.ports import Server
from bot.discord_app.mentions import question_in
from tests.discord.local import connected
from tests.discord.server import ALICE, BOT, GENERAL, GUILD, ROLE, THREAD, dm_of, member_payload, user_payload
from tests.discord.test_commands import SPOILER
from tests.discord.world import World, buttons, in_the_clear, raw, text_of


def last_said(world: World) -> discord.Message | None:
    """The bot's last message in the channel; None where the last one is a member's."""
    last = world.channel.last_message
    return last if last and last.author == world.client.user else None


@pytest.mark.parametrize(
    "shape", ["{me} who plays kathy?", "who plays kathy {me}", "hey {me}, who plays kathy??"]
)
async def test_a_mention_is_answered_in_reply(world: World, shape: str) -> None:
    asked = await world.alice.send(world.channel, shape.format(me=world.me))
    said = last_said(world)
    assert said
    assert "Carey Mulligan" in in_the_clear(said)
    assert said.reference
    assert said.reference.message_id == asked.id


async def test_a_mention_beyond_the_ceiling_gets_one_line_whatever_was_asked(world: World) -> None:
    lines = []
    for question in (SPOILER, "does ruth confess to kathy", "did the critics like the acting?"):
        world.reach("part-three")
        await world.alice.send(world.channel, f"{world.me} {question}")
        said = last_said(world)
        assert said
        lines.append(raw(said))
    assert len(lines) == 3
    assert lines.count(lines[0]) == 3
    assert list(buttons({"components": lines[0]})) == ["Show me privately"]


async def test_a_direct_message_is_answered(world: World) -> None:
    await world.alice.send_dm("who plays kathy?")
    assert "Carey Mulligan" in in_the_clear(world.sent()[-1])
    await world.alice.send_dm(SPOILER)
    assert "About Part Three" in in_the_clear(world.sent()[-1])


async def test_a_reply_to_the_bot_without_a_mention_is_ignored(world: World) -> None:
    await world.alice.send(world.channel, f"{world.me} who plays kathy?")
    said = last_said(world)
    assert said
    await world.alice.send(world.channel, "she was great", reply_to=said)
    assert last_said(world) is None


async def test_talk_is_ignored(world: World) -> None:
    for text in (
        "who plays kathy?",
        "@bookclub who plays kathy?",
        "<@1> who plays kathy",
        "@everyone who plays kathy",
    ):
        await world.alice.send(world.channel, text)
        assert last_said(world) is None


async def test_other_bots_and_webhooks_are_ignored(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await robot.send(world.channel, f"{world.me} who plays kathy?")
    assert last_said(world) is None
    await world.guild.create_webhook(world.channel).send(f"{world.me} who plays kathy?")
    assert not world.sent()


async def test_a_mention_alone_asks_for_a_question(world: World) -> None:
    await world.alice.send(world.channel, world.me)
    said = last_said(world)
    assert said
    assert "Ask me something" in text_of(said)


async def test_where_the_bots_role_was_pinged_it_says_so(asking: Asking) -> None:
    """Discord gives the bot a role of its own; a member who picks that one sends a message that arrives empty."""
    async with connected(asking) as (server, _):
        said = await server.say("", pinged_role=ROLE)
        assert "/ask" in text_of(said)
        assert await server.say("", pinged_role=ROLE + 1, wait=0.3) is None


async def test_what_discord_itself_says_is_no_question(asking: Asking) -> None:
    async with connected(asking) as (server, _):
        assert await server.say("a pinned message", channel=dm_of(ALICE), kind=6, wait=0.3) is None


async def test_a_mention_in_a_thread_whose_channel_is_not_known_is_answered(asking: Asking) -> None:
    async with connected(asking) as (server, _):
        thread = {**server.guilds[0]["threads"][0], "id": str(THREAD + 1), "parent_id": str(GENERAL + 77)}
        await server.emit("THREAD_CREATE", thread)
        said = await server.say(f"<@{BOT}> who plays kathy?", channel=THREAD + 1)
        assert "Carey Mulligan" in text_of(said)


async def test_a_direct_message_without_text_is_answered(asking: Asking) -> None:
    async with connected(asking) as (server, _):
        assert "only read text" in text_of(await server.say("", channel=dm_of(ALICE)))


@pytest.mark.parametrize(
    "text",
    [
        "||||", "`" * 300, "\u202e who plays kathy", "a" * 1900, "\x00\x1b[31m", "<@&1><#2><:x:3>", "@everyone", "🎉" * 200,
        "```\n||x||\n```", "{0} {me} %s %(x)s", "'; drop table x; --", "[a](http://x)", "https://example.com/||x||",
        "Z̷̢̛̪a̸̪̕l̶͔̀g̵̻̈o̸̱͝" * 20, "\ud83d", "../../etc/passwd", "<script>", "-# x", "# x\n||y||", "\u200b",
    ],
)  # fmt: skip
async def test_hostile_questions_get_one_answer_that_echoes_nothing(world: World, text: str) -> None:
    await world.alice.send(world.channel, f"{world.me} {text}")
    said = last_said(world)
    assert said
    assert len(world.sent()) == 1
    if len(text) > 3:
        assert text.strip() not in text_of(said)


async def test_a_flood_gets_one_polite_line_and_then_silence(world: World) -> None:
    world.clock.step = 0.1
    for _ in range(9):
        await world.alice.send(world.channel, f"{world.me} who plays kathy?")
    said = [text_of(message) for message in world.sent()]
    assert len(said) == 6
    assert "That was a lot at once. Give me 10 seconds" in said[-1]
    await world.bob.send(world.channel, f"{world.me} who plays kathy?")
    assert "Carey Mulligan" in text_of(world.sent()[-1])
    world.clock.now += 10
    await world.alice.send(world.channel, f"{world.me} who plays kathy?")
    assert "Carey Mulligan" in text_of(world.sent()[-1])


async def test_a_flood_of_commands_gets_the_line_for_the_member_alone(world: World) -> None:
    world.clock.step = 0.1
    for _ in range(5):
        assert not (await world.alice.slash(world.channel, "ask", question="who plays kathy")).ephemeral
    for _ in range(2):
        refused = await world.alice.slash(world.channel, "ask", question="who plays kathy")
        assert refused.ephemeral
        assert "a lot at once" in text_of(world.sent()[-1])
    assert await world.alice.autocomplete(world.channel, "ask", "question", "who")


async def test_a_server_may_ask_thirty_times_in_ten_seconds(world: World) -> None:
    world.clock.step = 0.1
    members = [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(8)]
    refused = 0
    for number in range(32):
        result = await members[number % 8].slash(world.channel, "about")
        refused += "a lot at once" in text_of(world.sent()[-1])
        assert result.ephemeral
    assert refused == 2


async def test_where_history_may_not_be_read_the_answer_is_no_reply(world: World) -> None:
    channel = world.channel_without("read_message_history")
    await world.alice.send(channel, f"{world.me} who plays kathy?")
    said = channel.last_message
    assert said
    assert said.reference is None
    assert "Carey Mulligan" in text_of(said)
    await world.alice.send(channel, f"{world.me} {SPOILER}")
    said = channel.last_message
    assert said
    assert "Ask it with /ask" in text_of(said)
    assert not buttons(said), "a button would have no message to read"


@pytest.mark.parametrize(
    ("content", "question"),
    [
        ("<@5> who", "who"), ("<@!5> who", "who"), ("who <@5>", "who"), ("<@5>", ""), ("a <@5> b  <@5> c", "a b c"),
        ("<@55> who", None), ("<@&5> who", None), ("@5 who", None), ("", None),
    ],
)  # fmt: skip
def test_a_mention_is_by_id_in_the_text(content: str, question: str | None) -> None:
    assert question_in(content, 5) == question


@pytest.mark.parametrize("content", [f"does ruth die <@{BOT}>", "see you on thursday"])
async def test_in_a_server_that_is_not_known_nothing_is_said(asking: Asking, content: str) -> None:
    """Discord's word of a server can get lost; its messages are no direct ones, whatever the member has read."""
    memory = Memory()
    memory.milestones[ALICE, asking.book.slug] = "part-three"
    async with connected(asking, memory=memory) as (server, _):
        message = server.record({"content": content}, GENERAL + 7, user_payload(ALICE))
        message |= {"guild_id": str(GUILD + 7), "member": member_payload(ALICE, with_user=False)}
        message |= {"mentions": [], "type": 0, "mention_roles": []}
        before = len(server.messages)
        await server.emit("MESSAGE_CREATE", message)
        assert await server.next_message(before, 0.5) is None


async def test_a_mention_in_a_club_that_withholds_is_answered_as_if_nothing_were_known(world: World) -> None:
    world.memory.servers[world.guild.id] = Server(spoilers="withhold")
    said = []
    for question in ("what is the airspeed of a swallow", "who gets a deferral", "does ruth die"):
        await world.alice.send(world.channel, f"{world.me} {question}")
        said.append((text_of(last_said(world) or {}), buttons(last_said(world) or {})))
    assert said[0] == said[1] == said[2]
