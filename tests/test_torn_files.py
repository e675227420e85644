"""The shipped files cut short at every byte, and changed at random: never a crash, and a book whole or not at all.

`BOOKCLUB_CUTS=all uv run pytest tests/test_torn_files.py -n0 -s` cuts at every byte, which takes minutes, and prints how many
of the cuts still load; `BOOKCLUB_MUTATIONS=5000` makes so many changes.
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.book.book import Book, BookHead
from bot.book.entries import Entry
from bot.book.file_notices import Broken, Shrunk
from bot.book.prompts import Prompt
from bot.club.asking import Asking
from bot.club.reloading import Faulty, Loaded, Ready
from bot.content.checking import cross_check
from bot.content.exporting import exported
from bot.content.library import Place, load_place, places
from bot.content.loading import KINDS, items_of, node_of
from bot.content.nodes import Items, Text
from bot.content.placed import Placed
from bot.content.problems import START, Problem
from bot.content.reading import decode, lines_of
from bot.content.validation import validate
from tests.conftest import ROOT
from tests.test_reloading import Folder, HereAndNow, running

EVERY_BYTE = os.environ.get("BOOKCLUB_CUTS") == "all"
MUTATIONS = int(os.environ.get("BOOKCLUB_MUTATIONS", "60"))

SLUG = "never-let-me-go"
FOLDER = ROOT / "knowledge" / SLUG
PROMPTS = f"../../prompts/{SLUG}.yaml"
FILES = [*sorted(path.name for path in FOLDER.glob("*.yaml")), PROMPTS]
LISTS = [name for name in FILES if name != "book.yaml"]


def chunks(data: bytes) -> list[bytes]:
    """A file in pieces: what stands before its list, then each item of that."""
    starts = [0, *(at + 1 for at in range(len(data)) if data.startswith(b"\n- ", at)), len(data)]
    return [data[start:end] for start, end in pairwise(starts)]


def shipped(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


# ------------------------------------------------------------------- cut at every byte


Item = Entry | Prompt | str


def items(name: str, data: bytes, head: BookHead) -> list[Item] | list[Problem]:
    """What a file of this name lists, or what is wrong with it by itself."""
    problems: list[Problem] = []
    node = node_of(decode(data, name), name, problems)
    found: list[Item] = []
    if node is not None and name == "unanswered.yaml":
        if not isinstance(node, Items) or not all(isinstance(one, Text) and one.value for one in node.nodes):
            problems.append(Problem(name, START, "The file should be a list of questions.", "."))
        else:
            found += [one.value for one in node.nodes if isinstance(one, Text)]
    elif node is not None and name == PROMPTS:
        found += [one.item for one in items_of(node, name, Prompt, problems, None)]
    elif node is not None:
        model, body = KINDS[name.partition(".")[0].partition("-")[0]]
        placed: list[Placed[Entry]] = [*items_of(node, name, model, problems, body)]
        problems += cross_check(Placed(head, name, Text("", START)), placed, ())
        found += [one.item for one in placed]
    errors = [one for one in problems if one.severity == "error"]
    last = len(lines_of(data.decode("utf-8", "replace")))
    assert all(1 <= one.mark.line <= last and one.remedy for one in problems), problems
    return errors or found


def cuts(length: int, random: Random, share: float) -> Sequence[int]:
    """The bytes behind which to cut: all, or so large a share of them."""
    return range(length) if EVERY_BYTE else sorted(random.sample(range(length), max(1, int(length * share))))


@pytest.mark.parametrize("name", LISTS)
def test_a_file_cut_at_any_byte_is_refused_or_has_its_first_entries(name: str, book: Book) -> None:
    assert_cut(name, shipped(name), book.head, 0.004)


def test_so_is_a_file_that_was_exported_and_nothing_in_it_is_then_shown_to_more_readers(book: Book) -> None:
    part = book.entries if EVERY_BYTE else book.entries[::10]
    for path, data in exported(replace(book, entries=part)).items():
        name = Path(path).name
        if name in {"facts.yaml", "quotes.yaml", "plot.yaml", "views.yaml"}:
            assert "shown to everybody" not in assert_cut(name, data, book.head, 0.01)


def assert_cut(name: str, data: bytes, head: BookHead, share: float) -> Counter[str]:
    """Cuts each item behind the shortest one of the file, and not behind all that stand before it.

    That is the same: the parser gives one event after the other, and of an item that has ended nothing is known but the ids,
    which a cut one would only share with a later one. `test_a_whole_file_cut_anywhere` tries that on samples.
    """
    lead, *listed = chunks(data)
    shortest = min(listed, key=len)
    (first,) = items(name, lead + shortest, head)
    random, seen = Random(name), Counter[str]()
    for whole in listed:
        if whole is shortest:
            continue
        uncut = items(name, lead + shortest + whole, head)
        assert uncut[0] == first
        for end in cuts(len(whole), random, share):
            found = items(name, lead + shortest + whole[:end], head)
            if isinstance(found[0], Problem):
                seen["refused"] += 1
                continue
            assert found[0] == first
            assert len(found) <= 2
            seen[left(found[1:], uncut[1:])] += 1
    print(f"{name}: {seen.total()} cuts: {dict(seen)}")
    return seen


def left(found: Sequence[object], uncut: Sequence[object]) -> str:
    """What a cut has left of the last item; nothing in it is other than it was, only shorter or gone."""
    if not found:
        return "no entry"
    if found == uncut:
        return "whole"
    (one,), (was,) = found, uncut
    if isinstance(one, str):
        assert isinstance(was, str)
        assert was.startswith(one)
        return "shorter"
    assert isinstance(one, Entry | Prompt)
    assert isinstance(was, Entry | Prompt)
    before = was.model_dump()
    for key, value in one.model_dump().items():
        assert is_start(value, before[key]) or value == type(one).model_fields[key].default, (key, value)
    if isinstance(one, Entry) and isinstance(was, Entry) and one.reveals != was.reveals:
        # Where `reveals` may be left out and stands last: only that such a file does not stay so keeps it off the shelf.
        return "shown to everybody"
    return "shorter"


def is_start(found: object, whole: object) -> bool:
    """Whether a value is the other one, cut short."""
    match found, whole:
        case (str(), str()):
            return whole.startswith(found)
        case (tuple() | list(), tuple() | list()):
            head = zip(found[:-1], whole, strict=False)
            return (
                len(found) <= len(whole)
                and all(a == b for a, b in head)
                and (not found or is_start(found[-1], whole[len(found) - 1]))
            )
        case (dict(), dict()):
            # What is gone is as if it had never been written.
            return all(value in (None, "both") or is_start(value, whole[key]) for key, value in found.items())
        case _:
            return found == whole


def test_the_head_of_a_book_cut_at_any_byte(book: Book) -> None:
    data = shipped("book.yaml")
    seen = Counter[str]()
    for end in cuts(len(data), Random(1), 0.008):
        problems: list[Problem] = []
        node = node_of(decode(data[:end], "book.yaml"), "book.yaml", problems)
        head = None if node is None else validate(BookHead, node, "book.yaml")
        problems += head if isinstance(head, list) else []
        assert all(1 <= one.mark.line <= data.count(b"\n", 0, end) + 1 and one.remedy for one in problems), (
            problems
        )
        if isinstance(head, BookHead):
            assert is_start(
                {key: value for key, value in head.model_dump().items() if value != ()},
                book.head.model_dump(),
            )
            seen["loads"] += 1
        else:
            assert problems
            seen["refused"] += 1
    print(f"book.yaml: {dict(seen)}")


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_cut_anywhere(name: str, book: Book, tmp_path: Path) -> None:
    """As it is loaded: with all other files, which may name what is cut off."""
    place = Place(tmp_path / "knowledge" / SLUG, tmp_path / "prompts" / f"{SLUG}.yaml")
    for one in FILES:
        (place.folder / one).parent.mkdir(parents=True, exist_ok=True)
        (place.folder / one).resolve().write_bytes(shipped(one))
    data = shipped(name)
    (place.folder / name).resolve().write_bytes(data[: Random(name).randrange(len(data))])
    loaded = load_place(place)
    if loaded.book is None:
        assert any(one.severity == "error" for one in loaded.problems)
    else:
        assert len(set(loaded.book.entries) - set(book.entries)) <= 1
        assert loaded.book.by_id.keys() <= book.by_id.keys()


# ------------------------------------------------------------------- changed at random


def small() -> dict[str, bytes]:
    """The beginnings of the shipped files; the prompts name no entries, which may be left out."""
    found = {name: b"".join(chunks(shipped(name))[:4]) for name in LISTS}
    found[PROMPTS] = re.sub(rb"\n  entries:.*(\n +[^ ].*)*?(?=\n  \w|\n-|\n\n)", b"", found[PROMPTS])
    return {"book.yaml": shipped("book.yaml"), **found}


SMALL = small()
ODD = ["\t", "\u00a0", "\u202e", "\ufeff", "\x00", "\x85", "\u2028", ":", ": ", " #", "- ", "\n", "\n- ", "\r", '"', "'", "[", "{", "]", "}", "&a ", "*a ", "!!x ", "<<: ", "|", ">", "%", "@", "`", "---\n", "...\n", "? ", ",", "\\", "no", "é", "\U0001f4da"]  # fmt: skip
PLACE = st.floats(0, 1, exclude_max=True)


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, bytes]:
    """One of the files, changed up to three times."""
    name = draw(st.sampled_from(FILES))
    data = SMALL[name]
    for _ in range(draw(st.integers(1, 3))):
        data = draw(st.sampled_from([*BY_LINES, *BY_BYTES]))(draw, data)
    return name, data


def without_a_line(draw: st.DrawFn, data: bytes) -> bytes:
    lines, at = split(draw, data)
    return b"".join(lines[:at] + lines[at + 1 :])


def with_a_line_twice(draw: st.DrawFn, data: bytes) -> bytes:
    lines, at = split(draw, data)
    return b"".join(lines[: at + 1] + lines[at:])


def with_lines_swapped(draw: st.DrawFn, data: bytes) -> bytes:
    lines, at = split(draw, data)
    other = int(draw(PLACE) * len(lines))
    lines[at], lines[other] = lines[other], lines[at]
    return b"".join(lines)


def with_a_line_moved(draw: st.DrawFn, data: bytes) -> bytes:
    lines, at = split(draw, data)
    lines[at] = (
        draw(st.sampled_from([b" ", b"  ", b"\t"])) + lines[at] if draw(st.booleans()) else lines[at].lstrip()
    )
    return b"".join(lines)


def with_a_bit_flipped(draw: st.DrawFn, data: bytes) -> bytes:
    at = int(draw(PLACE) * len(data))
    return data[:at] + bytes(one ^ 1 << draw(st.integers(0, 7)) for one in data[at : at + 1]) + data[at + 1 :]


def with_something_odd(draw: st.DrawFn, data: bytes) -> bytes:
    at = int(draw(PLACE) * len(data))
    return data[:at] + draw(st.sampled_from(ODD)).encode() + data[at:]


def cut_short(draw: st.DrawFn, data: bytes) -> bytes:
    return data[: int(draw(PLACE) * len(data))]


def spliced(draw: st.DrawFn, data: bytes) -> bytes:
    other = SMALL[draw(st.sampled_from(FILES))]
    return cut_short(draw, data) + other[int(draw(PLACE) * len(other)) :]


BY_LINES = (without_a_line, with_a_line_twice, with_lines_swapped, with_a_line_moved)
BY_BYTES = (with_a_bit_flipped, with_something_odd, cut_short, spliced)


def split(draw: st.DrawFn, data: bytes) -> tuple[list[bytes], int]:
    """The lines, at least one, and one of them."""
    lines = data.splitlines(keepends=True) or [b""]
    return lines, int(draw(PLACE) * len(lines))


def written(folder: Folder, files: dict[str, bytes]) -> Place:
    for name, data in files.items():
        (folder.root / SLUG / name).parent.mkdir(parents=True, exist_ok=True)
        (folder.root / SLUG / name).resolve().parent.mkdir(parents=True, exist_ok=True)
        folder.write(name, data, book=SLUG)
    return Place(folder.root / SLUG, folder.root.parent / "prompts" / f"{SLUG}.yaml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory.mktemp("changed") / "knowledge")


@settings(max_examples=MUTATIONS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed())
def test_a_file_changed_at_random_is_a_book_or_problems_with_a_line_and_a_remedy(
    folder: Folder, one: tuple[str, bytes]
) -> None:
    name, data = one
    place = written(folder, {**SMALL, name: data})
    loaded = load_place(place)
    errors = [one for one in loaded.problems if one.severity == "error"]
    assert (loaded.book is None) == bool(errors)
    for problem in loaded.problems:
        path = Path(problem.file)
        held = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        assert 1 <= problem.mark.line <= len(lines_of(held)), problem
        assert problem.mark.column >= 1
        assert problem.what.strip()
        assert problem.remedy.strip()


def test_of_files_changed_at_random_only_whole_books_get_on_the_shelf(folder: Folder, tiny: Path) -> None:
    place = written(folder, SMALL)
    good, other = load_place(place).book, load_place(places(tiny)[0]).book
    assert good is not None
    assert other is not None
    index = Asking(other).index
    seen = Counter[str]()

    class WithoutLearning(HereAndNow):
        """Takes all indexes for the same: nobody asks anything, and each would take long."""

        async def load(self, place: Place) -> Loaded:
            loaded = load_place(place)
            return Faulty(loaded.problems) if loaded.book is None else Ready(Asking(loaded.book, index))

    @settings(max_examples=max(MUTATIONS // 4, 1), deadline=None, database=None)
    @given(st.lists(changed(), min_size=1, max_size=3))
    def holds(several: list[tuple[str, bytes]]) -> None:
        written(folder, SMALL)
        world = running(folder, SLUG, Asking(good, index), WithoutLearning)
        for name, data in several:
            before = world.shelf[SLUG]
            folder.write(name, data, book=SLUG)
            asyncio.run(world.steps(2))
            after, loaded = world.shelf[SLUG], load_place(place)
            told = world.told.notices[-1][1] if world.told.notices else None
            if after is not before:
                assert after.book == loaded.book
            elif loaded.book is None:
                assert isinstance(told, Broken)
            else:
                assert isinstance(told, Shrunk) or loaded.book == before.book
            seen["taken" if after is not before else type(told).__name__] += 1

    holds()
    assert seen["taken"]
    assert seen["Broken"]
