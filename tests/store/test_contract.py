"""What every Store must do, whatever it writes to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.club.memory import Memory
from bot.club.ports import Server, Standing, Store, Used
from bot.store.opening import open_store

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
LARGEST = 2**63 - 1
HOSTILE = [
    "'; DROP TABLE progress; --",
    'part "one"',
    "%s ? :name {0} \\",
    "Ünï\u0308 \U0001f4da \u202eesrever",
    "line\nbreak\ttab\r",
    "",
    " spaced ",
    "NULL",
    "x" * 4000,
]


@asynccontextmanager
async def opened(where: Path | str) -> AsyncIterator[Store]:
    store = await open_store(where)
    yield store
    await store.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str | None:
    """None: in memory."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("database")
        return url
    return tmp_path / "data" if request.param == "sqlite" else None


@pytest.fixture
async def store(anywhere: Path | str | None) -> AsyncIterator[Store]:
    if anywhere is None:
        yield Memory()
        return
    async with opened(anywhere) as made:
        yield made


async def test_a_new_store_has_nothing(store: Store) -> None:
    assert await store.progress(1, "a") is None
    assert await store.last_used(1) is None
    assert await store.server(1) == Server(None, None, "veil", "UTC", hides=False)
    assert await store.ceiling(1, "a") is None
    assert await store.ceilings(1, "a") == {}
    assert await store.watched() == frozenset()
    assert await store.watched(1) == frozenset()
    assert await store.used(1, "a") == frozenset()


async def test_how_a_member_stands_is_one_look_at_it_all(store: Store) -> None:
    assert await store.standing(1, 2, 3, "a") == Standing()
    assert await store.standing(1, None, 3, None) == Standing()
    await store.set_progress(1, "a", "part-2", NOW)
    await store.set_progress(1, "b", "part-3", NOW)
    await store.set_ceiling(2, 3, "a", "part-1")
    settings = await store.change_server(2, lambda old: replace(old, book="a", spoilers="withhold"))
    assert await store.standing(1, 2, 3, None) == Standing(settings, None, "part-1", "part-2")
    assert await store.standing(1, 2, 3, "b") == Standing(settings, None, None, "part-3")
    assert await store.standing(1, 2, 4, "a") == Standing(settings, None, None, "part-2")
    assert await store.standing(5, 2, 3, "a") == Standing(settings, None, "part-1", None)
    assert await store.standing(1, 9, 3, None) == Standing()
    # Alone, the last book and the settings of the last server count.
    assert await store.standing(1, None, 7, None) == Standing()
    await store.note_used(1, Used("b", 2), NOW)
    assert await store.standing(1, None, 7, None) == Standing(settings, Used("b", 2), None, "part-3")
    await store.note_used(1, Used("b", None), NOW)
    assert await store.standing(1, None, 7, None) == Standing(Server(), Used("b", None), None, "part-3")


async def test_progress_is_overwritten_and_cleared(store: Store) -> None:
    await store.set_progress(1, "a", "part-1", NOW)
    await store.set_progress(1, "a", "part-2", NOW)
    assert await store.progress(1, "a") == "part-2"
    await store.set_progress(1, "a", "part-1", NOW)
    assert await store.progress(1, "a") == "part-1"
    await store.set_progress(1, "a", None, NOW)
    assert await store.progress(1, "a") is None
    await store.set_progress(1, "a", None, NOW)
    await store.set_progress(1, "a", "part-3", NOW)
    assert await store.progress(1, "a") == "part-3"


async def test_progress_is_of_one_member_and_one_book(store: Store) -> None:
    await store.set_progress(1, "a", "one", NOW)
    await store.set_progress(2, "a", "two", NOW)
    await store.set_progress(1, "b", "three", NOW)
    assert await store.progress(2, "b") is None
    await store.set_progress(1, "a", None, NOW)
    assert [await store.progress(*of) for of in [(1, "a"), (2, "a"), (1, "b")]] == [None, "two", "three"]


async def test_last_used_is_the_last(store: Store) -> None:
    await store.note_used(1, Used("a", 7), NOW)
    await store.note_used(2, Used("a", None), NOW)
    assert await store.last_used(1) == Used("a", 7)
    assert await store.last_used(2) == Used("a", None)
    await store.note_used(1, Used("b", None), NOW)
    # The last that was noted, even if the clock was set back.
    await store.note_used(2, Used("b", 8), NOW - timedelta(days=1))
    assert await store.last_used(1) == Used("b", None)
    assert await store.last_used(2) == Used("b", 8)


async def test_using_the_bot_is_no_progress(store: Store) -> None:
    await store.note_used(1, Used("a", 7), NOW)
    assert await store.progress(1, "a") is None
    await store.set_progress(2, "a", "one", NOW)
    assert await store.last_used(2) is None


async def test_any_zone_will_do(store: Store) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    await store.set_progress(1, "a", "one", there)
    await store.note_used(1, Used("a", 7), there)
    assert await store.progress(1, "a") == "one"


async def test_every_setting_of_a_server_is_kept(store: Store) -> None:
    settings = Server("a", 5, "withhold", "America/Argentina/Buenos_Aires", hides=True)
    assert await store.change_server(1, lambda _: settings) == settings
    assert await store.server(1) == settings
    assert await store.server(2) == Server()
    assert await store.change_server(1, lambda _: Server()) == Server()
    assert await store.server(1) == Server()


async def test_a_change_is_given_what_is_set(store: Store) -> None:
    given: list[Server] = []

    def change(server: Server) -> Server:
        given.append(server)
        return replace(server, book="a")

    await store.change_server(1, lambda server: replace(server, timezone="Europe/Oslo"))
    await store.change_server(1, change)
    await store.change_server(2, change)
    assert given == [Server(timezone="Europe/Oslo"), Server()]
    assert await store.server(1) == Server("a", timezone="Europe/Oslo")


@pytest.mark.parametrize("before", [Server(), Server("a")])
async def test_a_change_that_fails_changes_nothing(store: Store, before: Server) -> None:
    def change(_: Server) -> Server:
        raise LookupError("no")

    if before != Server():
        await store.change_server(1, lambda _: before)
    with pytest.raises(LookupError, match="no"):
        await store.change_server(1, change)
    assert await store.server(1) == before
    assert await store.change_server(1, lambda server: replace(server, hides=True)) == replace(
        before, hides=True
    )


async def test_no_change_is_lost_among_many(store: Store) -> None:
    def add(server: Server) -> Server:
        return replace(server, moderators=(server.moderators or 0) + 1)

    answers = await asyncio.gather(*(store.change_server(n % 2, add) for n in range(100)))
    assert [(await store.server(n)).moderators for n in (0, 1)] == [50, 50]
    assert sorted(answer.moderators or 0 for answer in answers) == sorted([*range(1, 51)] * 2)


# PostgreSQL writes several at a time, and which of them comes last is not known.
@pytest.mark.parametrize("anywhere", ["memory", "sqlite"], indirect=True)
async def test_of_many_at_once_the_last_that_began_stays(store: Store) -> None:
    await asyncio.gather(*(store.set_progress(1, "a", f"part-{n}", NOW) for n in range(50)))
    assert await store.progress(1, "a") == "part-49"


async def test_ceilings_are_of_one_channel_and_one_book(store: Store) -> None:
    await store.set_ceiling(1, 10, "a", "one")
    await store.set_ceiling(1, 11, "a", "two")
    await store.set_ceiling(1, 10, "b", "three")
    await store.set_ceiling(2, 20, "a", "four")
    assert await store.ceilings(1, "a") == {10: "one", 11: "two"}
    assert await store.ceilings(1, "b") == {10: "three"}
    assert await store.ceilings(2, "a") == {20: "four"}
    assert await store.ceilings(2, "b") == {}
    assert await store.ceiling(10, "a") == "one"
    assert await store.ceiling(20, "b") is None


async def test_a_ceiling_is_overwritten_and_cleared(store: Store) -> None:
    await store.set_ceiling(1, 10, "a", "one")
    await store.set_ceiling(1, 10, "b", "one")
    await store.set_ceiling(1, 10, "a", "two")
    assert await store.ceiling(10, "a") == "two"
    await store.set_ceiling(1, 10, "a", None)
    assert await store.ceiling(10, "a") is None
    assert await store.ceiling(10, "b") == "one"
    await store.set_ceiling(1, 10, "a", None)


async def test_a_channel_is_of_the_server_that_it_was_last_set_for(store: Store) -> None:
    await store.set_ceiling(1, 10, "a", "one")
    await store.set_ceiling(2, 10, "a", "one")
    await store.set_watched(1, 10, watched=True)
    await store.set_watched(2, 10, watched=True)
    assert await store.ceilings(1, "a") == {}
    assert await store.ceilings(2, "a") == {10: "one"}
    assert await store.watched(1) == frozenset()
    assert await store.watched(2) == {10}


async def test_watches_begin_and_end(store: Store) -> None:
    for server, channel in [(1, 10), (1, 11), (2, 20), (1, 10)]:
        await store.set_watched(server, channel, watched=True)
    assert await store.watched() == {10, 11, 20}
    assert await store.watched(1) == {10, 11}
    assert await store.watched(3) == frozenset()
    await store.set_watched(1, 10, watched=False)
    await store.set_watched(1, 10, watched=False)
    assert await store.watched() == {11, 20}
    assert isinstance(await store.watched(), frozenset)


async def test_a_prompt_is_had_once_in_a_round(store: Store) -> None:
    assert await store.mark_used(1, "a", "p") is True
    assert await store.mark_used(1, "a", "p") is False
    assert await store.mark_used(1, "a", "q") is True
    assert await store.mark_used(2, "a", "p") is True
    assert await store.mark_used(1, "b", "p") is True
    assert await store.used(1, "a") == {"p", "q"}
    assert await store.used(2, "a") == {"p"}
    assert await store.used(2, "b") == frozenset()


async def test_a_round_of_some_prompts_begins_anew(store: Store) -> None:
    for of in [(1, "a", "p"), (1, "a", "q"), (1, "b", "p"), (2, "a", "p")]:
        await store.mark_used(*of)
    assert await store.mark_used(1, "a", "r", {"p", "never had"}) is False
    assert await store.mark_used(1, "a", "q", {"p"}) is False
    assert await store.used(1, "a") == {"p", "q"}
    assert await store.mark_used(1, "a", "p", {"p", "q"}) is True
    assert await store.used(1, "a") == {"p"}
    assert await store.mark_used(1, "a", "q", ["p"]) is True
    assert await store.used(1, "a") == {"q"}
    assert await store.used(1, "b") == {"p"}
    assert await store.used(2, "a") == {"p"}


async def test_of_many_who_begin_a_round_one_does(store: Store) -> None:
    await store.mark_used(1, "a", "p")
    told = await asyncio.gather(*(store.mark_used(1, "a", "q", ["p"]) for _ in range(20)))
    assert sum(told) == 1
    assert await store.used(1, "a") == {"q"}


async def test_a_round_may_be_long(store: Store) -> None:
    prompts = [f"prompt-{n}" for n in range(500)]
    for prompt in prompts:
        await store.mark_used(1, "a", prompt)
    assert await store.mark_used(1, "a", "prompt-0", prompts)
    assert await store.used(1, "a") == {"prompt-0"}


async def test_of_many_who_mark_a_prompt_one_is_told_that_it_is_new(store: Store) -> None:
    told = await asyncio.gather(*(store.mark_used(1, "a", f"p{n % 3}") for n in range(60)))
    assert [sum(told[n::3]) for n in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("number", [0, 1, 2**53 + 1, LARGEST - 1, LARGEST])
async def test_ids_are_exact(store: Store, number: int) -> None:
    other = number - 1 if number else 1
    await store.set_progress(number, "a", "one", NOW)
    await store.note_used(number, Used("a", number), NOW)
    await store.change_server(number, lambda server: replace(server, moderators=number))
    await store.set_ceiling(number, number, "a", "one")
    await store.set_watched(number, number, watched=True)
    await store.mark_used(number, "a", "p")
    assert await store.progress(number, "a") == "one"
    assert await store.last_used(number) == Used("a", number)
    assert (await store.server(number)).moderators == number
    assert await store.ceilings(number, "a") == {number: "one"}
    assert await store.watched(number) == {number}
    assert await store.used(number, "a") == {"p"}
    assert await store.progress(other, "a") is None
    assert await store.ceiling(other, "a") is None
    assert await store.used(other, "a") == frozenset()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    await store.set_progress(1, text, text, NOW)
    await store.note_used(1, Used(text, 7), NOW)
    await store.change_server(1, lambda server: replace(server, book=text, timezone=text))
    await store.set_ceiling(1, 10, text, text)
    await store.mark_used(1, text, text)
    assert await store.progress(1, text) == text
    assert await store.last_used(1) == Used(text, 7)
    assert await store.server(1) == Server(text, timezone=text)
    assert await store.ceiling(10, text) == text
    assert await store.ceilings(1, text) == {10: text}
    assert await store.used(1, text) == {text}
    assert await store.progress(1, text + " ") is None
    assert await store.mark_used(1, text, text, [text])
    assert await store.used(1, text) == {text}


async def test_upper_and_lower_case_are_two(store: Store) -> None:
    await store.set_progress(1, "a", "one", NOW)
    assert await store.progress(1, "A") is None
    assert await store.mark_used(1, "a", "p")
    assert await store.mark_used(1, "a", "P")


async def test_all_is_there_after_closing(where: Path | str) -> None:
    async with opened(where) as store:
        await store.set_progress(1, "a", "one", NOW)
        await store.note_used(1, Used("a", 7), NOW)
        await store.change_server(7, lambda server: replace(server, hides=True, spoilers="withhold"))
        await store.set_ceiling(7, 10, "a", "one")
        await store.set_watched(7, 10, watched=True)
        await store.mark_used(10, "a", "p")
    async with opened(where) as store:
        assert await store.progress(1, "a") == "one"
        assert await store.last_used(1) == Used("a", 7)
        assert await store.server(7) == Server(hides=True, spoilers="withhold")
        assert await store.ceilings(7, "a") == {10: "one"}
        assert await store.watched() == {10}
        assert await store.mark_used(10, "a", "p") is False


async def test_two_bots_on_one_database_lose_nothing(where: Path | str) -> None:
    def add(server: Server) -> Server:
        return replace(server, moderators=(server.moderators or 0) + 1)

    async with opened(where) as one, opened(where) as two:
        await asyncio.gather(*(store.change_server(1, add) for _ in range(30) for store in (one, two)))
        told = await asyncio.gather(
            *(store.mark_used(1, "a", f"p{n}") for n in range(30) for store in (one, two))
        )
        assert (await one.server(1)).moderators == (await two.server(1)).moderators == 60
        assert [told[n] + told[n + 1] for n in range(0, 60, 2)] == [1] * 30


async def test_who_gives_up_waiting_stops_nobody(where: Path | str) -> None:
    async with opened(where) as store:
        for n in range(100):
            writing = asyncio.ensure_future(store.set_progress(n, "a", "one", NOW))
            reading = asyncio.ensure_future(store.progress(n, "a"))
            await asyncio.sleep(n / 100_000)
            writing.cancel()
            reading.cancel()
            await asyncio.gather(writing, reading, return_exceptions=True)
        async with asyncio.timeout(2):
            await store.set_progress(1000, "a", "one", NOW)
            assert await store.progress(1000, "a") == "one"
