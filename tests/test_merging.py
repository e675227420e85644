"""A book under one server's edits: `bot/content/merging.py`."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.book import CLUB, Book
from bot.book.entries import Entry, Fact, PlotPoint
from bot.book.overlay import Edit, Edited, Hidden, Overlay, edit_text, mark_of, read_edit
from bot.book.spoilers import ranks_in
from bot.content.merging import merged
from tests.test_drafts import HEAD


def fact(name: str, topic: str, reveals: str | None = None) -> Fact:
    piece = {"text": f"{topic}.", **({"reveals": reveals} if reveals else {})}
    return Fact.model_validate({"id": name, "topic": topic, "answer": [piece], "sources": ("us",)})


def point(name: str, reveals: str) -> PlotPoint:
    piece = {"text": f"{name}.", "reveals": reveals}
    return PlotPoint.model_validate({"id": name, "topic": name, "text": [piece], "sources": ("us",)})


OWN: tuple[Entry, ...] = (
    fact("a", "Alpha"), fact("b", "Beta", "part-one"), point("p1", "part-one"), point("p2", "part-two")
)  # fmt: skip
BOOK = Book("tiny", HEAD, OWN)


def under(**edits: Edit) -> Overlay:
    return Overlay(edits, 1)


def ids(book: Book) -> list[str]:
    return [entry.id for entry in book.entries]


def test_an_edited_entry_stands_where_the_books_own_stood() -> None:
    found = merged(BOOK, under(b=Edited(fact("b", "Bravo"), mark_of(OWN[1]))))
    assert ids(found.book) == ids(BOOK)
    assert found.book.by_id["b"].topic == "Bravo"
    assert (set(found.gone), set(found.outdated), dict(found.unusable)) == ({"b"}, set(), {})


def test_a_hidden_entry_is_not_there_under_any_name() -> None:
    found = merged(BOOK, under(b=Hidden(mark_of(OWN[1])))).book
    assert ids(found) == ["a", "p1", "p2"]
    assert "b" not in found.by_id
    assert found.digest_of("b") not in found.by_digest
    assert list(ranks_in(found, "Beta")) == [0]
    assert list(ranks_in(BOOK, "Beta")) == [1]


def test_a_new_plot_point_is_told_in_its_turn() -> None:
    found = merged(BOOK, under(new=Edited(point("new", "part-one")))).book
    assert ids(found) == ["a", "b", "p1", "new", "p2"]
    first = merged(replace(BOOK, entries=OWN[:2]), under(new=Edited(point("new", "part-one")))).book
    assert set(ids(first)) == {"a", "b", "new"}


def test_an_edit_whose_entry_has_changed_since_says_so_and_still_stands() -> None:
    found = merged(BOOK, under(a=Edited(fact("a", "Ours"), "0" * 16), c=Edited(fact("c", "C"), "0" * 16)))
    assert found.outdated == {"a", "c"}
    assert found.book.by_id["a"].topic == "Ours"


def test_an_edit_that_no_longer_fits_the_book_leaves_the_books_own() -> None:
    ours = fact("b", "Ours", "part-two")
    one_part = replace(
        BOOK, head=HEAD.model_copy(update={"milestones": HEAD.milestones[:1]}), entries=OWN[:2]
    )
    found = merged(one_part, under(b=Edited(ours, mark_of(OWN[1]))))
    assert found.book is one_part
    assert "part-two" in found.unusable["b"]


def test_entries_of_a_servers_own_may_cite_the_club() -> None:
    ours = fact("new", "New").model_copy(update={"sources": (CLUB.id,)})
    found = merged(BOOK, under(new=Edited(ours))).book
    assert found.sources[CLUB.id].title == "The club's moderators"


def test_what_a_store_keeps_of_an_edit_is_the_edit(book: Book) -> None:
    for entry in (*OWN, *book.entries):
        for edit in (Edited(entry, mark_of(entry)), Edited(entry), Hidden(mark_of(entry)), Hidden()):
            assert read_edit(edit_text(edit)) == edit
    for text in (
        "",
        "[]",
        "{}",
        '{"kind": "poem", "base": null, "entry": {}}',
        '{"kind": "fact", "base": null}',
    ):
        assert read_edit(text) is None


EDITS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.one_of(
        st.builds(Hidden, st.none()),
        st.tuples(
            st.sampled_from(["Alpha", "Beta", "Gamma"]), st.sampled_from([None, "part-one", "part-two"])
        ),
    ),
)


@given(EDITS, st.permutations(["a", "b", "c", "d"]))
@settings(max_examples=80, deadline=None)
def test_a_merged_book_is_the_book_of_its_entries(
    edits: dict[str, Hidden | tuple[str, str | None]], order: list[str]
) -> None:
    made = {
        name: Edited(fact(name, *edit)) if isinstance(edit, tuple) else edit for name, edit in edits.items()
    }
    found = merged(BOOK, Overlay(made, 1)).book
    plain = Book(BOOK.slug, BOOK.head, found.entries)
    assert dict(found.by_id) == dict(plain.by_id)
    assert dict(found.by_digest) == dict(plain.by_digest)
    assert len(found.by_id) == len(plain.by_id)
    assert dict(found.topics) == dict(plain.topics)
    other = merged(BOOK, Overlay({name: made[name] for name in order if name in made}, 1)).book
    assert set(other.entries) == set(found.entries)
