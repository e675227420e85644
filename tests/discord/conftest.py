"""The world that the tests in Discord share."""

from collections.abc import AsyncIterator

import pytest

from bot.club.asking import Asking
from tests.discord.world import World, a_world


@pytest.fixture
async def world(asking: Asking) -> AsyncIterator[World]:
    async with a_world(asking) as found:
        yield found
