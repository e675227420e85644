"""Two bots over one database and one Discord: each post is made once, whatever becomes of one of the two."""

import asyncio
import signal
from contextlib import AsyncExitStack

import pytest

from tests.crashes.bots import Nursery
from tests.crashes.crowd import Crowd, Seen
from tests.crashes.homes import Databases
from tests.crashes.kept import due
from tests.crashes.test_killed import ALL

CHANNELS = 8
EACH = 5
"""Schedules in each channel, fewer than the book has prompts."""

BATCH = 4
"""Jobs that a bot takes at once: in the end both have had some, and some are left when one is gone."""

KILLED = ("after begin 6", signal.SIGKILL)
FROZEN_BEFORE_SENDING = ("after begin 6", signal.SIGSTOP)
FROZEN_BEFORE_RECORDING = ("before save done 3", signal.SIGSTOP)


async def shared(
    bots: Nursery, databases: Databases, step: str, number: signal.Signals, *, soon: bool = False
) -> None:
    """`soon`: who stood still goes on while the other works on what it had."""
    async with databases.fresh() as kept, Crowd() as discord, AsyncExitStack() as stack:
        channels = [await discord.add_channel() for _ in range(CHANNELS)]
        schedules = [due(channel) for _ in range(EACH) for channel in channels]
        # A bot that rests looks again when something is due, and then finds what another has left.
        other = await discord.add_channel()
        await kept.made(*schedules, *(due(other, seconds=later) for later in range(1, 25)), notices=other)
        # One that stands still in a transaction keeps its locks, and nobody takes that job from it: so one at a time.
        batch = 1 if number == signal.SIGSTOP else BATCH
        struck = await stack.enter_async_context(
            bots.bot(discord.port, kept.where, {step: number}, batch=batch)
        )
        healthy = await stack.enter_async_context(bots.bot(discord.port, kept.where, batch=BATCH))
        await struck.until(lambda bot: ("strikes", None) in bot.did)
        if number == signal.SIGSTOP:
            await struck.stands_still()
        else:
            await struck.until(lambda bot: bot.code is not None)
        await kept.time_passes(worker=struck.worker)
        if soon:
            struck.strike(signal.SIGCONT)
        await discord.until(lambda: all(discord.seen(channel).posts >= EACH for channel in channels))
        if number == signal.SIGSTOP:
            # It goes on with what it had in hand, and is refused.
            struck.strike(signal.SIGCONT)
            await struck.until(lambda bot: bot.idle)
        await healthy.until(lambda bot: bot.idle)
        assert [discord.seen(channel) for channel in channels] == [Seen(EACH)] * CHANNELS
        assert all(sum(what == "begin" for what, _ in bot.did) >= 3 for bot in (struck, healthy)), (
            "both worked"
        )
        assert set(await kept.states(*schedules)) == {"done"}
        assert not discord.violations


async def test_one_of_two_is_killed_or_stands_still_and_comes_back(
    bots: Nursery, databases: Databases
) -> None:
    with bots.heard():
        async with asyncio.TaskGroup() as both:
            for struck in (KILLED, FROZEN_BEFORE_SENDING):
                both.create_task(shared(bots, databases, *struck))


@pytest.mark.skipif(not ALL, reason="BOOKCLUB_CRASHES=all")
@pytest.mark.parametrize("soon", [False, True])
@pytest.mark.parametrize("struck", [FROZEN_BEFORE_SENDING, FROZEN_BEFORE_RECORDING])
async def test_one_of_two_stands_still(
    bots: Nursery, databases: Databases, struck: tuple[str, signal.Signals], soon: bool
) -> None:
    with bots.heard():
        await shared(bots, databases, *struck, soon=soon)
