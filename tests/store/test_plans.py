"""What is asked again and again is found by an index: however much is kept, nothing looks through every occurrence."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.club.ports import Opening
from bot.store.sql import SqlStore
from bot.store.sqlite.opening import FILE
from tests.store.timetable import NOW, POST, World, due, schedule


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
async def test_occurrences_are_found_by_an_index(here: World, tmp_path: Path) -> None:
    store, one = here.store, schedule().id
    assert isinstance(store, SqlStore)
    asked: dict[str, Any] = {}

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401
        asked[statement] = parameters[0] if isinstance(parameters, list) else parameters

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    await here.made()
    job = replace(await here.taken(), state="refused", post=POST)
    await store.begin(job, Opening(due(1), (due(-1),)), hold=False)
    await store.save(job, hold=True)
    await store.post_anyway(one, due().name, NOW)
    await store.skip(one, due(1), None)
    await store.wait_for(one, due(2))
    await store.next_look()
    await store.idle()
    await store.schedules()
    await store.records(1, NOW)
    await store.change_schedule(one, lambda kept: replace(kept, next=None))
    await store.remove_schedule(one)

    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        plans = {
            statement: [
                row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", asked[statement])
            ]
            for statement in asked
            if "jobs" in statement
        }
    assert len(plans) > 12
    for statement, plan in plans.items():
        assert not [step for step in plan if step.startswith("SCAN jobs")], statement
