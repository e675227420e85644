"""The rules that requests are held against catch what they are there to catch."""

import json

import pytest

from tests.discord.contract import COMPONENTS_V2, OPENAPI, Json, violations

NONE: dict[str, list[str]] = {"parse": []}
TEXT = {"type": 10, "content": "x"}
BUTTON = {"type": 2, "style": 2, "label": "x", "custom_id": "x"}


def v2(*parts: Json, **changes: Json) -> Json:
    return {
        "components": [{"type": 17, "components": list(parts)}],
        "flags": COMPONENTS_V2,
        "allowed_mentions": NONE,
    } | changes


def row(*buttons: Json) -> Json:
    return {"type": 1, "components": list(buttons)}


BAD = {
    "no mention guard": ({"content": "x"}, "allowed_mentions"),
    "mentions allowed": ({"content": "x", "allowed_mentions": {"parse": ["users"]}}, "allowed_mentions"),
    "content too long": ({"content": "x" * 2001, "allowed_mentions": NONE}, "2,000"),
    "empty message": ({"allowed_mentions": NONE}, "empty message"),
    "V2 with content": (v2(TEXT, content="x"), "beside content"),
    "V2 without its flag": (v2(TEXT, flags=0), "without their flag"),
    "41 components": (v2(*[TEXT] * 40), "41 components"),
    "too much text": (v2({**TEXT, "content": "x" * 4001}), "4,000 characters"),
    "empty text": (v2({**TEXT, "content": " "}), "empty text"),
    "custom_id twice": (v2(row(BUTTON, BUTTON)), "stands 2 times"),
    "label too long": (v2(row({**BUTTON, "label": "x" * 81})), "label"),
    "custom_id too long": (v2(row({**BUTTON, "custom_id": "x" * 101})), "custom_id of 101"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("way", ["message", "reply", "edit", "follow-up"])
def test_what_discord_would_refuse_is_found(name: str, way: str) -> None:
    body, what = BAD[name]
    method, path, sent = {
        "message": ("POST", "/channels/1/messages", body),
        "reply": ("POST", "/interactions/1/x/callback", {"type": 4, "data": body}),
        "edit": ("PATCH", "/channels/1/messages/2", body),
        "follow-up": ("POST", "/webhooks/1/x", body),
    }[way]
    assert any(what in found for found in violations(method, path, sent))


def test_a_command_name_in_capitals_and_choices_too_many_are_found() -> None:
    assert violations("PUT", "/applications/1/commands", [{"name": "Ask", "description": "x"}])
    choices = [{"name": "x", "value": "x"}] * 26
    assert violations("POST", "/interactions/1/x/callback", {"type": 8, "data": {"choices": choices}})


def test_what_discord_takes_is_not_found_fault_with() -> None:
    assert violations("POST", "/channels/1/messages", v2(TEXT, row(BUTTON))) == []
    assert violations("GET", "/users/@me", None) == []


@pytest.mark.skipif(
    OPENAPI is None, reason="DISCORD_OPENAPI names no file: nothing is held against Discord's schema"
)
@pytest.mark.parametrize(
    "sent",
    [
        v2({"type": 10, "content": 5}), v2({"type": 10}), v2({"type": 99}), v2(row({**BUTTON, "style": 77})),
        {"content": ["x"], "allowed_mentions": NONE}, v2(TEXT, flags="32768"),
    ],
    ids=json.dumps,
)  # fmt: skip
def test_what_the_schema_refuses_is_found(sent: Json) -> None:
    assert any("at " in found for found in violations("POST", "/channels/1/messages", sent))
