"""A server's own entries on the index that all share: `bot/answering/laying.py`."""

import pickle
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.engine import explain, is_small_talk
from bot.answering.grouping import alike_groups
from bot.answering.outcomes import Answer, Comparison, Found, Outcome, Suggestions, Unknown
from bot.book.book import Aspect, Book, BookHead, Name, Source
from bot.book.entries import Entry, Fact, View
from bot.book.overlay import Edit, Edited, Hidden, Overlay, mark_of
from bot.club.asking import Asking
from bot.content.merging import merged

HEAD = BookHead(
    title="Tiny",
    sources=(Source(id="us", title="Us"),),
    names=(Name(name="Kathy", aliases=("Kath",)), Name(name="Ruth")),
    aspects=(Aspect(id="acting", title="The acting", words=("cast",)),),
)


def fact(name: str, topic: str, *asks: str, text: str = "So it is.") -> Fact:
    piece = {"text": text}
    return Fact.model_validate(
        {"id": name, "topic": topic, "asks": asks, "answer": [piece], "sources": ["us"]}
    )


def view(name: str, by: str) -> View:
    return View.model_validate(
        {"id": name, "topic": f"{by} on the acting", "asks": [f"what does {by} think of the acting"],
         "view": [{"text": "Fine."}], "by": by, "about": "acting", "sources": ["us"]}
    )  # fmt: skip


OWN: tuple[Entry, ...] = (
    fact("kathy", "Who plays Kathy", "who plays kathy", "kathy's actress", "which actor is kathy"),
    fact("ruth", "Who plays Ruth", "who plays ruth", "ruth's actress", "which actor is ruth"),
    fact("author", "Who wrote the novel", "who wrote the novel", "author of the book", "whose novel is it"),
    fact(
        "year", "When the film came out", "when did the film come out", "release year", "how old is the film"
    ),
    view("minow", "minow"),
    view("priya", "priya"),
)
BOOK = Book("tiny", HEAD, OWN, unanswered=("who played the cello", "how much did the film cost to make"))
CELLO = fact(
    "cello", "The cello", "who plays the cello", "name of the cellist", "cello player in the score",
    text="Caroline Dale plays the violoncello.",
)  # fmt: skip


@pytest.fixture(scope="module")
def tiny() -> Asking:
    return Asking(BOOK)


def over(asking: Asking, **edits: Edit) -> Asking:
    return asking.over(merged(asking.book, Overlay(edits, 1)))


def edited(entry: Entry) -> Edited:
    own = BOOK.by_id.get(entry.id)
    return Edited(entry, mark_of(own) if own else None)


def named(outcome: Outcome) -> list[str]:
    match outcome:
        case Answer(parts):
            return [part.match.entry.id if isinstance(part, Found) else part.aspect.id for part in parts]
        case Suggestions(matches):
            return [f"?{match.entry.id}" for match in matches]
        case Unknown():
            return []


def everything(outcome: Outcome) -> Iterator[str]:
    match outcome:
        case Answer(parts, related):
            for part in parts:
                yield from (
                    [part.match.entry.id] if isinstance(part, Found) else [one.id for one in part.views]
                )
            yield from (match.entry.id for match in related)
        case Suggestions(matches):
            yield from (match.entry.id for match in matches)
        case Unknown():
            pass


@pytest.mark.parametrize(
    "question",
    [
        "who plays the cello",
        "cellist's name?",
        "who plays teh cello",
        "the celo player of the score",
        "CELLIST",
    ],
)
def test_a_new_entry_answers_in_other_words_and_with_slips(tiny: Asking, question: str) -> None:
    assert named(over(tiny, cello=edited(CELLO)).answer(question)) == ["cello"]
    assert "cello" not in named(tiny.answer(question))


def test_the_others_answer_as_before(tiny: Asking) -> None:
    own = over(tiny, cello=edited(CELLO))
    for entry in OWN:
        for ask in entry.asks:
            assert named(own.answer(ask)) == named(tiny.answer(ask))


def test_what_was_known_to_have_no_answer_is_answered_once_it_has_one(tiny: Asking) -> None:
    own = over(tiny, cello=edited(CELLO))
    assert named(tiny.answer("who played the cello")) == []
    assert named(own.answer("who played the cello")) == ["cello"]
    assert named(own.answer("how much did the film cost to make")) == []


def test_other_text_under_the_same_asks_is_told_at_once(tiny: Asking) -> None:
    mended = OWN[0].model_copy(update={"pieces": fact("x", "X", text="Carey Mulligan.").pieces})
    outcome = over(tiny, kathy=edited(mended)).answer("who plays kath")
    assert isinstance(outcome, Answer)
    assert [part.match.entry for part in outcome.parts if isinstance(part, Found)] == [mended]


def test_asks_that_were_taken_out_no_longer_answer_word_for_word(tiny: Asking) -> None:
    other = fact("kathy", "The leading lady", "leading lady", "star of the film")
    own = over(tiny, kathy=edited(other))
    assert named(own.answer("who is the leading lady")) == ["kathy"]
    assert explain(own.index, "kathy's actress").verbatim is False


def test_an_ask_as_it_stands_wins_however_near_another_comes(tiny: Asking) -> None:
    near = fact("near", "Who plays Kathy then", "who plays kathy then", "actress of kathy then")
    assert named(over(tiny, near=edited(near)).answer("who plays kathy")) == ["kathy"]
    same = fact("same", "Kathy in our play", "who plays kathy", "our own kathy")
    assert named(over(tiny, same=edited(same)).answer("who plays kathy")) == ["same"]


def test_a_removed_entry_is_in_no_answer(tiny: Asking) -> None:
    own = over(tiny, ruth=Hidden(mark_of(OWN[1])))
    for ask in OWN[1].asks:
        assert "ruth" not in everything(own.answer(ask))
    assert named(own.answer("who plays kathy and ruth")) != ["kathy", "ruth"]
    assert own.told([BOOK.digest_of("ruth")]) == Unknown()


def test_a_comparison_has_the_servers_own_views_and_not_the_removed(tiny: Asking) -> None:
    own = over(tiny, minow=Hidden(mark_of(OWN[4])), olga=edited(view("olga", "olga")))
    outcome = own.answer("what did the critics think of the acting")
    assert isinstance(outcome, Answer)
    (part,) = outcome.parts
    assert isinstance(part, Comparison)
    assert {one.id for one in part.views} == {"priya", "olga"}


def test_why_a_laid_entry_answers_can_be_explained(tiny: Asking) -> None:
    why = explain(over(tiny, cello=edited(CELLO)).index, "name of the celist")
    assert why.corrected == (("celist", "cellist"),)
    assert why.candidates[0].name == "cello"
    assert set(why.candidates[0].parts) >= {"best", "asked", "threshold"}


def test_an_index_with_entries_laid_on_it_can_be_sent_to_another_process(tiny: Asking) -> None:
    own = over(tiny, cello=edited(CELLO)).index
    again = Asking(BOOK, pickle.loads(pickle.dumps(own)))  # noqa: S301 - our own
    assert named(again.answer("cellist")) == ["cello"]


ENTRIES: Sequence[Edit | None] = (
    None,
    Hidden(),
    edited(fact("kathy", "Who plays Kathy", "who plays kathy", "the actress of kathy", "kathy is played by")),
    edited(fact("kathy", "The weather", "is it raining", "weather today", "will it snow")),
)


WORDS = {"kathy": "alpha", "ruth": "bravo", "new": "charlie", "other": "delta"}


@given(st.permutations(["kathy", "ruth", "new", "other"]), st.data())
@settings(max_examples=8, deadline=None)
def test_an_ask_of_an_entry_that_stands_is_answered_by_it(
    tiny: Asking, order: list[str], data: st.DataObject
) -> None:
    made: dict[str, Edit] = {}
    for name in order:
        edit = data.draw(st.sampled_from(ENTRIES))
        match edit:
            case Edited(entry):
                # Asks of its own: two entries with the same are a draw.
                asks = tuple(f"{ask} {name}" for ask in entry.asks)
                made[name] = edited(
                    entry.model_copy(update={"id": name, "asks": asks, "topic": f"{entry.topic} {name}"})
                )
            case Hidden():
                made[name] = edit
            case None:
                pass
    own = over(tiny, **made)
    rebuilt = Asking(Book("tiny", HEAD, own.book.entries, unanswered=BOOK.unanswered))
    for entry in own.book.entries:
        for ask in entry.asks:
            assert named(own.answer(ask)) == named(rebuilt.answer(ask)) == [entry.id]
    gone = {name for name, edit in made.items() if isinstance(edit, Hidden)}
    for entry in OWN:
        for ask in entry.asks:
            assert gone.isdisjoint(everything(own.answer(ask)))
    assert own.answer("kathy") == over(tiny, **dict(reversed(made.items()))).answer("kathy")


@pytest.mark.parametrize(
    "question", ["hello there", "good bot", "lol", "good morning", "you are great", "tell me a joke"]
)
def test_small_talk_is_told_from_questions(asking: Asking, question: str) -> None:
    assert is_small_talk(asking.index, question)


@pytest.mark.parametrize(
    "question", ["which cellist plays on the soundtrack", "who plays kathy", "what is tommy's car"]
)
def test_questions_are_told_from_small_talk(asking: Asking, question: str) -> None:
    assert not is_small_talk(asking.index, question)


def test_questions_alike_are_one_group_and_the_largest_comes_first() -> None:
    asked = [
        "who plays ruth", "who composed the music", "who composed teh music?", "who plays kathy",
        "who was the music composed by", "who plays kahty", "", "was it 1985", "was it 1986",
    ]  # fmt: skip
    assert [[asked[at] for at in group] for group in alike_groups(asked)] == [
        ["who composed the music", "who composed teh music?", "who was the music composed by"],
        ["who plays kathy", "who plays kahty"],
        ["who plays ruth"],
        [""],
        ["was it 1985"],
        ["was it 1986"],
    ]


@given(st.lists(st.text(max_size=30), max_size=12))
@settings(max_examples=50, deadline=None)
def test_every_question_is_in_one_group(asked: list[str]) -> None:
    assert sorted(at for group in alike_groups(asked) for at in group) == list(range(len(asked)))
