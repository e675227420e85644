"""Nodes -> models, with every error at once, each on its line and in a moderator's words."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.content.nodes import Node, locate, plain
from bot.content.problems import Problem, excerpt

M = TypeVar("M", bound=BaseModel)

_SHAPES = {
    r"^[a-z0-9][a-z0-9-]{0,39}$": "up to 40 characters of a-z, 0-9 and -, such as kathy-cast",
    r"^\d{1,4}(-\d{1,4})?$": "a chapter or a range of chapters, such as 1-9",
    r"^\d{4}(-\d{2}(-\d{2})?)?$": "a date such as 2011-02-21",
}


def validate(model: type[M], node: Node, shown_as: str) -> M | list[Problem]:
    """The model that the node describes, or all that is wrong with it."""
    try:
        return model.model_validate(plain(node))
    except ValidationError as error:
        return [
            Problem(
                shown_as,
                locate(node, [step for step in detail["loc"] if step != "__root__"]),
                *_explain(detail, model),
            )
            for detail in error.errors(include_url=False)
        ]


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that moderators may write for a model."""
    return [
        str(field.validation_alias or name) for name, field in model.model_fields.items() if name != "kind"
    ]


def _explain(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    where = _where(detail["loc"])
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"The {where} is missing.", f"Add a line '{detail['loc'][-1]}: ...'."
        case "extra_forbidden" if detail["loc"] == ("reveals",):
            return "The entry and its first layer each name a milestone.", "Keep one 'reveals:' of the two."
        case "extra_forbidden":
            return _unknown_key(str(detail["loc"][-1]), model, len(detail["loc"]) == 1)
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


def _unknown_key(key: str, model: type[BaseModel], top: bool) -> tuple[str, str]:
    odd = next((c for c in key if not c.isascii()), None)
    if odd is not None:
        what = f"The key {excerpt(key)} has a character that only looks right (U+{ord(odd):04X})."
        return what, "Type the key again."
    known = keys_of(model) if top else sorted(set(_all_keys(model)))
    near = get_close_matches(key, known, 1, 0.6)
    remedy = f"Did you mean '{near[0]}'?" if near else f"Known keys are {', '.join(known)}."
    return f"There is no key {excerpt(key)}.", remedy


def _all_keys(model: type[BaseModel]) -> Iterator[str]:
    yield from (
        "id",
        "title",
        "name",
        "role",
        "aliases",
        "words",
        "text",
        "reveals",
        "chapters",
        "film",
        "author",
        "date",
    )
    yield from keys_of(model)
