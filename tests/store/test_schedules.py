"""What every ScheduleStore and SuggestionStore must do, whatever it writes to."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from datetime import time as clock_time

import pytest
from sqlalchemy import select

from bot.book.plan import Step
from bot.book.recurrence import Days, MonthlyByDay, MonthlyByWeekday, Occurrence, Recurrence, Weekly
from bot.book.schedules import Claim, Extras, Job, Part, Post, Record, Scheduled, State
from bot.club.ports import LEASE, Opening, Suggestion
from bot.store.sql import SqlStore
from bot.store.tables import jobs
from tests.store.timetable import CLAIMED, HOUR, NOW, POST, SECOND, World, due, schedule

ID = schedule().id
OVER: list[State] = ["done", "missed", "skipped", "uncertain", "refused"]
SHARED = pytest.mark.parametrize("place", ["memory", "postgres"], indirect=True)
ALONE = pytest.mark.parametrize("place", ["alone", "sqlite"], indirect=True)


# ------------------------------------------------------------------ schedules


@pytest.mark.parametrize(
    "days",
    [Weekly(days=frozenset({0, 6}), every=2, since=date(2026, 1, 5)), MonthlyByDay(day=-1),
     MonthlyByDay(day=31, or_last=False), MonthlyByWeekday(nth=-1, weekday=4)],
)  # fmt: skip
async def test_a_schedule_comes_back_as_it_was(here: World, days: Days) -> None:
    rule = Recurrence(
        days=days,
        at=clock_time(0, 5),
        zone="America/Argentina/Buenos_Aires",
        start=date(2026, 12, 1),
        end=date(2027, 5, 31),
    )
    full = schedule(server=2**63 - 1, channel=2**53 + 1).model_copy(
        update={
            "rule": rule,
            "theme": "Art; DROP TABLE 'x' \U0001f3a8 %s",
            "extras": Extras(thread=True, poll=True, pins=True, silent=True, role=2**60, tags=(1, 2**60)),
            "plan": (Step(until=date(2026, 12, 24), milestone="part-one"),),
            "state": "paused",
            "pinned": 2**61,
            "told": frozenset({"low", "pin"}),
        }
    )
    await here.store.add_schedule(Scheduled(full, None))
    assert await here.store.schedules() == (Scheduled(full, None),)


async def test_what_waits_comes_back_as_it_was(here: World) -> None:
    plain, made = due(), Occurrence(nominal=datetime(2026, 11, 21, 19, 30, 59), due=NOW + HOUR)  # noqa: DTZ001
    there = due(1).model_copy(
        update={"due": due(1).due.astimezone(timezone(timedelta(hours=-9, minutes=-30)))}
    )
    for number, occurrence in enumerate([plain, made, there]):
        await here.made(schedule(number), waiting=occurrence)
    assert [one.next for one in await here.store.schedules()] == [plain, made, due(1)]
    jobs = await here.take(now=NOW + 9 * HOUR)
    assert {job.occurrence.name for job in jobs} == {
        "2026-11-21T19:30",
        "2026-11-21T19:30:59",
        "2026-11-21T20:30",
    }


async def test_schedules_are_told_the_oldest_first_of_a_server_or_of_all(here: World) -> None:
    made = [schedule(9, 2), schedule(5, 1), schedule(7, 2), schedule(1, 1)]
    await here.made(*made)
    await here.store.change_schedule(schedule(9).id, lambda one: one)
    assert [one.schedule for one in await here.store.schedules()] == made
    assert [one.schedule for one in await here.store.schedules(2)] == [made[0], made[2]]
    assert await here.store.schedules(3) == ()


async def test_a_change_is_given_what_is_kept_and_kept_itself(here: World) -> None:
    await here.made()
    given: list[Scheduled] = []

    def change(kept: Scheduled) -> Scheduled:
        given.append(kept)
        return Scheduled(kept.schedule.model_copy(update={"state": "paused", "theme": "art"}), due(2))

    changed = await here.store.change_schedule(ID, change)
    assert given == [Scheduled(schedule(), due())]
    assert changed == Scheduled(schedule().model_copy(update={"state": "paused", "theme": "art"}), due(2))
    assert await here.store.schedules() == (changed,)
    assert await here.store.change_schedule("f" * 12, change) is None
    assert len(given) == 1


async def test_a_change_that_fails_changes_nothing(here: World) -> None:
    def change(_: Scheduled) -> Scheduled:
        raise LookupError("no")

    await here.made()
    with pytest.raises(LookupError, match="no"):
        await here.store.change_schedule(ID, change)
    assert await here.store.schedules() == (Scheduled(schedule(), due()),)


async def test_no_change_is_lost_among_many(here: World) -> None:
    def add(kept: Scheduled) -> Scheduled:
        told = kept.schedule.told | {str(len(kept.schedule.told))}
        return replace(kept, schedule=kept.schedule.model_copy(update={"told": told}))

    await here.made()
    await asyncio.gather(*(here.store.change_schedule(ID, add) for _ in range(20)))
    assert len((await here.store.schedules())[0].schedule.told) == 20


async def test_where_another_occurrence_is_to_wait_the_one_that_waited_is_forgotten(here: World) -> None:
    await here.made()
    taken = await here.taken()
    await here.store.change_schedule(ID, lambda kept: replace(kept, next=due(1)))
    assert not await here.store.begin(replace(taken, state="open"), Opening(then=due(5)), hold=True)
    assert not await here.store.save(replace(taken, state="done"), hold=False)
    assert await here.store.records(1, NOW - HOUR) == {ID: (Record(due(1).name, due(1).due, "waiting"),)}
    assert (await here.taken(now=NOW + HOUR)).occurrence == due(1)


async def test_the_same_name_may_wait_for_another_moment(here: World) -> None:
    moved = due().model_copy(update={"due": NOW + HOUR})
    await here.made()
    changed = await here.store.change_schedule(ID, lambda kept: replace(kept, next=moved))
    assert changed == Scheduled(schedule(), moved)
    assert await here.take() == ()
    assert (await here.taken(now=NOW + HOUR)).occurrence == moved


@pytest.mark.parametrize("between", [due(1), None])
async def test_what_waits_again_is_not_its_former_workers(here: World, between: Occurrence | None) -> None:
    await here.made()
    former = replace(await here.taken(), state="open")
    await here.store.change_schedule(ID, lambda kept: replace(kept, next=between))
    await here.store.change_schedule(ID, lambda kept: replace(kept, next=due()))
    assert not await here.store.begin(former, Opening(), hold=True)
    taken = replace(await here.taken(), state="open")
    assert not await here.store.begin(former, Opening(), hold=True)
    assert await here.store.begin(taken, Opening(), hold=True)
    assert not await here.store.save(former, hold=True)


async def test_a_change_that_lets_what_waits_be_leaves_it_with_its_worker(here: World) -> None:
    await here.made()
    taken = await here.taken()
    paused = schedule().model_copy(update={"state": "paused"})
    await here.store.change_schedule(ID, lambda kept: replace(kept, schedule=paused))
    assert await here.take() == ()
    assert await here.store.begin(replace(taken, state="open"), Opening(), hold=True)


async def test_an_occurrence_that_is_over_does_not_wait_again(here: World) -> None:
    await here.made()
    await here.store.skip(ID, due(), due(1))
    for changed in (due(), None):
        assert await here.store.change_schedule(ID, lambda kept: replace(kept, next=changed)) == Scheduled(  # noqa: B023
            schedule(), None
        )
        assert await here.take(now=NOW + 9 * HOUR) == ()


async def test_what_is_removed_is_gone_with_its_occurrences(here: World) -> None:
    await here.made(schedule(1), schedule(2))
    await here.store.begin(replace((await here.take())[0], state="open"), Opening(then=due(1)), hold=True)
    taken = (await here.take(now=NOW + HOUR))[0]
    assert await here.store.remove_schedule(ID)
    assert not await here.store.remove_schedule(ID)
    assert [one.schedule.id for one in await here.store.schedules()] == [schedule(2).id]
    assert not await here.store.save(taken, hold=True)
    assert not await here.store.begin(taken, Opening(then=due(3), prompt="p"), hold=True)
    assert not await here.store.add_job(Job(schedule(), due(3), NOW, "open", POST), Opening(prompt="p"))
    assert not await here.store.wait_for(ID, due(3))
    assert not await here.store.skip(ID, due(1), due(3))
    assert await here.store.used(1, "a") == frozenset()
    # Nothing of it is left for another of its name.
    await here.made(waiting=due(1))
    assert await here.store.records(1, NOW) == {
        schedule(2).id: (Record(due().name, NOW, "waiting"),),
        ID: (Record(due(1).name, due(1).due, "waiting"),),
    }


async def test_an_occurrence_is_skipped_while_it_waits(here: World) -> None:
    await here.made()
    taken = await here.taken()
    assert not await here.store.skip(ID, due().model_copy(update={"due": NOW + HOUR}), due(5))
    assert not await here.store.skip(ID, due(1), due(5))
    assert await here.store.skip(ID, due(), due(1))
    assert not await here.store.skip(ID, due(), due(5))
    assert not await here.store.begin(replace(taken, state="open"), Opening(), hold=True)
    assert not await here.store.save(replace(taken, state="missed"), hold=True)
    assert [one.next for one in await here.store.schedules()] == [due(1)]
    assert await here.store.records(1, NOW) == {
        ID: (Record(due().name, NOW, "skipped"), Record(due(1).name, due(1).due, "waiting"))
    }
    assert await here.store.skip(ID, due(1), None)
    assert [one.next for one in await here.store.schedules()] == [None]


async def test_an_open_occurrence_is_not_skipped(here: World) -> None:
    await here.made()
    begun = replace(await here.taken(), state="open")
    assert await here.store.begin(begun, Opening(), hold=True)
    assert not await here.store.skip(ID, due(), due(1))
    assert await here.store.save(replace(begun, state="done"), hold=False)


# ------------------------------------------------------------------ taking


async def test_what_is_due_is_taken_as_it_is_kept(here: World) -> None:
    await here.made(schedule(1))
    await here.made(schedule(2), waiting=due(0.001))
    await here.store.change_schedule(
        ID, lambda kept: replace(kept, schedule=kept.schedule.model_copy(update={"theme": "art"}))
    )
    assert await here.take(now=NOW - SECOND) == ()
    assert await here.take() == (
        Job(schedule().model_copy(update={"theme": "art"}), due(), NOW, "waiting", fence=1),
    )


async def test_so_many_are_taken_at_the_most(here: World) -> None:
    await here.made(*map(schedule, range(5)))
    assert await here.take(most=0) == ()
    assert [len(await here.take(most=2)) for _ in range(4)] == [2, 2, 1, 0]


async def test_each_server_has_its_turn_those_that_have_waited_longest_first(here: World) -> None:
    for number, (server, hours) in enumerate(
        [(1, -5), (1, -4), (1, -4), (1, -3), (2, -1), (3, -2), (2, 0), (3, 0)]
    ):
        await here.made(schedule(number, server), waiting=due(hours))
    taken = [await here.take(most=3) for _ in range(3)]
    assert [[int(job.schedule.id, 16) for job in jobs] for jobs in taken] == [[0, 5, 4], [1, 6, 7], [2, 3]]


async def test_turns_that_a_server_has_had_count(here: World) -> None:
    for number, server in enumerate([1, 1, 1, 1, 2, 2, 3]):
        await here.made(schedule(number, server, channel=number))
    # From before what may still be posted, and one that was not posted.
    await here.made(schedule(8, 3), waiting=due(-13))
    await here.store.skip(schedule(8, 3).id, due(-13), due(-1))
    await here.store.skip(schedule(8, 3).id, due(-1), None)
    taken = []
    for _ in range(7):
        (job,) = await here.take(most=1)
        taken.append(int(job.schedule.id, 16))
        if len(taken) % 2:
            await here.store.save(replace(job, state="done"), hold=False)
    assert taken == [0, 4, 6, 1, 5, 2, 3]


async def test_what_is_equally_due_is_taken_in_the_same_order(here: World) -> None:
    numbers = [3, 1, 2, 0]
    await here.made(*map(schedule, numbers))
    assert [int(job.schedule.id, 16) for job in await here.take()] == sorted(numbers)


async def test_what_is_taken_is_not_given_again_before_its_lease_is_over(here: World) -> None:
    await here.made()
    first = await here.taken()
    await here.goes_on(LEASE - 9 * SECOND)
    assert await here.take() == ()
    await here.goes_on(9 * SECOND)
    again = await here.taken()
    assert again == replace(first, fence=first.fence + 1)


@SHARED
async def test_another_worker_waits_for_the_end_of_the_lease(here: World) -> None:
    await here.made()
    await here.taken("one")
    assert await here.take("two") == ()
    await here.ends_leases()
    await here.taken("two")


@ALONE
async def test_the_leases_of_a_process_that_has_ended_are_over(here: World) -> None:
    await here.made()
    first = await here.taken("before")
    assert (await here.taken("after")).fence == first.fence + 1
    assert await here.take("after") == ()


async def test_a_worker_that_comes_back_is_refused(here: World) -> None:
    await here.made()
    frozen = await here.taken("one")
    await here.ends_leases()
    taken = await here.taken("two")
    assert not await here.store.begin(
        replace(frozen, state="open"), Opening(then=due(1), prompt="p"), hold=True
    )
    assert not await here.store.save(replace(frozen, state="done"), hold=False)
    assert await here.take("three" if not here.alone else "two") == ()
    begun = replace(taken, state="open", post=POST, claims=CLAIMED)
    assert await here.store.begin(begun, Opening(then=due(1), prompt="p"), hold=True)
    await here.ends_leases()
    # Its lease is over, but nobody else has had the job since.
    assert await here.store.save(replace(begun, state="done"), hold=False)
    assert not await here.store.save(begun, hold=False)


async def test_saving_renews_the_lease_or_ends_it(here: World) -> None:
    await here.made()
    job = replace(await here.taken(), state="open")
    for _ in range(3):
        await here.goes_on(LEASE - 9 * SECOND)
        assert await here.store.save(job, hold=True)
    await here.goes_on(LEASE - 9 * SECOND)
    assert await here.take() == ()
    assert await here.store.save(job, hold=False)
    # What nobody has is not held by saving it: nobody would know by whom.
    assert await here.store.save(job, hold=True)
    await here.taken()


async def test_a_lease_from_before_the_clock_was_set_back_is_over(here: World) -> None:
    await here.made()
    await here.taken()
    await here.goes_on(-9 * SECOND)
    await here.taken()


@SHARED
async def test_workers_are_counted_while_they_ask_for_work(here: World) -> None:
    async def counted(worker: str) -> int:
        return (await here.store.take(worker, NOW, 1)).workers

    assert [await counted(worker) for worker in ("one", "two", "one", "three")] == [1, 2, 2, 3]
    await here.goes_on(LEASE / 2)
    assert await counted("one") == 3
    await here.goes_on(LEASE / 2)
    assert await counted("one") == 1
    await here.store.forget_before(NOW)
    assert await counted("two") == 2


@ALONE
async def test_one_who_works_alone_counts_alone(here: World) -> None:
    assert [(await here.store.take(worker, NOW, 1)).workers for worker in "ab"] == [1, 1]


async def test_of_many_who_take_at_once_each_has_other_jobs(here: World) -> None:
    await here.made(*(schedule(number, number % 7) for number in range(60)))
    taken = await asyncio.gather(*(here.take("one", most=7) for _ in range(12)))
    assert sorted(len(jobs) for jobs in taken)[-8:] == [7] * 8
    assert sorted(job.schedule.id for jobs in taken for job in jobs) == [
        schedule(number).id for number in range(60)
    ]


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
async def test_what_somebody_has_in_hand_holds_up_nobody(here: World) -> None:
    assert isinstance(here.store, SqlStore)
    await here.made(schedule(1), schedule(2))
    async with here.store.engine.begin() as other:
        await other.execute(select(jobs).where(jobs.c.schedule == ID).with_for_update())
        assert [job.schedule for job in await here.take()] == [schedule(2)]
    await here.store.skip(ID, due(), None)
    async with here.store.engine.begin() as other:
        await other.execute(select(jobs).where(jobs.c.schedule == ID).with_for_update())
        await here.store.forget_before(NOW + SECOND)
    assert len((await here.store.records(1, NOW))[ID]) == 1
    await here.store.forget_before(NOW + SECOND)
    assert await here.store.records(1, NOW) == {
        ID: (),
        schedule(2).id: (Record(due().name, NOW, "waiting"),),
    }


# ------------------------------------------------------------------ working


async def test_a_job_is_begun_with_all_that_its_opening_says(here: World) -> None:
    await here.made()
    for prompt in ("old", "older", "p"):
        await here.store.mark_used(1, "a", prompt)
    begun = replace(await here.taken(), state="open", post=POST, claims=CLAIMED, at=NOW + SECOND)
    opening = Opening(due(9), (due(-2), due(-1)), prompt="p", anew=("old", "p"), opens="part-2")
    assert await here.store.begin(begun, opening, hold=False)
    assert await here.store.used(1, "a") == {"older", "p"}
    assert await here.store.ceilings(1, "a") == {1: "part-2"}
    assert await here.store.records(1, NOW - 9 * HOUR) == {
        ID: (
            Record(due(-2).name, due(-2).due, "missed"),
            Record(due(-1).name, due(-1).due, "missed"),
            Record(due().name, NOW, "open"),
            Record(due(9).name, due(9).due, "waiting"),
        )
    }
    assert await here.take() == ()
    assert await here.taken(now=NOW + SECOND) == replace(begun, fence=2)


async def test_a_thousand_are_missed_in_one_step(here: World) -> None:
    missed = tuple(due(hours) for hours in range(-1000, 0))
    await here.made()
    job = replace(await here.taken(), state="missed")
    assert await here.store.begin(job, Opening(due(1), missed), hold=False)
    (records,) = (await here.store.records(1, NOW - 2000 * HOUR)).values()
    assert [record.state for record in records] == ["missed"] * 1001 + ["waiting"]
    assert [record.due for record in records] == [NOW + timedelta(hours=hours) for hours in range(-1000, 2)]


@pytest.mark.parametrize("why", ["another's", "over", "had", "anew by somebody else"])
async def test_a_beginning_that_is_refused_changes_nothing(here: World, why: str) -> None:
    await here.made()
    job = await here.taken()
    await here.store.set_ceiling(1, 1, "a", "part-1")
    await here.store.mark_used(1, "a", "old")
    match why:
        case "another's":
            job = replace(job, fence=job.fence - 1)
        case "over":
            await here.store.save(replace(job, state="missed"), hold=False)
        case "had":
            await here.store.mark_used(1, "a", "p")
        case _:
            await here.store.mark_used(1, "a", "other", ["old"])
    had, records = await here.store.used(1, "a"), await here.store.records(1, NOW - 9 * HOUR)
    opening = Opening(due(1), (due(-1),), prompt="p", anew=("old",), opens="part-2")
    assert not await here.store.begin(replace(job, state="open", post=POST), opening, hold=False)
    assert await here.store.used(1, "a") == had
    assert await here.store.ceiling(1, "a") == "part-1"
    assert await here.store.records(1, NOW - 9 * HOUR) == records
    assert await here.take() == ()
    if why in {"had", "anew by somebody else"}:
        # It is still this worker's, who gives it back.
        assert await here.store.save(job, hold=False)
        assert await here.taken() == replace(job, fence=2)


async def test_what_is_there_already_stays(here: World) -> None:
    await here.made()
    await here.store.skip(ID, due(), due(1))
    job = replace(await here.taken(now=NOW + HOUR), state="open")
    assert await here.store.begin(job, Opening(due(2), (due(), due(1))), hold=True)
    states = [Record(due().name, NOW, "skipped"), Record(due(1).name, due(1).due, "open")]
    waiting = Record(due(2).name, due(2).due, "waiting")
    assert await here.store.records(1, NOW) == {ID: (*states, waiting)}
    # One waits, so no other does.
    assert await here.store.begin(replace(job, state="missed"), Opening(due(3), (due(2),)), hold=False)
    assert await here.store.records(1, NOW) == {ID: (states[0], replace(states[1], state="missed"), waiting)}


async def test_of_many_who_begin_with_the_same_prompt_one_does(here: World) -> None:
    await here.made(*map(schedule, range(6)))
    opening = Opening(due(1), prompt="p")
    begun = await asyncio.gather(
        *(here.store.begin(replace(job, state="open"), opening, hold=True) for job in await here.take())
    )
    assert sorted(begun) == [False] * 5 + [True]
    states = [one.next for one in await here.store.schedules()]
    assert states.count(due(1)) == 1
    assert states.count(due()) == 5


async def test_of_many_who_begin_a_new_round_one_does(here: World) -> None:
    await here.made(*map(schedule, range(4)))
    for prompt in ("p", "q"):
        await here.store.mark_used(1, "a", prompt)
    begun = await asyncio.gather(
        *(
            here.store.begin(replace(job, state="open"), Opening(prompt="p", anew=("p", "q")), hold=True)
            for job in await here.take()
        )
    )
    assert sorted(begun) == [False] * 3 + [True]
    assert await here.store.used(1, "a") == {"p"}


async def test_a_job_is_added_for_any_worker(here: World) -> None:
    await here.made()
    made = Occurrence(nominal=datetime(2026, 11, 21, 19, 30, 7), due=NOW)  # noqa: DTZ001
    job = Job(schedule(), made, NOW, "open", POST, fence=3)
    assert await here.store.add_job(job, Opening(due(4), prompt="p", opens="part-2"))
    assert not await here.store.add_job(job, Opening(prompt="q"))
    other = Job(schedule(), due(3), NOW, "open", POST)
    assert not await here.store.add_job(other, Opening(prompt="p", opens="part-3"))
    assert await here.store.used(1, "a") == {"p"}
    assert await here.store.ceiling(1, "a") == "part-2"
    assert [one.next for one in await here.store.schedules()] == [due()]
    assert await here.take(now=NOW - SECOND) == ()
    assert {one.occurrence.name: one for one in await here.take()} == {
        made.name: replace(job, fence=4),
        due().name: Job(schedule(), due(), NOW, "waiting", fence=1),
    }


async def test_a_job_is_saved_as_it_is(here: World) -> None:
    await here.made()
    post = Post(
        prompt="own-1",
        channel=2**60,
        extras=Extras(forum=True, tags=(2**60,)),
        parts=("forum", "poll"),
        opens="part-2",
    )
    claims: dict[Part, Claim] = {
        "forum": Claim(at=NOW, state="sent", message=2**60),
        "poll": Claim(at=NOW + timedelta(microseconds=1), state="refused"),
    }
    job = replace(
        await here.taken(), state="open", at=NOW + HOUR, post=post, claims=claims, refusals=2, tries=5
    )
    assert await here.store.save(job, hold=False)
    assert await here.take(now=NOW + HOUR - SECOND) == ()
    assert await here.taken(now=NOW + HOUR) == replace(job, fence=2)


@pytest.mark.parametrize("state", OVER)
async def test_what_is_over_is_over(here: World, state: State) -> None:
    await here.made()
    job = replace(await here.taken(), state=state)
    assert await here.store.save(job, hold=state == "done")
    assert not await here.store.save(replace(job, state="open"), hold=True)
    assert not await here.store.begin(replace(job, state="open"), Opening(), hold=True)
    await here.ends_leases()
    assert await here.take(now=NOW + 9 * HOUR) == ()
    assert await here.store.next_look() is None
    assert await here.store.records(1, NOW) == {ID: (Record(due().name, NOW, state),)}


async def test_the_next_look_is_at_the_earliest_that_nobody_has(here: World) -> None:
    assert await here.store.next_look() is None
    await here.made(schedule(1), waiting=due(2))
    await here.made(schedule(2), waiting=due(1))
    assert await here.store.next_look() == due(1).due
    job = await here.taken(now=NOW + HOUR)
    assert await here.store.next_look() == due(2).due
    await here.store.save(replace(job, state="open", at=NOW - HOUR), hold=False)
    assert await here.store.next_look() == NOW - HOUR


# ------------------------------------------------------------------ looking after


async def test_active_schedules_for_which_nothing_waits_are_idle(here: World) -> None:
    await here.made(*map(schedule, range(1, 5)))
    assert await here.store.idle() == ()
    await here.store.skip(schedule(1).id, due(), None)
    await here.store.change_schedule(schedule(2).id, lambda kept: replace(kept, next=None))
    paused = schedule(3).model_copy(update={"state": "paused"})
    await here.store.change_schedule(schedule(3).id, lambda _: Scheduled(paused, None))
    (job,) = [job for job in await here.take() if job.schedule == schedule(4)]
    await here.store.begin(replace(job, state="open"), Opening(missed=(due(-2), due(3))), hold=True)
    assert await here.store.idle() == ((schedule(1), NOW), (schedule(2), None), (schedule(4), due(3).due))
    assert await here.store.wait_for(schedule(2).id, due(1))
    assert await here.store.idle() == ((schedule(1), NOW), (schedule(4), due(3).due))


async def test_one_occurrence_waits_where_none_does(here: World) -> None:
    await here.made()
    assert not await here.store.wait_for(ID, due())
    assert not await here.store.wait_for(ID, due(1))
    await here.store.skip(ID, due(), None)
    assert not await here.store.wait_for(ID, due())
    assert sorted(await asyncio.gather(*(here.store.wait_for(ID, due(n)) for n in range(1, 7)))) == [
        False
    ] * 5 + [True]
    assert not await here.store.wait_for("f" * 12, due())


async def test_records_are_of_one_server_and_since_then(here: World) -> None:
    await here.made(schedule(1), schedule(2), schedule(3, server=2))
    await here.store.skip(ID, due(), due(1))
    assert await here.store.records(1, NOW) == {
        ID: (Record(due().name, NOW, "skipped"), Record(due(1).name, due(1).due, "waiting")),
        schedule(2).id: (Record(due().name, NOW, "waiting"),),
    }
    assert await here.store.records(1, NOW + SECOND) == {
        ID: (Record(due(1).name, due(1).due, "waiting"),),
        schedule(2).id: (),
    }
    assert await here.store.records(3, NOW) == {}


async def test_records_are_in_the_order_in_which_they_were_due(here: World) -> None:
    await here.made()
    moved = due(-2).model_copy(update={"due": NOW + HOUR})
    job = replace(await here.taken(), state="done")
    assert await here.store.begin(job, Opening(missed=(moved, due(2), due(-1))), hold=False)
    assert [record.name for record in (await here.store.records(1, NOW - 9 * HOUR))[ID]] == [
        due(-1).name,
        due().name,
        moved.name,
        due(2).name,
    ]


@pytest.mark.parametrize("state", ["uncertain", "refused"])
async def test_a_moderator_has_it_posted_anyway(here: World, state: State) -> None:
    later = NOW + 30 * HOUR
    await here.made()
    job = replace(
        await here.taken(), state=state, post=POST, claims=CLAIMED, refusals=3, tries=2, at=NOW + 9 * HOUR
    )
    await here.store.save(job, hold=True)
    assert await here.store.post_anyway(ID, due().name, later)
    assert not await here.store.post_anyway(ID, due().name, later)
    # Who had it before may have failed to learn that it was saved, and try again.
    assert not await here.store.save(job, hold=False)
    assert await here.take(now=later - SECOND) == ()
    moved = due().model_copy(update={"due": later})
    assert await here.taken(now=later) == Job(schedule(), moved, later, "open", POST, fence=3)


async def test_nothing_else_is_posted_anyway(here: World) -> None:
    await here.made()
    assert not await here.store.post_anyway(ID, due().name, NOW)
    job = replace(await here.taken(), state="open", post=POST)
    await here.store.save(job, hold=True)
    assert not await here.store.post_anyway(ID, due().name, NOW)
    assert not await here.store.post_anyway(ID, due(1).name, NOW)
    # Never begun: there is nothing to post.
    await here.store.save(replace(job, state="refused", post=None), hold=True)
    assert not await here.store.post_anyway(ID, due().name, NOW)


@pytest.mark.parametrize("state", OVER)
async def test_what_is_long_over_is_forgotten(here: World, state: State) -> None:
    await here.made(schedule(1), schedule(2), schedule(3))
    one, two, _ = await here.take()
    await here.store.begin(replace(one, state=state), Opening(due(1)), hold=False)
    await here.store.begin(replace(two, state="open"), Opening(due(1)), hold=False)
    await here.store.forget_before(NOW)
    assert len((await here.store.records(1, NOW))[ID]) == 2
    await here.store.forget_before(NOW + SECOND)
    assert [[record.state for record in of] for of in (await here.store.records(1, NOW)).values()] == [
        ["waiting"],
        ["open", "waiting"],
        ["waiting"],
    ]


# ------------------------------------------------------------------ suggestions


async def test_suggestions_are_kept_the_oldest_first(here: World) -> None:
    made = [
        await here.store.suggest(1, "a", question, milestone)
        for question, milestone in [("Why 'so'? \U0001f3a8", None), ("And then?", "part-2")]
    ]
    others = [await here.store.suggest(1, "b", "q", None), await here.store.suggest(2, "a", "q", None)]
    assert len({one.id for one in made + others}) == 4
    assert made[0] == Suggestion(made[0].id, "Why 'so'? \U0001f3a8", None, approved=False)
    assert await here.store.suggestions(1, "a") == tuple(made)
    assert await here.store.suggestions(2, "b") == ()
    await here.store.approve(1, made[0].id, None)
    assert [one.id for one in await here.store.suggestions(1, "a")] == [one.id for one in made]


async def test_a_suggestion_is_approved_for_those_who_have_read_so_far(here: World) -> None:
    made = await here.store.suggest(1, "a", "q", "part-1")
    assert not await here.store.approve(2, made.id, None)
    assert await here.store.suggestions(1, "a") == (made,)
    for milestone in ("part-2", None):
        assert await here.store.approve(1, made.id, milestone)
        assert await here.store.suggestions(1, "a") == (replace(made, approved=True, milestone=milestone),)


async def test_a_suggestion_is_rejected_by_its_server_and_its_number_is_not_given_again(here: World) -> None:
    made = await here.store.suggest(1, "a", "q", None)
    assert not await here.store.reject(2, made.id)
    assert await here.store.reject(1, made.id)
    assert not await here.store.reject(1, made.id)
    assert not await here.store.approve(1, made.id, None)
    assert (await here.store.suggest(1, "a", "r", None)).id > made.id
