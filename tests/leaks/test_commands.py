"""Every way to ask, through the real client over real sockets: no byte that leaves the bot, and no line of its log,
holds what its readers may not see.

`BOOKCLUB_FUZZ=20000` puts as many cases as that divided by ten.
"""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.book.spoilers import Audience, Horizon
from bot.club.asking import Asking
from bot.club.club import Club, Here
from bot.club.memory import Memory
from bot.club.ports import Server
from bot.club.prompting import draw_prompt, fitting
from bot.discord_app import layout as laying
from bot.discord_app import mentions, speaking
from bot.discord_app.commands import prompting
from bot.discord_app.desk import Desk
from tests.discord.server import ALICE, GENERAL, GUILD, THREAD
from tests.discord.visitor import ALONE, Visitor
from tests.discord.world import Clock
from tests.leaks.books import PARTS, Tainted, tainted, tokens_in
from tests.leaks.checks import body_leaks
from tests.leaks.stage import Stage

CASES = int(os.environ.get("BOOKCLUB_FUZZ", "250")) // 10
Anything: TypeAlias = Any


class Visit(Visitor):
    """A member of one club who tries everything, and all that was sent meanwhile."""

    def __init__(self, stage: Stage, made: Tainted, audience: Audience, random: Random) -> None:
        super().__init__(stage.server, fills_in="what of apples1")
        self.stage, self.made, self.audience = stage, made, audience
        memory = Memory()
        if audience.progress.rank:
            memory.milestones[ALICE, made.book.slug] = PARTS[audience.progress.rank - 1]
        if audience.ceiling and audience.ceiling.rank:
            memory.opened[GENERAL, made.book.slug] = (GUILD, PARTS[audience.ceiling.rank - 1])
        memory.servers[GUILD] = Server(spoilers=audience.spoilers)
        stage.client.desk = Desk(Club({made.book.slug: Asking(made.book)}, memory, random), Clock())
        stage.log.lines.clear()
        self.start = len(self.server.requests)

    async def everything(self, typed: list[str]) -> None:
        """Every command, mention, button, select, modal and choice."""
        for channel in (GENERAL, ALONE, THREAD):
            for name in ("plot", "quote", "prompt next", "recap", "about", "help"):
                await self.command(name, channel, 1)
            for text in typed:
                await self.command("ask", channel, 1, question=text)
        for text in typed:
            for name in ("quote", "plot", "views"):
                await self.command(name, GENERAL, 1, about=text)
            await self.type(text)
            await self.mention(text)
        await self.type("")

    def problems(self) -> Iterator[str]:
        """All that should not have been sent or logged."""
        for _, path, body in self.server.requests[self.start :]:
            if not isinstance(body, dict):
                continue
            to_all = self.server.seen_by_all(path, body)
            for problem in body_leaks(self.made, self.audience, body, to_all=to_all):
                yield f"{path}: {problem}: {json.dumps(body)[:600]}"
        for line in self.stage.log.lines:
            for token in tokens_in(line):
                yield f"the log: {token}: {line}"
            if " ERROR " in line:
                yield f"the log: {line}"


def typed_by(made: Tainted, audience: Audience, random: Random) -> list[str]:
    """What a member might ask: asks of the base, topics that they may know, and things of their own.

    What they type with a token in it, all may see by Discord's own doing; so of topics only those within their reach.
    """
    known = [entry for entry in made.book.entries if audience.together.shows_start_of(made.book, entry)]
    asks = [f"what of {word}{number}" for word in ("apples", "bridges") for number in range(5)]
    mixed = ["what of apples1 and what of bridges2", "who is the postman", "what do they think of the acting"]
    return [random.choice(asks), random.choice(mixed), random.choice(known).topic if known else "ruth"]


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
        random = Random(seed)
        visit = Visit(stage, made, audience, random)
        stage.runner.run(visit.everything(typed_by(made, audience, random)))
        assert list(visit.problems()) == []

    return holds


def test_no_byte_shows_more_than_its_readers_may_see(stage: Stage) -> None:
    property_with(stage, CASES)()


# ------------------------------------------------------------------------ planted leaks

REAL_TOPICS = Asking.topics
REAL_HERE = Club.here
REAL_ANSWER = Desk.answer
REAL_SEND = speaking._send  # noqa: SLF001


def all_topics(self: Asking, typed: str, _: Horizon, most: int, kind: Anything = None) -> list[str]:
    return REAL_TOPICS(self, typed, Horizon(3), most, kind)


def all_themes(here: Anything, typed: str, most: int) -> list[str]:
    del typed
    return [prompt.theme[:100] for prompt in here.book.prompts][:most]


async def own_prompt(self: Club, here: Anything, theme: str) -> Anything:
    del theme
    return await draw_prompt(
        here.book, fitting(here.book, here.book.prompts, here.audience.progress), self.store, here.place
    )


async def prompts_alone(self: Visit, _: list[str]) -> None:
    """Few readers have read further than their channel, and fewer of them get such a prompt."""
    for _turn in range(3):
        await self.command("prompt next", GENERAL, 0)


async def everything_read(self: Club, *arguments: Anything) -> Anything:
    here = await REAL_HERE(self, *arguments)
    assert isinstance(here, Here)
    return replace(here, audience=Audience(Horizon(3), here.audience.ceiling))


async def no_ceiling(self: Club, *arguments: Anything) -> Anything:
    here = await REAL_HERE(self, *arguments)
    assert isinstance(here, Here)
    return replace(here, audience=Audience(here.audience.progress, here.audience.progress))


async def veiled_when_alone(self: Club, *arguments: Anything) -> Anything:
    here = await REAL_HERE(self, *arguments)
    assert isinstance(here, Here)
    alone = here.audience.ceiling is None
    return replace(here, audience=replace(here.audience, spoilers="veil")) if alone else here


async def to_all(interaction: Anything, view: Anything, **_: bool) -> None:
    await REAL_SEND(interaction, view, to_all=True)


def one_page_for_all(self: Desk, question: str, here: Anything, audience: Audience) -> Anything:
    kept = self.__dict__.setdefault("kept", {})
    if question not in kept:
        kept[question] = REAL_ANSWER(self, question, here, Audience(Horizon(3), audience.ceiling))
    return kept[question]


def logged(self: Desk, question: str, here: Anything, audience: Audience) -> Anything:
    page = REAL_ANSWER(self, question, here, audience)
    logging.getLogger("bookclub").warning("Answered with %s", page)
    return page


def mentioned_in_full(*_: Anything, **__: Anything) -> Anything:
    return laying.said(LAST[-1])


LAST: list[Anything] = []


def kept_for_the_mention(self: Desk, question: str, here: Anything, audience: Audience) -> Anything:
    page = REAL_ANSWER(self, question, here, audience)
    LAST.append(page.reply)
    return page


PLANTS: dict[str, tuple[tuple[object, str, object], ...]] = {
    "topics are offered whatever was read": ((Asking, "topics", all_topics),),
    "themes are offered whatever was read": ((prompting, "themes_for", all_themes),),
    "a prompt goes by the asker's progress": (
        (Club, "prompt", own_prompt),
        (Visit, "everything", prompts_alone),
    ),
    "everybody counts as having read everything": ((Club, "here", everything_read),),
    "a channel goes by its asker": ((Club, "here", no_ceiling),),
    "what is withheld is veiled in a direct message": ((Club, "here", veiled_when_alone),),
    "private answers go to all": ((speaking, "_send", to_all),),
    "an answer is kept for whoever asks the same": ((Desk, "answer", one_page_for_all),),
    "the log says what was answered": ((Desk, "answer", logged),),
    "a mention is answered in full": (
        (Desk, "answer", kept_for_the_mention),
        (mentions, "beyond_layout", mentioned_in_full),
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_is_found(stage: Stage, plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name, wrong in PLANTS[plant]:
        monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError, match="zq0"):
        property_with(stage, 150, Phase.generate)()
