"""The base that comes with the bot: true to its sources, complete in its parts, fit to be asked."""

import re
from pathlib import Path

import pytest

from bot.book.book import Book
from bot.book.entries import Fact, PlotPoint, Quote, View
from bot.cli import main
from tests.conftest import REVIEWS, ROOT

FILES = {
    "home-theater-info": "000",
    "bionews": "001",
    "priya": "002",
    "movie-mom": "003",
    "romanek-interview": "004",
}
KNOWLEDGE = ROOT / "knowledge"


def folded(text: str) -> str:
    """White space, dashes and typographic quotes as one."""
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(re.sub(r"[–—-]+", "-", text).split()).casefold()


@pytest.fixture(scope="module")
def reviews() -> dict[str, str]:
    if not REVIEWS.is_dir():
        pytest.skip("the reviews are not beside this checkout (../shared/reviews)")
    return {
        source: folded(next(REVIEWS.glob(f"{number}_*.txt")).read_text(encoding="utf-8"))
        for source, number in FILES.items()
    }


def test_it_has_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(KNOWLEDGE)]) == 0, capsys.readouterr().out


def test_it_has_every_kind_in_number(book: Book) -> None:
    kinds = [type(entry) for entry in book.entries]
    assert len(kinds) >= 200
    assert all(kinds.count(kind) >= 30 for kind in (Fact, Quote, PlotPoint, View))
    assert [milestone.id for milestone in book.head.milestones] == ["part-one", "part-two", "part-three"]
    assert [milestone.chapters for milestone in book.head.milestones] == ["1-9", "10-17", "18-23"]


def test_facts_have_six_asks_or_more(book: Book) -> None:
    assert not [entry.id for entry in book.entries if len(entry.asks) < 6]


def test_quotes_stand_verbatim_in_a_review_they_cite(book: Book, reviews: dict[str, str]) -> None:
    for entry in book.entries:
        if isinstance(entry, Quote):
            quote = folded(entry.pieces[0].text)
            assert any(quote in reviews[source] for source in entry.sources), entry.id


def test_words_in_double_quotes_stand_verbatim_in_a_review_they_cite(
    book: Book, reviews: dict[str, str]
) -> None:
    for entry in book.entries:
        for piece in entry.pieces:
            for quoted in re.findall(r'"([^"]+)"', folded(piece.text)):
                assert any(
                    quoted.rstrip(".,;!?") in reviews[source] for source in entry.sources if source in reviews
                ), (entry.id, quoted)


def test_the_reviews_mistakes_are_not_repeated(book: Book) -> None:
    texts = [piece.text for entry in book.entries for piece in entry.pieces] + [
        entry.topic for entry in book.entries
    ]
    for text in texts:
        assert "halisham" not in text.casefold()
        assert not re.search(r"other symbols|symbols close|colleges on a farm", text, re.IGNORECASE)


def test_every_source_is_cited(book: Book) -> None:
    assert {source for entry in book.entries for source in entry.sources} == {
        one.id for one in book.head.sources
    }


def test_prompts_cover_the_themes(book: Book) -> None:
    assert len(book.prompts) >= 60
    ranks = [book.ranks[prompt.milestone] for prompt in book.prompts]
    assert ranks == sorted(ranks)
    assert all(prompt.follow_ups and prompt.entries for prompt in book.prompts)
    assert sum(prompt.poll is not None for prompt in book.prompts) >= 5
    assert all(prompt.question.rstrip().endswith(("?", ".", "!")) for prompt in book.prompts)


def test_no_file_is_near_the_limit() -> None:
    for path in KNOWLEDGE.rglob("*.yaml"):
        assert Path(path).stat().st_size < 512 * 1024
