"""The README shows what is so."""

import re
import subprocess
import sys

import pytest

from bot.discord_app.running import CLOSE, DRAIN, NOT_CONFIGURED
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CAPTURES = re.findall(
    r'^\$ echo "([^"]+)" \| uv run bookclub demo\n(.+?)\n(?=\n\$|```)', README, re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("typed", "shown"), CAPTURES, ids=[typed for typed, _ in CAPTURES])
def test_a_capture_of_the_demo_is_what_the_demo_prints(typed: str, shown: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "demo"],
        input=f"{typed}\n", capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.rstrip("\n") == shown.rstrip("\n")


def test_there_are_captures() -> None:
    assert len(CAPTURES) == 3


def test_the_service_is_stopped_and_not_restarted_as_the_bot_needs_it() -> None:
    assert f"RestartPreventExitStatus={NOT_CONFIGURED}" in README
    found = re.search(r"TimeoutStopSec=(\d+)", README)
    assert found
    assert DRAIN + CLOSE < 10 <= int(found.group(1))
