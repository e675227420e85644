"""Scheduled posts, their threads, polls and buttons, and the previews of moderators: nothing shows more than it may.

`BOOKCLUB_FUZZ=20000` puts as many cases as that divided by ten.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.book.recurrence import Occurrence, Recurrence, Weekly, next_after
from bot.book.schedules import Extras, Job, Schedule
from bot.book.spoilers import Audience, Horizon
from bot.club import beginning
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.club.pace import Pace
from bot.club.ports import Server
from bot.club.posting import Poster
from bot.discord_app import posts, pressing
from bot.discord_app.desk import Desk
from bot.discord_app.publisher import DiscordPublisher
from bot.replies.schedules import follow_ups_reply, post_reply
from tests.discord.contract import components
from tests.discord.server import ALICE, GENERAL, GUILD, OWNER, Json
from tests.discord.world import Clock
from tests.leaks.books import PARTS, Tainted, tainted, tokens_in
from tests.leaks.checks import body_leaks
from tests.leaks.stage import Stage

CASES = int(os.environ.get("BOOKCLUB_FUZZ", "800")) // 10
Anything: TypeAlias = Any


class Evening:
    """A channel at its ceiling gets posts; a member and a moderator who have read as far as each other press on."""

    def __init__(self, stage: Stage, made: Tainted, audience: Audience, seed: int) -> None:
        self.stage, self.made, self.audience = stage, made, audience
        assert audience.ceiling
        self.ceiling = audience.ceiling
        self.memory = Memory(alone=True)
        slug = made.book.slug
        if audience.progress.rank:
            for member in (ALICE, OWNER):
                self.memory.milestones[member, slug] = PARTS[audience.progress.rank - 1]
        if audience.ceiling.rank:
            self.memory.opened[GENERAL, slug] = (GUILD, PARTS[audience.ceiling.rank - 1])
        self.memory.servers[GUILD] = Server(spoilers=audience.spoilers)
        club = Club({slug: Asking(made.book)}, self.memory, Random(seed))
        stage.client.desk = Desk(club, Clock())
        stage.log.lines.clear()
        publisher = DiscordPublisher(club)
        publisher.client = stage.client
        self.poster = Poster(club, publisher, "worker", Pace(lambda: 0.0, 1e9))
        self.public: list[Json] = []
        self.private: list[Json] = []

    async def run(self) -> None:
        """Everything."""
        server = self.stage.server
        forum, _ = await server.add_forum(f"forum{server.new_id()}")
        if self.ceiling.rank:
            self.memory.opened[forum, self.made.book.slug] = (GUILD, PARTS[self.ceiling.rank - 1])
        for number, channel in enumerate((GENERAL, GENERAL, forum)):
            self.due(number, channel, Extras(forum=channel == forum, thread=channel != forum, poll=True))
        start, seen = len(server.requests), set(server.messages)
        await self.poster.work()
        await self.poster.finish(5)
        self.public = [body for _, path, body in server.requests[start:] if path != "/users/@me/channels"]
        start = len(server.requests)
        for number in [number for number in server.messages if number not in seen]:
            message = server.messages[number]
            for part in components(message["components"]):
                if part["type"] == 2:
                    await server.press(message, part["custom_id"], member=ALICE)
        for which in list(self.memory.made):
            await server.slash("schedule preview", which=which, member=OWNER)
        await server.slash("schedule list", member=OWNER)
        self.private = [body for _, _, body in server.requests[start:]]

    def due(self, number: int, channel: int, extras: Extras) -> None:
        """A schedule with a post that is due."""
        rule = Recurrence(days=Weekly(days=frozenset(range(7))), at=time(12), zone="UTC")
        schedule = Schedule(
            id=f"{number:012x}", server=GUILD, channel=channel, book=self.made.book.slug, rule=rule, author=OWNER,
            extras=extras,
        )  # fmt: skip
        self.memory.made[schedule.id] = schedule
        now = datetime.now(UTC)
        due = Occurrence(nominal=now.replace(tzinfo=None), due=now - timedelta(seconds=1))
        if next_after(rule, due.due) != next_after(rule, now):
            due = due.model_copy(update={"due": now})
        self.memory.jobs[schedule.id, due.name] = Job(schedule, due, due.due)

    def problems(self) -> Iterator[str]:
        """All that should not have been sent or logged."""
        everybody = replace(self.audience, progress=self.ceiling)
        for body in filter(None, self.public):
            for problem in body_leaks(self.made, everybody, body, to_all=True):
                yield f"a post: {problem}: {json.dumps(body)[:600]}"
        for body in self.private:
            if isinstance(body, dict):
                for problem in body_leaks(self.made, self.audience, body, to_all=False):
                    yield f"{problem}: {json.dumps(body)[:600]}"
        for line in self.stage.log.lines:
            for token in tokens_in(line):
                yield f"the log: {token}: {line}"
            if " ERROR " in line:
                yield f"the log: {line}"


def property_with(stage: Stage, examples: int, *phases: Phase) -> Anything:
    @settings(
        max_examples=examples, phases=phases or tuple(Phase), deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        tainted(),
        st.builds(
            Audience,
            st.integers(0, 3).map(Horizon),
            st.integers(0, 3).map(Horizon),
            st.sampled_from(["veil", "withhold"]),
        ),
        st.integers(0, 2**32),
    )
    def holds(made: Tainted, audience: Audience, seed: int) -> None:
        evening = Evening(stage, made, audience, seed)
        stage.runner.run(asyncio.wait_for(evening.run(), 60))
        assert list(evening.problems()) == []

    return holds


def test_no_post_and_no_preview_shows_more_than_its_readers_may_see(stage: Stage) -> None:
    property_with(stage, CASES // 4)()


# ------------------------------------------------------------------------ planted leaks


def any_prompt(book: Anything, prompts: Anything, *_: object) -> Anything:
    del book
    return list(prompts)


def everything_shown(prompt: Anything, book: Anything, _: Horizon, opens: Anything = None) -> Anything:
    return post_reply(prompt, book, Horizon(3), opens)


def follow_ups_for_all(prompt: Anything, book: Anything, audience: Audience) -> Anything:
    return follow_ups_reply(prompt, book, replace(audience, progress=Horizon(3)))


def telling_name(due: Anything) -> str:
    return str(due.book.prompts[-1].question)[:100]


PLANTS: dict[str, tuple[tuple[object, str, object], ...]] = {
    "any prompt is drawn, and its topics are shown": (
        (beginning, "fitting", any_prompt),
        (posts, "post_reply", everything_shown),
    ),
    "the buttons below a post go beyond the ceiling": ((posts, "post_reply", everything_shown),),
    "more questions are shown to whoever asks": ((pressing, "follow_ups_reply", follow_ups_for_all),),
    "a thread's name tells": ((posts, "thread_name", telling_name),),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_found(stage: Stage, plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name, wrong in PLANTS[plant]:
        monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError, match="zq0"):
        property_with(stage, 150, Phase.generate)()
