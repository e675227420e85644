"""Which prompt is whose turn, and how far a channel may be: reckoned anew, beside the bot's own account."""

from datetime import date
from typing import TYPE_CHECKING

from bot.book.prompts import Prompt
from bot.book.schedules import Job, Part, Schedule
from bot.club.publishing import DuePost
from tests.simulation.book import PARTS, SLUG, the_book
from tests.simulation.boundary import Machine

if TYPE_CHECKING:
    from tests.simulation.world import World

STALE = 2.0
"""So many seconds old what was read before a request may be."""

LATELY = 600.0
"""For so long after a channel was opened or closed either is right for a prompt that was being drawn."""


def rank_of(milestone: str | None) -> int:
    """How far into the book a milestone lies."""
    return PARTS.index(milestone) + 1 if milestone in PARTS else 0


class Draws:
    """Hears of each prompt that is drawn or sent."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._had: dict[int, set[str]] = {}
        self._opened: dict[int, list[tuple[float, int]]] = {}

    def opens(self, channel: int) -> None:
        """A moderator is about to set a channel's ceiling."""
        self._opened.setdefault(channel, []).append((self._world.loop.time(), self._ceiling(channel)))

    def fitting(self, schedule: Schedule) -> list[Prompt]:
        """The prompts that a schedule may bring."""
        ceiling, theme = self._ceiling(schedule.channel), schedule.theme or ""
        return [one for one in the_book().prompts if rank_of(one.milestone) <= ceiling and theme in one.theme]

    def lately_opened(self, channel: int) -> bool:
        """Whether a moderator has set the ceiling not long ago."""
        opened = self._opened.get(channel)
        return bool(opened) and opened[-1][0] > self._world.loop.time() - LATELY  # type: ignore[index]

    def drawn(self, job: Job) -> None:
        """A prompt was drawn: the first that the channel has not had, or, after all, the first."""
        assert job.post is not None
        channel, prompt = job.post.channel, job.post.prompt
        had = self._had.setdefault(channel, set())
        names = [one.id for one in self.fitting(job.schedule)]
        unused = [name for name in names if name not in had]
        if not unused:
            had.difference_update(names)
        expected = (unused or names or [""])[0]
        if prompt != expected and not self.lately_opened(channel):
            self._wrong(f"{prompt} was drawn for channel {channel}, and it was {expected}'s turn")
        had.add(prompt)
        day = date.fromisoformat(job.occurrence.name[:10])
        planned = max((rank_of(one.milestone) for one in job.schedule.plan if one.until <= day), default=0)
        if self._ceiling(job.schedule.channel) < planned and not self.lately_opened(channel):
            self._wrong(f"the plan of {job.schedule.id} says part {planned}, and the channel is not so far")

    def sending(self, machine: Machine, due: DuePost, part: Part) -> None:
        """A request is about to leave."""
        now, channel = self._world.loop.time(), due.post.channel
        stale = STALE + self._world.slow * 4
        if machine.frozen > now - stale:
            stale += machine.frozen_for
        were = [rank for when, rank in self._opened.get(channel, ()) if when > now - stale]
        if rank_of(due.prompt.milestone) > max(self._ceiling(channel), *were, 0):
            self._wrong(f"{due.prompt.id} is sent to channel {channel}, beyond its ceiling ({part})")

    def _ceiling(self, channel: int) -> int:
        return rank_of(self._world.memory.opened.get((channel, SLUG), (0, None))[1])

    def _wrong(self, what: str) -> None:
        self._world.watch.wrong(what)
