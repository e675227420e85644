"""A YAML document as texts, tables and lists, each with its place in the file.

Values are always the text that the moderator typed: nothing becomes a number, a date or a truth value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.content.problems import Mark

Plain = str | list["Plain"] | dict[str, "Plain"]


class Text(NamedTuple):
    """A scalar. A tuple, for there are up to 200,000 of them in a file."""

    value: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple["Node", ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; `keys` holds each key's own place."""

    values: Mapping[str, "Node"]
    keys: Mapping[str, Mark]
    mark: Mark


Node = Text | Items | Table


def plain(node: Node) -> Plain:
    """The node as text, lists and dicts, for validation. Depth is bounded by the loader."""
    match node:
        case Text(value):
            return value
        case Items(nodes):
            return [plain(child) for child in nodes]
        case Table(values):
            return {key: plain(child) for key, child in values.items()}


def locate(node: Node, path: Sequence[int | str]) -> Mark:
    """The place of the value at `path`: of its key where the value is gone, of the nearest parent failing that."""
    mark = node.mark
    for step in path:
        match node:
            case Table(values, keys) if step in keys:
                mark = keys[str(step)]
                node = values[str(step)]
            case Items(nodes) if isinstance(step, int) and step < len(nodes):
                node = nodes[step]
                mark = node.mark
            case _:
                return mark
    return mark
