"""Memory is the model of what is curated, too: whatever is done in whatever order, a database answers as it does."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.book.inbox import KEPT
from bot.book.overlay import Change, Edit, Hidden
from bot.book.schedules import Scheduled
from bot.club.memory import Memory
from bot.club.ports import Server, Used
from bot.store.sql import SqlStore
from bot.store.tables import metadata
from tests.store.test_model import Call, call
from tests.store.timetable import HOUR, NOW, schedule, world


@dataclass(frozen=True)
class Revise:
    """A revision from how the entries stand, or (`late`) from how nobody ever left them."""

    server: int
    book: str
    afters: Mapping[str, Edit | None]
    member: int
    late: bool

    def in_run(self, run: "Run") -> Call:
        stands: dict[str, Edit | None] = {}
        for revision in run.model.revisions.get((self.server, self.book), []):
            stands.update({change.entry: change.after for change in revision.changes})
        changes = tuple(
            Change(entry, Hidden("late") if self.late else stands.get(entry), after)
            for entry, after in self.afters.items()
        )
        return Call("revise", (self.server, self.book, changes, self.member, "Edited", NOW))


@dataclass(frozen=True)
class Settle:
    """Some of the misses of the run, counted from its first."""

    server: int
    book: str
    which: tuple[int, ...]
    dismissed: str | None

    def in_run(self, run: "Run") -> Call:
        numbers = [run.first_miss + one for one in self.which]
        return Call("settle_misses", (self.server, self.book, numbers, self.dismissed))


@dataclass(frozen=True)
class Take:
    """A contribution, likewise."""

    server: int
    which: int

    def in_run(self, run: "Run") -> Call:
        return Call("settle_contribution", (self.server, run.first_offer + self.which))


@dataclass(frozen=True)
class Choose:
    book: str | None
    notices: int | None

    def __call__(self, server: Server) -> Server:
        return replace(server, book=self.book, notices=self.notices)


@dataclass(frozen=True)
class Run:
    model: Memory
    first_miss: int
    first_offer: int


# Few values, so that the calls meet each other.
servers = st.integers(1, 2)
books = st.sampled_from("ab")
members = st.integers(7, 8)
texts = st.sampled_from(["who is it", "ß\u0308", "%_'"])
moments = st.sampled_from([NOW, NOW, NOW + HOUR, NOW + KEPT + HOUR])
edits = st.sampled_from([None, Hidden(None), Hidden("0123456789abcdef")])
numbers = st.none() | st.integers(0, 5)
lists_of_servers = st.lists(servers, max_size=2)
revisions = st.builds(
    Revise,
    servers,
    books,
    st.dictionaries(st.sampled_from(["bus", "kathy", "Kathy"]), edits, max_size=3),
    members,
    st.sampled_from([False, False, False, True]),
)
calls = st.one_of(
    revisions,
    revisions,
    revisions,
    call("overlay", servers, books, numbers),
    call("history", servers, books, st.integers(1, 3), numbers, st.sampled_from([None, "bus", "Kathy"])),
    call("note_miss", servers, books, members, texts, moments, not_meant=st.booleans()),
    call("note_miss", servers, books, members, texts, moments, not_meant=st.booleans()),
    st.builds(Settle, servers, books, st.lists(st.integers(0, 5), max_size=3).map(tuple), st.none() | texts),
    call(
        "contribute", servers, books, members, st.just("fact"), texts, st.just(NOW), where=st.none() | texts
    ),
    call("contribute", servers, books, members, st.just("quote"), texts, st.just(NOW), entry=st.just("bus")),
    st.builds(Take, servers, st.integers(0, 3)),
    call("change_server", servers, st.sampled_from([Choose(None, None), Choose("a", 5)])),
    call("set_ceiling", servers, st.integers(10, 11), books, st.just("part-1")),
    call("set_watched", servers, st.integers(11, 12), watched=st.booleans()),
    call("mark_used", st.integers(10, 13), books, texts),
    call("add_schedule", servers.map(lambda server: Scheduled(schedule(server, server, 12), None))),
    call("note_used", members, st.builds(Used, books, st.none() | servers), st.just(NOW)),
    call("set_progress", members, books, st.just("part-1"), st.just(NOW)),
    call("forget_member", members),
    call("note_left", lists_of_servers, st.sampled_from([NOW, NOW + HOUR])),
    call("note_back", lists_of_servers),
    call("forget_left", st.sampled_from([NOW, NOW + timedelta(seconds=1), NOW + 2 * HOUR])),
)
AFTER = [
    Call("known_servers", ()),
    Call("readers", ("a",)),
    Call("readers", (None,)),
    Call("watched", ()),
    Call("schedules", ()),
    *(Call("used", (place, "a")) for place in range(10, 14)),
    *(Call("last_used", (member,)) for member in (7, 8)),
    *(Call("standing", (7, server, 10, "a")) for server in (1, 2, None)),
    *(
        Call(method, (server, book, *more))
        for server in (1, 2)
        for book in "ab"
        for method, more in (
            ("overlay", ()),
            ("history", (9,)),
            ("misses", (NOW,)),
            ("dismissed", ()),
            ("contributions", ()),
        )
    ),
]


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)
def test_a_database_answers_as_memory_does(place: tuple[str, Path | str]) -> None:
    with asyncio.Runner() as runner:
        here = world(*place)
        store = runner.run(here.__aenter__()).store
        assert isinstance(store, SqlStore)

        # As for what else a store does: what PostgreSQL adds are its types.
        @settings(max_examples=10 if place[0] == "postgres" else 20, deadline=None)
        @given(st.lists(calls, min_size=10, max_size=30))
        def check(done: list[Call | Revise | Settle | Take]) -> None:
            runner.run(compare(store, done))

        try:
            check()
        finally:
            runner.run(here.__aexit__(None, None, None))


async def compare(store: SqlStore, done: list[Call | Revise | Settle | Take]) -> None:
    async with store.engine.begin() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(delete(table))
    # Numbers do not begin anew with the tables.
    await store.note_miss(9, "a", 9, "first", NOW, not_meant=False)
    (miss,) = await store.misses(9, "a", NOW)
    await store.settle_misses(9, "a", (miss.id,), None)
    offer = await store.contribute(9, "a", 9, "fact", "first", NOW)
    await store.settle_contribution(9, offer.id)
    run = Run(Memory(_misses=count(miss.id + 1), _offers=count(offer.id + 1)), miss.id + 1, offer.id + 1)
    for each in [*done, *AFTER]:
        known = each if isinstance(each, Call) else each.in_run(run)
        assert await known.on(store) == await known.on(run.model), known
