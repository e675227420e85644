"""Many schedules, and a store with them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.book.recurrence import Occurrence, Recurrence, Weekly
from bot.book.schedules import Schedule, Scheduled
from bot.store.opening import open_store
from bot.store.rows import new_row, schedule_row
from bot.store.tables import jobs, schedules
from tests.discord.server import GUILD, Json, channel_of, guild_payload

ZONES = ("Europe/Oslo", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC")

CHANNELS = 4
"""A server has so many with schedules, and one more for questions."""

CROWDED = 5
"""Schedules in each channel of the one big server."""


def servers(count: int, guilds: int) -> list[int]:
    """How many schedules each server has: the first one twentieth of them all, the others 1 to 4."""
    shares = [count // 20, *[4] * (guilds - 1)]
    fewer = cycle((1, 2, 3))
    for server in range(1, guilds):
        missing = sum(shares) - count
        if not missing:
            break
        shares[server] = max(next(fewer), shares[server] - missing)
    return shares


def guilds_for(shares: Sequence[int]) -> list[Json]:
    """The servers, each with the channels for its schedules and one for questions."""
    return [
        guild_payload(GUILD + number, max(CHANNELS, share // CROWDED) + 1)
        for number, share in enumerate(shares)
    ]


def asking_channel(guild: int) -> int:
    """The channel for questions, of any server but the first."""
    return channel_of(guild, CHANNELS)


def made(shares: Sequence[int], due: datetime, a_minute: int | None = None) -> list[Scheduled]:
    """The schedules, in no order: all due then, or so many in each minute from then on."""
    random = Random(2)
    places = list(_places(shares))
    random.shuffle(places)
    return [
        _weekly(
            f"{random.getrandbits(48):012x}",
            server,
            channel,
            due + timedelta(minutes=number // a_minute if a_minute else 0),
            random.choice(ZONES),
        )
        for number, (server, channel) in enumerate(places)
    ]


def _places(shares: Sequence[int]) -> Iterator[tuple[int, int]]:
    for number, share in enumerate(shares):
        channels = max(CHANNELS, share // CROWDED)
        for one in range(share):
            yield GUILD + number, channel_of(GUILD + number, one % channels)


def _weekly(name: str, server: int, channel: int, due: datetime, zone: str) -> Scheduled:
    nominal = due.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    rule = Recurrence(days=Weekly(days=frozenset({nominal.weekday()})), at=nominal.time(), zone=zone)
    schedule = Schedule(id=name, server=server, channel=channel, book="never-let-me-go", rule=rule, author=1)
    return Scheduled(schedule, Occurrence(nominal=nominal, due=due))


async def fill(folder: Path, of: Sequence[Scheduled]) -> None:
    """Puts them into a new store in this folder."""
    store = await open_store(folder)
    async with store.engine.execution_options(writes=True).begin() as connection:
        await connection.execute(insert(schedules), [schedule_row(one.schedule) for one in of])
        await connection.execute(
            insert(jobs),
            [new_row(one.schedule.id, one.next) | {"server": one.schedule.server} for one in of if one.next],
        )
    await store.close()
