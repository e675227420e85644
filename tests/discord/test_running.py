"""`bookclub run`, from its start to its end, over real sockets: as a process of its own, and piece by piece."""

import asyncio
import gc
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from random import Random

import discord.gateway
import discord.http
import pytest

from bot.cli import main
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.discord_app import running
from bot.discord_app.permissions import invite_link
from bot.discord_app.token import WHERE, flaw
from tests.conftest import ROOT
from tests.discord.launch import at
from tests.discord.server import BOT, GENERAL, GUILD, TOKEN, Fault, LocalDiscord
from tests.discord.world import in_the_clear, text_of

Capture = pytest.CaptureFixture[str]


# ------------------------------------------------------------------ a process


@asynccontextmanager
async def process(
    server: LocalDiscord, knowledge: Path, token: str = TOKEN
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`bookclub run` as a process, with the local server for Discord."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.discord.launch", str(server.port), "run",
        env={
            **os.environ, "DISCORD_TOKEN": token, "BOOKCLUB_KNOWLEDGE": str(knowledge),
            "BOOKCLUB_DATA": str(Path.cwd() / "data"),
        },
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def test_from_login_to_the_first_answer_and_to_a_clean_end() -> None:
    async with LocalDiscord() as server, process(server, ROOT / "knowledge") as bot:
        await asyncio.wait_for(server.ready.wait(), 30)
        asked = await server.slash("ask", question="who plays kathy?")
        assert "Carey Mulligan" in in_the_clear(asked.data)
        hidden = await server.slash("ask", question="does ruth die")
        assert hidden.ephemeral
        said = await server.say(f"<@{BOT}> who plays ruth?")
        assert "Keira Knightley" in in_the_clear(said)
        bot.send_signal(signal.SIGTERM)
        start = time.monotonic()
        out, err = await asyncio.wait_for(bot.communicate(), 15)
        assert time.monotonic() - start < 10
        assert bot.returncode == 0
        assert out.decode().splitlines() == [
            "Loaded Never Let Me Go: 364 entries, 75 prompts.",
            "Connecting to Discord.",
            f"Invite me: {invite_link(BOT)}",
        ]
        assert err == b""
        assert server.violations == []
        assert sum(method == "PUT" for method, _, _ in server.requests) == 1
        # What goes over the wire, byte for byte but for the ids of the interaction.
        (callback,) = [
            body for _, path, body in server.requests if "callback" in path and body == asked.callback
        ]
        assert json.dumps(callback["data"]["components"][0]["components"][0]) == json.dumps(
            {
                "type": 10,
                "content": "Carey Mulligan plays Kathy as an adult\\; Izzy Meikle\\-Small plays her as a child\\.\n"
                "-# Sources\\: Home Theater Info \\(review\\, 2016\\)\\; BioNews 596 \\(review\\, 2011\\)\\; "
                "Priya\\'s blog \\(review and comments\\)\\; Movie Mom \\(Nell Minow\\'s review and comments\\)",
            }
        )
        assert callback["data"]["allowed_mentions"] == {"parse": []}


async def test_what_was_acknowledged_is_there_after_it_was_killed(tiny: Path) -> None:
    async with LocalDiscord() as server:
        async with process(server, tiny) as bot:
            await asyncio.wait_for(server.ready.wait(), 30)
            noted = await server.slash("progress set", place="part one")
            assert "finished Part One" in text_of(noted.data)
            bot.kill()
            await bot.wait()
        server.ready.clear()
        async with process(server, tiny):
            await asyncio.wait_for(server.ready.wait(), 30)
            shown = await server.slash("progress show")
            assert "finished Part One" in text_of(shown.data)


async def test_a_data_folder_that_cannot_be_used_is_told_in_a_sentence(tiny: Path) -> None:
    (Path.cwd() / "data").write_text("a file, and no folder", encoding="utf-8")
    async with LocalDiscord() as server, process(server, tiny) as bot:
        out, err = await asyncio.wait_for(bot.communicate(), 30)
        assert bot.returncode == 1
        (line,) = err.decode().splitlines()
        assert "cannot be opened or written: let the user that the bot runs as write the data folder" in line
        assert str(Path.cwd()) not in (out + err).decode()


async def test_a_refused_token_ends_it_with_two_plain_lines(tiny: Path) -> None:
    token = TOKEN[:-3] + "xyz"
    async with LocalDiscord() as server, process(server, tiny, token) as bot:
        out, err = await asyncio.wait_for(bot.communicate(), 30)
        assert bot.returncode == 78
        assert err.decode().splitlines() == [
            "Discord refuses the token. It was reset, or is not complete.",
            WHERE,
        ]
        assert token not in (out + err).decode()


async def test_whoever_read_what_it_prints_may_go(tiny: Path) -> None:
    """Found by a reviewer: a closed pipe was taken for a lost network, and it never connected."""
    async with LocalDiscord() as server, process(server, tiny) as bot:
        assert bot.stdout
        await asyncio.wait_for(bot.stdout.readline(), 30)
        bot.stdout._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - as `| head -n 1` does
        await asyncio.wait_for(server.ready.wait(), 30)
        assert await answers(server)
        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), 15) in {
            0,
            120,
        }  # 120: Python could not flush what nobody reads


async def test_a_look_up_that_hangs_does_not_keep_it_from_ending(tiny: Path) -> None:
    """Found by a reviewer: Python waits for the thread in which an address is looked up."""
    script = (
        "import socket, time\nfrom bot.discord_app import running\nfrom bot.cli import main\n"
        "running.DRAIN = running.CLOSE = 0.1\nreal = socket.getaddrinfo\n"
        "def hang(*found, **named):\n    print('looking', flush=True)\n    time.sleep(60)\n"
        "socket.getaddrinfo = hang\nmain(['run'])"
    )
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT,
        env={**os.environ, "DISCORD_TOKEN": TOKEN, "BOOKCLUB_KNOWLEDGE": str(tiny)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert bot.stdout
    while await asyncio.wait_for(bot.stdout.readline(), 30) != b"looking\n":
        pass
    bot.send_signal(signal.SIGTERM)
    await asyncio.wait_for(bot.communicate(), 10)
    assert bot.returncode == 0


async def test_without_a_network_it_tries_again(tiny: Path) -> None:
    async with LocalDiscord() as server:
        port = server.port
    server = LocalDiscord()
    server.port = port
    async with process(server, tiny) as bot:
        assert bot.stderr
        line = (await asyncio.wait_for(bot.stderr.readline(), 30)).decode()
        assert re.search(r"WARNING bookclub: Discord cannot be reached \(\w+\). I try again in 2 s\.$", line)
        async with server:
            await asyncio.wait_for(server.ready.wait(), 30)
            assert "Carey" in text_of((await server.slash("ask", question="who plays kathy?")).data)
            bot.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(bot.wait(), 15) == 0


# -------------------------------------------------------------------- the token

SECRET = "kVd0gq1Yx9Zb3Jw7Lm5Np2Rs8Tu4Xc6A"  # noqa: S105 - of the shape of a client secret, and of nobody


@pytest.mark.parametrize(
    ("token", "told"),
    [
        pytest.param(None, "There is no Discord token.", id="none"),
        pytest.param("", "There is no Discord token.", id="empty"),
        pytest.param("   ", "There is no Discord token.", id="blank"),
        pytest.param(f'"{TOKEN}"', "has quotes or spaces around it", id="in quotes"),
        pytest.param(f"'{TOKEN}'", "has quotes or spaces around it", id="in single quotes"),
        pytest.param(f"“{TOKEN}”", "has quotes or spaces around it", id="in typographic quotes"),
        pytest.param(f"{TOKEN}\n", "has quotes or spaces around it", id="with a line's end"),
        pytest.param(f"Bot {TOKEN}", "starts with a word", id="with Bot before it"),
        pytest.param(SECRET, "holds a client secret", id="client secret"),
        pytest.param("ab" * 32, "holds the application's public key", id="public key"),
        pytest.param(str(BOT), "holds an id", id="application id"),
        pytest.param(TOKEN.rpartition(".")[0], "does not look like a bot token", id="cut short"),
        pytest.param("put your token here", "does not look like a bot token", id="placeholder"),
        pytest.param("é" * 70, "does not look like a bot token", id="not ASCII"),
    ],
)
def test_a_token_that_cannot_be_right(
    token: str | None, told: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    if token is not None:
        monkeypatch.setenv("DISCORD_TOKEN", token)
    assert main(["run"]) == 78
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert told in first
    assert second == WHERE
    if token and token.strip():
        assert token not in err
        assert token.strip("\"'“”\n ") not in err


def test_a_token_from_env_is_read_and_quotes_there_are_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.settings import read_settings  # noqa: PLC0415

    with open(".env", "w", encoding="utf-8") as file:  # noqa: PTH123 - the test's own folder
        file.write(f'DISCORD_TOKEN="{TOKEN}"\nSOMETHING_ELSE=1\n')
    settings = read_settings()
    assert settings.token
    assert flaw(settings.token.get_secret_value()) is None
    assert TOKEN not in repr(settings)
    monkeypatch.setenv("DISCORD_TOKEN", "of the environment")
    assert read_settings().token != settings.token


# ------------------------------------------------------------------ connections


@asynccontextmanager
async def serving(
    asking: Asking,
    server: LocalDiscord,
    monkeypatch: pytest.MonkeyPatch,
    memory: Memory | None = None,
    shard: tuple[int, int] | None = None,
) -> AsyncIterator[asyncio.Task[None]]:
    """The same as the process, in this one and less patient."""
    monkeypatch.setattr(running, "RETRY_FIRST", 0.05)
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(
        discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    )

    async def at_once(*_: object, **__: object) -> None:
        """discord.py waits five seconds before it identifies again."""

    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)
    at(server.port)
    club = Club({asking.book.slug: asking}, memory or Memory(), Random(1))
    task = asyncio.create_task(running._until_stopped(club, TOKEN, lambda: None, shard))  # noqa: SLF001
    try:
        yield task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(task, 10)


async def answers(server: LocalDiscord) -> bool:
    return "Carey" in text_of((await server.slash("ask", question="who plays kathy?")).data)


@pytest.mark.parametrize("refused", [False, True])
async def test_the_watch_asks_for_its_intent_and_does_without_where_it_is_refused(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, refused: bool
) -> None:
    memory = Memory(watches={GENERAL: GUILD})
    async with LocalDiscord() as server:
        server.refuses_content = refused
        async with serving(asking, server, monkeypatch, memory):
            await asyncio.wait_for(server.ready.wait(), 10)
            assert await answers(server)
        asked = [bool(one["intents"] & 1 << 15) for one in server.identified]
    assert asked == ([True, False] if refused else [True])
    assert ("The spoiler watch is off" in caplog.text) == refused


@pytest.mark.parametrize("shard", [(0, 2), (1, 2)])
async def test_a_share_of_the_servers_is_asked_for_and_the_first_gives_the_commands(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, shard: tuple[int, int]
) -> None:
    async with LocalDiscord() as server:
        async with serving(asking, server, monkeypatch, shard=shard):
            await asyncio.wait_for(server.ready.wait(), 10)
        assert [one["shard"] for one in server.identified] == [list(shard)]
        given = [path for method, path, _ in server.requests if method == "PUT"]
        assert len(given) == (1 if shard == (0, 2) else 0)


async def test_a_lost_connection_is_resumed_and_nothing_is_missed(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with LocalDiscord() as server, serving(asking, server, monkeypatch):
        await asyncio.wait_for(server.ready.wait(), 10)
        assert await answers(server)
        await server.drop(4000)
        assert await answers(server), "asked while the connection was down"
        assert len(server.resumed) == 1
        assert len(server.identified) == 1


async def test_an_invalid_session_is_begun_anew(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    async with LocalDiscord() as server, serving(asking, server, monkeypatch):
        await asyncio.wait_for(server.ready.wait(), 10)
        server.ready.clear()
        await server.invalidate(resumable=False)
        await asyncio.wait_for(server.ready.wait(), 10)
        assert len(server.identified) == 2
        assert await answers(server)
        assert sum(method == "PUT" for method, _, _ in server.requests) == 1, (
            "commands are synced once a start"
        )


async def test_a_gateway_that_is_not_there_at_first(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    async with LocalDiscord() as server:
        server.refuses_gateway = True
        async with serving(asking, server, monkeypatch):
            await asyncio.sleep(0.3)
            server.refuses_gateway = False
            await asyncio.wait_for(server.ready.wait(), 10)
            assert await answers(server)


async def test_an_event_that_discord_py_cannot_read_does_not_end_the_bot(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with LocalDiscord() as server, serving(asking, server, monkeypatch):
        await asyncio.wait_for(server.ready.wait(), 10)
        server.ready.clear()
        await server.emit("INTERACTION_CREATE", {"of": "another shape"})
        await asyncio.wait_for(server.ready.wait(), 10)
        assert await answers(server)
        assert server.open_connections == 1
    assert "I connect again" in caplog.text


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        pytest.param(
            Fault("POST", "callback$", 429, {"retry_after": 0.1, "global": False}, {"Via": "1.1"}),
            2,
            id="429",
        ),
        pytest.param(Fault("POST", "callback$", 502), 2, id="502"),
    ],
)
async def test_an_answer_that_discord_does_not_take_at_once_is_sent_again(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, fault: Fault, tries: int
) -> None:
    async with LocalDiscord() as server, serving(asking, server, monkeypatch):
        await asyncio.wait_for(server.ready.wait(), 10)
        server.fail(fault)
        assert await answers(server)
        assert sum("callback" in path for _, path, _ in server.requests) == tries


@pytest.mark.parametrize(
    ("status", "code"), [(404, 10062), (400, 40060)], ids=["unknown interaction", "answered already"]
)
async def test_an_answer_that_came_too_late_is_not_sent_again(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, status: int, code: int
) -> None:
    async with LocalDiscord() as server, serving(asking, server, monkeypatch):
        await asyncio.wait_for(server.ready.wait(), 10)
        server.fail(Fault("POST", "callback$", status, {"code": code, "message": "too late"}))
        with pytest.raises(TimeoutError):
            await server.slash("ask", wait="0.5", question="who plays kathy?")
        assert sum("callback" in path for _, path, _ in server.requests) == 1
        assert await answers(server)


async def test_a_token_that_is_reset_while_it_runs(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    async with LocalDiscord() as server, serving(asking, server, monkeypatch) as task:
        await asyncio.wait_for(server.ready.wait(), 10)
        await server.drop(4004)
        with pytest.raises(discord.ConnectionClosed) as closed:
            await asyncio.wait_for(task, 10)
        assert closed.value.code == 4004


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (discord.LoginFailure("x"), 78, "refuses the token"),
        (discord.PrivilegedIntentsRequired(None), 78, "intents"),
        (discord.ConnectionClosed(None, shard_id=None, code=4004), 78, "refuses the token"),  # type: ignore[arg-type]
        (discord.ConnectionClosed(None, shard_id=None, code=4013), 1, "code 4013"),  # type: ignore[arg-type]
    ],
)
def test_how_it_ends_when_discord_refuses(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, capsys: Capture, error: Exception, code: int, told: str
) -> None:
    async def refused(*_: object) -> None:
        raise error

    monkeypatch.setattr(running, "_until_stopped", refused)
    monkeypatch.setattr(running, "start_logging", lambda _: None)
    books = {asking.book.slug: asking}
    opened = nullcontext(Club(books, Memory(), Random(1)))
    assert running.run(TOKEN, lambda: books, lambda _: opened) == code
    err = capsys.readouterr().err
    assert told in err
    assert TOKEN not in err


async def test_answers_under_way_are_finished_before_it_ends(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with LocalDiscord() as server, serving(asking, server, monkeypatch) as task:
        await asyncio.wait_for(server.ready.wait(), 10)
        server.fail(Fault("POST", "callback$", 502))
        asked = asyncio.create_task(server.slash("ask", question="who plays kathy?"))
        await asyncio.wait_for(server.failed.wait(), 10)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 10)
        assert "Carey" in text_of((await asked).data)


async def test_answers_that_take_too_long_are_given_up_without_a_word_too_many(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(running, "DRAIN", 0.2)
    async with LocalDiscord() as server, serving(asking, server, monkeypatch) as task:
        await asyncio.wait_for(server.ready.wait(), 10)
        server.fail(Fault("POST", "callback$", 502, delay=5))
        asked = asyncio.create_task(server.slash("ask", question="who plays kathy?", wait="3"))
        await asyncio.wait_for(server.failed.wait(), 10)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 10)
        asked.cancel()
    gc.collect()
    assert caplog.text == ""


def test_waiting_grows_and_is_short_again_after_a_healthy_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    patience = running._Patience()  # noqa: SLF001
    assert [patience.next() for _ in range(8)] == [2, 4, 8, 16, 32, 64, 120, 120]
    now += 3601
    assert patience.next() == 2
