"""Hostile and clumsy files under the running bot: it goes on with the last good book and says what is wrong where.

The rows on knowledge and on interactions of the matrix of faults are shown here and by these:

35 half-written files: test_torn_files.py. 36 bombs: here, test_check.py (time and memory). 37 files that go: here and
test_reloading.py. 38 two edit at once: here and discord/test_curating.py, store/test_knowledge.py. 39 killed while an edit
is saved: store/test_killed.py. 48 memory: benchmarks/reloading.py. 40 answers too late or twice: discord/test_errors.py,
discord/test_running.py. 41 slow answers: discord/test_running.py. 42 odd questions: discord/test_messages.py. 43 old buttons:
discord/test_presses.py, discord/test_files.py. 44 progress lowered while a command is typed:
discord/test_lowered_progress.py.
"""

import builtins
import errno
import io
import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, NoReturn

import pytest

from bot.book.book import Book
from bot.book.file_notices import Broken, Fault, Mended, Missing
from bot.book.overlay import Revision
from bot.club import auditing
from bot.club.asking import Asking
from bot.club.club import Here
from bot.club.curating import Clash, Proposal, begin_edit, read, save
from bot.club.reloading import NotReady
from bot.content.exporting import archive
from bot.content.library import load_place, places
from bot.preparing import BookFiles
from bot.replies.curating import upload_reply
from bot.replies.files import file_notice_reply
from bot.replies.markdown import plain
from tests.hostile_files import (
    ADVICE,
    HARMLESS,
    HEAD,
    HEROINE,
    HOSTILE,
    Harmless,
    Hostile,
    good,
    raw,
    write_book,
)
from tests.test_reloading import Folder, World, running, world

__all__ = ["world"]

CLUMSY: dict[str, Harmless | Hostile] = {**HARMLESS, **ADVICE}


@pytest.fixture(scope="module")
def good_book(tmp_path_factory: pytest.TempPathFactory) -> Asking:
    """The book of the table as it should be."""
    root = write_book(tmp_path_factory.mktemp("good"))
    book = load_place(places(root)[0]).book
    assert book is not None
    return Asking(book)


@pytest.fixture
def emma(tmp_path: Path, good_book: Asking) -> World:
    """The bot runs with that book."""
    return running(Folder(write_book(tmp_path)), "emma", good_book)


def answer(world: World) -> str:
    """What the bot says of the heroine."""
    outcome = world.shelf["emma"].answer("who is emma")
    return " ".join(part.match.entry.pieces[0].text for part in getattr(outcome, "parts", ()))


def faults(world: World) -> tuple[Fault, ...]:
    """What moderators were told last; nothing of it says where on the host the files lie."""
    notice = world.told.last
    assert isinstance(notice, Broken), notice
    said = plain(file_notice_reply("Emma", notice))
    assert "I go on with the book as it was." in said
    assert str(world.folder.root.parent) not in said
    assert all(f"{fault.file}, line {fault.line}" in said for fault in notice.faults)
    return notice.faults


async def here(world: World) -> Here:
    """The server whose moderator does something."""
    found = await world.club.here(7, 1, 1)
    assert isinstance(found, Here)
    return found


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_changes_nothing_and_the_notice_says_what_to_mend(
    name: str, emma: World
) -> None:
    case, old = HOSTILE[name], emma.shelf["emma"]
    path = emma.folder.root / "emma" / case.file
    before = (path.read_bytes(), path.stat().st_mtime_ns) if path.exists() else None
    emma.folder.write(case.file, raw(case.data), book="emma")
    await emma.steps(2)
    assert emma.shelf["emma"] is old
    assert answer(emma) == HEROINE
    told = [one for one in faults(emma) if (one.file, one.line) == (path.name, case.line)]
    assert any(case.what in one.what and case.remedy in one.remedy for one in told), told
    # The same as an upload, which is held against the book without that file.
    found = await auditing.propose_upload(emma.club, await here(emma), case.file, raw(case.data))
    assert not isinstance(found, Proposal)
    assert plain(upload_reply(found))
    if path.stem in {"facts", "quotes", "plot", "views"}:
        said = [one for one in found if f"{case.file} line {case.line}: " in one.what]
        assert any(case.remedy in one.remedy for one in said) or "another kind" in said[0].what, found
    else:
        assert "I cannot take a file of the name" in found[0].what
    # As it was.
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before[0])
        os.utime(path, ns=(before[1], before[1]))
    await emma.steps(2)
    assert [type(notice) for _, notice in emma.told.notices] == [Broken, Mended]
    assert emma.files.loads == 1


@pytest.mark.parametrize("name", CLUMSY)
async def test_what_is_only_clumsy_is_taken_as_it_was_typed(name: str, emma: World) -> None:
    case = CLUMSY[name]
    emma.folder.write("facts.yaml", raw(case.data), book="emma")
    await emma.steps(2)
    assert emma.told.notices == []
    assert emma.files.loads == 1
    taken = emma.shelf["emma"].book.by_id["emma"]
    if name in HARMLESS:
        assert HARMLESS[name].kept in {taken.topic, *taken.asks, *(piece.text for piece in taken.pieces)}
    sent = await auditing.propose_upload(emma.club, await here(emma), "facts.yaml", raw(case.data))
    assert isinstance(sent, Proposal)
    assert sent.changes == (), "it is what stands there"


# ------------------------------------------------------------------- what else can stand in a file's place


def make_socket(path: Path) -> None:
    # By its name alone: the path of a socket may be no longer than 107 bytes.
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)


ODD: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a socket": make_socket,
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "endless zeros": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("name", ["facts.yaml", "facts-more.yaml", "unanswered.yaml", "book.yaml"])
@pytest.mark.parametrize("odd", ODD)
async def test_what_is_no_file_is_not_read_and_moderators_are_told(odd: str, name: str, emma: World) -> None:
    path = emma.folder.root / "emma" / name
    path.unlink(missing_ok=True)
    ODD[odd](path)
    await emma.steps(2)
    assert answer(emma) == HEROINE
    # What a link leads to is asked for where the name need not be there, and this one leads to nothing.
    nothing = odd.startswith("a link") and name in {"unanswered.yaml", "book.yaml"}
    if nothing and name == "unanswered.yaml":
        assert emma.told.notices == []
    else:
        what = "The book has no book.yaml." if nothing else "This is not a file."
        assert [(one.file, one.line, one.what) for one in faults(emma)] == [(name, 1, what)]
    path.rmdir() if odd == "a folder" else path.unlink()
    emma.folder.write("book.yaml", HEAD, book="emma")
    emma.folder.write("facts.yaml", good(HEROINE, "Now."), book="emma")
    await emma.steps(2)
    assert answer(emma) == "Now."


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    """Nothing of this name can be opened or listed: no permission would keep root from it, who may run the tests."""

    def guarded(method: str) -> None:
        real = getattr(Path, method)

        def call(self: Path, *given: object, **options: object) -> object:
            if self.name == name:
                raise OSError(code, os.strerror(code), str(self))
            return real(self, *given, **options)

        monkeypatch.setattr(Path, method, call)

    guarded("open")
    guarded("iterdir")


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("facts.yaml", errno.EACCES, "The file cannot be read (permission denied)."),
        ("book.yaml", errno.EIO, "The file cannot be read (input/output error)."),
        ("facts.yaml", errno.ESTALE, "The file cannot be read (stale file handle)."),
    ],
)
async def test_a_file_that_may_not_be_read(
    name: str, code: int, said: str, emma: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        refuse(broken, name, code)
        os.utime(emma.folder.root / "emma" / name, (1, 1))
        await emma.steps(2)
        assert answer(emma) == HEROINE
        (told,) = faults(emma)
        assert (told.file, told.what, told.remedy) == (name, said, "Check that the bot may read it.")
    emma.folder.write("facts.yaml", good(HEROINE, "Now."), book="emma")
    await emma.steps(3)
    assert answer(emma) == "Now."


async def test_a_folder_that_may_not_be_listed(emma: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        refuse(broken, "emma", errno.EACCES)
        await emma.steps(3)
        assert answer(emma) == HEROINE
    assert [type(notice) for _, notice in emma.told.notices] in ([Missing], [Broken])
    emma.folder.write("facts.yaml", good(HEROINE, "Now."), book="emma")
    await emma.steps(3)
    assert answer(emma) == "Now."


async def test_a_disk_that_is_unmounted_and_comes_back(emma: World) -> None:
    away = emma.folder.root.with_name("away")
    emma.folder.root.rename(away)
    emma.folder.root.mkdir()
    await emma.steps(4)
    assert answer(emma) == HEROINE
    assert [notice for _, notice in emma.told.notices] == [Missing()]
    emma.folder.root.rmdir()
    away.rename(emma.folder.root)
    await emma.steps(3)
    assert emma.told.last == Mended(1)


@pytest.mark.parametrize(("name", "said"), [("facts.yaml", "no entries"), ("book.yaml", "no book.yaml")])
async def test_a_file_that_is_deleted(name: str, said: str, emma: World) -> None:
    (emma.folder.root / "emma" / name).unlink()
    await emma.steps(2)
    assert answer(emma) == HEROINE
    assert said in faults(emma)[0].what
    assert faults(emma)[0].remedy.startswith("Add ")


async def test_files_replaced_while_they_are_read_are_read_again(emma: World) -> None:
    """Between the book's head and its facts: the new facts cite a source that only the new head has."""

    def replace() -> None:
        for name, text in (
            ("book.yaml", HEAD.replace("essay", "letters")),
            ("facts.yaml", good("[essay]", "[letters]")),
        ):
            new = emma.folder.root / f".{name}"
            new.write_text(text, encoding="utf-8")
            new.replace(emma.folder.root / "emma" / name)

    emma.folder.write("facts.yaml", good(HEROINE, "Then."), book="emma")
    emma.files.meanwhile.append(replace)
    await emma.steps(2)
    assert answer(emma) == HEROINE
    assert emma.told.notices == []
    await emma.steps(2)
    assert emma.shelf["emma"].book.by_id["emma"].sources == ("letters",)


# ------------------------------------------------------------------- a full disk


def full(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def filling() -> IO[bytes]:
    """A file that can be opened, and takes nothing."""
    return Path("/dev/full").open("r+b", buffering=0)


async def test_a_disk_without_room_for_a_temporary_file(emma: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    place, _ = emma.files.first.books["emma"]
    found = await BookFiles.of(emma.folder.root, None).load(place)
    assert found == NotReady("The system refused it (No space left on device).")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a file that is always full")
async def test_a_disk_that_fills_while_a_book_is_made_ready(
    emma: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _ = emma.files.first.books["emma"]
    monkeypatch.setattr(tempfile, "TemporaryFile", filling)
    assert isinstance(await BookFiles.of(emma.folder.root, None).load(place), NotReady)


def test_an_export_needs_no_disk(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book = replace(book, entries=book.entries[::20])
    whole = archive(book)
    with monkeypatch.context() as broken:
        for owner, name in ((builtins, "open"), (io, "open"), (os, "open"), (tempfile, "mkstemp")):
            broken.setattr(owner, name, full)
        assert archive(book) == whole


# ------------------------------------------------------------------- edits on disk and in Discord at once


async def test_an_edit_on_disk_while_a_form_is_open_is_shown_and_not_overwritten(world: World) -> None:
    before = await here(world)
    proposal = await begin_edit(world.club, before, before.book.by_id["a"])
    assert proposal.draft is not None
    draft = replace(proposal.draft, texts={**proposal.draft.texts, "text": "Ours."})
    shown = await read(world.club, before, proposal, draft)
    world.folder.facts("a", "b", "c", "d", "e", answer="Theirs.")
    await world.steps(2)
    clash = await save(world.club, shown, author=7)
    assert isinstance(clash, Clash)
    assert [one.pieces[0].text for one in clash.theirs.values() if one] == ["Theirs."]
    assert (await here(world)).book.by_id["a"].pieces[0].text == "Theirs."
    assert isinstance(await save(world.club, clash.again, author=7), Revision)
    assert (await here(world)).book.by_id["a"].pieces[0].text == "Ours."
    assert world.answers("a") == ["Theirs."], "the file, for other servers"


async def test_an_entry_that_goes_on_disk_while_a_form_is_open(world: World) -> None:
    before = await here(world)
    proposal = await begin_edit(world.club, before, before.book.by_id["a"])
    assert proposal.draft is not None
    shown = await read(
        world.club, before, proposal, replace(proposal.draft, texts={**proposal.draft.texts, "text": "Ours."})
    )
    world.folder.facts("b", "c", "d", "e")
    await world.steps(2)
    clash = await save(world.club, shown, author=7)
    assert isinstance(clash, Clash)
    assert clash.theirs == {"a": None}
