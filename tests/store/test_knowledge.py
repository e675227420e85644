"""What every KnowledgeStore must do, whatever it writes to."""

import asyncio
from dataclasses import replace

import pytest

from bot.book.entries import Fact, Piece, PlotPoint, Quote, View
from bot.book.overlay import Change, Conflict, Edit, Edited, Hidden, Overlay, Revision
from bot.club.ports import Standing, Store, Used
from tests.store.timetable import HOUR, NOW

pytestmark = pytest.mark.parametrize("place", ["memory", "sqlite", "postgres"], indirect=True)

HIDDEN = Hidden("0123456789abcdef")
TEXT = (Piece(text="It is so; isn't it? 100 % \U0001f4da"), Piece(text="More.", reveals="part-two"))


def fact(name: str, text: str = "It is so.") -> Edited:
    return Edited(
        Fact(id=name, topic="A topic", asks=("who is it",), answer=(Piece(text=text),), sources=("us",)),
        "base",
    )


async def revise(
    store: Store, *changes: Change, server: int = 1, book: str = "a", author: int = 7
) -> Revision | Conflict:
    return await store.revise(server, book, changes, author, "Edited", NOW)


async def revised(store: Store, *changes: Change, server: int = 1, book: str = "a") -> Revision:
    made = await revise(store, *changes, server=server, book=book)
    assert isinstance(made, Revision), made
    return made


async def test_a_new_store_has_no_edits(store: Store) -> None:
    assert await store.overlay(1, "a") == Overlay() == await store.overlay(1, "a", 3)
    assert await store.history(1, "a", 10) == ()
    assert await store.readers("a") == await store.readers(None) == {}


async def test_each_revision_is_there_for_good(store: Store) -> None:
    first, second = fact("kathy"), fact("kathy", "It is not so.")
    steps: list[tuple[tuple[Change, ...], dict[str, Edit]]] = [
        ((Change("kathy", None, first), Change("bus", None, HIDDEN)), {"kathy": first, "bus": HIDDEN}),
        ((Change("kathy", first, second),), {"kathy": second, "bus": HIDDEN}),
        ((Change("bus", HIDDEN, None),), {"kathy": second}),
        ((Change("kathy", second, Hidden(None)),), {"kathy": Hidden(None)}),
        ((Change("bus", None, first), Change("kathy", Hidden(None), None)), {"bus": first}),
    ]
    for number, (changes, _) in enumerate(steps, 1):
        made = await store.revise(1, "a", changes, 7, f"What {number}", NOW + number * HOUR)
        in_order = tuple(sorted(changes, key=lambda change: change.entry))
        assert made == Revision(number, NOW + number * HOUR, 7, f"What {number}", in_order)
    stands = [{}, *(after for _, after in steps)]
    for number, after in enumerate(stands):
        assert await store.overlay(1, "a", number) == Overlay(after, number)
    assert await store.overlay(1, "a") == Overlay(stands[-1], 5) == await store.overlay(1, "a", 6)


async def test_every_sort_of_entry_comes_back_as_it_was(store: Store) -> None:
    of = {"topic": "A topic", "asks": ("who is it", "what is it"), "sources": ("us",)}
    entries = (
        Fact.model_validate({**of, "id": "fact", "answer": TEXT, "medium": "film"}),
        Quote.model_validate(
            {**of, "id": "quote", "quote": TEXT[:1], "said_by": "Kathy", "where": "Chapter 1"}
        ),
        PlotPoint.model_validate({**of, "id": "plot", "text": TEXT[1:]}),
        View.model_validate({**of, "id": "view", "view": TEXT[:1], "by": "A critic", "about": "acting"}),
    )
    made = await revised(store, *(Change(one.id, None, Edited(one, "base")) for one in entries))
    assert (await store.overlay(1, "a")).edits == {one.id: Edited(one, "base") for one in entries}
    assert await store.history(1, "a", 1) == (made,)


async def test_what_others_have_edited_since_is_not_overwritten(store: Store) -> None:
    mine, theirs = fact("kathy", "Mine."), fact("kathy", "Theirs.")
    await revised(store, Change("kathy", None, theirs))
    late = await revise(store, Change("bus", None, HIDDEN), Change("kathy", None, mine))
    assert late == Conflict({"kathy": theirs})
    assert await revise(store, Change("bus", HIDDEN, None)) == Conflict({"bus": None})
    assert await store.overlay(1, "a") == Overlay({"kathy": theirs}, 1)
    assert len(await store.history(1, "a", 10)) == 1
    assert (await revised(store, Change("kathy", theirs, mine))).number == 2


async def test_a_first_revision_that_is_refused_leaves_nothing(store: Store) -> None:
    assert await revise(store, Change("bus", HIDDEN, None)) == Conflict({"bus": None})
    assert await store.known_servers() == frozenset()


async def test_edits_are_of_one_server_and_one_book(store: Store) -> None:
    places = [(1, "a"), (2, "a"), (1, "b"), (2**63 - 1, "a")]
    for number, (server, book) in enumerate(places):
        made = await revised(store, Change("bus", None, fact("bus", str(number))), server=server, book=book)
        assert made.number == 1
    for number, (server, book) in enumerate(places):
        assert await store.overlay(server, book) == Overlay({"bus": fact("bus", str(number))}, 1)
        (only,) = await store.history(server, book, 10)
        assert only.changes == (Change("bus", None, fact("bus", str(number))),)
    assert await store.overlay(2, "b") == Overlay()


async def test_history_is_looked_through_page_by_page(store: Store) -> None:
    made = [
        await revised(
            store,
            Change("bus", HIDDEN if number else None, HIDDEN),
            *([Change("kathy", None, None)] if number % 3 == 0 else []),
        )
        for number in range(8)
    ]
    newest = tuple(reversed(made))
    assert await store.history(1, "a", 3) == newest[:3]
    assert await store.history(1, "a", 3, before=newest[2].number) == newest[3:6]
    assert await store.history(1, "a", 30, before=1) == ()
    assert [one.number for one in await store.history(1, "a", 2, entry="kathy")] == [7, 4]
    assert [one.number for one in await store.history(1, "a", 2, before=4, entry="kathy")] == [1]
    assert await store.history(1, "a", 10, entry="kath") == ()


async def test_of_many_who_edit_an_entry_at_once_one_does(store: Store) -> None:
    told = await asyncio.gather(
        *(revise(store, Change("bus", None, fact("bus", str(number)))) for number in range(8))
    )
    (made,) = (one for one in told if isinstance(one, Revision))
    stands = {"bus": made.changes[0].after}
    assert [one.now for one in told if isinstance(one, Conflict)] == [stands] * 7
    assert await store.overlay(1, "a") == Overlay({"bus": fact("bus", str(told.index(made)))}, 1)


async def test_many_who_edit_other_entries_at_once_come_one_after_the_other(store: Store) -> None:
    told = await asyncio.gather(*(revised(store, Change(f"e{number}", None, HIDDEN)) for number in range(8)))
    assert sorted(one.number for one in told) == list(range(1, 9))
    assert await store.overlay(1, "a") == Overlay({f"e{number}": HIDDEN for number in range(8)}, 8)


async def test_a_whole_file_is_one_revision(store: Store) -> None:
    made = await revised(store, *(Change(f"e{number}", None, HIDDEN) for number in range(1200)))
    assert await store.history(1, "a", 1) == (made,)
    assert len((await store.overlay(1, "a")).edits) == 1200
    assert (await revised(store)).number == 2


async def test_how_a_member_stands_tells_the_revision(store: Store) -> None:
    for server, book in [(1, "a"), (1, "a"), (1, "b"), (2, "a")]:
        await revised(store, server=server, book=book)
    settings = await store.change_server(1, lambda old: replace(old, book="a"))
    assert await store.standing(5, 1, 3, None) == Standing(settings, revision=2)
    assert await store.standing(5, 1, 3, "b") == Standing(settings, revision=1)
    assert await store.standing(5, 1, 3, "c") == Standing(settings)
    assert await store.standing(5, 2, 3, None) == Standing()
    assert await store.standing(5, 2, 3, "a") == Standing(revision=1)
    # Alone, it is the one of where they last were.
    assert await store.standing(5, None, 3, "a") == Standing()
    await store.note_used(5, Used("b", 1), NOW)
    assert await store.standing(5, None, 3, None) == Standing(settings, Used("b", 1), revision=1)
    assert await store.standing(5, None, 3, "a") == Standing(settings, Used("b", 1), revision=2)


async def test_readers_are_those_who_have_chosen_the_book(store: Store) -> None:
    await store.change_server(1, lambda old: replace(old, book="a", notices=10))
    await store.change_server(2, lambda old: replace(old, book="a"))
    await store.change_server(3, lambda old: replace(old, book="b", notices=30))
    await store.change_server(4, lambda old: replace(old, hides=True))
    assert await store.readers("a") == {1: 10, 2: None}
    assert await store.readers("b") == {3: 30}
    assert await store.readers("c") == {}
    assert await store.readers(None) == {4: None}
