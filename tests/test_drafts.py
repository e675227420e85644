"""Entries as moderators write them in Discord, send them as a file, and get them back as files."""

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.book.book import CLUB, Aspect, Book, BookHead, Milestone, Source
from bot.book.differences import difference
from bot.book.drafts import FIELD, Draft, Flaw
from bot.book.entries import Entry, Fact, Piece, PlotPoint, Quote, View
from bot.content.drafting import draft_of, new_id, read_draft
from bot.content.exporting import archive, exported
from bot.content.loading import load_book
from bot.content.reading import MAX_BYTES
from bot.content.uploading import read_upload

HEAD = BookHead(
    title="Tiny",
    milestones=(Milestone(id="part-one", title="Part One"), Milestone(id="part-two", title="Part Two")),
    sources=(Source(id="us", title="Us"), Source(id="them", title="Them")),
    aspects=(Aspect(id="acting", title="The acting"),),
)
KATHY = Fact(
    id="kathy",
    topic="Who plays Kathy",
    asks=("who plays kathy", "kathy's actress"),
    answer=(Piece(text="Carey Mulligan."), Piece(text="Later, too.", reveals="part-two")),
    sources=("us",),
    medium="film",
)
TINY = Book("tiny", HEAD, (KATHY,))
NEW = Draft(
    "fact", {"topic": "The music", "asks": "who wrote the music", "text": "Rachel Portman."}, sources=("us",)
)


def read(draft: Draft, book: Book = TINY) -> Entry:
    entry = read_draft(book, draft)
    assert not isinstance(entry, tuple), entry
    return entry


def flaws(draft: Draft, book: Book = TINY) -> str:
    entry = read_draft(book, draft)
    assert isinstance(entry, tuple)
    assert all(flaw.is_error for flaw in entry)
    return " ".join(f"{flaw.what} {flaw.remedy}" for flaw in entry)


def test_a_new_entry_gets_an_id_of_its_topic() -> None:
    entry = read(replace(NEW, reveals=None))
    assert (entry.id, entry.asks, entry.sources) == ("the-music", ("who wrote the music",), ("us",))
    assert new_id("The music", "fact", {"the-music"}) == "the-music-2"
    assert new_id("ÄÖ 漢字", "fact", ()) == "ao"
    assert new_id("漢字", "fact", {"fact"}) == "fact-2"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"texts": {**NEW.texts, "topic": "  "}}, "“Topic” is empty.", id="no topic"),
        pytest.param({"texts": {**NEW.texts, "topic": "a\u202eb"}}, "invisible character (U+202E)", id="bidi"),
        pytest.param({"texts": {**NEW.texts, "text": "a\x00b"}}, "invisible character (U+0000)", id="NUL"),
        pytest.param({"texts": {**NEW.texts, "text": "Now.\n[Part Nine]\nThen."}}, "Write one of Everybody, Part One, Part Two", id="no such part"),
        pytest.param({"texts": {**NEW.texts, "text": "X\n[Part Two]\nA\n[Part One]\nB"}}, "reveals less than the one above it", id="wrong order"),
        pytest.param({"texts": {**NEW.texts, "text": "[Part Two]\nA"}}, "before the first line in square brackets", id="brackets first"),
        pytest.param({"texts": {**NEW.texts, "asks": "a" * 201}}, "longer than 200 characters", id="long ask"),
        pytest.param({"reveals": False}, "It is not said who may read it.", id="nobody said who may read it"),
        pytest.param({"reveals": "part-nine"}, 'The book has no milestone "part-nine"', id="a part that has gone"),
        pytest.param({"sources": ()}, "An entry needs a source.", id="no source"),
        pytest.param({"sources": ("nobody",)}, 'The book has no source "nobody"', id="a source that has gone"),
        pytest.param({"kind": "plot"}, "A plot point must say which milestone it reveals", id="plot for everybody"),
    ],
)  # fmt: skip
def test_what_keeps_a_draft_from_being_an_entry(changed: dict[str, object], said: str) -> None:
    assert said in flaws(replace(NEW, **{"reveals": None, **changed}))  # type: ignore[arg-type]


def test_a_quote_is_thirty_words_and_says_where_and_who() -> None:
    texts = {"topic": "A line", "asks": "", "text": "word " * 31, "said_by": "Ruth", "where": ""}
    quote = Draft("quote", texts, reveals=None, sources=(CLUB.id,))
    assert "The quote has 31 words; 30 are allowed." in flaws(quote)
    entry = read(replace(quote, texts={**texts, "text": "[not a part] words", "where": "chapter 3"}))
    assert isinstance(entry, Quote)
    assert (entry.pieces[0].text, entry.said_by, entry.where) == ("[not a part] words", "Ruth", "chapter 3")


@pytest.mark.parametrize("typed", ["The acting", "acting", "the  ACTING"])
def test_a_view_names_an_aspect_as_members_see_it(typed: str) -> None:
    texts = {"topic": "On the acting", "asks": "", "text": "Fine.", "by": "Priya", "about": typed}
    entry = read(Draft("view", texts, reveals=None, sources=("us",)))
    assert isinstance(entry, View)
    assert entry.about == "acting"


def test_asks_that_do_not_fit_into_the_form_stay() -> None:
    asks = tuple(f"{number} {'x' * 180}" for number in range(60))
    entry = KATHY.model_copy(update={"asks": asks})
    draft = draft_of(entry, TINY)
    assert len(draft.texts["asks"]) <= FIELD
    assert read(draft, replace(TINY, entries=(entry,))) == entry


def test_an_entry_of_the_shipped_book_comes_back_from_its_form_as_it_was(book: Book) -> None:
    for entry in book.entries:
        assert difference(entry, read(draft_of(entry, book), book)) is None, entry.id


def test_a_difference_says_what_came_and_went_and_for_whom() -> None:
    changed = KATHY.model_copy(update={"asks": ("who plays kathy", "kathy"), "pieces": KATHY.pieces[:1]})
    found = difference(KATHY, changed)
    assert found is not None
    assert [(one.sign, one.name, one.text, one.reveals) for one in found.lines] == [
        ("-", "text", "Later, too.", "part-two"),
        ("-", "ask", "kathy's actress", "part-two"),
        ("+", "ask", "kathy", None),
    ]
    assert difference(KATHY, KATHY) is None
    assert difference(None, KATHY) != difference(KATHY, None)


def test_another_order_is_a_difference() -> None:
    pieces = (Piece(text="One."), Piece(text="Two."))
    one = KATHY.model_copy(update={"pieces": pieces})
    other = KATHY.model_copy(update={"pieces": pieces[::-1]})
    assert difference(one, other) is not None


# ------------------------------------------------------------------- files


def written(book: Book, folder: Path) -> Book:
    """The book as the loader reads its exported files."""
    for name, data in exported(book).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    loaded = load_book(folder / "knowledge" / book.slug, folder / "prompts" / f"{book.slug}.yaml")
    assert loaded.book is not None, loaded.problems
    return loaded.book


def test_the_shipped_book_is_the_same_after_an_export(book: Book, tmp_path: Path) -> None:
    again = written(book, tmp_path)
    assert set(again.entries) == set(book.entries)
    assert [one.id for one in again.entries if one.kind == "plot"] == [
        one.id for one in book.entries if one.kind == "plot"
    ]
    assert (again.head, again.prompts, again.unanswered) == (book.head, book.prompts, book.unanswered)


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=40
).filter(lambda text: text == text.strip() and text and "\ufeff" not in text)
PROSE = st.lists(NAMES, min_size=1, max_size=4).map("\n".join)


@st.composite
def entries(draw: st.DrawFn, name: str) -> Entry:
    given_: dict[str, object] = {
        "id": name,
        "topic": draw(NAMES),
        "asks": tuple(draw(st.lists(NAMES, max_size=3, unique=True))),
        "sources": ("us", CLUB.id) if draw(st.booleans()) else ("us",),
    }
    text = draw(
        PROSE | st.sampled_from(["no", "19:00", "%x", "# a", "a #b", "- a", "''", "|", "*a", "[Part One]"])
    )
    if draw(st.booleans()):
        return PlotPoint.model_validate({**given_, "text": [{"text": text, "reveals": "part-one"}]})
    later = [{"text": draw(PROSE), "reveals": "part-two"}] if draw(st.booleans()) else []
    return Fact.model_validate({**given_, "answer": [{"text": text}, *later]})


@given(
    st.lists(st.integers(0, 99), unique=True, min_size=1, max_size=4).flatmap(
        lambda numbers: st.tuples(*(entries(f"e-{number}") for number in numbers))
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_it_a_book_is_the_same_after_an_export(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Entry, ...]
) -> None:
    again = written(replace(TINY, entries=made), tmp_path_factory.mktemp("export"))
    assert set(again.entries) == set(made)


def test_an_export_is_a_zip_with_the_folders_that_its_files_belong_in() -> None:
    with zipfile.ZipFile(BytesIO(archive(TINY))) as packed:
        assert packed.namelist() == ["knowledge/tiny/book.yaml", "knowledge/tiny/facts.yaml"]
    assert archive(TINY) == archive(TINY)


def test_a_kind_too_large_for_one_file_is_spread_over_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.content.exporting.MAX_BYTES", 1000)
    many = tuple(KATHY.model_copy(update={"id": f"k-{at}"}) for at in range(10, 50))
    files = exported(replace(TINY, entries=many))
    assert "knowledge/tiny/facts-12.yaml" in files
    assert max(map(len, files.values())) <= 1000
    assert written(replace(TINY, entries=many), tmp_path).entries == many


def test_a_file_that_was_exported_can_be_sent_back(book: Book) -> None:
    for name, data in exported(book).items():
        stem = name.rpartition("/")[2]
        if stem in {"facts.yaml", "quotes.yaml", "plot.yaml", "views.yaml"}:
            read_again = read_upload(stem, data, book)
            assert read_again == tuple(one for one in book.entries if stem.startswith(one.kind[:4]))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        pytest.param("book.yaml", b"title: x", "I cannot take a file of the name", id="book.yaml"),
        pytest.param("../facts.yaml", b"", "I cannot take a file of the name", id="a path"),
        pytest.param("facts.yaml", b"", "The file is empty.", id="empty"),
        pytest.param("facts.yaml", b"\xff\xfe\x00", "saved as UTF-16", id="UTF-16"),
        pytest.param("facts.yaml", b"x" * (MAX_BYTES + 1), "larger than 1 MiB", id="too large"),
        pytest.param("facts.yaml", b"- id: a\n  topic: [", "facts.yaml line", id="cut short"),
        pytest.param("facts.yaml", b"- id: a\n  topic: T\n  answer: A\n  sources: [them, nobody]\n", 'facts.yaml line 4: The book has no source "nobody"', id="no such source"),
        pytest.param("facts.yaml", b"- &a {id: a}\n- *a\n", "facts.yaml line 1", id="an anchor"),
        pytest.param("quotes.yaml", b"- id: kathy\n  topic: T\n  quote: Q\n  said_by: R\n  sources: [us]\n", "of another kind", id="an id of another kind"),
    ],
)  # fmt: skip
def test_what_keeps_a_file_from_being_taken(name: str, data: bytes, said: str) -> None:
    found = read_upload(name, data, TINY)
    assert any(isinstance(one, Flaw) and said in one.what for one in found), found
