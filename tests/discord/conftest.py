"""The world that the tests in Discord share."""

from collections.abc import AsyncIterator

import pytest

from bot.club.asking import Asking
from tests.discord.contract import OPENAPI
from tests.discord.world import World, a_world


@pytest.fixture
async def world(asking: Asking) -> AsyncIterator[World]:
    async with a_world(asking) as found:
        yield found


def pytest_report_header() -> str | None:
    """Says so where the requests are held against our own rules alone."""
    return (
        None if OPENAPI else "DISCORD_OPENAPI names no file: requests are not held against Discord's schema"
    )
