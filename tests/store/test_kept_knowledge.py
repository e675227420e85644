"""What is kept of edits in a database: after closing, of a later version, and however many there are."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from bot.book.overlay import Change, Conflict, Hidden, Overlay, Revision
from bot.store.sql import SqlStore
from bot.store.sqlite.opening import FILE
from bot.store.tables import edits
from tests.store.timetable import NOW, World, world

HIDDEN, OTHER = Hidden("0123456789abcdef"), Hidden(None)


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)
async def test_all_is_there_after_closing(place: tuple[str, Path | str]) -> None:
    async with world(*place) as here:
        made = await here.store.revise(1, "a", (Change("bus", None, HIDDEN),), 7, "Removed", NOW)
        await here.store.note_miss(1, "a", 7, "who is it", NOW, not_meant=True)
        await here.store.settle_misses(1, "a", (), "lol")
        offered = await here.store.contribute(1, "a", 7, "fact", "So it is.", NOW)
        await here.store.note_left([2], NOW)
    async with world(*place) as here:
        assert await here.store.history(1, "a", 10) == (made,)
        assert [one.not_meant for one in await here.store.misses(1, "a", NOW)] == [True]
        assert await here.store.dismissed(1, "a") == ("lol",)
        assert await here.store.contributions(1, "a") == (offered,)
        assert await here.store.known_servers() == {1, 2}


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)
async def test_an_edit_of_a_later_version_is_as_none_and_stays(here: World) -> None:
    store, later = here.store, '{"base":null,"kind":"poem","entry":{}}'
    assert isinstance(store, SqlStore)
    both = (Change("bus", None, HIDDEN), Change("kathy", None, HIDDEN))
    await store.revise(1, "a", both, 7, "Removed", NOW)
    async with store.engine.begin() as connection:
        await connection.execute(update(edits).where(edits.c.entry == "bus").values(edit=later))
    assert await store.overlay(1, "a") == Overlay({"kathy": HIDDEN}, 1)
    late = await store.revise(1, "a", (Change("bus", HIDDEN, OTHER),), 7, "Removed", NOW)
    assert late == Conflict({"bus": None})
    made = await store.revise(1, "a", (Change("bus", None, OTHER),), 7, "Removed", NOW)
    assert isinstance(made, Revision)
    (newest, oldest) = await store.history(1, "a", 10, entry="bus")
    assert newest == made
    assert oldest.changes == (Change("bus", None, None), Change("kathy", None, HIDDEN))
    async with store.engine.connect() as connection:
        kept = await connection.execute(
            select(edits.c.edit).where(edits.c.entry == "bus").order_by("revision")
        )
        assert kept.scalars().first() == later


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_the_state_of_an_entry_is_found_by_an_index(here: World, tmp_path: Path) -> None:
    store = here.store
    assert isinstance(store, SqlStore)
    asked: dict[str, Any] = {}

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401
        asked[statement] = parameters[0] if isinstance(parameters, list) else parameters

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    await store.revise(1, "a", (Change("bus", None, HIDDEN),), 7, "Removed", NOW)
    await store.overlay(1, "a")
    await store.history(1, "a", 10, before=2)
    await store.history(1, "a", 10, before=2, entry="bus")
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        plans = {
            statement: [
                row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", asked[statement])
            ]
            for statement in asked
            if statement.startswith(("SELECT", "WITH")) and "edits" in statement
        }
    assert len(plans) == 4
    for statement, plan in plans.items():
        steps = [step for step in plan if "edits" in step or "revisions" in step]
        assert all(step.startswith("SEARCH") for step in steps), statement
        # Only the way from one entry to the next begins with the first of a book.
        assert sum(step.endswith("(server=? AND book=?)") for step in steps) <= ("RECURSIVE" in statement), (
            plan
        )
