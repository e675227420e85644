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


ANSWER = {"poll_media": {"text": "x"}}


def poll(**changes: Json) -> Json:
    asked = {"question": {"text": "x"}, "answers": [ANSWER] * 2, "duration": 24.0} | changes
    return {"poll": asked, "allowed_mentions": NONE}


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
    "nonce too long": ({"content": "x", "nonce": "x" * 26, "allowed_mentions": NONE}, "nonce of 26"),
    "poll question too long": (poll(question={"text": "x" * 301}), "question of 301"),
    "poll without question": (poll(question={"text": " "}), "poll's question"),
    "poll with one answer": (poll(answers=[ANSWER]), "1 answers"),
    "poll with eleven answers": (poll(answers=[ANSWER] * 11), "11 answers"),
    "poll answer too long": (poll(answers=[ANSWER, {"poll_media": {"text": "x" * 56}}]), "answer of 56"),
    "poll of no whole hours": (poll(duration=1.5), "1.5 hours"),
    "poll of no time": (poll(duration=0.0), "0.0 hours"),
    "poll of 33 days": (poll(duration=769), "769 hours"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("way", ["message", "reply", "edit", "follow-up", "post"])
def test_what_discord_would_refuse_is_found(name: str, way: str) -> None:
    body, what = BAD[name]
    method, path, sent = {
        "message": ("POST", "/channels/1/messages", body),
        "reply": ("POST", "/interactions/1/x/callback", {"type": 4, "data": body}),
        "edit": ("PATCH", "/channels/1/messages/2", body),
        "follow-up": ("POST", "/webhooks/1/x", body),
        "post": ("POST", "/channels/1/threads", {"name": "x", "message": body}),
    }[way]
    assert any(what in found for found in violations(method, path, sent))


def test_a_command_name_in_capitals_and_choices_too_many_are_found() -> None:
    assert violations("PUT", "/applications/1/commands", [{"name": "Ask", "description": "x"}])
    choices = [{"name": "x", "value": "x"}] * 26
    assert violations("POST", "/interactions/1/x/callback", {"type": 8, "data": {"choices": choices}})


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/channels/1/messages/2/threads"), ("POST", "/channels/1/threads"), ("PATCH", "/channels/1")],
)
def test_a_thread_that_cannot_be_called_so_is_found(method: str, path: str, name: str) -> None:
    assert any("name of" in found for found in violations(method, path, {"name": name}))


def test_what_discord_takes_is_not_found_fault_with() -> None:
    assert violations("POST", "/channels/1/messages", v2(TEXT, row(BUTTON))) == []
    assert violations("POST", "/channels/1/messages", {**poll(), "nonce": "x" * 25}) == []
    assert (
        violations("POST", "/channels/1/messages", poll(question={"text": "x" * 300}, duration=768.0)) == []
    )
    assert (
        violations(
            "POST",
            "/channels/1/threads",
            {"name": "x" * 100, "message": {"content": "x", "allowed_mentions": NONE}},
        )
        == []
    )
    assert (
        violations("POST", "/channels/1/messages/2/threads", {"name": "x", "auto_archive_duration": 1440})
        == []
    )
    assert violations("PATCH", "/channels/1", {"archived": False}) == []
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
