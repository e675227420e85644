"""Files that change on disk, as members and moderators see it in Discord."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.club.asking import Asking
from bot.club.ports import Server
from bot.club.reloading import Reloader
from bot.club.shelf import Shelf
from bot.content.library import load_place
from bot.content.watching import Look, look
from tests.discord.posting import Stage, a_stage, pressable
from tests.discord.server import ALICE, GUILD, OWNER
from tests.discord.world import Clock, text_of
from tests.test_reloading import HEAD, Folder, HereAndNow, entry


@dataclass
class Edited:
    """A bot whose book is being edited on disk; its moderators are told in a channel of their own."""

    stage: Stage
    folder: Folder
    reloader: Reloader
    notices: int

    async def ask(self, name: str) -> str:
        asked = await self.stage.server.slash("ask", question=f"what is {name}")
        return text_of(asked.data)

    async def look(self) -> None:
        await self.reloader.step()
        await self.reloader.step()

    @property
    def told(self) -> list[str]:
        return [text_of(message) for message in self.stage.posts(self.notices)]


@pytest.fixture
async def edited(tmp_path: Path) -> AsyncIterator[Edited]:
    folder = Folder(tmp_path / "knowledge")
    folder.write("book.yaml", HEAD)
    folder.facts("alpha", "bravo", "charlie")
    files = HereAndNow(folder.root, look(folder.root, None, Look()))
    book = load_place(files.first.books["tiny"][0]).book
    assert book is not None
    async with a_stage(Asking(book)) as stage:
        notices = await stage.server.add_channel("moderators")
        stage.memory.servers[GUILD] = Server(book="tiny", notices=notices)
        club = stage.client.desk.club
        assert isinstance(club.books, Shelf)
        reloader = Reloader(club, club.books, files, stage.publisher, Clock())
        stage.client.desk.take_files = reloader.take
        yield Edited(stage, folder, reloader, notices)


async def test_an_edit_is_live_without_a_restart(edited: Edited) -> None:
    assert "Yes." in await edited.ask("alpha")
    edited.folder.facts("alpha", "bravo", "charlie", answer="Now.")
    await edited.look()
    assert "Now." in await edited.ask("alpha")
    assert edited.told == []


async def test_a_mistake_changes_no_answer_and_moderators_learn_where_it_is(edited: Edited) -> None:
    edited.folder.write(
        "facts.yaml", entry("alpha", "Now.") + "- id: bravo\n  topic: x\n  anwser: y\n  sources: [us]\n"
    )
    await edited.look()
    assert "Yes." in await edited.ask("alpha")
    (told,) = edited.told
    assert "facts" in told
    assert "line 8" in told
    assert "I go on with the book as it was" in told
    edited.folder.facts("alpha", "bravo", "charlie", answer="Now.")
    await edited.look()
    assert "Now." in await edited.ask("alpha")
    assert "in order: 3 entries" in edited.told[-1]


async def test_a_server_of_another_process_is_left_to_it(edited: Edited) -> None:
    edited.stage.client.shard_count = 2
    edited.folder.write("facts.yaml", "- nonsense")
    edited.stage.client.shard_id = 1 - (GUILD >> 22) % 2
    await edited.look()
    assert edited.told == []
    edited.folder.write("facts.yaml", "# x\n- nonsense")
    edited.stage.client.shard_id = (GUILD >> 22) % 2
    await edited.look()
    assert len(edited.told) == 1


async def test_half_a_book_waits_for_a_moderators_word(edited: Edited) -> None:
    edited.folder.facts("alpha", answer="Now.")
    await edited.look()
    assert "Yes." in await edited.ask("alpha")
    (message,) = edited.stage.posts(edited.notices)
    take = pressable(message)["Take it"]
    server = edited.stage.server
    refused = await server.press(message, take, member=ALICE)
    assert "Only moderators" in text_of(refused.data)
    assert "Yes." in await edited.ask("alpha")
    taken = await server.press(message, take, member=OWNER)
    assert "Then that is the book" in text_of(taken.data)
    assert "Now." in await edited.ask("alpha")
    again = await server.press(message, take, member=OWNER)
    assert "have changed since" in text_of(again.data)


async def test_a_moderator_of_another_book_takes_nothing(edited: Edited) -> None:
    edited.folder.write("book.yaml", HEAD.replace("Tiny", "Other"), book="other")
    edited.folder.write("facts.yaml", entry("x"), book="other")
    edited.folder.facts("alpha", answer="Now.")
    await edited.look()
    (message,) = edited.stage.posts(edited.notices)
    edited.stage.memory.servers[GUILD] = Server(book="other")
    asked = await edited.stage.server.press(message, pressable(message)["Take it"], member=OWNER)
    assert "have changed since" in text_of(asked.data)


async def test_a_new_book_can_be_chosen_without_a_restart(edited: Edited) -> None:
    server = edited.stage.server
    assert [one["name"] for one in await server.choices("setup", "book", "", member=OWNER)] == ["Tiny"]
    edited.folder.write("book.yaml", HEAD.replace("Tiny", "Another"), book="another")
    edited.folder.write("facts.yaml", entry("zulu"), book="another")
    await edited.look()
    assert [one["name"] for one in await server.choices("setup", "book", "", member=OWNER)] == [
        "Another",
        "Tiny",
    ]
    await server.slash("setup", book="Another", member=OWNER)
    assert "Yes." in await edited.ask("zulu")


async def test_a_servers_own_entries_stay_when_the_book_below_changes(edited: Edited) -> None:
    server = edited.stage.server
    form = await server.slash("knowledge edit", {"entry": "About bravo"}, member=OWNER)
    shown = await server.submit(form.data, {"text": "Ours."}, member=OWNER)
    saved = await server.press(shown.message, pressable(shown.message)["Save"], member=OWNER)
    assert "Saved" in text_of(saved.data)
    assert "Ours." in await edited.ask("bravo")
    edited.folder.facts("alpha", "bravo", "charlie", answer="Now.")
    await edited.look()
    assert "Now." in await edited.ask("alpha")
    assert "Ours." in await edited.ask("bravo")
    checked = await server.slash("knowledge check", member=OWNER)
    assert "has changed since you edited it" in text_of(checked.data)
    assert "+ for everybody: Now." in text_of(checked.data)
