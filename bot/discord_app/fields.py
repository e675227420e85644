"""What comes back with a press or a modal, as Discord writes it."""

from collections.abc import Mapping
from typing import Any


def typed(data: Mapping[str, Any], field: str) -> str:
    """What stands in a modal's field of this name."""
    for row in data.get("components", ()):
        found = row.get("component", {})
        if found.get("custom_id") == field:
            return str(found.get("value", ""))
    return ""


def picked(data: Mapping[str, Any]) -> str | None:
    """What was picked in a select, be it in a message or in a modal; None where nothing was."""
    return next(iter(picked_all(data)), None)


def picked_all(data: Mapping[str, Any]) -> list[str]:
    """All that was picked in selects that take several."""
    values = list(data.get("values", ()))
    for row in data.get("components", ()):
        values += row.get("component", {}).get("values", ())
    return list(map(str, values))
