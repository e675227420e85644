"""What must hold when all is over, and the bot has had time to settle it."""

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.book.recurrence import due_between, occurrences
from bot.book.schedules import GRACE, UNFINISHED, Job
from tests.simulation.fake_discord import Message
from tests.simulation.loop import TICK
from tests.simulation.posts import BY_A_RULE, SLACK
from tests.simulation.story import HOUR
from tests.simulation.watch import Occ

if TYPE_CHECKING:
    from tests.simulation.world import World

ENOUGH = 30 * 60.0
"""With so many seconds of calm, a post must have been made: the longest wait between two tries is twelve minutes."""

PROMPT, BEFORE = TICK + 2.0, 900.0
"""A post is no later than this, unless something was in the way then, or so many seconds before. A worker that nobody
pokes when a schedule is changed hears of it at its next tick."""

CLOSING = frozenset({"gone", "forbidden", "hidden", "locked", "tag", "full"})
HIDING = frozenset({"hidden", "unreadable", "busy", "gone", "forbidden"})


def settle(world: "World") -> None:
    """Says what is wrong in the end."""
    jobs = world.memory.jobs
    for occ, job in jobs.items():
        _is_over(world, occ, job)
        world.totals[job.state] += 1
        if job.state == "missed":
            _had_to_be(world, occ, job)
        if job.state in {"refused", "uncertain"}:
            _had_reason(world, occ, job)
    _are_on_time(world)
    _is_thrifty(world)
    _pins_are_few(world)
    _none_is_lost(world)
    _all_is_told(world)
    _next_waits(world)


def _visible(world: "World", occ: Occ) -> list[Message]:
    return [message for part in ("post", "forum") for message in world.discord.by_key.get((*occ, part), ())]


def _is_over(world: "World", occ: Occ, job: Job) -> None:
    messages = _visible(world, occ)
    what = f"{occ[1]} of {occ[0]}"
    if job.state in UNFINISHED and job.occurrence.due < world.true() - timedelta(seconds=SLACK):
        world.watch.wrong(f"{what} was due and is still {job.state}")
    if job.state == "done" and not messages:
        world.watch.wrong(f"{what} is recorded as posted, and never was there")
    there = sum(not one.deleted for one in messages)
    # What a moderator has posted anyway, they have looked for: it is their word that it was not there.
    if job.state in {"missed", "skipped", "refused"} and there > world.watch.allowed[occ]:
        world.watch.wrong(f"{what} is recorded as {job.state}, and is there")
    if job.state == "done" and job.post is not None:
        for part in job.post.parts:
            claim = job.claims.get(part)
            if claim is None or claim.state == "claimed":
                if all(one.deleted for one in messages):
                    continue
                world.watch.wrong(f"{what} is done, and its {part} is not")


def _had_to_be(world: "World", occ: Occ, job: Job) -> None:
    """A miss needs a reason: calm enough, and the post must have been made."""
    if occ in world.watch.no_prompts:
        world.totals["missed for want of a prompt"] += 1
        return
    start = world.seconds(job.occurrence.due)
    following = next(occurrences(job.schedule.rule, job.occurrence.due), None)
    end = start + GRACE.total_seconds()
    if following is not None:
        end = min(end, world.seconds(following.due))
    channel = job.post.channel if job.post else job.schedule.channel
    calm = world.troubles.calm(channel, start, min(end, world.watch.recorded.get(occ, end)))
    if calm > ENOUGH:
        world.watch.wrong(
            f"{occ[1]} of {occ[0]} was missed, and nothing was in the way for {calm / 60:.0f} min"
        )


def _had_reason(world: "World", occ: Occ, job: Job) -> None:
    why = HIDING if job.state == "uncertain" else CLOSING
    channel = job.post.channel if job.post else job.schedule.channel
    start, end = world.seconds(job.occurrence.due), world.watch.recorded.get(occ, world.loop.time())
    if job.state == "uncertain" and end - start > 2 * GRACE.total_seconds():
        return
    if not world.troubles.any(channel, start, end, why):
        world.watch.wrong(f"{occ[1]} of {occ[0]} is {job.state} without a reason")


def _are_on_time(world: "World") -> None:
    for message in world.discord.messages.values():
        job, by_a_rule = world.memory.jobs.get(message.key[:2]), len(message.key[1]) == BY_A_RULE
        if job is None or not by_a_rule or world.watch.allowed[message.key[:2]]:
            continue
        due = world.seconds(job.occurrence.due)
        if message.at - due > PROMPT and not world.troubles.any(message.channel, due - BEFORE, message.at):
            world.watch.wrong(
                f"the {message.key[2]} of {message.key[1]} is {message.at - due:.0f} s late for no reason"
            )


def _is_thrifty(world: "World") -> None:
    """Where nothing goes wrong, each part is one request, and nothing is looked for."""
    if world.troubles.known or world.totals["taken away by a moderator"]:
        return
    messages = world.discord.messages.values()
    needed = len(messages) + sum(one.thread + one.pinned_ever for one in messages)
    if world.totals["requests"] > needed or world.totals["looks"]:
        world.watch.wrong(
            f"nothing was in the way, and there were {world.totals['requests']} requests for {needed} parts"
            f" and {world.totals['looks']} looks"
        )


def _pins_are_few(world: "World") -> None:
    """Not where a process stood still or was away for so long that it gave a pin up which it may have made."""
    if world.totals["frozen"] or any(one.end - one.start > 10 * HOUR for one in world.troubles.known):
        return
    pins = Counter((one.key[0], one.channel) for one in world.discord.messages.values() if one.pinned)
    for (schedule, channel), count in pins.items():
        # What a moderator wants at once may be pinned in the same moment as another, and neither knows of the other.
        mine = [occ for occ in world.memory.jobs if occ[0] == schedule]
        wanted = sum(len(occ[1]) != BY_A_RULE or world.watch.allowed[occ] > 0 for occ in mine)
        if count > 1 + wanted:
            world.watch.wrong(f"{count} posts of {schedule} are pinned in channel {channel}")


def _none_is_lost(world: "World") -> None:
    memory, now = world.memory, world.true() - timedelta(seconds=SLACK)
    for schedule, reigns in world.watch.reigns.items():
        if schedule not in memory.made:
            continue
        for reign in reigns:
            until = min(reign.until - timedelta(seconds=1), now) if reign.until else now
            for one in due_between(reign.rule, reign.since, until):
                job = memory.jobs.get((schedule, one.name))
                if job is None:
                    world.watch.wrong(f"{one.name} of {schedule} was due, and nothing is recorded of it")


def _all_is_told(world: "World") -> None:
    watch = world.watch
    recorded = watch.lost
    for owed in watch.owed.values():
        for schedule, count in owed.missed.items():
            # What one process records and cannot tell, because the store fails to say so, is lost.
            if count > 0:
                watch.wrong(f"moderators were not told of {count} missed posts of {schedule}")
            if count < -recorded.missed[schedule]:
                watch.wrong(f"moderators were told of {-count} posts of {schedule} that were not missed")
        for occ in owed.uncertain:
            watch.wrong(f"moderators were not told that {occ[1]} of {occ[0]} is uncertain")
        for schedule, count in owed.suspended.items():
            if count > 0:
                watch.wrong(f"moderators were not told that {schedule} is suspended")


def _next_waits(world: "World") -> None:
    for schedule, made in world.memory.made.items():
        if made.state != "active" or world.watch.reigns[schedule][-1].until is not None:
            continue
        scheduled = world.watch.peek(schedule)
        coming = next(occurrences(made.rule, world.true() + timedelta(seconds=SLACK)), None)
        if scheduled is None or coming is None or (schedule, coming.name) in world.memory.jobs:
            continue
        if scheduled.next is None:
            world.watch.wrong(f"nothing waits for {schedule}")
        elif scheduled.next.due > coming.due:
            world.watch.wrong(f"{schedule} waits for {scheduled.next.name}, and {coming.name} comes first")
