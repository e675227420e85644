"""Nodes -> models, with every error at once, each on its line and in a moderator's words."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.book.book import CHAPTERS, DATE
from bot.book.entries import IDENTIFIER
from bot.content.nodes import Node, locate, plain
from bot.content.problems import Problem, excerpt

M = TypeVar("M", bound=BaseModel)

_SHAPES = {
    IDENTIFIER: "up to 40 characters of a-z, 0-9 and -, such as kathy-cast",
    CHAPTERS: "a chapter or a range of chapters, such as 1-9",
    DATE: "a date such as 2011-02-21",
}


def validate(model: type[M], node: Node, shown_as: str) -> M | list[Problem]:
    """The model that the node describes, or all that is wrong with it."""
    try:
        return model.model_validate(plain(node))
    except ValidationError as error:
        found = error.errors(include_url=False)
        return [
            Problem(shown_as, locate(node, detail["loc"]), *_explain(detail, model))
            for detail in found
            if not _follows(detail, found)
        ]


def _follows(detail: ErrorDetails, found: Sequence[ErrorDetails]) -> bool:
    """Whether a list has too few items only because those in it are wrong."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(one["loc"]) > len(place) and one["loc"][: len(place)] == place for one in found
    )


def _explain(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    where = _where(detail["loc"])
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"The {where} is missing.", f"Add a line '{detail['loc'][-1]}: ...'."
        case "extra_forbidden" if detail["loc"] == ("reveals",):
            return "The entry and its first layer each name a milestone.", "Keep one 'reveals:' of the two."
        case "extra_forbidden":
            return _unknown_key(detail["loc"], model)
        case "string_type":
            return (
                f"The {where} should be a text.",
                "Put the text in double quotes; a colon or a dash has made it a list.",
            )
        case "tuple_type" | "list_type":
            return f"The {where} should be a list.", "Write one item a line, each behind '- ', or [one, two]."
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"The {where} should be a table of keys.", "Write 'key: text' lines, indented under it."
        case "string_pattern_mismatch":
            wanted = _SHAPES.get(str(context.get("pattern")), "of another shape")
            return f"{excerpt(str(detail['input']))} is no {where}.", f"It must be {wanted}."
        case "string_too_short":
            return f"The {where} is empty.", "Write a text, or take the line out."
        case "string_too_long":
            return f"The {where} is longer than {context['max_length']} characters.", "Shorten it."
        case "too_short":
            return f"The {where} has too few items ({context['min_length']} at least).", "Add one."
        case "too_long":
            return f"The {where} has too many items ({context['max_length']} at most).", "Take some out."
        case "literal_error":
            return f"{excerpt(str(detail['input']))} is no {where}.", f"Write {context['expected']}."
        case "chapters_reversed":
            return f"The {where} end before they begin.", "Write the first chapter first, such as 1-9."
        case other:
            return f"The {where} is not right ({other}).", "Compare it with an entry that works."


def _where(location: Sequence[int | str]) -> str:
    names: list[str] = []
    for step in location:
        if isinstance(step, int):
            names.append(f"item {step + 1}")
        else:
            names.append(step)
    return ", ".join(names) or "entry"


def _unknown_key(location: Sequence[int | str], model: type[BaseModel]) -> tuple[str, str]:
    key = str(location[-1])
    odd = next((c for c in key if not c.isascii()), None)
    if odd is not None:
        what = f"The key {excerpt(key)} has a character that only looks right (U+{ord(odd):04X})."
        return what, "Type the key again."
    known = _keys_at(location, model)
    near = get_close_matches(key, known, 1, 0.6)
    remedy = f"Did you mean '{near[0]}'?" if near else f"Known keys are {', '.join(known)}."
    return f"There is no key {excerpt(key)}.", remedy


def _keys_at(location: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    """The keys that moderators may write in the table where the location's last key stands."""
    for step in location[:-1]:
        field = next(
            (field for name, field in model.model_fields.items() if _written(name, field) == step), None
        )
        if field is not None:
            model = next(_models_in(field.annotation), model)
    return [_written(name, field) for name, field in model.model_fields.items() if name != "kind"]


def _written(name: str, field: FieldInfo) -> str:
    return str(field.validation_alias or name)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
