"""What every PrivacyStore must do, whatever it writes to."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.book.overlay import Change, Hidden, Overlay
from bot.book.schedules import Scheduled
from bot.club.ports import Server, Standing, Store, Used
from tests.store.timetable import HOUR, NOW, due, schedule

pytestmark = pytest.mark.parametrize("place", ["memory", "sqlite", "postgres"], indirect=True)

ALICE, BOB = 7, 77
AT = NOW.isoformat()


async def fill(store: Store, server: int = 1, member: int = ALICE) -> None:
    """Something everywhere, of a server and of a member; channels are numbered from ten times the server."""
    channel = server * 10
    await store.change_server(server, lambda old: replace(old, book="a"))
    await store.set_ceiling(server, channel, "a", "part-one")
    await store.set_watched(server, channel + 1, watched=True)
    made = schedule(server, server, channel + 2).model_copy(update={"author": member})
    await store.add_schedule(Scheduled(made, due()))
    for place in range(channel, channel + 4):
        await store.mark_used(place, "a", "p")
    await store.suggest(server, "a", "What if?", None)
    await store.revise(server, "a", (Change("bus", None, Hidden(None)),), member, "Removed", NOW)
    await store.note_miss(server, "a", member, "who is it", NOW, not_meant=False)
    await store.settle_misses(server, "a", (), "lol")
    await store.contribute(server, "a", member, "fact", "So it is.", NOW, where="Here", milestone="part-one")
    await store.set_progress(member, "a", "part-one", NOW)
    await store.note_used(member, Used("a", server), NOW)


async def held(store: Store, member: int) -> Mapping[str, list[dict[str, object]]]:
    """What is held. Memory does not keep when a member said how far they are, nor when they were here."""
    found: dict[str, list[dict[str, object]]] = json.loads(json.dumps(await store.held_on(member)))
    assert all(row.pop("at", AT) == AT for sort in ("last used", "progress") for row in found[sort])
    return found


NOTHING: Mapping[str, list[dict[str, object]]] = {
    sort: [] for sort in ("last used", "progress", "missed questions", "suggestions", "edits", "schedules")
}


async def test_a_member_is_told_all_that_is_held_on_them(store: Store) -> None:
    assert await held(store, ALICE) == NOTHING
    await fill(store, 1, ALICE)
    await fill(store, 2, BOB)
    assert await held(store, ALICE) == {
        "last used": [{"book": "a", "server": 1}],
        "progress": [{"book": "a", "milestone": "part-one"}],
        "missed questions": [
            {"server": 1, "book": "a", "question": "who is it", "at": AT, "not_meant": False}
        ],
        "suggestions": [
            {
                "server": 1,
                "book": "a",
                "sort": "fact",
                "text": "So it is.",
                "where": "Here",
                "milestone": "part-one",
                "entry": None,
                "at": AT,
            }
        ],
        "edits": [{"server": 1, "book": "a", "number": 1, "what": "Removed", "at": AT}],
        "schedules": [{"id": schedule(1).id, "server": 1, "channel": 12}],
    }


async def test_what_the_club_goes_on_using_stays_and_names_nobody(store: Store) -> None:
    await fill(store, 1, ALICE)
    await fill(store, 2, BOB)
    bobs = await held(store, BOB)
    await store.forget_member(ALICE)
    await store.forget_member(ALICE)
    assert await held(store, ALICE) == NOTHING
    assert await held(store, BOB) == bobs
    assert await store.progress(ALICE, "a") is None
    assert await store.last_used(ALICE) is None
    assert await store.misses(1, "a", NOW) == ()
    (suggested,) = await store.contributions(1, "a")
    assert (suggested.member, suggested.text) == (None, "So it is.")
    (revision,) = await store.history(1, "a", 10)
    assert (revision.author, revision.what, revision.number) == (None, "Removed", 1)
    assert await store.overlay(1, "a") == Overlay({"bus": Hidden(None)}, 1)
    (mine,) = await store.schedules(1)
    assert mine == Scheduled(schedule(1, 1, 12).model_copy(update={"author": 0}), due())
    (job,) = (await store.take("w", NOW, 1)).jobs
    assert job.schedule.author == 0
    await store.note_miss(1, "a", ALICE, "and now?", NOW, not_meant=False)
    assert len((await held(store, ALICE))["missed questions"]) == 1


async def test_nothing_is_forgotten_of_a_server_that_is_back_in_time(store: Store) -> None:
    await fill(store)
    await store.note_left([1, 2], NOW)
    await store.note_left([], NOW)
    assert await store.forget_left(NOW) == frozenset()
    await store.note_back([])
    await store.note_back([1, 3])
    assert await store.forget_left(NOW + HOUR) == {2}
    assert await store.forget_left(NOW + HOUR) == frozenset()
    assert await store.overlay(1, "a") == Overlay({"bus": Hidden(None)}, 1)
    assert await store.known_servers() == {1}


async def test_the_moment_when_it_was_first_found_gone_counts(store: Store) -> None:
    await store.note_left([1], NOW)
    await store.note_left([1, 2], NOW + HOUR)
    assert await store.forget_left(NOW + HOUR) == {1}
    await store.note_left([1], NOW + HOUR)
    assert await store.forget_left(NOW + HOUR) == frozenset()


async def test_all_is_forgotten_of_servers_that_were_left(store: Store) -> None:
    for server, member in [(1, ALICE), (2, ALICE), (3, BOB)]:
        await fill(store, server, member)
    await store.note_left([2, 3], NOW)
    assert await store.forget_left(NOW + HOUR) == {2, 3}
    assert await store.known_servers() == {1}
    for server in (2, 3):
        channel = server * 10
        assert await store.server(server) == Server()
        assert await store.ceilings(server, "a") == {}
        assert await store.schedules(server) == ()
        assert await store.suggestions(server, "a") == ()
        assert await store.overlay(server, "a") == Overlay()
        assert await store.history(server, "a", 10) == ()
        assert await store.misses(server, "a", NOW) == ()
        assert await store.dismissed(server, "a") == ()
        assert await store.contributions(server, "a") == ()
        # The last of them is a place of which nothing tells whose it is.
        had = [await store.used(place, "a") for place in range(channel, channel + 4)]
        assert had == [frozenset()] * 3 + [{"p"}]
    assert await store.watched() == {11}
    # What members have read is theirs.
    assert await store.standing(BOB, None, 30, "a") == Standing(last=Used("a", None), progress="part-one")
    assert await store.used(10, "a") == {"p"}
    (job,) = (await store.take("w", NOW, 9)).jobs
    assert job.schedule.server == 1
    (revision,) = await store.history(1, "a", 10)
    assert revision.author == ALICE


async def test_a_server_is_known_by_whatever_is_stored_of_it(store: Store) -> None:
    assert await store.known_servers() == frozenset()
    await store.change_server(1, lambda old: old)
    await store.set_ceiling(2, 20, "a", "part-one")
    await store.set_watched(3, 30, watched=True)
    await store.add_schedule(Scheduled(schedule(1, server=4), None))
    await store.suggest(5, "a", "What if?", None)
    await store.revise(6, "a", (), ALICE, "Edited", NOW)
    await store.note_miss(7, "a", ALICE, "who is it", NOW, not_meant=False)
    await store.settle_misses(8, "a", (), "lol")
    await store.contribute(9, "a", ALICE, "fact", "So it is.", NOW)
    await store.note_used(ALICE, Used("a", 10), NOW)
    await store.note_used(BOB, Used("a", None), NOW)
    await store.note_left([11], NOW)
    assert await store.known_servers() == set(range(1, 12))
