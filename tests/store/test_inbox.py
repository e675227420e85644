"""What every InboxStore must do, whatever it writes to."""

from datetime import datetime, timedelta

import pytest

from bot.book.inbox import KEPT, Contribution, Miss
from bot.club.ports import Store
from tests.store.timetable import HOUR, NOW, SECOND

pytestmark = pytest.mark.parametrize("place", ["memory", "sqlite", "postgres"], indirect=True)


async def miss(store: Store, question: str, at: datetime = NOW, server: int = 1, book: str = "a") -> None:
    await store.note_miss(server, book, 7, question, at, not_meant=False)


async def missed(store: Store, server: int = 1, book: str = "a", since: datetime = NOW - KEPT) -> list[str]:
    return [one.question for one in await store.misses(server, book, since)]


async def test_misses_are_of_one_server_and_book_and_do_not_tell_who_asked(store: Store) -> None:
    assert await store.misses(1, "a", NOW) == ()
    await store.note_miss(1, "a", 7, "who is miss emily", NOW, not_meant=False)
    await store.note_miss(1, "a", 8, "who is miss emily", NOW + HOUR, not_meant=True)
    await miss(store, "another book", book="b")
    await miss(store, "another server", server=2**63 - 1)
    first, second = await store.misses(1, "a", NOW)
    assert first == Miss(first.id, "who is miss emily", NOW)
    assert second == Miss(second.id, "who is miss emily", NOW + HOUR, not_meant=True)
    assert await store.misses(1, "a", NOW + SECOND) == (second,)
    assert await missed(store, book="b") == ["another book"]
    assert await missed(store, 2**63 - 1) == ["another server"]


async def test_misses_are_kept_for_ninety_days(store: Store) -> None:
    ever = NOW - timedelta(days=999)
    await miss(store, "old", NOW - KEPT - SECOND)
    await miss(store, "old, elsewhere", NOW - KEPT - SECOND, server=2)
    await miss(store, "not quite", NOW - KEPT)
    assert await missed(store, since=ever) == ["old", "not quite"]
    await miss(store, "new", NOW)
    assert await missed(store, since=ever) == ["not quite", "new"]
    assert await missed(store, 2, since=ever) == []


async def test_settled_misses_are_gone(store: Store) -> None:
    for question in ("one", "two", "three"):
        await miss(store, question)
    await miss(store, "elsewhere", server=2)
    numbers = [one.id for one in await store.misses(1, "a", NOW)]
    elsewhere = [one.id for one in await store.misses(2, "a", NOW)]
    await store.settle_misses(1, "a", [*numbers[:2], *elsewhere, 2**63 - 1], None)
    assert (await missed(store), await missed(store, 2)) == (["three"], ["elsewhere"])
    await store.settle_misses(1, "a", [], None)
    await store.settle_misses(1, "b", numbers, None)
    assert await missed(store) == ["three"]
    await store.settle_misses(1, "a", numbers, "three")
    assert await missed(store) == []
    assert await store.dismissed(1, "a") == ("three",)
    await miss(store, "four")
    assert [one.id > numbers[-1] for one in await store.misses(1, "a", NOW)] == [True], (
        "no number comes again"
    )


async def test_what_was_dismissed_is_of_one_server_and_book(store: Store) -> None:
    assert await store.dismissed(1, "a") == ()
    for question in ("lol", "what's 100 % of _", "lol"):
        await store.settle_misses(1, "a", (), question)
    await store.settle_misses(2, "a", (), "elsewhere")
    assert await store.dismissed(1, "a") == ("lol", "what's 100 % of _", "lol")
    assert (await store.dismissed(2, "a"), await store.dismissed(1, "b")) == (("elsewhere",), ())


async def test_the_newest_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("bot.club.memory_curation", "bot.store.sql_inbox"):
        monkeypatch.setattr(f"{module}.MOST_MISSES", 3)
        monkeypatch.setattr(f"{module}.MOST_DISMISSED", 2)
    await miss(store, "elsewhere", server=2)
    await store.settle_misses(2, "a", (), "elsewhere")
    for number in range(5):
        await miss(store, str(number))
        await store.settle_misses(1, "a", (), str(number))
    assert (await missed(store), await missed(store, 2)) == (["2", "3", "4"], ["elsewhere"])
    assert (await store.dismissed(1, "a"), await store.dismissed(2, "a")) == (("3", "4"), ("elsewhere",))


async def test_what_members_suggest_waits_until_it_is_settled(store: Store) -> None:
    assert await store.contributions(1, "a") == ()
    whole = await store.contribute(
        1, "a", 7, "correction", "No.", NOW, where="Chapter 1", milestone="part-one", entry="kathy"
    )
    short = await store.contribute(1, "a", 2**63 - 1, "fact", "'; DROP TABLE contributions; --", NOW + HOUR)
    other = await store.contribute(1, "b", 7, "quote", "So?", NOW)
    assert whole == Contribution(whole.id, 7, "correction", "No.", "Chapter 1", "part-one", "kathy", NOW)
    assert short == Contribution(
        short.id, 2**63 - 1, "fact", "'; DROP TABLE contributions; --", None, None, None, NOW + HOUR
    )
    assert await store.contributions(1, "a") == (whole, short)
    assert await store.contributions(1, "b") == (other,)
    assert await store.contributions(2, "a") == ()

    assert await store.settle_contribution(2, whole.id) is None
    assert await store.settle_contribution(1, whole.id) == whole
    assert await store.settle_contribution(1, whole.id) is None
    assert await store.settle_contribution(1, 2**63 - 1) is None
    assert await store.settle_contribution(1, other.id) == other
    assert await store.contributions(1, "a") == (short,)
    assert (await store.contribute(1, "a", 7, "fact", "New.", NOW)).id > other.id, "no number comes again"
