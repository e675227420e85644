"""The shipped book, loaded once for all tests."""

import gc
import os
from pathlib import Path

import pytest

from bot.book.book import Book
from bot.club.asking import Asking
from bot.content.library import Place, load_place

ROOT = Path(__file__).parent.parent
REVIEWS = ROOT.parent / "shared" / "reviews"


@pytest.fixture(scope="session")
def book() -> Book:
    loaded = load_place(
        Place(ROOT / "knowledge" / "never-let-me-go", ROOT / "prompts" / "never-let-me-go.yaml")
    )
    assert loaded.book is not None, loaded.problems
    return loaded.book


@pytest.fixture(scope="session")
def asking(book: Book) -> Asking:
    found = Asking(book)
    # As `bookclub run` does: nothing of it will be garbage before the end, and looking costs every test time.
    gc.collect()
    gc.freeze()
    return found


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge folder with a small book, for processes that only have to start: the shipped one takes them seconds."""
    folder = tmp_path_factory.mktemp("tiny") / "knowledge"
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "book.yaml").write_text(
        "title: Tiny\nmilestones:\n  - id: part-one\n    title: Part One\nsources:\n  - id: us\n    title: Us\n",
        encoding="utf-8",
    )
    (folder / "tiny" / "facts.yaml").write_text(
        "- id: kathy\n  topic: Who plays Kathy\n  asks: [who plays kathy]\n  answer: Carey Mulligan.\n  sources: [us]\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings of the machine it runs on."""
    for name in list(os.environ):
        if name.startswith("BOOKCLUB_") or name in {"DISCORD_TOKEN", "DATABASE_URL"}:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
