"""What moderators do with schedules. Each of these raises StoreError."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.book.notices import NoBook, NoPrompts
from bot.book.recurrence import Occurrence, next_after
from bot.book.schedules import Job, Record, Schedule, Scheduled
from bot.club.beginning import Begun, begun
from bot.club.club import Club

MOST = 100
"""How many schedules a server can have: as many as a list of them can be read."""

REMEMBERED = timedelta(days=14)
"""How far back `troubles` looks."""

TRIES = 3
"""How often a prompt is drawn anew that somebody else has drawn in between."""


def new_id(random: Random) -> str:
    """An id that no other schedule has."""
    return f"{random.getrandbits(48):012x}"


def first_of(club: Club, schedule: Schedule) -> Scheduled:
    """A schedule with the first occurrence from now on."""
    return Scheduled(schedule, next_after(schedule.rule, club.now()))


async def pause(club: Club, schedule: str) -> Scheduled | None:
    """Nothing is posted until `resume`. None: it is gone."""
    return await club.store.change_schedule(
        schedule, lambda kept: Scheduled(kept.schedule.model_copy(update={"state": "paused"}), None)
    )


async def resume(club: Club, schedule: str) -> Scheduled | None:
    """Posts are made again, from the next one on. None: it is gone."""
    return await move(club, schedule, {})


async def move(club: Club, schedule: str, changes: dict[str, object]) -> Scheduled | None:
    """Changes fields of a schedule, which then is active; what is told of its troubles begins anew. None: it is gone."""
    anew = {"state": "active", "told": frozenset[str](), **changes}

    def change(kept: Scheduled) -> Scheduled:
        changed = kept.schedule.model_copy(update=anew)
        same = kept.next is not None and changed.rule == kept.schedule.rule
        return replace(kept, schedule=changed) if same else first_of(club, changed)

    return await club.store.change_schedule(schedule, change)


async def skip(club: Club, scheduled: Scheduled) -> bool:
    """Skips what waits. False: nothing waited, or something else does by now."""
    skipped = scheduled.next
    if skipped is None:
        return False
    then = next_after(scheduled.schedule.rule, max(skipped.due, club.now()))
    return await club.store.skip(scheduled.schedule.id, skipped, then)


async def post_now(club: Club, schedule: Schedule) -> Occurrence | NoPrompts | NoBook:
    """Has the channel's next prompt posted at once, beside those of the schedule's rule."""
    for _ in range(TRIES):
        now = club.now()
        local = now.astimezone(ZoneInfo(schedule.rule.zone)).replace(tzinfo=None, fold=0, microsecond=0)
        # With seconds, so that it has a name that no rule makes.
        occurrence = Occurrence(nominal=local.replace(second=local.second or 1), due=now)
        match await begun(club, Job(schedule, occurrence, now)):
            case Begun(post, _, opening):
                if await club.store.add_job(Job(schedule, occurrence, now, "open", post), opening):
                    return occurrence
            case nothing:
                return nothing
    return NoPrompts()


async def troubles(club: Club, server: int) -> dict[str, Sequence[Record]]:
    """The occurrences of the last two weeks that were not posted as they should have been, by schedule."""
    records = await club.store.records(server, club.now() - REMEMBERED)
    return {
        schedule: wrong
        for schedule, found in records.items()
        if (wrong := [one for one in found if one.state in {"missed", "uncertain", "refused"}])
    }
