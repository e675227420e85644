"""A club whose schedules post into a local Discord: what is due is done when a test says so."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.book.recurrence import Occurrence, Recurrence, Weekly
from bot.book.schedules import Extras, Job, Schedule, Scheduled
from bot.club.asking import Asking
from bot.club.memory import Memory
from bot.club.pace import Pace
from bot.club.posting import Poster
from bot.discord_app.client import ClubClient
from bot.discord_app.publisher import DiscordPublisher
from tests.discord.contract import components, texts
from tests.discord.local import connected
from tests.discord.server import ALICE, GENERAL, GUILD, Json, LocalDiscord

_ids = count(1)


@dataclass
class Stage:
    """The local Discord, the bot in it, and what posts."""

    server: LocalDiscord
    client: ClubClient
    memory: Memory
    publisher: DiscordPublisher
    poster: Poster
    slug: str

    def due(self, *, channel: int = GENERAL, late: timedelta = timedelta(seconds=1), **more: Any) -> Schedule:  # noqa: ANN401
        """A schedule whose next post has been due for so long."""
        now = datetime.now(UTC).replace(second=0, microsecond=0, tzinfo=None)
        every_day = Weekly(days=frozenset(range(7)))
        rule = Recurrence(days=every_day, at=(now + timedelta(hours=1)).time(), zone="UTC")
        made = Schedule(
            id=f"{next(_ids):012x}", server=GUILD, channel=channel, book=self.slug, rule=rule, author=ALICE,
            **{"extras": Extras(), **more},
        )  # fmt: skip
        self.memory.made[made.id] = made
        occurrence = Occurrence(nominal=now - late, due=datetime.now(UTC) - late)
        self.memory.jobs[made.id, occurrence.name] = Job(made, occurrence, occurrence.due)
        return made

    async def post(self) -> None:
        """All that is due is done, as far as it goes; what waits to be tried again waits."""
        await self.poster.work()
        await self.poster.finish(10)

    async def again(self) -> None:
        """The same, and what waits to be tried again is tried at once, its claims being as old as they are."""
        for key, job in self.memory.jobs.items():
            if job.state == "open":
                self.memory.jobs[key] = replace(job, at=datetime.now(UTC))
        await self.post()

    def age_claims(self, age: timedelta) -> None:
        """What was claimed was claimed so long ago."""
        for key, job in self.memory.jobs.items():
            claims = {
                part: claim.model_copy(update={"at": claim.at - age}) for part, claim in job.claims.items()
            }
            self.memory.jobs[key] = replace(job, claims=claims)

    def job(self, schedule: Schedule) -> Job:
        """The occurrence that was due first."""
        return min(
            (job for (of, _), job in self.memory.jobs.items() if of == schedule.id),
            key=lambda job: job.occurrence.due,
        )

    def scheduled(self, schedule: Schedule) -> Scheduled:
        """The schedule as it is now."""
        return Scheduled(self.memory.made[schedule.id], None)

    def posts(self, channel: int = GENERAL) -> list[Json]:
        """The bot's messages that members see there, system messages aside."""
        return [message for message in self.server.visible(channel) if message["type"] == 0]


@asynccontextmanager
async def a_stage(asking: Asking, *others: Asking) -> AsyncIterator[Stage]:
    """The bot is connected, and no schedule is there yet."""
    memory = Memory(alone=True)
    async with connected(asking, *others, memory=memory) as (server, client):
        publisher = DiscordPublisher(client.desk.club)
        publisher.client = client
        poster = Poster(client.desk.club, publisher, "worker", Pace(time.monotonic, 1000))
        yield Stage(server, client, memory, publisher, poster, asking.book.slug)


def said(message: Json) -> str:
    """A post's text, be it components' or plain."""
    return "\n".join([message["content"], *texts(message)])


def pressable(message: Json) -> dict[str, str]:
    """A post's buttons, by label."""
    return {
        part["label"]: part["custom_id"] for part in components(message["components"]) if part["type"] == 2
    }
