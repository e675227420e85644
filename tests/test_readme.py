"""The README shows what is so."""

import io
import re
from random import Random

import pytest

from bot.book.spoilers import horizon_of
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.club.watching import tells_ahead
from bot.demo.terminal import run
from bot.discord_app.running import CLOSE, DRAIN, NOT_CONFIGURED
from tests.conftest import ROOT
from tests.discord.test_watching import INNOCENT, TELLING

README = (ROOT / "README.md").read_text(encoding="utf-8")
CAPTURES = re.findall(
    r"""^\$ (?:echo|printf) ["']([^"'\n]+)["'] \| uv run bookclub demo\n(.+?)\n(?=\n\$|```)""",
    README,
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize(("typed", "shown"), CAPTURES, ids=[typed for typed, _ in CAPTURES])
def test_a_capture_of_the_demo_is_what_the_demo_prints(
    typed: str,
    shown: str,
    asking: Asking,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed.replace("\\n", "\n") + "\n"))
    assert run(Club({asking.book.slug: asking}, Memory(), Random(1))) == 0
    assert capsys.readouterr().out.rstrip("\n") == shown.rstrip("\n")


def test_there_are_captures() -> None:
    assert len(CAPTURES) == 6


def test_what_it_says_of_the_spoiler_watch_is_so(asking: Asking) -> None:
    found = re.search(
        r"none of (\d+) innocent messages is marked, and about a fifth of (\d+) that tell", README
    )
    assert found
    assert (int(found.group(1)), int(found.group(2))) == (len(INNOCENT), len(TELLING))
    marked = sum(tells_ahead(asking, horizon_of(asking.book, row["ceiling"]), row["text"]) for row in TELLING)
    assert 0.18 < marked / len(TELLING) < 0.25


def test_the_service_is_stopped_and_not_restarted_as_the_bot_needs_it() -> None:
    assert f"RestartPreventExitStatus={NOT_CONFIGURED}" in README
    found = re.search(r"TimeoutStopSec=(\d+)", README)
    assert found
    assert DRAIN + CLOSE < 10 <= int(found.group(1))
