"""What is kept of schedules in a database: after closing, changed by hand, and with many at it at once."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update

from bot.book.schedules import Scheduled
from bot.club.ports import Opening
from bot.store.sql import SqlStore
from bot.store.tables import jobs, schedules
from tests.store.timetable import CLAIMED, HOUR, NOW, POST, World, due, schedule, world

pytestmark = pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)

ID = schedule().id


async def test_all_is_there_after_closing(place: tuple[str, Path | str]) -> None:
    async with world(*place) as here:
        await here.made(schedule(1), schedule(2))
        job = replace((await here.take())[0], state="open", post=POST, claims=CLAIMED)
        assert await here.store.begin(job, Opening(due(1), prompt="p", opens="part-1"), hold=False)
        suggestion = await here.store.suggest(1, "a", "q", None)
        await here.store.approve(1, suggestion.id, "part-2")
    async with world(*place) as here:
        assert await here.store.schedules() == (
            Scheduled(schedule(1), due(1)),
            Scheduled(schedule(2), due()),
        )
        await here.ends_leases()
        assert [one for one in await here.take() if one.post] == [replace(job, fence=2)]
        assert await here.store.used(1, "a") == {"p"}
        assert await here.store.ceiling(1, "a") == "part-1"
        assert await here.store.suggestions(1, "a") == (
            replace(suggestion, approved=True, milestone="part-2"),
        )


async def by_hand(here: World, **values: str) -> None:
    """Changes what is kept of the schedule 1."""
    assert isinstance(here.store, SqlStore)
    table, key = (schedules, schedules.c.id) if "text" in values else (jobs, jobs.c.schedule)
    async with here.store.engine.begin() as connection:
        await connection.execute(update(table).where(key == ID).values(values))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "secret",
        schedule().model_dump_json().replace("Europe/Oslo", "Europe/Secret"),
        schedule().model_dump_json().replace('"author"', '"secret"'),
        schedule().model_dump_json().replace('"active"', '"secret"'),
    ],
)
async def test_a_schedule_that_cannot_be_read_stops_no_other(
    here: World, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    await here.made(schedule(1), schedule(2))
    await by_hand(here, text=text)
    for _ in range(2):
        assert await here.store.schedules() == (Scheduled(schedule(2), due()),)
        assert list(await here.store.records(1, NOW)) == [schedule(2).id]
    assert [job.schedule for job in await here.take()] == [schedule(2)]
    # Or the poster would look again and again.
    assert await here.store.next_look() is None
    assert await here.store.skip(ID, due(), None)
    await here.store.skip(schedule(2).id, due(), None)
    assert await here.store.idle() == ((schedule(2), NOW),)
    assert await here.store.change_schedule(ID, lambda kept: kept) is None
    # asyncpg has words of its own for connections of other tests that are gone.
    said = [record for record in caplog.records if record.name == "bookclub"]
    assert [(one.levelno, one.getMessage()) for one in said] == [
        (logging.ERROR, f"What is kept of schedule {ID} cannot be read, so it is left out.")
    ]
    assert "secret" not in caplog.text.lower()
    assert await here.store.remove_schedule(ID)


@pytest.mark.parametrize(
    "values",
    [{"post": "{}"}, {"claims": '{"claims": {"secret": {}}}'}, {"claims": "null"}, {"name": "secret"}],
)
async def test_a_job_that_cannot_be_read_stops_no_other(
    here: World, values: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    await here.made(schedule(1), schedule(2))
    await by_hand(here, **values)
    assert [job.schedule for job in await here.take()] == [schedule(2)]
    assert await here.take() == ()
    assert caplog.messages == [f"What is kept of schedule {ID} cannot be read, so it is left out."]


async def test_what_was_mended_by_hand_is_read_again(here: World) -> None:
    await here.made()
    await by_hand(here, text="{")
    assert await here.take() == ()
    await by_hand(here, text=schedule().model_dump_json())
    assert await here.store.schedules() == (Scheduled(schedule(), due()),)
    await here.ends_leases()
    await here.taken()


async def test_a_job_without_a_schedule_stops_no_other(here: World) -> None:
    await here.made(schedule(1), schedule(2))
    await by_hand(here, schedule="f" * 12)
    assert [job.schedule for job in await here.take()] == [schedule(2)]


async def test_many_at_once_break_no_promise(here: World) -> None:
    """What is begun is begun by one, with a prompt of its own; of each schedule one occurrence waits."""
    chance = Random(1)
    ids = [schedule(number).id for number in range(5)]
    await here.made(*map(schedule, range(5)))
    begun: list[tuple[str, str, str | None]] = []

    def moved(kept: Scheduled) -> Scheduled:
        return replace(kept, next=chance.choice([kept.next, None, due(chance.randrange(30))]))

    async def work(worker: str) -> None:
        for job in await here.take(worker, NOW + 50 * HOUR, 3):
            await asyncio.sleep(chance.random() / 200)
            opening = Opening(due(chance.randrange(30)), prompt=f"p{chance.randrange(40)}")
            if await here.store.begin(replace(job, state="open", post=POST), opening, hold=True):
                begun.append((job.schedule.id, job.occurrence.name, opening.prompt))
                await here.store.save(replace(job, state="done"), hold=False)
            else:
                await here.store.save(job, hold=False)

    async def meddle() -> None:
        one, when = chance.choice(ids), due(chance.randrange(30))
        match chance.randrange(4):
            case 0:
                await here.store.change_schedule(one, moved)
            case 1:
                await here.store.skip(one, when, due(chance.randrange(30)))
            case 2:
                await here.store.wait_for(one, when)
            case _:
                await here.store.remove_schedule(one)
                await here.store.add_schedule(Scheduled(schedule(int(one, 16)), when))

    for _ in range(8):
        await asyncio.gather(*(work(worker) for worker in "ab"), *(meddle() for _ in range(6)))
    assert len(begun) > 5
    assert len({prompt for *_, prompt in begun}) == len(begun)
    assert await here.store.used(1, "a") == {prompt for *_, prompt in begun}
    states = [record.state for of in (await here.store.records(1, NOW - HOUR)).values() for record in of]
    assert "open" not in states
    assert states.count("waiting") <= len(ids)
