"""What moderators do with the server's book, and members with what is theirs, through the real client."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.book.book import Book
from bot.club.asking import Asking
from bot.club.ports import Server, StoreError, Used
from bot.content.loading import load_book
from tests.discord.contract import components
from tests.discord.posting import Stage, a_stage, pressable
from tests.discord.server import ALICE, GUILD, OWNER, Asked, dm_of
from tests.discord.world import in_the_clear, text_of

ASK = "who wrote the novel"
TOPIC = "Who wrote the novel"
OTHER = GUILD + 1


@pytest.fixture
async def stage(asking: Asking) -> AsyncIterator[Stage]:
    async with a_stage(asking) as found:
        found.memory.servers[GUILD] = Server(misses=True)
        found.memory.milestones[OWNER, asking.book.slug] = "part-three"
        yield found


async def slash(stage: Stage, name: str, *, member: int = OWNER, **options: str | int) -> Asked:
    return await stage.server.slash(name, options, member=member)


async def press(stage: Stage, on: Asked, label: str, *, member: int = OWNER) -> Asked:
    asked = await stage.server.press(on.message, pressable(on.message)[label], member=member)
    if asked.kind == 7:
        asked.message = stage.server.messages[int(asked.source["id"])]
    return asked


async def answer(stage: Stage, question: str = ASK, *, member: int = ALICE, **where: str) -> str:
    return text_of((await stage.server.slash("ask", {"question": question}, member=member, **where)).data)


async def written_to(stage: Stage, member: int) -> str:
    """The one message that the bot writes to a member alone, which may come a moment later."""
    stage.server.open_dm(member)
    async with asyncio.timeout(5):
        while not (found := stage.server.visible(dm_of(member))):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return text_of(found[-1])


async def edit(stage: Stage, text: str, topic: str = TOPIC) -> Asked:
    """The form, filled in: what would change."""
    form = await slash(stage, "knowledge edit", entry=topic)
    assert form.kind == 9
    return await stage.server.submit(form.data, {"text": text}, member=OWNER)


async def test_an_edit_is_live_for_its_server_alone(stage: Stage) -> None:
    shown = await edit(stage, "Kazuo Ishiguro did, in 2005.")
    assert "- for everybody:" in text_of(shown.data)
    assert "+ for everybody: Kazuo Ishiguro did, in 2005." in text_of(shown.data)
    assert "in 2005" not in await answer(stage)
    await press(stage, shown, "Save")
    assert "Kazuo Ishiguro did, in 2005." in await answer(stage)
    stage.memory.servers[OTHER] = Server()
    other = await stage.client.desk.club.here(ALICE, OTHER, 1)
    assert getattr(other, "asking", None) is stage.client.desk.club.books[stage.slug]


async def test_an_edit_counts_in_a_direct_message_of_its_members_too(stage: Stage) -> None:
    await press(stage, await edit(stage, "Kazuo Ishiguro did, in 2005."), "Save")
    stage.memory.last[ALICE] = Used(stage.slug, GUILD)
    assert "in 2005" in await answer(stage, channel=str(dm_of(ALICE)))


async def test_the_second_of_two_who_edit_the_same_is_shown_both_and_nothing_is_lost(stage: Stage) -> None:
    first, second = await edit(stage, "The first one's."), await edit(stage, "The second one's.")
    await press(stage, first, "Save")
    told = await press(stage, second, "Save")
    said = text_of(told.data)
    assert "Somebody has changed this meanwhile. Nothing of yours was saved." in said
    assert "for everybody: The first one's." in said
    assert "+ for everybody: The second one's." in said
    assert "The first one's." in await answer(stage)
    over = await press(stage, told, "Save mine over it")
    assert "revision 2" in text_of(over.data)
    assert "The second one's." in await answer(stage)
    assert len(stage.memory.revisions[GUILD, stage.slug]) == 2


async def test_a_removed_entry_is_gone_until_it_is_restored(stage: Stage) -> None:
    await press(stage, await slash(stage, "knowledge remove", entry=TOPIC), "Save")
    assert "Ishiguro" not in await answer(stage)
    assert TOPIC not in [one["name"] for one in await stage.server.choices("ask", "question", TOPIC)]
    offered = await stage.server.choices("knowledge restore", "entry", "who wrote", member=OWNER)
    assert TOPIC in [one["name"] for one in offered]
    await press(stage, await slash(stage, "knowledge restore", revision=0, entry=TOPIC), "Save")
    assert "Ishiguro" in await answer(stage)


async def test_history_tells_who_did_what_and_a_revision_its_difference(stage: Stage) -> None:
    for number in range(12):
        await press(stage, await edit(stage, f"Version {number}."), "Save")
    shown = await slash(stage, "knowledge history")
    assert f"#12 Edited: {TOPIC} · <@{OWNER}>" in text_of(shown.data)
    assert "#2 " not in text_of(shown.data)
    older = await press(stage, shown, "Older")
    assert "#2 Edited" in text_of(older.data)
    assert "#3 " not in text_of(older.data)
    one = await slash(stage, "knowledge history", revision=5)
    assert "- for everybody: Version 3." in text_of(one.data)
    assert "+ for everybody: Version 4." in text_of(one.data)
    assert "no revision of that number" in text_of(
        (await slash(stage, "knowledge history", revision=13)).data
    )
    of_entry = await slash(stage, "knowledge history", entry=TOPIC)
    assert "#12 Edited" in text_of(of_entry.data)


async def test_a_form_left_empty_changes_nothing_and_says_what_is_wrong(stage: Stage) -> None:
    form = await slash(stage, "knowledge edit", entry=TOPIC)
    shown = await stage.server.submit(form.data, {"topic": "   "}, member=OWNER)
    assert "“Topic” is empty." in text_of(shown.data)
    assert set(pressable(shown.message)) == {"Change", "Forget it"}
    again = await press(stage, shown, "Change")
    assert again.kind == 9
    forgotten = await press(stage, shown, "Forget it")
    assert "Then everything stays as it is." in text_of(forgotten.data), (
        "whoever closes the form finds it as it was"
    )


async def test_a_change_that_the_store_could_not_take_can_be_saved_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    shown = await edit(stage, "Edited.")
    with monkeypatch.context() as broken:
        broken.setattr(stage.memory, "revise", full)
        told = await stage.server.press(shown.message, pressable(shown.message)["Save"], member=OWNER)
        assert "disk" not in text_of(told.data)
    await press(stage, shown, "Save")
    assert "Edited." in await answer(stage)


async def test_warnings_can_be_confirmed(stage: Stage) -> None:
    form = await slash(stage, "knowledge edit", entry=TOPIC)
    shown = await stage.server.submit(
        form.data,
        {"asks": "who plays kathy", "topic": "About the clones", "text": "All donors."},
        member=OWNER,
    )
    said = text_of(shown.data)
    assert '"who plays kathy" gets “' in said
    assert "gives away Part One" in said
    assert "1 ask; 5 or more make it easy to find" in said
    await press(stage, shown, "Save")
    assert "All donors." in await answer(stage, "who plays kathy")


async def test_an_export_is_the_servers_book_and_can_be_sent_back(
    stage: Stage, book: Book, tmp_path: Path
) -> None:
    await press(stage, await edit(stage, "Kazuo Ishiguro did, in 2005."), "Save")
    sent = await slash(stage, "knowledge export")
    assert sent.ephemeral
    ((name, data),) = stage.server.sent_files
    assert name == f"{stage.slug}.zip"
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    loaded = load_book(tmp_path / "knowledge" / stage.slug, tmp_path / "prompts" / f"{stage.slug}.yaml")
    assert loaded.book is not None, loaded.problems
    assert len(loaded.book.entries) == len(book.entries)
    facts = tmp_path / "knowledge" / stage.slug / "facts.yaml"
    changed = facts.read_text(encoding="utf-8").replace("in 2005", "in the year 2005")
    shown = await upload(stage, "facts.yaml", changed.encode())
    assert "1 entry." in text_of(shown.message)
    assert "+ for everybody: Kazuo Ishiguro did, in the year 2005." in text_of(shown.message)
    await press(stage, shown, "Save")
    assert "in the year 2005" in await answer(stage)


async def previewed(stage: Stage, topic: str, reader: str) -> Asked:
    return await stage.server.slash("knowledge preview", {"entry": topic, "as": reader}, member=OWNER)


async def upload(stage: Stage, name: str, data: bytes) -> Asked:
    return await slash(stage, "knowledge upload", file=stage.server.add_file(name, data))


async def test_a_file_with_mistakes_is_refused_with_line_and_remedy(stage: Stage) -> None:
    shown = await upload(stage, "facts.yaml", b"- id: x\n  topic: T\n  anwser: A\n  sources: [nobody]\n")
    said = text_of(shown.message)
    assert "facts.yaml line 3: There is no key \"anwser\". Did you mean 'answer'?" in said
    assert "nothing was changed" in said
    large = await upload(stage, "facts.yaml", b"#" * (1024 * 1024 + 1))
    assert "larger than 1 MiB" in text_of(large.data)
    named = await upload(stage, "book.yaml", b"title: Mine\n")
    assert "cannot take a file of the name" in text_of(named.message)
    assert not stage.memory.revisions


async def test_a_miss_becomes_an_ask_of_the_entry_that_was_meant(stage: Stage) -> None:
    await answer(stage, "which penman is to blame for it")
    await answer(stage, "which penman is to blame for it?")
    await stage.client.desk.club.finish()
    inbox = await slash(stage, "knowledge misses")
    assert "Asked 2 times" in text_of(inbox.data)
    which = await press(stage, inbox, "It meant this one")
    (select,) = (one for one in components(which.message["components"]) if one.get("options"))
    values = [one["value"] for one in select["options"]]
    picked = await stage.server.press(which.message, select["custom_id"], values[0], member=OWNER)
    picked.message = stage.server.messages[int(picked.source["id"])]
    assert "+ ask: which penman is to blame for it" in text_of(picked.data)
    await press(stage, picked, "Save")
    assert "I don't have that" not in await answer(stage, "which penman is to blame for it")
    assert "Nothing is waiting here" in text_of((await slash(stage, "knowledge misses")).data)


async def test_what_was_not_meant_is_kept_and_what_is_dismissed_does_not_come_back(stage: Stage) -> None:
    asked = await stage.server.slash("ask", {"question": ASK}, member=ALICE)
    form = await stage.server.press(asked.message, pressable(asked.message)["Not what I meant"], member=ALICE)
    await stage.server.submit(form.data, "the writer of the screenplay's first draft", member=ALICE)
    await stage.client.desk.club.finish()
    inbox = await slash(stage, "knowledge misses")
    assert "1 after an answer that was not meant" in text_of(inbox.data)
    left = await press(stage, inbox, "Dismiss")
    assert "Nothing is waiting here" in text_of(left.data)
    await answer(stage, "the writer of the screenplay's first draft")
    await stage.client.desk.club.finish()
    assert "Nothing is waiting here" in text_of((await slash(stage, "knowledge misses")).data)


async def test_questions_are_kept_only_where_the_server_wants_it(stage: Stage) -> None:
    stage.memory.servers[GUILD] = Server()
    await answer(stage, "which penman is to blame for it")
    await answer(stage, "which penman is to blame for it", channel=str(dm_of(ALICE)))
    await stage.client.desk.club.finish()
    assert not stage.memory.missed
    assert "/setup misses" in text_of((await slash(stage, "knowledge misses")).data)
    await stage.server.slash("setup", {"misses": True}, member=OWNER)
    await answer(stage, "hello bot")
    await answer(stage, "which penman is to blame for it")
    await stage.client.desk.club.finish()
    assert [one.miss.question for one in stage.memory.missed.values()] == ["which penman is to blame for it"]


async def test_a_suggestion_becomes_an_entry_and_its_member_is_told(stage: Stage) -> None:
    thanked = await slash(
        stage, "suggest", member=ALICE, what="fact", text="The score was played by a quartet."
    )
    assert "a moderator will look at it" in text_of(thanked.data)
    assert thanked.ephemeral
    shown = await slash(stage, "knowledge suggestions")
    assert "The score was played by a quartet." in text_of(shown.data)
    form = await press(stage, shown, "Write the entry")
    drafted = await stage.server.submit(
        form.data,
        {"topic": "Who played the score", "asks": "who played the score"},
        shown.message,
        member=OWNER,
    )
    drafted.message = stage.server.messages[int(drafted.source["id"])]
    for select in [one for one in components(drafted.message["components"]) if one.get("options")]:
        await stage.server.press(
            drafted.message, select["custom_id"], select["options"][0]["value"], member=OWNER
        )
    drafted.message = stage.server.messages[int(drafted.source["id"])]
    await press(stage, drafted, "Save")
    assert "quartet" in await answer(stage, "who played the score")
    assert "the moderators have taken what you suggested" in await written_to(stage, ALICE)
    assert not stage.memory.offered


async def test_a_suggestion_that_is_left_is_told_to_its_member_too(stage: Stage) -> None:
    await slash(stage, "suggest", member=ALICE, what="correction", text="It was 2005.", answer=TOPIC)
    shown = await slash(stage, "knowledge suggestions")
    assert f"Of: {TOPIC}" in text_of(shown.data)
    left = await press(stage, shown, "Not this one")
    assert "No suggestions are waiting" in text_of(left.data)
    assert "leave the base as it is" in await written_to(stage, ALICE)


async def test_a_quote_is_suggested_with_its_place(stage: Stage) -> None:
    asked = await slash(stage, "suggest", member=ALICE, what="quote", text="My name is Kathy H.")
    assert "Where does the quote stand?" in text_of(asked.data)
    await slash(stage, "suggest", member=ALICE, what="quote", text="My name is Kathy H.", where="chapter 1")
    form = await press(stage, await slash(stage, "knowledge suggestions"), "Write the entry")
    filled = {one["component"]["custom_id"]: one["component"].get("value") for one in form.data["components"]}
    assert (filled["text"], filled["where"]) == ("My name is Kathy H.", "chapter 1")


async def test_suggestions_have_an_end(stage: Stage) -> None:
    for number in range(10):
        await slash(stage, "suggest", member=ALICE, what="fact", text=f"Number {number}.")
    full = await slash(stage, "suggest", member=ALICE, what="fact", text="One more.")
    assert "10 suggestions are waiting already, and yours was not kept." in text_of(full.data)


async def test_preview_shows_what_a_reader_sees_and_what_not(stage: Stage, book: Book) -> None:
    late = next(one for one in book.entries if one.reveals is None and one.pieces[-1].reveals == "part-three")
    nobody = await previewed(stage, late.topic, "nothing")
    assert "A reader who has read nothing sees" in text_of(nobody.data)
    assert late.pieces[-1].text[:40] not in in_the_clear(nobody.data)
    all_of_it = await previewed(stage, late.topic, "finished")
    assert "sees all of it in the clear" in text_of(all_of_it.data)
    stage.memory.milestones.clear()
    own = await previewed(stage, late.topic, "finished")
    assert late.pieces[-1].text[:40] not in in_the_clear(own.data)
    assert "behind bars here in any case" in text_of(own.data)
    form = await slash(stage, "knowledge edit", entry=late.topic)
    assert "further on than you have read" in text_of(form.data)


async def test_a_member_sees_takes_and_removes_what_is_stored_of_them(stage: Stage) -> None:
    stage.memory.milestones[ALICE, stage.slug] = "part-one"
    await answer(stage, "which penman is to blame for it")
    await slash(stage, "suggest", member=ALICE, what="fact", text="A fact.")
    await press(stage, await edit(stage, "Edited."), "Save")
    await stage.client.desk.club.finish()
    shown = text_of((await slash(stage, "privacy show", member=ALICE)).data)
    assert "how far you have read, so that I hold back the rest (1)" in shown
    assert "(1)" in shown.split("questions of yours")[1]
    await slash(stage, "privacy export", member=ALICE)
    ((name, data),) = stage.server.sent_files
    assert name.endswith(".json")
    assert json.loads(data)["missed questions"][0]["question"] == "which penman is to blame for it"
    sure = await slash(stage, "privacy forget", member=ALICE)
    assert stage.memory.milestones, "only when it is confirmed"
    await press(stage, sure, "Forget me", member=ALICE)
    assert "Nothing." in text_of((await slash(stage, "privacy show", member=ALICE)).data)
    assert not stage.memory.missed
    assert [one.member for _, _, one in stage.memory.offered.values()] == [None]
    await press(stage, await slash(stage, "privacy forget"), "Forget me")
    assert [one.author for one in stage.memory.revisions[GUILD, stage.slug]] == [None]
    assert "Edited." in await answer(stage), "what the club uses stays"


async def test_a_server_that_removes_the_bot_is_forgotten_after_a_month(stage: Stage) -> None:
    await press(stage, await edit(stage, "Edited."), "Save")
    await stage.server.outage()
    assert not stage.memory.left, "an outage is no farewell"
    await stage.server.recover()
    await stage.server.remove_guild()
    for _ in range(100):
        if stage.memory.left:
            break
        await stage.server.slash("about", member=ALICE, channel=str(dm_of(ALICE)))
    assert set(stage.memory.left) == {GUILD}
    now = stage.client.desk.club.now()
    assert await stage.memory.forget_left(now - timedelta(days=30)) == frozenset()
    assert await stage.memory.forget_left(now + timedelta(days=1)) == {GUILD}
    assert GUILD not in stage.memory.servers
    assert not stage.memory.revisions
