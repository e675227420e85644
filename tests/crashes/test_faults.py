"""Requests that Discord has taken and answers badly, or not at all, as often as that may happen."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.book.schedules import Extras
from tests.crashes.bots import Nursery
from tests.crashes.crowd import Crowd, Seen
from tests.crashes.homes import Folders
from tests.crashes.kept import due
from tests.crashes.test_killed import ALL
from tests.discord.server import Can, Fault

STATUSES = (500, 502, 504, 0)
"""0: the connection is reset."""


@dataclass(frozen=True)
class Trouble:
    """What a channel's posts meet. `taken`: Discord has posted it all the same. `blind`: the bot may not read the history."""

    status: int
    times: int
    taken: bool
    blind: bool

    def fault(self, path: str, method: str = "POST") -> Fault:
        return Fault(
            method,
            path,
            self.status,
            times=self.times,
            effect="first" if self.taken else "none",
            lost=not self.status,
        )


def troubles() -> Iterator[Trouble]:
    for status in STATUSES:
        # discord.py waits a second before what is then not tried again.
        for times in range(1, 7) if ALL else {500: (1, 2), 0: (1, 6)}.get(status, (1,)):
            yield Trouble(status, times, taken=False, blind=False)
            yield Trouble(status, times, taken=True, blind=True)
        # With its history before it, the bot does not ask twice.
        yield Trouble(status, 1, taken=True, blind=False)


async def test_whatever_is_answered_and_however_often_there_is_one_of_everything(
    bots: Nursery, folders: Folders
) -> None:
    async with Crowd() as discord, folders.fresh() as kept:
        expected, schedules = {}, []
        for trouble in troubles():
            channel = await discord.add_channel()
            if trouble.blind:
                await discord.deny(channel, Can.HISTORY)
            discord.fail(trouble.fault(rf"^/channels/{channel}/messages$"))
            expected[trouble, channel] = Seen(1)
            schedules.append(due(channel))
        for status in STATUSES:
            trouble = Trouble(status, 1, taken=True, blind=False)
            channel, forum = await discord.add_channel(), (await discord.add_forum())[0]
            discord.fail(trouble.fault(rf"^/channels/{channel}/messages/\d+/threads$"))
            discord.fail(trouble.fault(rf"^/channels/{channel}/messages/pins/", "PUT"))
            discord.fail(trouble.fault(rf"^/channels/{forum}/threads$"))
            expected |= {(trouble, channel): Seen(1, 1, 0, 1), (trouble, forum): Seen(1, 1, 1, 0)}
            schedules.append(due(channel, Extras(thread=True, pins=True)))
            schedules.append(due(forum, Extras(forum=True, poll=True)))
        await kept.made(*schedules)
        with bots.heard():
            async with bots.bot(discord.port, kept.where, impatient=True) as bot:
                await bot.until(lambda bot: bot.idle)
        assert {key: discord.seen(key[1]) for key in expected} == expected
        assert set(await kept.states(*schedules)) == {"done"}
        assert not any(fault.times for fault in discord.faults)
        assert not discord.violations
