"""`bookclub new`: a book that loads at once, over nothing that is there, and never half of one."""

import errno
import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from bot.cli import main
from bot.content import library
from bot.content.library import LibraryError, load_all, load_place, places, prompts_of
from bot.content.lint import TO_REPLACE, lint
from bot.content.scaffold import new_book
from tests.test_schema import VALIDATORS, as_editor, kind_of

Capture = pytest.CaptureFixture[str]


def everything(root: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in root.rglob("*")}


def test_a_new_book_loads_and_check_says_what_to_fill_in(tmp_path: Path, capsys: Capture) -> None:
    root = tmp_path / "club" / "books"
    assert main(["new", "never-let-me-go", "--knowledge", str(root)]) == 0
    out = capsys.readouterr().out
    assert f"bookclub check {root / 'never-let-me-go'}" in out
    assert out.count("Written: ") == 6 + 7
    assert main(["check", str(root / "never-let-me-go")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all("still the example" in line for line in lines), lines
    (loaded,) = load_all(root)
    assert loaded.book
    assert loaded.book.title == "Never Let Me Go"
    assert {entry.kind for entry in loaded.book.entries} == {"fact", "quote", "plot", "view"}
    assert len(loaded.book.prompts) == 2
    marked = sum(path.read_text().count(TO_REPLACE) for path in (root / "never-let-me-go").glob("[!b]*.yaml"))
    assert len([line for line in lines if "book.yaml" not in line]) == marked
    assert "Who wrote the book" in {entry.topic for entry in loaded.book.entries}


def test_once_filled_in_nothing_is_wrong(tmp_path: Path, capsys: Capture) -> None:
    root = tmp_path / "books"
    assert main(["new", "emma", "--knowledge", str(root)]) == 0
    for path in (root / "emma").iterdir():
        path.write_text(path.read_text().replace(TO_REPLACE, "Something"))
    assert main(["check", str(root / "emma")]) == 0, capsys.readouterr().out


def test_its_files_name_their_schemas_and_keep_them(tmp_path: Path) -> None:
    root = tmp_path / "our-books"
    new_book(root, "emma", None)
    for path in [*(root / "emma").iterdir(), tmp_path / "prompts" / "emma.yaml"]:
        text = path.read_text(encoding="utf-8")
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        assert named
        schema = (path.parent / named.group(1)).resolve()
        assert schema == (root / "schema" / f"{kind_of(path)}.schema.json").resolve()
        validator: Draft7Validator = VALIDATORS[kind_of(path)]
        assert [error.message for error in validator.iter_errors(as_editor(text))] == []


def test_a_second_book_comes_beside_the_first(tmp_path: Path, capsys: Capture) -> None:
    root = tmp_path / "books"
    assert main(["new", "emma", "--knowledge", str(root), "--title", 'Emma: a "novel" #1']) == 0
    before = everything(tmp_path)
    assert main(["new", "dune", "--knowledge", str(root / "emma")]) == 0, (
        "one book's folder means the one above"
    )
    assert before.items() <= everything(tmp_path).items()
    assert [loaded.book.title for loaded in load_all(root) if loaded.book] == ["Dune", 'Emma: a "novel" #1']
    assert capsys.readouterr().out.count("schema.json") == 7, "the schemas were current"


@pytest.mark.parametrize(
    "slug", ["", "Emma", "emma woodhouse", "../emma", "emma/x", "émma", "a" * 41, ".emma", "emma\n", "schema"]
)
def test_a_bad_name_is_refused(slug: str, tmp_path: Path, capsys: Capture) -> None:
    assert main(["new", slug, "--knowledge", str(tmp_path / "books")]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "no name for a book's folder" in err or "No book can be called schema" in err
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("title", ["", "   ", "x" * 81, "a\x07b", "a\u202eb", "a\udcffb"])
def test_a_bad_title_is_refused(title: str, tmp_path: Path, capsys: Capture) -> None:
    assert main(["new", "emma", "--knowledge", str(tmp_path / "books"), "--title", title]) == 1
    assert "1 to 80 characters" in capsys.readouterr().err
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("there", ["folder", "empty folder", "file", "prompts", "dangling link"])
def test_nothing_is_written_over(there: str, tmp_path: Path, capsys: Capture) -> None:
    root = tmp_path / "books"
    root.mkdir()
    (tmp_path / "prompts").mkdir()
    match there:
        case "folder":
            (root / "emma").mkdir()
            (root / "emma" / "notes.txt").write_text("mine")
        case "empty folder":
            (root / "emma").mkdir()
        case "file":
            (root / "emma").write_text("mine")
        case "prompts":
            (tmp_path / "prompts" / "emma.yaml").write_text("mine")
        case _:
            (root / "emma").symlink_to("nowhere")
    before = everything(tmp_path)
    assert main(["new", "emma", "--knowledge", str(root)]) == 1
    assert re.search(r"There is \S+emma(\.yaml)? already", capsys.readouterr().err)
    assert everything(tmp_path) == before


def test_a_folder_that_comes_to_be_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, taken = tmp_path / "books", tmp_path / "books" / "emma"
    real = os.fsync

    def fsync(descriptor: int) -> None:
        taken.mkdir(exist_ok=True)
        (taken / "book.yaml").write_text("mine")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(LibraryError, match="cannot be written"):
        new_book(root, "emma", None)
    assert {path.name: path.read_text() for path in taken.iterdir()} == {"book.yaml": "mine"}
    assert not prompts_of(taken).exists()
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("writes", [0, 7, 9, 12])
def test_a_full_or_locked_disk_is_told_and_leaves_no_book(
    writes: int, error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    left = writes

    def fsync(_: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", fsync)
    assert main(["new", "emma", "--knowledge", str(tmp_path / "books")]) == 1
    err = capsys.readouterr().err
    assert os.strerror(error).lower() in err
    assert err.count("\n") == 1
    assert not [path for path in everything(tmp_path) if path.suffix == ".yaml"]


def test_a_place_that_is_no_folder_or_cannot_be_one_is_told(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("")
    assert main(["new", "emma", "--knowledge", str(tmp_path / "file")]) == 1
    assert "is not a folder" in capsys.readouterr().err
    assert main(["new", "emma", "--knowledge", str(tmp_path / "file" / "books")]) == 1
    assert "Traceback" not in (err := capsys.readouterr().err)
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["new", "emma"], ["schema"]])
@pytest.mark.parametrize("inside", ["", "never-let-me-go"])
def test_the_installed_bot_s_own_books_are_not_written_to(
    inside: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    packaged = tmp_path / "bot" / "shipped" / "knowledge"
    new_book(packaged, "never-let-me-go", None)
    before = everything(tmp_path)
    monkeypatch.setattr(library, "_PACKAGED", packaged)
    named = ["--knowledge", str(packaged / inside)] if inside else []
    assert main([*arguments, *named]) == 1
    assert "BOOKCLUB_KNOWLEDGE" in capsys.readouterr().err
    assert everything(tmp_path) == before
    assert main(["schema", "--check", *named]) == 0


def test_where_there_are_no_hard_links_it_works_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    new_book(tmp_path / "books", "emma", None)
    (loaded,) = load_all(tmp_path / "books")
    assert loaded.book
    assert len(loaded.book.prompts) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own at every step")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_killed_at_any_step_there_is_the_whole_book_or_none(tmp_path: Path) -> None:
    """The process ends at its n-th look at the file system, for every n, with no chance to tidy up."""
    for step in range(1000):
        root = tmp_path / str(step) / "books"
        root.mkdir(parents=True)
        child = os.fork()
        if child == 0:
            seen = 0

            def killer(event: str, _: object, step: int = step) -> None:
                nonlocal seen
                if event in {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir"}:
                    seen += 1
                    if seen > step:
                        os._exit(9)

            try:
                sys.addaudithook(killer)
                new_book(root, "emma", None)
                os._exit(0)
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in {0, 9}
        try:
            (place,) = places(root)
        except LibraryError:
            assert status, "it was not killed, yet there is no book"
            continue
        loaded = load_place(place)
        assert loaded.book, loaded.problems
        assert len(loaded.book.prompts) == 2
        assert {path.name for path in place.folder.iterdir()} == {
            "book.yaml", "facts.yaml", "quotes.yaml", "plot.yaml", "views.yaml",
        }  # fmt: skip
        assert all("still the example" in problem.what for problem in lint(loaded))
        if status == 0:
            assert step > 20
            return
    pytest.fail("it never came to its end")


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=90))
def test_whatever_the_title_the_book_loads_with_it(
    title: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("titled") / "books"
    try:
        new_book(root, "emma", title)
    except LibraryError as refused:
        assert "1 to 80 characters" in str(refused)  # noqa: PT017 - most titles are fine
        return
    (loaded,) = load_all(root)
    assert loaded.book, loaded.problems
    assert loaded.book.title == " ".join(title.split())
    assert all("still the example" in problem.what for problem in (*loaded.problems, *lint(loaded)))
