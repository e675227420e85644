"""Memory is the model: whatever is done in whatever order, a database answers as it does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.club.memory import Memory
from bot.club.ports import Server, Store, Used
from bot.store.opening import open_store
from bot.store.sql import SqlStore
from bot.store.tables import metadata

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Call:
    method: str
    arguments: tuple[Any, ...]
    named: dict[str, Any] = field(default_factory=dict)

    async def on(self, store: Store) -> object:
        return await getattr(store, self.method)(*self.arguments, **self.named)


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
    call("forget_used", ids, texts, st.lists(texts)),
    call("standing", ids, st.none() | ids, ids, unset_or_text),
    call("standing", ids, st.none() | ids, ids, unset_or_text),
)


def test_a_database_answers_as_memory_does(where: Path | str) -> None:
    with asyncio.Runner() as runner:
        store = runner.run(open_store(where))

        # What PostgreSQL adds to the SQL that both are given is its types: few examples show them.
        @settings(max_examples=100 if isinstance(where, Path) else 25, deadline=None)
        @given(st.lists(calls, min_size=10, max_size=40))
        def check(done: list[Call]) -> None:
            runner.run(compare(store, done))

        try:
            check()
        finally:
            runner.run(store.close())


async def compare(store: SqlStore, done: list[Call]) -> None:
    async with store.engine.begin() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(delete(table))
    model = Memory()
    for each in done:
        assert await each.on(store) == await each.on(model), each
