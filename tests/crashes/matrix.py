"""One occurrence, whose bot is killed at one point and started again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from signal import SIGKILL
from typing import Literal

from bot.book.schedules import Extras
from tests.crashes.bots import Nursery
from tests.crashes.crowd import Ambush, Crowd, Seen
from tests.crashes.kept import LONG, Kept, due
from tests.discord.server import Can

Place = Literal["channel", "forum"]
Restart = Literal["at once", "late"]
"""`late`: what was claimed was claimed minutes ago, and Discord knows its nonce no longer."""

EXTRAS = {
    "channel": Extras(thread=True, poll=True, pins=True),
    "forum": Extras(forum=True, poll=True),
}
WHOLE = {"channel": Seen(1, 1, 1, 1), "forum": Seen(1, 1, 1, 0)}

REQUESTS = {
    "channel": {
        "post": ("POST", "/channels/{channel}/messages"),
        "thread": ("POST", "/channels/{channel}/messages/[0-9]+/threads"),
        "poll": ("POST", "/channels/(?!{channel}/)[0-9]+/messages"),
        "pin": ("PUT", "/channels/{channel}/(?:messages/)?pins/[0-9]+"),
    },
    "forum": {
        "forum": ("POST", "/channels/{channel}/threads"),
        "poll": ("POST", "/channels/(?!{channel}/)[0-9]+/messages"),
    },
}
"""How each part is sent, in that order."""

STEPS = {
    "channel": (
        "take",
        "begin",
        "save post sent",
        "save thread sent",
        "save poll claimed",
        "save poll sent",
        "change_schedule",
        "save done",
    ),
    "forum": ("take", "begin", "save forum sent", "save poll claimed", "save done"),
}
"""What is written to the store on the way."""


@dataclass(frozen=True)
class Point:
    """`when` and `what`: before or after a step in the bot; or a request that did not take effect ("unsent"), or did
    and was not answered ("unread").
    """

    place: Place
    when: Literal["before", "after", "unsent", "unread"]
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.when} {self.what}"


def points(place: Place) -> Iterable[Point]:
    """All that there are."""
    for step in STEPS[place]:
        yield Point(place, "before", step)
        yield Point(place, "after", step)
    for part in REQUESTS[place]:
        yield Point(place, "unsent", part)
        yield Point(place, "unread", part)


@dataclass(frozen=True)
class Row:
    """What is done. `blind`: the bot may not read the history. `deleted`: a moderator deletes the post in between."""

    point: Point
    restart: Restart
    blind: bool = False
    deleted: bool = False

    def __str__(self) -> str:
        also = f"{', blind' if self.blind else ''}{', deleted' if self.deleted else ''}"
        return f"{self.point}, {self.restart}{also}"

    def claimed(self, part: str) -> bool:
        """Whether the bot was killed when this part was claimed, and not recorded as sent."""
        place = self.point.place
        # What comes last is recorded with the end of it all.
        recorded = "save done" if part == [*REQUESTS[place]][-1] else f"save {part} sent"
        claimed = "begin" if part in {"post", "forum"} else f"save {part} claimed"
        return part in REQUESTS[place] and (self.point.when, self.point.what) in {
            ("after", claimed), ("unsent", part), ("unread", part), ("before", recorded),
        }  # fmt: skip

    @property
    def sent(self) -> bool:
        """Whether what was claimed is there."""
        return self.point.when in {"unread", "before"}

    @property
    def expected(self) -> "Outcome":
        """What has to come of it: everything once, or what nobody can know is told."""
        place, late = self.point.place, self.restart == "late"
        there = int(self.sent)
        if self.deleted:
            return Outcome(Seen(), "done", 0)
        if self.blind and ((late and self.claimed("post")) or self.claimed("forum")):
            return Outcome(Seen(there, there if place == "forum" else 0), "uncertain", 1)
        if self.blind and late and self.claimed("poll"):
            return Outcome(WHOLE[place]._replace(polls=there), "done", 1)
        return Outcome(WHOLE[place], "done", 0)


@dataclass(frozen=True)
class Outcome:
    """What came of it. `told`: how many messages moderators got. `wrong`: what no row may bring."""

    seen: Seen
    state: str
    told: int
    wrong: tuple[str, ...] = ()


async def play(row: Row, nursery: Nursery, kept: Kept, *, again: bool) -> Outcome:
    """Kills a bot, starts it again until all is done that it can do, and looks. `again`: starts it once more after that,

    and if all is there the next post is due.
    """
    place = row.point.place
    async with Crowd() as discord:
        channel = (await discord.add_forum())[0] if place == "forum" else await discord.add_channel()
        notices = await discord.add_channel("moderators")
        if row.blind:
            await discord.deny(channel, Can.HISTORY)
        scheduled = due(channel, EXTRAS[place])
        await kept.made(scheduled, notices=notices)
        code = await _killed(row.point, nursery, kept, discord, channel)
        if row.deleted:
            for message in discord.own(channel):
                await discord.delete(int(message["id"]))
        late = row.restart == "late"
        if late:
            discord.nonce_window = 0
        await kept.time_passes(LONG if late else timedelta(0))
        await _go_on(nursery, kept, discord.port, impatient=row.blind)
        wrong = [*(["killed elsewhere"] if code != -SIGKILL else [])]
        seen, told = discord.seen(channel), len(discord.own(notices))
        wrong += ["prompts were lost"] if await kept.had() != 1 else []
        (state,) = await kept.states(scheduled)
        if again:
            whole = seen == WHOLE[place]
            if whole:
                await kept.comes(scheduled)
            async with nursery.bot(discord.port, kept.where) as bot:
                await bot.until(lambda bot: bot.idle)
            if (discord.seen(channel), len(discord.own(notices))) != (_twice(seen) if whole else seen, told):
                wrong.append(f"then {discord.seen(channel)}, told {len(discord.own(notices))}")
            if whole and len(discord.pinned(channel)) > 1:
                wrong.append("the next post did not have it unpinned")
        return Outcome(seen, state, told, (*wrong, *discord.violations))


def _twice(seen: Seen) -> Seen:
    return Seen(*(2 * one for one in seen))


async def _killed(point: Point, nursery: Nursery, kept: Kept, discord: Crowd, channel: int) -> int | None:
    within = point.when in {"before", "after"}
    strikes = {f"{point.when} {point.what}": int(SIGKILL)} if within else {}
    if not within:
        # Nobody is there yet: the bot is born into the ambush.
        method, path = REQUESTS[point.place][point.what]
        discord.ambush = Ambush(
            method,
            path.format(channel=channel),
            point.when == "unread",
            lambda: bot.strike(),  # noqa: PLW0108
        )
    async with nursery.bot(discord.port, kept.where, strikes) as bot:
        await bot.until(lambda bot: bot.code is not None)
        return bot.code


async def _go_on(nursery: Nursery, kept: Kept, port: int, *, impatient: bool) -> None:
    """Lets a bot work until it has nothing to do; what it puts off for long is brought nearer, and it is started anew."""
    for _ in range(3):
        async with nursery.bot(port, kept.where, impatient=impatient) as bot:
            await bot.until(lambda bot: bot.idle)
            if not bot.puts_off:
                return
        await kept.time_passes(LONG)
    raise AssertionError("it is put off for ever")
