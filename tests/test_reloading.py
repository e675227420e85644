"""Books that change on disk while the bot runs: `bot/content/watching.py`, `bot/club/reloading.py`, `bot/preparing.py`."""

import gc
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.file_notices import Broken, Failed, FileNotice, Mended, Missing, Shrunk
from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.memory import Memory
from bot.club.ports import Server, StoreError
from bot.club.reloading import BETWEEN, Faulty, Loaded, NotReady, Ready, Reloader
from bot.club.shelf import Shelf
from bot.content.library import Place, load_place
from bot.content.watching import FileState, Look, at_rest, look
from bot.preparing import BookFiles
from bot.replies.files import file_notice_reply
from bot.replies.markdown import plain

HEAD = (
    "title: Tiny\nmilestones:\n  - id: part-one\n    title: Part One\nsources:\n  - id: us\n    title: Us\n"
)


def entry(name: str, answer: str = "Yes.") -> str:
    return f"- id: {name}\n  topic: About {name}\n  asks: [what is {name}]\n  answer: {answer}\n  sources: [us]\n"


@dataclass
class Folder:
    """A knowledge folder with files that a moderator edits. Each write is a second later than the one before."""

    root: Path
    clock: int = 1_700_000_000

    def write(self, name: str, text: str | bytes, book: str = "tiny") -> None:
        (self.root / book).mkdir(parents=True, exist_ok=True)
        path = (self.root / book / name).resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.clock += 1
        os.utime(path, (self.clock, self.clock))

    def facts(self, *names: str, answer: str = "Yes.") -> None:
        self.write("facts.yaml", "".join(entry(name, answer) for name in names))


@dataclass
class HereAndNow:
    """The Files under a folder, loaded in this process. `meanwhile` is done while a book is being loaded."""

    root: Path
    first: Look
    meanwhile: list[object] = field(default_factory=list)
    fails: str | None = None
    loads: int = 0

    async def look(self, before: Look) -> Look:
        return look(self.root, None, before)

    async def load(self, place: Place) -> Loaded:
        self.loads += 1
        loaded = load_place(place)
        for do in self.meanwhile:
            do()  # type: ignore[operator]
        self.meanwhile = []
        if self.fails:
            return NotReady(self.fails)
        return Faulty(loaded.problems) if loaded.book is None else Ready(Asking(loaded.book))


@dataclass
class Told:
    """What moderators were told, by channel."""

    notices: list[tuple[tuple[int, ...], FileNotice]] = field(default_factory=list)

    async def tell_of_files(
        self, channels: Mapping[int, int], title: str, notice: FileNotice, book: str
    ) -> None:
        assert title == {"tiny": "Tiny", "other": "other"}.get(book, title)
        self.notices.append((tuple(channels.values()), notice))

    @property
    def broken(self) -> list[Broken]:
        return [notice for _, notice in self.notices if isinstance(notice, Broken)]

    @property
    def last(self) -> FileNotice:
        return self.notices[-1][1]


class Shaky(Memory):
    """A store that fails for as long as it is told to."""

    fails = False

    async def readers(self, book: str | None) -> Mapping[int, int | None]:
        if self.fails:
            raise StoreError("The disk is full.")
        return await super().readers(book)


@dataclass
class World:
    """The reloader over all that. Looks are as far apart as `pause` says; by themselves so far that all is told at once."""

    folder: Folder
    files: HereAndNow
    shelf: Shelf
    club: Club
    told: Told
    memory: Shaky
    pause: float = BETWEEN
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.reloader = Reloader(self.club, self.shelf, self.files, self.told, lambda: self.seconds)

    async def steps(self, count: int = 2) -> None:
        for _ in range(count):
            self.seconds += self.pause
            await self.reloader.step()

    def answers(self, name: str) -> list[str]:
        outcome = self.shelf["tiny"].answer(f"what is {name}")
        return [part.match.entry.pieces[0].text for part in getattr(outcome, "parts", ())]


@pytest.fixture
def world(tmp_path: Path) -> World:
    folder = Folder(tmp_path / "knowledge")
    folder.write("book.yaml", HEAD)
    folder.facts("a", "b", "c", "d", "e")
    return running(folder, "tiny")


def running(
    folder: Folder, slug: str, asking: Asking | None = None, made: type[HereAndNow] = HereAndNow
) -> World:
    """The reloader over a folder that is in order, with what its book has been made into."""
    files = made(folder.root, look(folder.root, None, Look()))
    (place, _) = files.first.books[slug]
    if asking is None:
        book = load_place(place).book
        assert book is not None
        asking = Asking(book)
    shelf = Shelf({slug: asking})
    memory = Shaky()
    memory.servers = {
        1: Server(book=slug, notices=10),
        2: Server(notices=20),
        3: Server(book="other", notices=30),
    }
    club, told = Club(shelf, memory, Random(1)), Told()
    return World(folder, files, shelf, club, told, memory)


async def test_a_change_is_taken_once_two_looks_agree(world: World) -> None:
    world.folder.facts("a", "b", "c", "d", "e", answer="Now.")
    await world.steps(1)
    assert world.answers("a") == ["Yes."]
    await world.steps(1)
    assert world.answers("a") == ["Now."]
    await world.steps(3)
    assert world.files.loads == 1
    assert world.told.notices == []


async def test_what_is_being_written_is_left_alone(world: World) -> None:
    names = ["a", "b", "c", "d", "e", "f"]
    for count in range(1, len(names) + 1):
        world.folder.facts(*names[:count], answer="Now.")
        await world.steps(1)
        assert world.files.loads == 0
    await world.steps(1)
    assert world.answers("f") == ["Now."]


async def test_what_changes_while_it_is_loaded_is_loaded_again(world: World) -> None:
    world.folder.facts("a", "b", "c", "d", "e", answer="Then.")
    world.files.meanwhile.append(lambda: world.folder.facts("a", "b", "c", "d", "e", answer="Now."))
    await world.steps(2)
    assert world.answers("a") == ["Yes."]
    await world.steps(2)
    assert world.answers("a") == ["Now."]


async def test_a_mistake_is_told_once_with_file_line_and_remedy_and_then_that_it_is_mended(
    world: World,
) -> None:
    world.folder.write("facts.yaml", entry("a") + "- id: b\n\ttopic: x\n")
    await world.steps(4)
    assert world.answers("a") == ["Yes."]
    ((channels, notice),) = world.told.notices
    assert channels == (10, 20), "who reads it, or has chosen nothing where there is nothing else"
    said = plain(file_notice_reply("Tiny", notice))
    assert "facts.yaml, line 7: The line is indented with a tab. Use spaces: two for each step." in said
    assert "I go on with the book as it was." in said
    assert str(world.folder.root) not in said
    world.folder.facts("a", "b", "c", "d", "e", "f")
    await world.steps(2)
    assert world.told.notices[-1] == ((10, 20), Mended(6))
    assert world.answers("f") == ["Yes."]


async def test_what_a_problem_quotes_stands_behind_bars(world: World) -> None:
    world.folder.write(
        "facts.yaml", entry("a") + "- id: b\n  topic: x\n  answer: ruth dies: yes\n  sources: [us]\n"
    )
    await world.steps(2)
    said = plain(file_notice_reply("Tiny", world.told.last))
    outside = said.split("||")[::2]
    assert "ruth" in said
    assert not any("ruth" in part for part in outside)


async def test_a_file_put_back_as_it_was_is_not_loaded(world: World) -> None:
    path = world.folder.root / "tiny" / "facts.yaml"
    before = path.read_bytes(), path.stat().st_mtime_ns
    world.folder.write("facts.yaml", "- nonsense")
    await world.steps(2)
    assert isinstance(world.told.last, Broken)
    path.write_bytes(before[0])
    os.utime(path, ns=(before[1], before[1]))
    await world.steps(2)
    assert world.told.notices[-1] == ((10, 20), Mended(5))
    assert world.files.loads == 1


async def test_far_fewer_entries_wait_for_a_word(world: World) -> None:
    world.folder.facts("a", "b", "c", answer="Now.")
    await world.steps(3)
    assert world.answers("a") == ["Yes."]
    notice = world.told.last
    assert isinstance(notice, Shrunk)
    assert (notice.before, notice.after) == (5, 3)
    assert not await world.reloader.take("tiny", "0" * 10)
    assert not await world.reloader.take("other", notice.state)
    assert await world.reloader.take("tiny", notice.state)
    assert world.answers("a") == ["Now."]
    await world.steps(1)
    assert world.told.last == Mended(3)
    assert not await world.reloader.take("tiny", notice.state)


async def test_a_question_about_fewer_entries_is_withdrawn_when_they_come_back(world: World) -> None:
    world.folder.facts("a")
    await world.steps(2)
    notice = world.told.last
    assert isinstance(notice, Shrunk)
    world.folder.facts("a", "b", "c", "d", "e", answer="Now.")
    await world.steps(2)
    assert world.answers("b") == ["Now."]
    assert not await world.reloader.take("tiny", notice.state)


async def test_a_fifth_less_is_taken_without_a_word(world: World) -> None:
    world.folder.facts("a", "b", "c", "d", answer="Now.")
    await world.steps(2)
    assert world.answers("a") == ["Now."]


async def test_a_new_folder_is_a_new_book(world: World) -> None:
    world.folder.write("book.yaml", HEAD.replace("Tiny", "Other"), book="other")
    world.folder.write("facts.yaml", entry("x"), book="other")
    await world.steps(2)
    assert set(world.shelf) == {"tiny", "other"}
    assert world.club.book_of("other") is world.shelf["other"]


async def test_a_new_folder_with_a_mistake_is_told_to_who_waits_for_it(world: World) -> None:
    world.folder.write("book.yaml", "title: [", book="other")
    await world.steps(3)
    assert list(world.shelf) == ["tiny"]
    ((channels, _),) = world.told.notices
    assert 30 in channels


@pytest.mark.parametrize(
    ("name", "whole", "cut", "said"),
    [
        ("book.yaml", HEAD + "names: [{name: Ann}, {name: Ben}]\n", HEAD, "0 names left of 2"),
        ("book.yaml", HEAD + "aspects: [{id: acting, title: Acting}]\n", HEAD, "0 aspects left of 1"),
        ("unanswered.yaml", "- why\n- when\n", "- why\n", "1 questions without an answer left of 2"),
        ("../../prompts/tiny.yaml", "- {id: p, question: Why?, theme: T}\n", "[]", "0 prompts left of 1"),
    ],
)
async def test_other_things_that_a_file_cut_short_loses_wait_for_a_word_too(
    world: World, name: str, whole: str, cut: str, said: str
) -> None:
    world.folder.write(name, whole)
    await world.steps(2)
    before = world.shelf["tiny"]
    world.folder.write(name, cut)
    await world.steps(2)
    assert world.shelf["tiny"] is before
    assert said in plain(file_notice_reply("Tiny", world.told.last))
    assert isinstance(world.told.last, Shrunk)
    assert await world.reloader.take("tiny", world.told.last.state)
    assert world.shelf["tiny"] is not before


async def test_a_book_whose_files_go_stays_and_is_told_of_once(world: World) -> None:
    (world.folder.root / "tiny").rename(world.folder.root / "_tiny")
    world.folder.write("book.yaml", HEAD, book="other")
    world.folder.write("facts.yaml", entry("x"), book="other")
    await world.steps(4)
    assert world.answers("a") == ["Yes."]
    assert [notice for _, notice in world.told.notices] == [Missing()]
    (world.folder.root / "_tiny").rename(world.folder.root / "tiny")
    await world.steps(3)
    assert world.told.last == Mended(5)


async def test_a_folder_that_cannot_be_listed_changes_nothing(world: World) -> None:
    world.folder.root.rename(world.folder.root.with_name("away"))
    await world.steps(3)
    assert world.answers("a") == ["Yes."]
    world.folder.root.with_name("away").rename(world.folder.root)
    world.folder.facts("a", "b", "c", "d", "e", answer="Now.")
    await world.steps(3)
    assert world.answers("a") == ["Now."]


async def test_a_book_that_cannot_be_made_ready_is_told_of(world: World) -> None:
    world.files.fails = "It took longer than 120 seconds."
    world.folder.facts("a", "b", "c", "d", "e", "f")
    await world.steps(3)
    assert [notice for _, notice in world.told.notices] == [Failed()]


async def test_moderators_hear_of_a_book_once_a_minute_and_then_how_it_is_by_then(world: World) -> None:
    world.pause = 5
    for line in range(6):
        world.folder.write("facts.yaml", "# x\n" * line + "- nonsense")
        await world.steps(2)
    assert [notice.faults[0].line for notice in world.told.broken] == [1]
    await world.steps(2)
    assert [notice.faults[0].line for notice in world.told.broken] == [1, 6]


async def test_the_same_mistakes_after_another_edit_are_not_told_again(world: World) -> None:
    for other in ("Yes.", "Now."):
        world.folder.write("quotes.yaml", "- nonsense")
        world.folder.facts("a", "b", "c", "d", "e", answer=other)
        await world.steps(3)
    assert len(world.told.notices) == 1


async def test_a_mistake_mended_within_the_minute_leaves_nothing_to_tell(world: World) -> None:
    world.pause = 5
    for answer in ("Yes.", "Now."):
        world.folder.write("quotes.yaml", "- nonsense")
        await world.steps(2)
        (world.folder.root / "tiny" / "quotes.yaml").unlink()
        world.folder.facts("a", "b", "c", "d", "e", answer=answer)
        await world.steps(2)
    await world.steps(12)
    assert [type(notice) for _, notice in world.told.notices] == [Broken, Mended]


async def test_what_cannot_be_told_now_is_told_when_the_store_is_back(world: World) -> None:
    world.memory.fails = True
    world.folder.write("facts.yaml", "- nonsense")
    await world.steps(2)
    assert world.told.notices == []
    world.memory.fails = False
    await world.steps(1)
    assert isinstance(world.told.last, Broken)


async def test_moderators_are_not_told_where_the_files_lie(world: World) -> None:
    world.folder.write("quotes.yaml", entry("a").replace("answer: Yes.", "text: Yes.\n  speaker: Ann"))
    world.folder.write("facts-more.yaml", entry("a"))
    await world.steps(2)
    assert isinstance(world.told.last, Broken)
    assert "the other: facts" in str(world.told.last)
    assert str(world.folder.root) not in str(world.told.last)


async def test_what_fails_oddly_is_not_tried_again_at_every_look(world: World) -> None:
    def fail() -> None:
        raise RuntimeError

    world.files.meanwhile.append(fail)
    world.folder.facts("a", "b", "c", "d", "e", answer="Now.")
    with pytest.raises(RuntimeError):
        await world.steps(2)
    await world.steps(2)
    assert world.files.loads == 1
    assert world.answers("a") == ["Yes."]


async def test_nothing_keeps_an_old_book(world: World) -> None:
    old = weakref.ref(world.shelf["tiny"])
    gc.disable()  # Books are frozen, so that what only the collector would find stays for good.
    try:
        world.folder.facts("a", "b", "c", "d", "e", answer="Now.")
        await world.steps(3)
        assert old() is None
    finally:
        gc.enable()


async def test_one_that_asked_before_keeps_to_the_book_that_it_had(world: World) -> None:
    old = world.shelf["tiny"]
    world.folder.facts("a", "b", "c", "d", "e", answer="Now.")
    await world.steps(2)
    assert old.book.by_id["a"].pieces[0].text == "Yes."
    assert world.shelf["tiny"] is not old


# ------------------------------------------------------------------- looks

STATES = st.builds(lambda digest: {"f": FileState(1, 1, str(digest))}, st.integers(0, 2))
PLACE = Place(Path("tiny"), Path("tiny.yaml"))


@given(st.lists(STATES, min_size=2, max_size=12))
@settings(deadline=None)
def test_only_what_stood_still_is_at_rest(states: list[Mapping[str, FileState]]) -> None:
    known: dict[str, Mapping[str, FileState]] = {"tiny": states[0]}
    looks = [Look({"tiny": (PLACE, state)}) for state in states]
    for at in range(1, len(looks)):
        found = list(at_rest(looks[at - 1], looks[at], known))
        assert found == (["tiny"] if states[at] == states[at - 1] != known["tiny"] else [])
        if found:
            known["tiny"] = states[at]


def test_a_look_sees_what_changes_its_text_and_nothing_else(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "knowledge")
    folder.write("book.yaml", HEAD)
    folder.facts("a")
    first = look(folder.root, None, Look())
    assert look(folder.root, None, first) == first
    (folder.root / "tiny" / "notes.txt").write_text("x")
    (folder.root / "tiny" / ".facts.yaml.swp").write_text("x")
    assert look(folder.root, None, first) == first
    (folder.root / "tiny" / "facts-more.yaml").symlink_to("/dev/zero")
    assert "facts-more.yaml" in str(look(folder.root, None, first).books)
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    (prompts / "tiny.yaml").write_text("[]")
    assert look(folder.root, None, first) != first


def test_a_second_write_in_the_same_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "knowledge")
    folder.write("book.yaml", HEAD)
    folder.facts("a")
    first = look(folder.root, None, Look())
    folder.clock -= 1
    folder.facts("b")
    second = look(folder.root, None, first)
    assert second != first
    assert look(folder.root, None, second) == second


async def test_a_book_is_made_ready_in_a_process_of_its_own(world: World) -> None:
    files = BookFiles.of(world.folder.root, None)
    (place, _) = files.first.books["tiny"]
    ready = await files.load(place)
    assert isinstance(ready, Ready)
    assert ready.asking.answer("what is a") == world.shelf["tiny"].answer("what is a")
    world.folder.write("facts.yaml", "- nonsense")
    faulty = await files.load(place)
    assert isinstance(faulty, Faulty)
    assert faulty.problems[0].mark.line == 1
