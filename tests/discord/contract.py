"""What Discord takes: its published OpenAPI schema where that file is at hand, and rules by hand for what it misses.

`DISCORD_OPENAPI` names the file. Each rule by hand has been seen to earn a 400, or to do harm, in the real Discord.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

Json: TypeAlias = Any

COMPONENTS_V2 = 1 << 15
BUTTON = 2
TEXT_DISPLAY = 10

NAMED = os.environ.get("DISCORD_OPENAPI")
OPENAPI = Path(NAMED).resolve() if NAMED and Path(NAMED).is_file() else None
"""Found while the tests are collected, in the folder that they were started in; None: not at hand."""

FALSE_ALARMS = re.compile(
    # discord.py writes these ids as integers, flags embeds and still sends `nsfw`; Discord takes all of it.
    r"(.*/)?(attachments/\d+/id|message_reference/(message|channel|guild)_id|embeds/\d+/flags|nsfw|recipient_id|allowed_mentions/roles/\d+)"
)


LENGTHS = {"content": 2000, "label": 80, "custom_id": 100, "name": 32, "value": 100}
"""Up to how long a text of this kind is taken everywhere."""


def violations(method: str, path: str, body: Json) -> list[str]:
    """What Discord would refuse, or should never be sent, in a request of the bot; `path` without host and version."""
    path = path.split("?", maxsplit=1)[0]
    found = [f"{method} {path}: {what}" for what in _by_hand(method, path, body)]
    if OPENAPI:
        found += [f"{method} {path}: {what}" for what in _by_schema(method, path, body)]
    return found


def messages_in(method: str, path: str, body: Json) -> Iterator[Json]:
    """The message that a request would post or change, if it does."""
    if not isinstance(body, dict):
        return
    if re.fullmatch(r"/channels/\d+/messages(/\d+)?", path) or re.fullmatch(
        r"/webhooks/\d+/[^/]+(/messages/.+)?", path
    ):
        if method in {"POST", "PATCH"}:
            yield body
    elif path.endswith("/callback") and body.get("type") in {4, 7}:
        yield body.get("data", {})
    elif method == "POST" and re.fullmatch(r"/channels/\d+/threads", path) and "message" in body:
        yield body["message"]


def components(tree: Json) -> Iterator[Json]:
    """Every component below, each after the one that holds it."""
    if isinstance(tree, list):
        for item in tree:
            yield from components(item)
    elif isinstance(tree, dict):
        if "type" in tree:
            yield tree
        for key in ("components", "component", "accessory"):
            if key in tree:
                yield from components(tree[key])


def texts(message: Json) -> list[str]:
    """The text components of a message."""
    return [
        str(part.get("content", ""))
        for part in components(message.get("components"))
        if part["type"] == TEXT_DISPLAY
    ]


def _by_hand(method: str, path: str, body: Json) -> Iterator[str]:
    for message in messages_in(method, path, body):
        yield from _message_by_hand(message)
    if re.fullmatch(r"/channels/\d+(/messages/\d+)?/threads|/channels/\d+", path) and method in {
        "POST",
        "PATCH",
    }:
        name = str(body.get("name", "x" if method == "PATCH" else "")).strip()
        if not 1 <= len(name) <= 100:
            yield f"a thread's name of {len(name)} characters"
    if path.endswith("/callback") and body.get("type") == 8:
        choices = body["data"]["choices"]
        if len(choices) > 25 or not all(1 <= len(choice["name"].strip()) <= 100 for choice in choices):
            yield "choices that Discord does not take"
    if path.endswith("/commands") and isinstance(body, list):
        for command in body:
            if command.get("type", 1) == 1 and command["name"] != command["name"].lower():
                yield f"the command name {command['name']!r} is not in lower case"


def _message_by_hand(message: Json) -> Iterator[str]:
    parts = list(components(message.get("components")))
    if (message.get("allowed_mentions") or {}).get("parse") != []:
        yield "no allowed_mentions with an empty parse"
    if len(message.get("content") or "") > 2000:
        yield "content over 2,000 characters"
    if not any(
        message.get(key) for key in ("content", "components", "embeds", "poll", "attachments", "sticker_ids")
    ):
        yield "an empty message"
    if parts and any(part["type"] >= TEXT_DISPLAY for part in parts):
        if not int(message.get("flags") or 0) & COMPONENTS_V2:
            yield "V2 components without their flag"
        if any(message.get(key) for key in ("content", "embeds", "poll", "sticker_ids")):
            yield "V2 components beside content, embeds, a poll or stickers"
        if len(parts) > 40:
            yield f"{len(parts)} components in a message"
        if sum(map(len, texts(message))) > 4000:
            yield "more than 4,000 characters of text in a V2 message"
        if not all(text.strip() for text in texts(message)):
            yield "an empty text component"
    if len(str(message.get("nonce") or "")) > 25:
        yield f"a nonce of {len(str(message['nonce']))} characters"
    if message.get("poll"):
        yield from _poll_by_hand(message["poll"])
    yield from _parts_by_hand(parts)


def _poll_by_hand(poll: Json) -> Iterator[str]:
    question, answers, hours = poll["question"].get("text") or "", poll["answers"], poll.get("duration", 24)
    if not 1 <= len(question.strip()) <= 300:
        yield f"a poll's question of {len(question)} characters"
    if not 2 <= len(answers) <= 10:
        yield f"a poll with {len(answers)} answers"
    for answer in answers:
        text = answer["poll_media"].get("text") or ""
        if not 1 <= len(text.strip()) <= 55:
            yield f"a poll's answer of {len(text)} characters"
    # discord.py sends the hours as a float.
    if hours != int(hours) or not 1 <= hours <= 768:
        yield f"a poll of {hours} hours"


def _parts_by_hand(parts: Sequence[Json]) -> Iterator[str]:
    for part in parts:
        if part["type"] == BUTTON and not 1 <= len(part.get("label", "").strip()) <= 80:
            yield f"a button with the label {part.get('label')!r}"
        if not 1 <= len(part.get("custom_id", "x")) <= 100:
            yield f"a custom_id of {len(part['custom_id'])} characters"
    for custom_id, count in Counter(part["custom_id"] for part in parts if part.get("custom_id")).items():
        if count > 1:
            yield f"the custom_id {custom_id!r} stands {count} times in a message"


def _by_schema(method: str, path: str, body: Json) -> Iterator[str]:
    if body is not None:
        yield from _of_shape(method, _template(path), json.dumps(_shape(body)))


def _shape(tree: Json) -> Json:
    """A body with texts of the right length all alike: looking through one takes milliseconds, and most are alike."""
    if isinstance(tree, list):
        return [_shape(item) for item in tree]
    if isinstance(tree, dict):
        return {
            key: "x"
            if key in LENGTHS and isinstance(value, str) and 0 < len(value) <= LENGTHS[key]
            else _shape(value)
            for key, value in tree.items()
        }
    return tree


@cache
def _of_shape(method: str, template: str, written: str) -> tuple[str, ...]:
    validator, body = _validator(method, template), json.loads(written)
    leaves = [
        leaf for error in (validator.iter_errors(body) if validator else ()) for leaf in _leaves(error, body)
    ]
    found = [("/".join(map(str, leaf.absolute_path)), leaf.message) for leaf in leaves]
    return tuple(
        f"at {at or 'the top'}: {message[:200]}" for at, message in found if not FALSE_ALARMS.fullmatch(at)
    )


def _leaves(error: ValidationError, body: Json) -> Iterator[ValidationError]:
    """Of an "any of these" the branch that comes nearest: what is wrong in it, deepest first."""
    if not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for below in error.context:
        branches.setdefault(below.schema_path[0], []).append(below)
    nearest = max(
        branches.values(),
        key=lambda errors: (
            max(len(leaf.absolute_path) for one in errors for leaf in _leaves(one, body)),
            -len(errors),
        ),
    )
    for one in nearest:
        yield from _leaves(one, body)


@cache
def _spec() -> Json:
    assert OPENAPI
    return json.loads(OPENAPI.read_text(encoding="utf-8"))


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    # Fixed words first: "@original" is not a message id.
    paths = sorted(_spec()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path) for path in paths]


def _template(path: str) -> str:
    for pattern, template in _templates():
        if pattern.fullmatch(path):
            return template
    raise AssertionError(f"Discord has no {path}")


@cache
def _validator(method: str, template: str) -> Draft202012Validator | None:
    operation = _spec()["paths"][template].get(method.lower())
    assert operation is not None, f"Discord has no {method} {template}"
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    resource = DRAFT202012.create_resource(_spec())
    registry = Registry().with_resource("urn:discord", resource)
    return Draft202012Validator(_absolute(content["schema"]), registry=registry)


def _absolute(schema: Json) -> Json:
    """The schema with its references made absolute: it is cut out of the document that they point into."""
    if isinstance(schema, dict):
        return {
            key: f"urn:discord{value}" if key == "$ref" else _absolute(value) for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_absolute(item) for item in schema]
    return schema
