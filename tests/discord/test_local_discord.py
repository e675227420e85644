"""The local Discord does as Discord does, seen through the real client: what other tests build on."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import discord.gateway
import pytest
import pytest_asyncio
from discord import app_commands
from discord.http import Route

from tests.discord.launch import at
from tests.discord.server import (
    ALICE,
    BOT,
    GENERAL,
    GUILD,
    ROLE,
    THREAD,
    TOKEN,
    Can,
    Fault,
    Json,
    LocalDiscord,
    accepted_but,
    accepted_late,
    answer_lost,
    channel_of,
    dm_of,
    many_guilds,
    never_arrived,
)

SENDS = r"/channels/\d+/messages$"


class Client(discord.Client):
    """discord.py with nothing of ours; it keeps the names of the events that it dispatched."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)
        self.events: list[str] = []
        self.heard = asyncio.Event()

    def dispatch(self, event: str, /, *args: Any, **named: Any) -> None:  # noqa: ANN401 - discord.py's own
        self.events.append(event)
        self.heard.set()
        super().dispatch(event, *args, **named)

    def text(self, number: int = GENERAL) -> discord.TextChannel:
        """A text channel as the client has it."""
        channel = self.get_channel(number)
        assert isinstance(channel, discord.TextChannel)
        return channel

    def forum(self, number: int) -> discord.ForumChannel:
        channel = self.get_channel(number)
        assert isinstance(channel, discord.ForumChannel)
        return channel

    def thread(self, number: int = THREAD) -> discord.Thread:
        channel = self.text().guild.get_thread(number)
        assert channel
        return channel

    async def raw(self, method: str, path: str, body: Json = None) -> Any:  # noqa: ANN401
        """A request that the client's own methods would not make."""
        return await self.http.request(Route(method, path), **({} if body is None else {"json": body}))

    async def has(self, event: str) -> list[str]:
        """Waits until such an event was dispatched; all that were so far are returned, and forgotten."""
        async with asyncio.timeout(2):
            while event not in self.events:
                self.heard.clear()
                await self.heard.wait()
        heard, self.events = self.events, []
        return heard


@asynccontextmanager
async def logged_in(server: LocalDiscord) -> AsyncIterator[Client]:
    base, gateway = Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    at(server.port)
    client = Client()
    client._connection.guild_ready_timeout = 0.02  # noqa: SLF001
    running = asyncio.create_task(client.start(TOKEN))
    try:
        async with asyncio.timeout(10):
            await server.ready.wait()
            await client.wait_until_ready()
        client.events.clear()
        yield client
    finally:
        await client.close()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest_asyncio.fixture
async def server() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord(check=False) as found:
        yield found


@pytest_asyncio.fixture
async def client(server: LocalDiscord) -> AsyncIterator[Client]:
    async with logged_in(server) as found:
        yield found


@asynccontextmanager
async def refused(status: int, code: int) -> AsyncIterator[None]:
    with pytest.raises(discord.HTTPException) as no:
        yield
    assert (no.value.status, no.value.code) == (status, code)


def contents(server: LocalDiscord, channel: int = GENERAL) -> list[str]:
    return [message["content"] for message in server.visible(channel) if message["type"] == 0]


class Hand:
    """A clock that goes when it is told to."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


# --------------------------------------------------------------------- posting


async def test_one_nonce_is_one_message_for_a_while(server: LocalDiscord, client: Client) -> None:
    server.clock = clock = Hand(1000.0)
    channel = client.text()
    first = await channel.send("once", nonce="n")
    assert first.nonce == "n"
    clock.now += server.nonce_window - 1
    again = await channel.send("twice", nonce="n")
    assert (again.id, again.content) == (first.id, "once")
    clock.now += 1
    assert (await channel.send("later", nonce="n")).id != first.id
    other = await server.add_channel()
    await client.has("guild_channel_create")
    assert (await client.text(other).send("elsewhere", nonce="n")).content == "elsewhere"
    assert contents(server) == ["once", "later"]


async def test_what_was_sent_with_a_nonce_and_deleted_is_not_sent_again(
    server: LocalDiscord, client: Client
) -> None:
    first = await client.text().send("once", nonce="n")
    await server.delete(first.id)
    async with refused(404, 10008):
        await client.text().send("once", nonce="n")
    assert server.visible(GENERAL) == []


async def test_a_nonce_that_is_not_enforced_hinders_nothing(server: LocalDiscord, client: Client) -> None:
    for _ in range(2):
        await client.raw("POST", f"/channels/{GENERAL}/messages", {"content": "x", "nonce": "n"})
    assert contents(server) == ["x", "x"]


async def test_a_poll_is_there_as_it_was_asked(server: LocalDiscord, client: Client) -> None:
    poll = discord.Poll("Who is to blame?", timedelta(hours=48), multiple=True)
    poll.add_answer(text="Ruth").add_answer(text="Madame", emoji="🐢")
    sent = await client.text().send(poll=poll)
    (stored,) = server.visible(GENERAL)
    assert stored["poll"]["results"] == {"is_finalized": False, "answer_counts": []}
    for message in (sent, await client.text().fetch_message(sent.id)):
        assert message.poll
        assert message.poll.question == "Who is to blame?"
        assert [(one.id, one.text) for one in message.poll.answers] == [(1, "Ruth"), (2, "Madame")]
        assert message.poll.multiple
        assert message.poll.expires_at == message.created_at + timedelta(hours=48)


async def test_flags_files_and_pings_are_kept(server: LocalDiscord, client: Client) -> None:
    ping = discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(ROLE)])
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay(f"<@&{ROLE}> <@&{ROLE + 1}> <@{ALICE}> @everyone"))
    quiet = await client.text().send(view=view, silent=True, allowed_mentions=ping)
    assert quiet.flags.value == 1 << 15 | 1 << 12
    assert [role.id for role in quiet.role_mentions] == [ROLE]
    assert not quiet.mentions
    assert not quiet.mention_everyone
    await client.raw("POST", f"/channels/{GENERAL}/messages", {"content": "x", "flags": 64})
    assert contents(server)[1] == "x"
    with_file = await client.text().send(file=discord.File(__file__, "a.txt"))
    assert [one.filename for one in with_file.attachments] == ["a.txt"]
    assert [body.get("flags") for method, _, body in server.requests if method == "POST"] == [36864, 64, None]


V2 = {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}]}
POLL = {"question": {"text": "x"}, "answers": [{"poll_media": {"text": "x"}}], "duration": 24}


NOT_TAKEN: list[tuple[Json, int, str]] = [
    ({}, 50006, "empty"), ({"content": " \n"}, 50006, "empty"), ({"flags": 1 << 15}, 50006, "empty"),
    ({**V2, "content": "x"}, 50035, "'content'"), ({**V2, "poll": POLL}, 50035, "'poll'"),
    ({**V2, "embeds": [{"title": "x"}]}, 50035, "'embeds'"), ({**V2, "flags": 0}, 50035, "type"),
    ({**V2, "components": [{"type": 10, "content": "x" * 4001}]}, 50035, "4000"),
    ({"content": "x" * 2001}, 50035, "2000"), ({"content": "x", "nonce": "x" * 26}, 50035, "25"),
    ({"poll": {**POLL, "duration": 1.5}}, 50035, "whole"), ({"poll": {**POLL, "answers": []}}, 50035, "10"),
    ({"poll": {**POLL, "question": {"text": "x" * 301}}}, 50035, "300"),
]  # fmt: skip


async def test_what_discord_does_not_take(server: LocalDiscord, client: Client) -> None:
    for body, code, told in NOT_TAKEN:
        with pytest.raises(discord.HTTPException, match=told) as no:
            await client.raw("POST", f"/channels/{GENERAL}/messages", body)
        assert (no.value.status, no.value.code) == (400, code), body
    assert not server.messages


async def test_an_id_says_when_and_grows(server: LocalDiscord, client: Client) -> None:
    server.wall = clock = Hand(datetime(2026, 10, 25, 1, 30, tzinfo=UTC).timestamp())
    sent = [await client.text().send("x") for _ in range(3)]
    assert {message.created_at for message in sent} == {datetime(2026, 10, 25, 1, 30, tzinfo=UTC)}
    clock.now -= 3600
    sent.append(await client.text().send("x"))
    assert [message.id for message in sent] == sorted({message.id for message in sent})
    assert (await client.text().fetch_message(sent[0].id)).created_at == sent[0].created_at


# ------------------------------------------------------------- reading, changing


async def test_history_is_paged_as_discord_pages_it(server: LocalDiscord, client: Client) -> None:
    for number in range(130):
        server.record(
            {"content": str(number)}, GENERAL, {"id": str(BOT), "username": "x", "discriminator": "0"}
        )
    channel = client.text()
    history = [message async for message in channel.history(limit=None)]
    assert [int(message.content) for message in history] == list(range(129, -1, -1))
    ids = {int(message.content): message.id for message in history}

    async def read(**query: Any) -> list[int]:  # noqa: ANN401
        found = await client.http.request(
            Route("GET", "/channels/{channel_id}/messages", channel_id=GENERAL), params=query
        )
        return [int(message["content"]) for message in found]

    assert await read() == list(range(129, 79, -1))
    assert await read(limit=3) == [129, 128, 127]
    assert await read(limit=3, before=ids[50]) == [49, 48, 47]
    assert await read(limit=3, after=ids[50]) == [53, 52, 51]
    assert await read(limit=3, around=ids[50]) == [51, 50, 49]
    assert await read(after=ids[129]) == []
    async with refused(400, 50035):
        await read(limit=101)
    after = [message async for message in channel.history(after=history[3], oldest_first=True)]
    assert [int(message.content) for message in after] == [127, 128, 129]


async def test_one_message_is_read_changed_and_deleted(server: LocalDiscord, client: Client) -> None:
    sent = await client.text().send("old", silent=True)
    partial = client.text().get_partial_message(sent.id)
    edited = await partial.edit(content="new")
    assert (edited.content, edited.flags.value) == ("new", 1 << 12)
    assert edited.edited_at
    assert contents(server) == ["new"]
    await client.has("raw_message_edit")
    await partial.delete()
    await client.has("raw_message_delete")
    assert server.visible(GENERAL) == []
    for gone in (partial.fetch, partial.delete):
        async with refused(404, 10008):
            await gone()
    alices = server.record({"content": "hers"}, GENERAL, {"id": str(ALICE)})
    async with refused(403, 50005):
        await client.text().get_partial_message(int(alices["id"])).edit(content="mine")
    async with refused(403, 50013):
        await client.text().get_partial_message(int(alices["id"])).delete()


async def test_without_the_content_intent_others_words_are_not_read(
    server: LocalDiscord, client: Client
) -> None:
    await server.say("among ourselves", wait=0)
    await server.say(f"<@{BOT}> hello", wait=0)
    await client.text().send("mine")
    read = [message.content async for message in client.text().history()]
    assert read == ["mine", f"<@{BOT}> hello", ""]
    assert contents(server) == ["among ourselves", f"<@{BOT}> hello", "mine"]


# -------------------------------------------------------------------- channels


async def test_a_channel_that_is_gone(server: LocalDiscord, client: Client) -> None:
    channel = client.text()
    await server.remove_channel(GENERAL, told=False)
    assert client.get_channel(GENERAL)
    async with refused(404, 10003):
        await channel.send("x")
    other = await server.add_channel("second")
    await client.has("guild_channel_create")
    await server.remove_channel(other)
    await client.has("guild_channel_delete")
    assert client.get_channel(other) is None


@pytest.mark.parametrize(
    ("lacking", "name", "code"),
    [
        (Can.VIEW, "view_channel", 50001),
        (Can.SEND, "send_messages", 50013),
        (Can.POLLS, "send_polls", 50013),
        (Can.EMBED, "embed_links", 50013),
        (Can.ATTACH, "attach_files", 50013),
    ],
)
async def test_what_the_bot_may_not_do_is_refused_and_can_be_known(
    server: LocalDiscord, client: Client, lacking: Can, name: str, code: int
) -> None:
    channel = client.text()
    assert getattr(channel.permissions_for(channel.guild.me), name)
    await server.deny(GENERAL, lacking)
    await client.has("guild_channel_update")
    assert not getattr(channel.permissions_for(channel.guild.me), name)
    poll = discord.Poll("x", timedelta(hours=1)).add_answer(text="x")

    async def send() -> None:
        await channel.send(poll=poll, embed=discord.Embed(title="x"), file=discord.File(__file__, "x.txt"))

    async with refused(403, code):
        await send()
    client.events.clear()
    await server.say("whoever may see it, hears of it", wait=0)
    await server.allow(GENERAL)
    assert ("message" in await client.has("guild_channel_update")) == (name != "view_channel")
    await send()


async def test_where_history_may_not_be_read_there_is_none(server: LocalDiscord) -> None:
    hers = server.record({"content": "x"}, GENERAL, {"id": str(ALICE)})
    server.channel(GENERAL).pins[int(hers["id"])] = 1.0
    await server.deny(GENERAL, Can.HISTORY)
    async with logged_in(server) as client:
        channel = client.text()
        assert not channel.permissions_for(channel.guild.me).read_message_history
        sent = await channel.send("x")
        assert [message async for message in channel.history()] == []
        assert [pin async for pin in channel.pins()] == []
        with pytest.raises(discord.Forbidden):
            await channel.fetch_message(sent.id)
        async with refused(400, 160002):
            await channel.send("x", reference=sent)
        assert contents(server) == ["x", "x"]


async def test_a_server_that_is_out_and_one_that_threw_the_bot_out(
    server: LocalDiscord, client: Client
) -> None:
    channel = client.text()
    await server.outage()
    await client.has("guild_unavailable")
    assert client.get_channel(GENERAL)
    await server.recover()
    await client.has("guild_available")
    await server.remove_guild()
    await client.has("guild_remove")
    assert client.get_channel(GENERAL) is None
    async with refused(403, 50001):
        await channel.send("x")


async def test_a_server_that_is_out_at_the_start_is_not_in_the_cache(server: LocalDiscord) -> None:
    server.unavailable.add(GUILD)
    async with logged_in(server) as client:
        assert client.get_channel(GENERAL) is None
        guild = client.get_guild(GUILD)
        assert guild
        assert guild.unavailable
        await server.recover()
        await client.has("guild_available")
        assert client.get_channel(GENERAL)


async def test_ten_thousand_channels_are_quickly_there(server: LocalDiscord) -> None:
    start = time.perf_counter()
    server.guilds = many_guilds(100, 100)
    async with logged_in(server) as client:
        assert time.perf_counter() - start < 3
        assert len(list(client.get_all_channels())) == 10_000
        last = channel_of(GUILD + 99, 99)
        await client.text(last).send("here")
        assert contents(server, last) == ["here"]


# --------------------------------------------------------------------- threads


async def test_a_message_gets_one_thread_with_its_id(server: LocalDiscord, client: Client) -> None:
    sent = await client.text().send("Question of the day")
    for name in ("", " ", "x" * 101):
        async with refused(400, 50035):
            await sent.create_thread(name=name)
    thread = await sent.create_thread(name="x" * 100, auto_archive_duration=4320)
    assert (thread.id, thread.parent_id, thread.auto_archive_duration) == (sent.id, GENERAL, 4320)
    assert thread.me
    await client.has("thread_create")
    async with refused(400, 160004):
        await client.text().get_partial_message(sent.id).create_thread(name="again")
    await thread.send("here")
    assert [message["type"] for message in server.visible(thread.id)] == [21, 0]
    assert [(one["id"], one["message_count"]) for one in server.threads_of(GENERAL)] == [
        (str(THREAD), 0),
        (str(thread.id), 1),
    ]
    found = await client.text().fetch_message(sent.id)
    assert found.flags.has_thread
    assert await client.fetch_channel(thread.id) == thread
    announcements = await server.add_channel("news", 5)
    await client.has("guild_channel_create")
    news = await client.text(announcements).send("News")
    assert (await news.create_thread(name="x")).type is discord.ChannelType.news_thread


async def test_a_thread_without_a_message_is_announced_where_it_is_public(
    server: LocalDiscord, client: Client
) -> None:
    public = await client.text().create_thread(name="all", type=discord.ChannelType.public_thread)
    private = await client.text().create_thread(name="few")
    assert (public.is_private(), private.is_private()) == (False, True)
    assert [(one["type"], one["content"]) for one in server.visible(GENERAL)] == [(18, "all")]


async def test_whoever_writes_opens_an_archived_thread_unless_it_is_locked(
    server: LocalDiscord, client: Client
) -> None:
    thread = client.thread()
    sent = await thread.send("x")
    await server.archive(THREAD)
    await client.has("thread_update")
    async with refused(400, 50083):
        await sent.edit(content="y")
    await thread.send("y")
    await client.has("thread_join")
    assert not client.thread().archived
    await server.archive(THREAD, locked=True)
    async with refused(400, 50083):
        await thread.send("z")
    async with refused(400, 50083):
        await sent.delete()
    await server.alter(server.channel(THREAD), {"archived": False})
    async with refused(403, 160005):
        await thread.send("z")
    async with refused(403, 160005):
        await sent.edit(content="z")
    await sent.delete()
    assert contents(server, THREAD) == ["y"]
    await server.deny(GENERAL, Can.SEND_IN_THREADS)
    async with refused(403, 50013):
        await thread.send("z")


async def test_a_forum_takes_posts_with_the_tags_that_it_wants(server: LocalDiscord, client: Client) -> None:
    number, tags = await server.add_forum(tags=["book", "film"], required=True)
    await client.has("guild_channel_create")
    forum = client.forum(number)
    assert forum.flags.require_tag
    async with refused(400, 40067):
        await forum.create_thread(name="x", content="x")
    async with refused(400, 50035):
        await forum.create_thread(name="", content="x", applied_tags=[forum.available_tags[0]])
    async with refused(400, 50006):
        await forum.create_thread(name="x", content=" ", applied_tags=[forum.available_tags[0]])
    assert server.threads_of(number) == []
    made = await forum.create_thread(
        name="Chapter one", content="Begin", applied_tags=[forum.available_tags[1]]
    )
    assert made.thread.id == made.message.id
    assert made.message.content == "Begin"
    assert [tag.id for tag in made.thread.applied_tags] == [tags["film"]]
    await client.has("thread_create")
    (post,) = server.threads_of(number)
    assert (post["name"], post["message_count"]) == ("Chapter one", 0)
    assert contents(server, made.thread.id) == ["Begin"]
    assert await made.thread.fetch_message(made.thread.id) == made.message
    async with refused(400, 40058):
        await client.raw("POST", f"/channels/{number}/messages", {"content": "x"})
    await server.deny(number, Can.SEND)
    async with refused(403, 50013):
        await forum.create_thread(name="x", content="x", applied_tags=[forum.available_tags[1]])


async def test_active_and_archived_threads_are_listed(server: LocalDiscord, client: Client) -> None:
    server.wall = clock = Hand(time.time())
    made = []
    for number in range(5):
        made.append(await server.add_thread(name=f"thread {number}"))
        clock.now += 1
    for thread in made[:4]:
        await server.archive(thread)
        clock.now += 1
    active = await client.text().guild.active_threads()
    assert [thread.id for thread in active] == [made[4], THREAD]
    archived = [thread.id async for thread in client.text().archived_threads(limit=None)]
    assert archived == made[3::-1]
    page = await client.http.get_public_archived_threads(GENERAL, limit=3)
    assert (len(page["threads"]), page["has_more"]) == (3, True)
    before = page["threads"][-1]["thread_metadata"]["archive_timestamp"]
    rest = await client.http.get_public_archived_threads(GENERAL, before=before, limit=3)
    assert ([one["id"] for one in rest["threads"]], rest["has_more"]) == ([str(made[0])], False)
    await server.deny(GENERAL, Can.HISTORY)
    with pytest.raises(discord.Forbidden):
        await anext(client.text().archived_threads())


async def test_a_thread_of_ones_own_is_changed_anothers_is_not(server: LocalDiscord, client: Client) -> None:
    sent = await client.text().send("x")
    thread = await sent.create_thread(name="old")
    await thread.edit(name="new", archived=True)
    await client.has("thread_update")
    assert server.threads_of(GENERAL)[1]["name"] == "new"
    async with refused(400, 50083):
        await thread.edit(name="newer")
    await thread.edit(archived=False)
    async with refused(403, 50013):
        await thread.edit(locked=True)
    async with refused(403, 50013):
        await client.thread().edit(name="mine")
    await server.remove_channel(thread.id)
    await client.has("thread_delete")


# ------------------------------------------------------------------------ pins


async def test_a_pin_is_told_in_the_channel_and_pinning_again_is_not(
    server: LocalDiscord, client: Client
) -> None:
    first, second = [await client.text().send(text) for text in ("first", "second")]
    for message in (first, second, first):
        await message.pin()
    assert [message["content"] for message in server.pinned(GENERAL)] == ["first", "second"]
    notices = [message for message in server.visible(GENERAL) if message["type"] == 6]
    assert [one["message_reference"]["message_id"] for one in notices] == [str(first.id), str(second.id)]
    await client.has("guild_channel_pins_update")
    pins = [pin async for pin in client.text().pins()]
    assert [pin.content for pin in pins] == ["second", "first"]
    assert pins[0].pinned
    assert pins[0].pinned_at
    await client.raw("DELETE", f"/channels/{GENERAL}/pins/{first.id}")
    old_way = await client.raw("GET", f"/channels/{GENERAL}/pins")
    assert [message["id"] for message in old_way] == [str(second.id)]
    await second.unpin()
    assert server.pinned(GENERAL) == []
    assert not (await client.text().fetch_message(second.id)).pinned


async def test_there_is_room_for_so_many_pins_and_one_must_be_allowed(
    server: LocalDiscord, client: Client
) -> None:
    server.max_pins = 2
    sent = [await client.text().send("x") for _ in range(3)]
    await client.raw("PUT", f"/channels/{GENERAL}/pins/{sent[0].id}")
    await sent[1].pin()
    async with refused(400, 30003):
        await sent[2].pin()
    await sent[0].delete()
    await sent[2].pin()
    async with refused(404, 10008):
        await sent[0].pin()
    await server.deny(GENERAL, Can.PIN)
    async with refused(403, 50013):
        await sent[1].unpin()


# ------------------------------------------------------------- direct messages


async def test_direct_messages_are_opened_and_may_be_unwelcome(server: LocalDiscord, client: Client) -> None:
    async with refused(404, 10003):
        await client.raw("POST", f"/channels/{dm_of(ALICE)}/messages", {"content": "x"})
    alone = await client.create_dm(discord.Object(ALICE))
    assert alone.id == dm_of(ALICE)
    await alone.send("for you")
    assert contents(server, dm_of(ALICE)) == ["for you"]
    assert not server.seen_by_all(f"/channels/{alone.id}/messages", {"content": "for you"})
    server.refuses_dms.add(ALICE)
    async with refused(403, 50007):
        await alone.send("more")


# ---------------------------------------------------------------------- faults


async def test_an_answer_that_is_lost_was_sent_all_the_same(server: LocalDiscord, client: Client) -> None:
    server.fail(answer_lost("POST", SENDS))
    with pytest.raises(OSError, match="reset"):
        await client.text().send("x", nonce="n")
    assert contents(server) == ["x"]
    await client.text().send("x", nonce="n")
    server.fail(never_arrived("POST", SENDS))
    with pytest.raises(OSError, match="reset"):
        await client.text().send("y", nonce="m")
    assert contents(server) == ["x"]


async def test_what_took_effect_and_was_answered_badly_is_not_there_twice(
    server: LocalDiscord, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = []

    async def sleep(seconds: float, real: Callable[..., Any] = asyncio.sleep) -> None:
        waited.append(seconds)
        await real(0 if seconds in {1, 3, 5} else seconds)

    for status in (500, 502, 504):
        server.fail(accepted_but(status, "POST", SENDS))
    monkeypatch.setattr(asyncio, "sleep", sleep)
    await client.text().send("x")
    assert [seconds for seconds in waited if seconds] == [1, 3, 5]
    assert contents(server) == ["x"]
    server.fail(Fault("POST", SENDS, 502))
    await client.text().send("y")
    assert contents(server) == ["x", "y"]


async def test_what_comes_late_comes_though_nobody_waits(server: LocalDiscord, client: Client) -> None:
    server.fail(accepted_late(0.1, "POST", SENDS))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.03):
            await client.text().send("late", nonce="n")
    again = await client.text().send("again", nonce="n")
    await asyncio.sleep(0.15)
    assert contents(server) == ["again"]
    assert server.visible(GENERAL)[0]["id"] == str(again.id)


async def test_while_it_is_dead_nothing_gets_through(server: LocalDiscord, client: Client) -> None:
    channel = client.text()
    async with server.dead():
        for _ in range(2):
            with pytest.raises((OSError, aiohttp.ClientError)):
                await channel.send("x")
        assert server.open_connections == 0
    await channel.send("y")
    assert contents(server) == ["y"]


# --------------------------------------------------------------------- limits


async def test_a_channel_takes_five_messages_and_tells_when_it_takes_more() -> None:
    async with LocalDiscord(check=False, limited=True) as server, logged_in(server) as client:
        server.limits.window = 0.4
        other = await server.add_channel()
        await client.has("guild_channel_create")
        start = time.monotonic()
        await client.text(other).send("another channel's")
        for number in range(6):
            await client.text().send(str(number))
        assert 0.35 < time.monotonic() - start < 2
        assert contents(server) == list("012345")
        # The client has gone by the headers: it has not been refused once.
        assert not server.limits.too_many

        async def send() -> aiohttp.ClientResponse:
            async with session.post(
                f"{Route.BASE}/channels/{other}/messages",
                json={"content": "x"},
                headers={"Authorization": f"Bot {TOKEN}"},
            ) as response:
                await response.read()
                return response

        async with aiohttp.ClientSession() as session:
            answers = [await send() for _ in range(6)]
            server.limits.a_second = 0
            last = await send()
        assert [answer.status for answer in answers] == [200] * 5 + [429]
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == list("432100")
        assert answers[0].headers["X-RateLimit-Bucket"] == answers[5].headers["X-RateLimit-Bucket"]
        told = await answers[5].json()
        assert 0 < told["retry_after"] <= 0.4
        assert not told["global"]
        assert answers[5].headers["X-RateLimit-Scope"] == "user"
        assert last.headers["X-RateLimit-Global"] == "true"
        assert last.headers["X-RateLimit-Scope"] == "global"
        assert (await last.json())["global"]
        assert server.limits.too_many == {"channel": 1, "all": 1}
        assert server.limits.invalid == 2


async def test_all_requests_together_are_limited_but_answers_to_members_are_not() -> None:
    async with LocalDiscord(check=False, limited=True) as server, logged_in(server) as client:
        server.limits.a_second = 6
        before = sum(server.limits.by_second.values())
        channels = []
        for number in range(10):
            channels.append(await server.add_channel(str(number)))
            await client.has("guild_channel_create")
        start = time.monotonic()
        await asyncio.gather(*(client.text(number).send("x") for number in channels))
        assert 0.5 < time.monotonic() - start < 5
        assert server.limits.too_many["all"] > 0
        assert not server.limits.too_many["channel"]
        assert all(len(server.visible(number)) == 1 for number in channels)
        assert sum(server.limits.by_second.values()) - before == 10 + server.limits.too_many["all"]
        counted = sum(server.limits.by_second.values())
        with pytest.raises(discord.NotFound):
            await client.raw("POST", "/interactions/1/x/callback", {"type": 5})
        assert sum(server.limits.by_second.values()) == counted


# ------------------------------------------------------------------- commands


async def test_options_come_typed_with_what_their_ids_stand_for(server: LocalDiscord, client: Client) -> None:
    group = app_commands.Group(name="schedule", description="x")
    got: list[Any] = []

    @group.command(name="add", description="x")
    async def add(
        interaction: discord.Interaction,
        when: str,
        count: int,
        quiet: bool,
        channel: app_commands.AppCommandChannel | app_commands.AppCommandThread,
        role: discord.Role,
    ) -> None:
        got.extend((when, count, quiet, channel, role))
        await interaction.response.send_message(interaction.namespace.when)

    below = app_commands.Group(name="kinds", description="x", parent=group)

    @below.command(name="list", description="x")
    async def kinds(interaction: discord.Interaction, page: int) -> None:
        await interaction.response.send_message(f"page {page}")

    @add.autocomplete("when")
    async def offer(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        there = interaction.namespace
        return [app_commands.Choice(name=f"{typed} {there.count} {there.channel.id}", value="x")]

    client.tree.add_command(group)
    await client.tree.sync()
    for channel in (GENERAL, THREAD):
        asked = await server.slash(
            "schedule add", {"channel": channel, "role": ROLE}, when="tuesday 19:00", count=3, quiet=True
        )
        assert asked.data["content"] == "tuesday 19:00"
        when, count, quiet, resolved, role = got
        assert (when, count, quiet) == ("tuesday 19:00", 3, True)
        assert resolved.id == channel
        assert resolved.resolve()
        assert (type(role), role.name) == (discord.Role, "bookclub")
        got.clear()
    assert isinstance(resolved, app_commands.AppCommandThread)
    deep = await server.slash("schedule kinds list", page=2)
    assert deep.data["content"] == "page 2"
    offered = await server.choices("schedule add", "when", "tue", {"channel": GENERAL}, count=3)
    assert offered == [{"name": f"tue 3 {GENERAL}", "value": "x"}]


# ------------------------------------------------------------------- contract


async def test_what_the_client_sends_for_all_of_this_is_what_discord_takes() -> None:
    async with LocalDiscord() as server, logged_in(server) as client:
        number, _ = await server.add_forum()
        await client.has("guild_channel_create")
        poll = discord.Poll("x", timedelta(hours=1)).add_answer(text="x").add_answer(text="y")
        sent = await client.text().send(poll=poll, nonce="x" * 25)
        await (await sent.create_thread(name="x")).edit(archived=True)
        await sent.pin()
        made = await client.forum(number).create_thread(name="x", content="x")
        await (await client.create_dm(discord.Object(ALICE))).send("x")
        assert server.violations == []
        await client.forum(number).create_thread(
            name="x", content="x" * 2000, allowed_mentions=discord.AllowedMentions.all()
        )
        assert len(server.violations) == 1
        assert server.seen_by_all(f"/channels/{made.thread.id}/messages", {})
        assert server.seen_by_all(f"/channels/{number}/threads", {})
