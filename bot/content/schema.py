"""What editors are told of the YAML: JSON Schemas, made from the very models that the loader validates with.

They say what one entry may hold; what only shows between entries (unknown sources, ids used twice) `bookclub check`
says. Draft 7, and nothing by reference: so every editor shows the help beside every key.
"""

import json
import re
from typing import Any

from pydantic import BaseModel, TypeAdapter

from bot.book.book import BookHead
from bot.book.entries import Ask
from bot.book.prompts import Prompt
from bot.content.loading import KINDS

Json = dict[str, Any]

_ABOUT = {
    "book": "What the book is, how far a reader can have come, what entries cite, and the words that members use.",
    "facts": "Facts: what sources state of the book or the film.",
    "quotes": "Quotes: words exactly as they stand in a source.",
    "plot": "The plot, in story order. Every point says which milestone it reveals.",
    "views": "Views: what named persons think of the book or the film.",
    "unanswered": "Questions that members ask and that no source answers: they get 'I don't have that'.",
    "prompts": "Discussion prompts, in the book's order: the next one that a club has not had is posted.",
}
_COMMENT = (
    "Written by 'bookclub schema' from the bot's own models: a change made here is lost. The bot takes every value as "
    "the text that was typed, while an editor takes 1984 for a number and true for a truth value; hence these are "
    "allowed wherever a text is wanted. A value left empty is refused by both, and with it the word null, which an "
    "editor cannot tell from it: put that one into double quotes."
)
_REVEALS = (
    "The id of the milestone whose reader already knows this: nothing of the entry is shown in the clear before. With "
    "layers, the same as a 'reveals' in the first. Left out, it is shown to everybody, also to somebody who has read "
    "nothing."
)


def schema_files() -> dict[str, str]:
    """Every schema, as the text of a file under its file's name."""
    made = {"book": _written(BookHead.model_json_schema())}
    for kind, (model, body_key) in KINDS.items():
        made[kind] = _list_of(_entry(model, body_key))
    made["unanswered"] = _list_of(_written(TypeAdapter(Ask).json_schema()))
    made["prompts"] = _list_of(_written(Prompt.model_json_schema()))
    return {
        f"{kind}.schema.json": json.dumps(_whole(kind, schema), ensure_ascii=False, indent=2) + "\n"
        for kind, schema in made.items()
    }


def _whole(kind: str, schema: Json) -> Json:
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "$comment": _COMMENT}
    return head | schema | {"description": _ABOUT[kind]}


def _list_of(items: Json) -> Json:
    return {"type": "array", "items": items}


def _entry(model: type[BaseModel], body_key: str) -> Json:
    """One entry as moderators write it, before `layered` has made a list of its text (layers.py)."""
    schema = _written(model.model_json_schema())
    properties = schema["properties"]
    del properties["kind"]  # the file's name says it
    body = properties[body_key]
    layer = body["items"]
    text = {key: value for key, value in layer["properties"]["text"].items() if key != "description"}
    layers = {key: value for key, value in body.items() if key != "description"}
    properties[body_key] = {
        "description": body["description"],
        "anyOf": [text, layer, layers | {"items": {"anyOf": [text, layer]}}],
    }
    properties["reveals"] = layer["properties"]["reveals"] | {"description": _REVEALS}
    return schema


def _written(schema: Json, models: Json | None = None) -> Json:
    """Pydantic's schema of a model as that of its YAML: models in place, no null, no title, texts as typed."""
    models = schema.get("$defs", {}) if models is None else models
    if "$ref" in schema:
        schema = models[schema["$ref"].rpartition("/")[2]] | schema
    for option in schema.get("anyOf", ()):
        if option != {"type": "null"}:  # what may be left out; an empty value is no way to do it
            schema = option | schema
    kept = {key: value for key, value in schema.items() if key not in {"$defs", "$ref", "anyOf", "title"}}
    if not isinstance(kept.get("default"), str):
        kept.pop("default", None)
    if "properties" in kept:
        kept["properties"] = {key: _written(value, models) for key, value in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _written(kept["items"], models)
    if kept.get("type") == "string" and "enum" not in kept and "const" not in kept:
        kept |= _as_typed(kept.get("pattern", ""))
    return kept


def _as_typed(pattern: str) -> Json:
    """What an editor may take a text of this pattern for: see `_COMMENT`."""

    def fits(*typed: str) -> bool:
        return any(re.search(pattern, text) for text in typed)

    types = ["string"]
    if fits("1.5"):
        types.append("number")
    elif fits("1", "1984"):
        types.append("integer")
    if fits("true"):
        types.append("boolean")
    return {"type": types} if fits("-1") else {"type": types, "minimum": 0}
