"""Schedules and their occurrences as rows, and back. What comes out may have been changed by hand: ValueError."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, literal

from bot.book.entries import Frozen
from bot.book.recurrence import Occurrence
from bot.book.schedules import UNFINISHED, Claim, Job, Part, Post, Schedule, State
from bot.store.tables import jobs

WAITS = jobs.c.state == literal("waiting", literal_execute=True)
"""As the index `waiting` has it: with a parameter, no database would know that it may look there."""


class _Claims(Frozen):
    claims: Mapping[Part, Claim]


NO_CLAIMS = _Claims(claims={}).model_dump_json()


def schedule_row(schedule: Schedule) -> dict[str, Any]:
    """What of it is in its text."""
    return {
        "id": schedule.id,
        "server": schedule.server,
        "channel": schedule.channel,
        "state": schedule.state,
        "text": schedule.model_dump_json(),
    }


def new_row(schedule: str, occurrence: Occurrence, state: State = "waiting") -> dict[str, Any]:
    """An occurrence that nobody has worked on; all but its server."""
    return {
        "schedule": schedule,
        "name": occurrence.name,
        "due": occurrence.due,
        "at": occurrence.due if state in UNFINISHED else None,
        "state": state,
        "claims": NO_CLAIMS,
        "refusals": 0,
        "tries": 0,
        "fence": 0,
    }


def job_row(job: Job) -> dict[str, Any]:
    """What work changes in the row."""
    return {
        "at": job.at if job.state in UNFINISHED else None,
        "state": job.state,
        "post": None if job.post is None else job.post.model_dump_json(),
        "claims": _Claims(claims=job.claims).model_dump_json(),
        "refusals": job.refusals,
        "tries": job.tries,
    }


def schedule_of(text: str) -> Schedule:
    """As `schedule_row` wrote it."""
    return Schedule.model_validate_json(text)


def occurrence_of(name: str, due: datetime) -> Occurrence:
    """The one of that name."""
    return Occurrence(nominal=datetime.fromisoformat(name), due=due)


def job_of(row: Row[*tuple[Any, ...]], schedule: Schedule, fence: int) -> Job:
    """The unfinished job of a whole row."""
    return Job(
        schedule,
        occurrence_of(row.name, row.due),
        row.at,
        row.state,
        None if row.post is None else Post.model_validate_json(row.post),
        MappingProxyType(dict(_Claims.model_validate_json(row.claims).claims)),
        row.refusals,
        row.tries,
        fence,
    )
