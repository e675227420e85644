"""A book's folder -> a book, or every problem in it at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.book.book import Book, BookHead
from bot.book.entries import ASK_LENGTH, IDENTIFIER, Entry, Fact, Frozen, PlotPoint, Quote, View
from bot.book.prompts import Prompt
from bot.content.checking import cross_check
from bot.content.layers import layered
from bot.content.nodes import Items, Node, Text
from bot.content.parsing import parse
from bot.content.placed import Placed
from bot.content.problems import PROBLEMS_A_FILE, START, Problem, excerpt
from bot.content.reading import read_text
from bot.content.validation import validate

T = TypeVar("T", bound=Frozen)

KINDS: dict[str, tuple[type[Fact | Quote | PlotPoint | View], str]] = {
    "facts": (Fact, "answer"),
    "quotes": (Quote, "quote"),
    "plot": (PlotPoint, "text"),
    "views": (View, "view"),
}
"""What the entry files are called, what each holds, and the key under which its entries have their text."""

ENTRY_FILE = re.compile(r"^(facts|quotes|plot|views)(-[a-z0-9-]+)?\.yaml$")


@dataclass(frozen=True)
class Loaded:
    """What a folder gave. `book` is None where `problems` holds an error; warnings leave it whole."""

    slug: str
    book: Book | None
    head: Placed[BookHead] | None
    entries: tuple[Placed[Entry], ...]
    prompts: tuple[Placed[Prompt], ...]
    problems: tuple[Problem, ...]


def load_book(folder: Path, prompts: Path) -> Loaded:
    """Reads one book's folder, and its prompts where that file exists. Raises nothing; reads no other file."""
    problems: list[Problem] = []
    if not re.match(IDENTIFIER, folder.name):
        problems.append(
            Problem(
                str(folder),
                START,
                f"{excerpt(folder.name)} is no name for a book's folder.",
                "Rename it to up to 40 characters of a-z, 0-9 and -, beginning with a letter or digit.",
            )
        )
    head = _head(folder / "book.yaml", problems)
    entries: list[Placed[Entry]] = []
    for path in _entry_files(folder, problems):
        model, body_key = KINDS[path.stem.partition("-")[0]]
        entries += _items(path, model, problems, body_key)
    unanswered = list(_unanswered(folder / "unanswered.yaml", problems))
    placed_prompts = list(_items(prompts, Prompt, problems, None)) if prompts.exists() else []
    if head is not None:
        problems += cross_check(head, entries, placed_prompts)
    broken = head is None or any(problem.severity == "error" for problem in problems)
    book = (
        None
        if broken or head is None
        else Book(
            folder.name,
            head.item,
            tuple(placed.item for placed in entries),
            tuple(placed.item for placed in placed_prompts),
            tuple(unanswered),
        )
    )
    return Loaded(folder.name, book, head, tuple(entries), tuple(placed_prompts), tuple(sorted(problems)))


def _head(path: Path, problems: list[Problem]) -> Placed[BookHead] | None:
    if not path.exists():
        problems.append(
            Problem(
                str(path),
                START,
                "The book has no book.yaml.",
                "Add one with a title and at least one source.",
            )
        )
        return None
    node = _node(path, problems)
    if node is None:
        return None
    head = validate(BookHead, node, str(path))
    if isinstance(head, list):
        problems += head
        return None
    return Placed(head, str(path), node)


def _entry_files(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    found = False
    for path in sorted(folder.iterdir()):
        if ENTRY_FILE.match(path.name):
            found = True
            yield path
        elif path.suffix in {".yaml", ".yml"} and path.name not in {"book.yaml", "unanswered.yaml"}:
            problems.append(
                Problem(
                    str(path),
                    START,
                    f"No file of the name {excerpt(path.name)} is read.",
                    "Name it facts.yaml, quotes.yaml, plot.yaml or views.yaml, or facts-something.yaml and so on.",
                    "warning",
                )
            )
    if not found:
        problems.append(
            Problem(
                str(folder), START, "The book has no entries.", "Add a facts.yaml with at least one entry."
            )
        )


def _node(path: Path, problems: list[Problem]) -> Node | None:
    return node_of(read_text(path, str(path)), str(path), problems)


def node_of(text: str | Problem, shown_as: str, problems: list[Problem]) -> Node | None:
    """The document in a file's text; None, and why in `problems`, where there is none."""
    if isinstance(text, Problem):
        problems.append(text)
        return None
    parsed = parse(text, shown_as)
    problems += parsed.problems
    if parsed.node is None and not parsed.problems:
        problems.append(
            Problem(shown_as, START, "The file is empty.", "Write something in it, or delete it.")
        )
    return parsed.node


def _items(path: Path, model: type[T], problems: list[Problem], body_key: str | None) -> Iterator[Placed[T]]:
    node = _node(path, problems)
    if node is not None:
        yield from items_of(node, str(path), model, problems, body_key)


def items_of(
    node: Node, shown_as: str, model: type[T], problems: list[Problem], body_key: str | None
) -> Iterator[Placed[T]]:
    """The entries or prompts that a file's document lists; what is wrong with the others goes to `problems`."""
    if not isinstance(node, Items):
        problems.append(
            Problem(
                shown_as,
                node.mark,
                "The file should be a list of entries.",
                "Begin each entry with '- id: ...'.",
            )
        )
        return
    found = 0
    for child in node.nodes:
        entry = layered(child, body_key) if body_key else child
        item = validate(model, entry, shown_as)
        if isinstance(item, list):
            problems += item
            found += len(item)
            if found >= PROBLEMS_A_FILE:
                return
        else:
            yield Placed(item, shown_as, entry)


def _unanswered(path: Path, problems: list[Problem]) -> Iterator[str]:
    node = _node(path, problems) if path.exists() else None
    if node is None:
        return
    if not isinstance(node, Items):
        problems.append(
            Problem(
                str(path), node.mark, "The file should be a list of questions.", "Begin each line with '- '."
            )
        )
        return
    for child in node.nodes:
        if isinstance(child, Text) and 0 < len(child.value) <= ASK_LENGTH:
            yield child.value
        else:
            problems.append(
                Problem(
                    str(path),
                    child.mark,
                    f"This should be a question of up to {ASK_LENGTH} characters.",
                    "Put it in double quotes, on a line of its own.",
                )
            )
