"""Every moderators' command and press, by everybody: only those who may can, whatever Discord lets through."""

from collections.abc import AsyncIterator
from dataclasses import fields
from types import UnionType
from typing import Any, get_args

import pytest

from bot.book.overlay import Change, Edited
from bot.club.asking import Asking
from bot.club.ports import Server
from bot.discord_app.press_ids import custom_id
from bot.discord_app.presses import Drafted, OfModerators
from tests.discord.loopback.interactions import BOOLEAN, CHANNEL, FILE, INTEGER, ROLE_OPTION, SUBCOMMAND
from tests.discord.loopback.payloads import Can, role_payload
from tests.discord.posting import Stage, a_stage
from tests.discord.server import ALICE, GENERAL, GUILD, OWNER, ROLE, Asked, Json, dm_of
from tests.discord.world import text_of

MODERATES, MANAGES, ADMINISTERS = ROLE + 10, ROLE + 11, ROLE + 12
MANAGE_MESSAGES, ADMINISTRATOR = int(Can.MANAGE_MESSAGES), int(Can.ADMINISTRATOR)

CALLERS = {
    "a member": (ALICE, [], False),
    "a member with another role": (ALICE, [ROLE + 1], False),
    "the role that /setup names": (ALICE, [MODERATES], True),
    "Manage Messages": (ALICE, [MANAGES], True),
    "an administrator": (ALICE, [ADMINISTERS], True),
    "the owner": (OWNER, [], True),
}

FORBIDDEN = "Only moderators can do that."

MEMBERS_MAY = {"prompt next", "prompt suggest"}
MODERATORS = ("knowledge", "schedule", "setup", "prompt")
"""Commands that are for moderators, but for those of `MEMBERS_MAY`."""


@pytest.fixture
async def stage(asking: Asking) -> AsyncIterator[Stage]:
    async with a_stage(asking) as found:
        found.memory.servers[GUILD] = Server(moderators=MODERATES, misses=True)
        for number, permissions in ((MODERATES, 0), (MANAGES, MANAGE_MESSAGES), (ADMINISTERS, ADMINISTRATOR)):
            role = role_payload(number, "a role", permissions=permissions)
            await found.server.tell("GUILD_ROLE_CREATE", {"guild_id": str(GUILD), "role": role})
        found.due()
        yield found


def commands(stage: Stage) -> dict[str, list[Json]]:
    """Every moderators' command with the options that it must have."""
    found: dict[str, list[Json]] = {}

    def walk(name: str, options: list[Json]) -> None:
        below = [option for option in options if option["type"] <= SUBCOMMAND + 1]
        for option in below:
            walk(f"{name} {option['name']}", option.get("options", []))
        if not below and name not in MEMBERS_MAY:
            found[name] = [option for option in options if option.get("required")]

    for command in stage.server.commands:
        if command["name"] in MODERATORS:
            walk(command["name"], command.get("options", []))
    return found


def value(stage: Stage, option: Json) -> str | int | bool:
    """Something that a member could give."""
    if choices := option.get("choices"):
        chosen: str | int = choices[0]["value"]
        return chosen
    made_up: dict[int, str | int | bool] = {
        INTEGER: option.get("min_value", 1),
        BOOLEAN: True,
        CHANNEL: GENERAL,
        ROLE_OPTION: ROLE + 1,
        FILE: stage.server.add_file("facts.yaml", b"- id: x\n"),
    }
    return made_up.get(option["type"], "who plays kathy")


def presses(kinds: UnionType) -> list[Any]:
    """One of each press, as somebody could make it up."""
    made_up: dict[str, object] = {
        "entries": (),
        "book": "never-let-me-go",
        "state": "0" * 10,
        "schedule": "0" * 12,
        "occurrence": "2026-11-27T19:00",
    }
    return [kind(*(made_up.get(field.name, 1) for field in fields(kind))) for kind in get_args(kinds)]


def kept(stage: Stage) -> str:
    """All that is remembered."""
    return repr({name: one for name, one in vars(stage.memory).items() if not name.startswith("_")})


def forbidden(asked: Asked) -> bool:
    return asked.kind != 9 and FORBIDDEN in text_of(asked.data)


@pytest.mark.parametrize("caller", CALLERS)
async def test_only_those_who_may_can_use_a_moderators_command(stage: Stage, caller: str) -> None:
    member, roles, may = CALLERS[caller]
    stage.server.roles[member] = roles
    found = commands(stage)
    assert {
        "knowledge add",
        "knowledge upload",
        "knowledge misses",
        "schedule add",
        "setup",
        "prompt review",
    } <= set(found)
    for name, options in found.items():
        before = kept(stage)
        asked = await stage.server.slash(
            name, {option["name"]: value(stage, option) for option in options}, member=member
        )
        assert forbidden(asked) is not may, name
        assert asked.kind == 9 or asked.ephemeral, name
        assert may or kept(stage) == before, name


@pytest.mark.parametrize("caller", CALLERS)
async def test_only_those_who_may_can_press_what_moderators_press(stage: Stage, caller: str) -> None:
    member, roles, may = CALLERS[caller]
    stage.server.roles[member] = roles
    shown = await stage.server.slash("help", member=member)
    for press in presses(OfModerators):
        before = kept(stage)
        if isinstance(press, Drafted):
            form = {"custom_id": custom_id(press), "components": []}
            asked = await stage.server.submit(form, "x", member=member)
        else:
            asked = await stage.server.press(shown.message, custom_id(press), "x", member=member)
        assert forbidden(asked) is not may, press
        assert may or kept(stage) == before, press


async def test_nobody_moderates_in_a_direct_message(stage: Stage) -> None:
    alone = dm_of(OWNER)
    shown = await stage.server.slash("help", member=OWNER, channel=alone)
    before = kept(stage)
    for press in presses(OfModerators):
        if not isinstance(press, Drafted):
            asked = await stage.server.press(shown.message, custom_id(press), member=OWNER, channel=alone)
            assert forbidden(asked), press
    for name, options in commands(stage).items():
        given = {option["name"]: value(stage, option) for option in options}
        asked = await stage.server.slash(name, given, member=OWNER, channel=alone)
        assert forbidden(asked), name
    assert kept(stage) == before


async def test_what_is_offered_while_typing_is_for_moderators_too(stage: Stage, asking: Asking) -> None:
    entry = asking.book.entries[0]
    await stage.memory.revise(
        GUILD, asking.book.slug, (Change("x", None, Edited(entry.model_copy(update={"id": "x"}))),), OWNER, "Added", stage.client.desk.club.now()
    )  # fmt: skip
    typed_into = [
        ("knowledge edit", "entry"), ("knowledge remove", "entry"), ("knowledge preview", "entry"),
        ("knowledge history", "entry"), ("knowledge restore", "entry"), ("knowledge restore", "revision"),
    ]  # fmt: skip
    for name, option in typed_into:
        assert await stage.server.choices(name, option, "", member=ALICE) == [], name
        assert await stage.server.choices(name, option, "", member=OWNER), name


async def test_a_proposal_is_only_for_whom_it_was_shown(stage: Stage) -> None:
    removing = await stage.server.slash("knowledge remove", {"entry": "Who wrote the novel"}, member=OWNER)
    save = next(
        one["custom_id"]
        for row in removing.data["components"][0]["components"]
        for one in row.get("components", ())
        if one.get("label") == "Save"
    )
    stage.server.roles[ALICE] = [MANAGES]
    asked = await stage.server.press(removing.message, save, member=ALICE)
    assert "no longer have that at hand" in text_of(asked.data)
    assert not stage.memory.revisions
