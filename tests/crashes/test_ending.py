"""A bot is told to end in the middle of posting; a second one is started beside the first."""

import asyncio
import signal
import time

from bot.store.sqlite.holding import TAKEN
from tests.crashes.bots import Nursery
from tests.crashes.crowd import Crowd
from tests.crashes.homes import Folders
from tests.crashes.kept import due
from tests.discord.server import Fault


async def test_told_to_end_it_ends_in_time_and_the_next_goes_on(bots: Nursery, folders: Folders) -> None:
    async with Crowd() as discord, folders.fresh() as kept:
        hung = [await discord.add_channel() for _ in range(3)]
        slow = [await discord.add_channel() for _ in range(12)]
        arrives = asyncio.Event()
        discord.held = {f"/channels/{channel}/messages": arrives for channel in hung}
        for channel in slow:
            discord.fail(Fault("POST", rf"^/channels/{channel}/messages$", delay=0.3, effect="first"))
        schedules = [due(channel, seconds=-120) for channel in hung] + [due(channel) for channel in slow]
        await kept.made(*schedules)
        with bots.heard():
            async with bots.bot(discord.port, kept.where) as bot:
                await discord.until(lambda: discord.seen(slow[0]).posts == 1)
                start = time.monotonic()
                assert await bot.end(signal.SIGTERM) == 0
                assert time.monotonic() - start < 10
            assert not discord.held
            async with bots.bot(discord.port, kept.where) as bot:
                await bot.until(lambda bot: bot.idle)
            # What the first one has sent comes through at last.
            arrives.set()
            await discord.until(lambda: all(discord.taken(channel) == 2 for channel in hung))
        assert [discord.seen(channel).posts for channel in (*hung, *slow)] == [1] * 15
        assert await kept.states(*schedules) == ["done"] * 15
        assert not discord.violations


async def test_a_second_one_with_the_same_folder_does_not_start(bots: Nursery, folders: Folders) -> None:
    async with Crowd() as discord, folders.fresh() as kept:
        channel = await discord.add_channel()
        await kept.made(due(channel))
        with bots.heard():
            async with bots.bot(discord.port, kept.where) as first:
                await first.until(lambda bot: bot.did != [])
                async with bots.bot(discord.port, kept.where, impatient=True) as second:
                    await second.until(lambda bot: bot.code is not None)
                assert (second.code, second.did) == (1, [])
                assert second.printed.splitlines()[-1] == TAKEN
                assert not first.printed.count(TAKEN)
                await first.until(lambda bot: bot.idle)
            async with bots.bot(discord.port, kept.where) as third:
                await third.until(lambda bot: bot.idle)
        assert discord.seen(channel).posts == 1
