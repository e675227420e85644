"""A moderator's story, from a question that nothing answers to an answer that is taken back; it is in the docs as told here."""

import os
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import pytest

from bot.club.asking import Asking
from bot.club.ports import Server
from tests.conftest import ROOT
from tests.discord.contract import components, texts
from tests.discord.posting import Stage, a_stage, pressable
from tests.discord.server import ALICE, GUILD, OWNER, Asked, Json
from tests.discord.world import text_of

DOC = ROOT / "docs" / "a-moderators-story.md"
NAMES = {ALICE: "Alice", OWNER: "Olga, a moderator"}

HEAD = """# A moderator's story

What members and moderators see, from a question that nothing answers to an answer that is taken back. A test plays it
with the real bot and holds this page against what came out: `tests/discord/test_story.py`.
"""


def shown(message: Json) -> str:
    """The text as a page has it; a line that begins with a plus or a minus keeps the backslash that makes it one."""
    lines = "\n".join(texts(message)).splitlines()
    return "\n".join(re.sub(r"(?<!^)\\([^\w\s])", r"\1", line) for line in lines)


@dataclass
class Story:
    """Who did what, and what they saw, as it goes into the docs."""

    stage: Stage
    told: list[str] = field(default_factory=lambda: [HEAD])

    async def command(self, member: int, name: str, **options: str | int) -> Asked:
        given = " ".join(f"{key}:{value}" for key, value in options.items())
        asked = await self.stage.server.slash(name, options, member=member)
        return self._tell(member, f"`/{name}{' ' + given if given else ''}`", asked)

    async def press(self, member: int, on: Asked, label: str) -> Asked:
        asked = await self.stage.server.press(on.message, pressable(on.message)[label], member=member)
        return self._tell(member, f"presses *{label}*", asked)

    async def pick(self, member: int, on: Asked, placeholder: str, *labels: str) -> Asked:
        (select,) = (
            one for one in components(on.message["components"]) if one.get("placeholder") == placeholder
        )
        values = [option["value"] for option in select["options"] if option["label"] in labels]
        assert len(values) == len(labels)
        asked = await self.stage.server.press(on.message, select["custom_id"], *values, member=member)
        return self._tell(member, f"picks *{placeholder}* {', '.join(labels)}", asked)

    async def fill_in(self, member: int, form: Asked, typed: Mapping[str, str], on: Asked | None) -> Asked:
        asked = await self.stage.server.submit(form.data, typed, on.message if on else None, member=member)
        return self._tell(member, "fills the form in and sends it", asked)

    def _tell(self, member: int, what: str, asked: Asked) -> Asked:
        if asked.kind == 7:
            asked.message = self.stage.server.messages[int(asked.source["id"])]
        lines = [f"**{NAMES[member]}** {what}"]
        if asked.kind == 9:
            lines += [f"> **{asked.data['title']}**"]
            for label in asked.data["components"]:
                value = label["component"].get("value") or ""
                lines.append(f"> {label['label']}: {value.replace(chr(10), ' / ') or '…'}".rstrip())
        else:
            seen = re.sub(r"<t:\d+:[FR]>( \(<t:\d+:R>\))?", "*(just now)*", shown(asked.data))
            lines += [f"> {line}" for line in seen.replace(f"<@{OWNER}>", "@Olga").splitlines()]
            below = " ".join(f"[{label}]" for label in pressable(asked.data))
            lines += [f"> {below}"] if below else []
        self.told.append("\n\n".join([lines[0], "  \n".join(lines[1:])]))
        return asked


@pytest.fixture
async def stage(asking: Asking) -> AsyncIterator[Stage]:
    async with a_stage(asking) as found:
        found.memory.servers[GUILD] = Server(misses=True)
        yield found


async def test_a_moderator_answers_what_was_missed_and_takes_it_back(stage: Stage) -> None:
    story = Story(stage)
    asked = await story.command(ALICE, "ask", question="which cellist plays on the soundtrack")
    assert "I don't have that" in text_of(asked.data)
    await stage.client.desk.club.finish()

    inbox = await story.command(OWNER, "knowledge misses")
    assert "which cellist plays on the soundtrack" in text_of(inbox.data)
    form = await story.press(OWNER, inbox, "Add an answer")
    typed = {
        "topic": "The cello on the soundtrack",
        "asks": "which cellist plays on the soundtrack\nwho plays the cello\ncello player in the score\n"
        "name of the cellist\nwho is the cello soloist",
        "text": "Caroline Dale plays the cello.",
    }
    shown = await story.fill_in(OWNER, form, typed, inbox)
    assert "cannot be saved yet" in text_of(shown.data)
    assert "Save" not in pressable(shown.data)
    shown = await story.pick(OWNER, shown, "Who may read it?", "Everybody, also who has read nothing")
    ready = await story.pick(OWNER, shown, "Who says so?", "The club's moderators")
    assert "cannot be saved" not in text_of(ready.data)
    saved = await story.press(OWNER, ready, "Save")
    assert "revision 1" in text_of(saved.data)

    again = await story.command(ALICE, "ask", question="who was the celo player in the soundtrack?")
    assert "Caroline Dale plays the cello." in text_of(again.data)
    assert "The club's moderators" in text_of(again.data)
    left = await story.command(OWNER, "knowledge misses")
    assert "Nothing is waiting here" in text_of(left.data)

    history = await story.command(OWNER, "knowledge history")
    assert "#1 Added: The cello on the soundtrack" in text_of(history.data)
    restoring = await story.command(OWNER, "knowledge restore", revision=0)
    assert "Gone: The cello on the soundtrack" in text_of(restoring.data)
    await story.press(OWNER, restoring, "Save")

    gone = await story.command(ALICE, "ask", question="who was the celo player in the soundtrack?")
    assert "I don't have that" in text_of(gone.data)
    assert "Caroline" not in text_of(gone.data)

    page = "\n\n".join(story.told) + "\n"
    if os.environ.get("WRITE_DOCS"):
        DOC.write_text(page, encoding="utf-8")
    assert DOC.read_text(encoding="utf-8") == page
