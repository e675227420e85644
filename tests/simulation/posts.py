"""What must hold of each message the moment it appears."""

from typing import TYPE_CHECKING

from bot.book.schedules import GRACE, Job
from tests.simulation.fake_discord import Key, Message

if TYPE_CHECKING:
    from tests.simulation.world import World

SLACK = 12 * 60.0
"""A machine's clock may be wrong by ten minutes; a request takes a while."""

LATE = 300.0
TOGETHER = 3600.0
"""Posts of one schedule that both are late, and no further apart, are a burst."""

BY_A_RULE = len("2026-03-02T19:00")
"""A name with seconds is that of a post that a moderator wanted at once."""


class Posts:
    """Hears of each request and each message."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.channels: dict[str, set[int]] = {}
        self.deletes: dict[int, list[float]] = {}
        self._late: dict[str, list[tuple[float, str]]] = {}
        self._waits: dict[tuple[Key, str], float] = {}

    def sending(self, key: Key, process: str) -> None:
        """A request is about to leave."""
        if self._world.loop.time() < self._waits.get((key, process), 0.0) - 0.5:
            self._wrong(f"the {key[2]} of {key[1]} is sent before Discord wants it")

    def must_wait(self, key: Key, process: str, seconds: float) -> None:
        """Discord has told a process when to ask again; others may not know."""
        self._waits[key, process] = self._world.loop.time() + seconds

    def appeared(self, message: Message) -> None:
        """There is a new message."""
        world, (schedule, name, part) = self._world, message.key
        world.say("a message appears: {} in channel {}", message.key, message.channel)
        world.totals["posts" if part in {"post", "forum"} else "polls"] += 1
        before = world.discord.by_key[message.key][:-1]
        visible = [one for one in before if not one.deleted]
        if len(visible) > world.watch.allowed[schedule, name]:
            self._wrong(f"the {part} of {name} ({schedule}) is there {len(visible) + 1} times")
        job = world.memory.jobs.get((schedule, name))
        if before and not visible:
            world.totals["posted again after a moderator took it away unseen"] += 1
            claim = job.claims.get(part) if job else None
            if claim is not None and claim.state == "sent":
                self._wrong(f"the {part} of {name} ({schedule}) was taken away, and is there again")
        if message.channel not in self.channels.get(schedule, ()):
            self._wrong(f"{name} of {schedule} is in channel {message.channel}, where it never belonged")
        if job is not None:
            self._in_time(message, job)
        for after in self.deletes.pop(message.channel, []):
            world.totals["taken away by a moderator"] += 1
            world.later(after, world.discord.delete, message)

    def _in_time(self, message: Message, job: Job) -> None:
        schedule, name, part = message.key
        late = message.at - self._world.seconds(job.occurrence.due)
        if late < -SLACK:
            self._wrong(f"the {part} of {name} ({schedule}) is {-late / 60:.0f} min early")
        if late > GRACE.total_seconds() + SLACK:
            self._wrong(f"the {part} of {name} ({schedule}) is {late / 3600:.1f} h late")
        if job.post is not None and job.post.prompt != message.prompt:
            self._wrong(f"{name} ({schedule}) brings {message.prompt}, and {job.post.prompt} was drawn")
        if part not in {"post", "forum"} or len(name) != BY_A_RULE or late <= LATE:
            return
        if self._world.watch.allowed[schedule, name]:
            return
        others = self._late.setdefault(schedule, [])
        for at, other in others:
            if other != name and message.at - at < TOGETHER:
                self._wrong(f"a burst: {other} and {name} of {schedule} within {message.at - at:.0f} s")
        others.append((message.at, name))

    def known_again(self, message: Message) -> None:
        """Discord has known a request again by its nonce."""
        self._world.say("Discord knows {} again", message.key)
        self._world.totals["known again by their nonce"] += 1

    def _wrong(self, what: str) -> None:
        self._world.watch.wrong(what)
