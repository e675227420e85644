"""What goes wrong: the member reads one short sentence, the log has the cause, neither has a secret."""

import logging

import pytest

from bot.club.asking import Asking
from bot.discord_app.log import LogFormatter
from tests.discord.local import connected
from tests.discord.server import TOKEN
from tests.discord.world import World, a_world, response, text_of

FAILED = "Something went wrong on my side."


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What the bot logs, as it would be written."""
    caplog.handler.setFormatter(LogFormatter(TOKEN))
    caplog.set_level(logging.INFO, "bookclub")
    return caplog


async def test_a_command_that_fails(
    asking: Asking, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(asking, check_errors=False) as world:
        secret = f"the knowledge of {TOKEN}"

        def fail(*_: object) -> None:
            raise RuntimeError(secret)

        monkeypatch.setattr(world.asking, "answer", fail)
        for result in (
            await world.alice.slash(world.channel, "ask", question="who plays ruth"),
            await world.alice.user.slash("ask", question="who plays tommy"),
        ):
            assert FAILED in text_of(response(result))
            assert result.ephemeral is (
                result.response.message.guild is not None if result.response else False
            )
        await world.alice.send(world.channel, f"{world.me} who plays kathy")
        assert FAILED in text_of(world.sent()[-1])
        monkeypatch.undo()
        asked = response(await world.alice.slash(world.channel, "ask", question="who plays ruth"))
        monkeypatch.setattr(world.asking, "told", fail)
        failed = await world.alice.click(asked, label="Who plays Ruth as a child")
        assert failed.ephemeral
        assert FAILED in text_of(response(failed))
    written = log.text
    assert "RuntimeError" in written
    assert "tests.discord.test_errors:" in written
    assert "in fail" in written
    assert "knowledge" not in written
    assert TOKEN not in written
    assert "who plays" not in written


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060)])
async def test_an_answer_that_comes_too_late_is_logged_once_and_not_tried_again(
    asking: Asking, log: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    async with a_world(asking, check_errors=False) as world:
        world.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)
        await world.alice.slash(world.channel, "ask", question="who plays ruth")
        assert len([request for request in world.env.http_requests if "callback" in request.path]) == 1
    assert log.text.count("too late") == 1
    assert str(code) in log.text
    assert "Traceback" not in log.text


async def test_discord_does_not_take_the_answer(asking: Asking, log: pytest.LogCaptureFixture) -> None:
    async with a_world(asking, check_errors=False) as world:
        world.env.inject_error("POST", "/interactions/*/callback", status=400, code=50035)
        result = await world.alice.slash(world.channel, "ask", question="who plays ruth")
        assert FAILED in text_of(response(result))
    assert "50035" in log.text


async def test_a_channel_where_the_bot_may_not_write(asking: Asking, log: pytest.LogCaptureFixture) -> None:
    async with a_world(asking, check_errors=False) as world:
        channel = world.channel_without("send_messages")
        await world.alice.send(channel, f"{world.me} who plays kathy?")
        last = channel.last_message
        assert last
        assert last.author.id == world.alice.id
        # A command needs no permission at all.
        result = await world.alice.slash(channel, "ask", question="who plays kathy")
        assert "Carey Mulligan" in text_of(response(result))
    assert f"I may not write in channel {channel.id}" in log.text


async def test_a_command_of_an_older_version(asking: Asking) -> None:
    async with a_world(asking, check_errors=False) as world:
        world.client.tree.remove_command("quote")
        result = await world.alice.slash(world.channel, "quote")
        assert result.ephemeral
        assert "My commands have changed" in text_of(response(result))


async def test_choices_that_fail_are_not_answered_with_a_message(
    asking: Asking, log: pytest.LogCaptureFixture
) -> None:
    async with connected(asking) as (server, client):
        client.tree.remove_command("quote")
        with pytest.raises(TimeoutError):
            await server.choices("quote", "about", "x", wait="0.3")
        assert "No choices could be offered" in log.text


async def test_commands_that_discord_will_not_take_now(world: World, log: pytest.LogCaptureFixture) -> None:
    world.env.inject_error("PUT", "/applications/*/commands", status=503)
    await world.restart()
    assert "go on with the old ones" in log.text
    assert world.client.synced_at is None
    result = await world.alice.slash(world.channel, "about")
    assert "Commands synced: not since this start" in text_of(response(result))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"token {TOKEN} end", "token [token] end"),
        ("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs", "[token]"),
        (
            "POST https://discord.com/api/v10/interactions/12/aW50ZXJhY3Rpb24/callback",
            "/interactions/12/[token]/callback",
        ),
        (
            "https://discord.com/api/v10/webhooks/12/aW50ZXJhY3Rpb24?wait=true",
            "/webhooks/12/[token]?wait=true",
        ),
        ("two\nlines\r and \u202e more", r"two\u000alines\u000d and \u202e more"),
    ],
)
def test_the_log_has_no_token_and_one_line_an_event(text: str, written: str) -> None:
    record = logging.LogRecord("bookclub", logging.INFO, "x", 1, "%s", (text,), None)
    line = LogFormatter(TOKEN).format(record)
    assert written in line
    assert "\n" not in line


def test_an_error_is_written_with_its_cause_and_without_what_it_says() -> None:
    error = ValueError("Ruth completes")
    error.__cause__ = OSError(28, "No space left on device")
    record = logging.LogRecord("bookclub", logging.ERROR, "x", 1, "failed", (), (type(error), error, None))
    lines = LogFormatter("").format(record).splitlines()
    assert lines[0].endswith("ERROR bookclub: failed")
    assert "    ValueError" in lines
    assert "    OSError: [Errno 28] No space left on device" in lines
    assert not any("Ruth" in line for line in lines)


def test_what_asyncio_says_of_a_lost_error_is_cut_to_its_first_line() -> None:
    said = "Task exception was never retrieved\nfuture: <Task exception=RuntimeError('Ruth completes')>"
    error = RuntimeError("Ruth completes")
    record = logging.LogRecord("asyncio", logging.ERROR, "x", 1, said, (), (type(error), error, None))
    line = LogFormatter("").format(record)
    assert "never retrieved" in line
    assert "RuntimeError" in line
    assert "Ruth" not in line
