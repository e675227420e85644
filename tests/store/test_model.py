"""Memory is the model: whatever is done in whatever order, a database answers as it does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.book.recurrence import Occurrence
from bot.book.schedules import Job, Scheduled
from bot.club.memory import Memory
from bot.club.ports import Opening, Server, Store, Taken, Used
from bot.store.sql import SqlStore
from bot.store.tables import metadata
from tests.store.timetable import CLAIMED, HOUR, NOW, POST, Clock, World, due, schedule, world


@dataclass(frozen=True)
class Call:
    method: str
    arguments: tuple[Any, ...]
    named: dict[str, Any] = field(default_factory=dict)

    async def on(self, store: Store) -> object:
        return await getattr(store, self.method)(*self.arguments, **self.named)

    def in_run(self, run: "Run") -> "Call":
        """The call with what the run has brought to light by then."""
        found = (one.in_run(run) if isinstance(one, Work | Wish) else one for one in self.arguments)
        return replace(self, arguments=tuple(found))


@dataclass
class Run:
    """The model, the jobs that were taken, and the number of the first suggestion."""

    model: Memory
    taken: list[Job]
    first: int


@dataclass(frozen=True)
class Work:
    """One of the jobs that were taken last, and what its worker makes of it."""

    which: int
    made: dict[str, Any]

    def in_run(self, run: Run) -> Job:
        job = run.taken[-self.which :][0] if run.taken else Job(schedule(), due(), NOW)
        kept = run.model.jobs.get((job.schedule.id, job.occurrence.name))
        begun = kept is not None and kept.state != "waiting"
        # What was begun does not wait again.
        values = {"state": "open"} | self.made if begun else self.made
        return replace(job, **values)


@dataclass(frozen=True)
class Wish:
    """The number of a suggestion."""

    which: int

    def in_run(self, run: Run) -> int:
        return run.first + self.which


@dataclass(frozen=True)
class Move:
    """A change of a schedule and of what waits; None: it is left."""

    values: dict[str, Any]
    then: tuple[Occurrence | None] | None

    def __call__(self, kept: Scheduled) -> Scheduled:
        changed = kept.schedule.model_copy(update=self.values)
        return Scheduled(changed, kept.next if self.then is None else self.then[0])


@dataclass(frozen=True)
class Change:
    values: dict[str, Any]

    def __call__(self, server: Server) -> Server:
        return replace(server, **self.values)


# Few values, so that the calls meet each other.
ids = st.sampled_from([1, 2, 2**63 - 1])
texts = st.sampled_from(["a", "b", "o'clock", "ß\u0308"])
unset_or_text = st.none() | texts
changes: st.SearchStrategy[Callable[[Server], Server]] = st.fixed_dictionaries(
    {},
    optional={
        "book": unset_or_text,
        "moderators": st.none() | ids,
        "spoilers": st.sampled_from(["veil", "withhold"]),
        "timezone": texts,
        "hides": st.booleans(),
    },
).map(Change)


def call(
    method: str, *arguments: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]
) -> st.SearchStrategy[Call]:
    return st.builds(Call, st.just(method), st.tuples(*arguments), st.fixed_dictionaries(named))


calls = st.one_of(
    call("progress", ids, texts),
    call("set_progress", ids, texts, unset_or_text, st.just(NOW)),
    call("last_used", ids),
    call("note_used", ids, st.builds(Used, texts, st.none() | ids), st.just(NOW)),
    call("server", ids),
    call("change_server", ids, changes),
    call("ceiling", ids, texts),
    call("set_ceiling", ids, ids, texts, unset_or_text),
    call("ceilings", ids, texts),
    call("watched", st.none() | ids),
    call("set_watched", ids, ids, watched=st.booleans()),
    call("used", ids, texts),
    call("mark_used", ids, texts, texts),
    call("mark_used", ids, texts, texts, st.lists(texts)),
    call("standing", ids, st.none() | ids, ids, unset_or_text),
    call("standing", ids, st.none() | ids, ids, unset_or_text),
)


SCHEDULES = [schedule(number, server=1 + number // 3) for number in (1, 2, 3)]
schedules = st.sampled_from(SCHEDULES)
schedule_ids = schedules.map(lambda one: one.id)
servers = st.integers(1, 2)
occurrences = st.sampled_from(
    [due(), due(), due(1), due(0.005), due().model_copy(update={"due": NOW - HOUR})]
)
moments = st.sampled_from([NOW, NOW + HOUR])
openings = st.builds(
    Opening,
    st.none() | occurrences,
    st.lists(occurrences, max_size=2).map(tuple),
    unset_or_text,
    st.sampled_from([(), (), ("a",), ("a", "b")]),
    unset_or_text,
)
work = st.builds(
    Work,
    st.integers(1, 3),
    st.fixed_dictionaries(
        {},
        optional={
            "state": st.sampled_from(["open", "open", "done", "missed", "uncertain", "refused"]),
            "at": moments,
            "post": st.just(POST),
            "claims": st.just(CLAIMED),
            "refusals": st.just(1),
            "tries": st.just(1),
        },
    ),
)
moves = st.builds(
    Move,
    st.fixed_dictionaries({}, optional={"state": st.sampled_from(["active", "paused"]), "theme": texts}),
    st.none() | st.tuples(st.none() | occurrences),
)
takes = call("take", st.sampled_from("vw"), moments, st.integers(1, 3))
begins = call("begin", work, openings, hold=st.booleans())
saves = call("save", work, hold=st.booleans())
schedule_calls = st.one_of(
    takes,
    takes,
    begins,
    begins,
    saves,
    saves,
    call("add_schedule", st.builds(Scheduled, schedules, st.none() | occurrences)),
    call("change_schedule", schedule_ids, moves),
    call("remove_schedule", schedule_ids),
    call("skip", schedule_ids, occurrences, st.none() | occurrences),
    call(
        "add_job", st.builds(Job, schedules, occurrences, moments, st.just("open"), st.just(POST)), openings
    ),
    call("wait_for", schedule_ids, occurrences),
    call("post_anyway", schedule_ids, occurrences.map(lambda one: one.name), moments),
    call("forget_before", moments),
    call("mark_used", st.just(1), st.just("a"), texts),
    call("suggest", servers, texts, texts, unset_or_text),
    call("approve", servers, st.integers(0, 2).map(Wish), unset_or_text),
    call("reject", servers, st.integers(0, 2).map(Wish)),
    # No sum of them comes near to the end of a lease, for the clock of a server goes on by itself, too.
    st.sampled_from([50, 130, -3600]).map(lambda seconds: timedelta(seconds=seconds)),
)
BEFORE = [Call("add_schedule", (Scheduled(one, due()),)) for one in SCHEDULES]
AFTER = [
    *(Call("suggestions", (server, book)) for server in (1, 2) for book in ("a", "b")),
    *(Call("records", (server, NOW - HOUR)) for server in (1, 2)),
    *(Call("ceilings", (server, "a")) for server in (1, 2)),
    Call("used", (1, "a")),
    Call("schedules", ()),
    Call("idle", ()),
    Call("next_look", ()),
    Call("take", ("w", NOW + HOUR, 2)),
    timedelta(seconds=130),
    Call("take", ("w", NOW + HOUR, 9)),
]


def lists(few: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Call | timedelta]]:
    return st.lists(few, min_size=10, max_size=40)


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)
@pytest.mark.parametrize(
    ("all_calls", "most"),
    [(lists(calls), 100), (lists(schedule_calls).map(lambda done: [*BEFORE, *done, *AFTER]), 50)],
    ids=["members and servers", "schedules"],
)
def test_a_database_answers_as_memory_does(
    place: tuple[str, Path | str], all_calls: st.SearchStrategy[list[Call | timedelta]], most: int
) -> None:
    with asyncio.Runner() as runner:
        here = world(*place)
        opened = runner.run(here.__aenter__())

        # What PostgreSQL adds to the SQL that both are given is its types: few examples show them.
        @settings(max_examples=25 if place[0] == "postgres" else most, deadline=None)
        @given(all_calls)
        def check(done: list[Call | timedelta]) -> None:
            runner.run(compare(opened, done))

        try:
            check()
        finally:
            runner.run(here.__aexit__(None, None, None))


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)
async def test_a_worker_forgotten_is_not_there_when_the_clock_was_set_back(
    place: tuple[str, Path | str],
) -> None:
    async with world(*place) as here:
        await compare(
            here,
            [
                Call("take", ("v", NOW, 1)),
                timedelta(seconds=130),
                Call("forget_before", (NOW,)),
                -HOUR,
                Call("take", ("w", NOW, 1)),
            ],
        )


async def compare(here: World, done: list[Call | timedelta]) -> None:
    assert isinstance(here.store, SqlStore)
    async with here.store.engine.begin() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(delete(table))
    clock = Clock()
    # Numbers do not begin anew with the tables.
    first = (await here.store.suggest(1, "a", "first", None)).id
    await here.store.reject(1, first)
    run = Run(Memory(clock, alone=here.alone, _numbers=count(first + 1)), [], first + 1)
    for each in done:
        if isinstance(each, timedelta):
            await here.goes_on(each)
            clock.now += each
            continue
        known = each.in_run(run)
        answer = await known.on(here.store)
        assert answer == await known.on(run.model), known
        if isinstance(answer, Taken):
            run.taken += answer.jobs
