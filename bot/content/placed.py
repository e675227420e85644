"""Something read from a file, with where it stands."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.book.entries import Frozen
from bot.content.nodes import Node, locate
from bot.content.problems import Problem

T_co = TypeVar("T_co", bound=Frozen, covariant=True)


@dataclass(frozen=True)
class Placed(Generic[T_co]):
    """Something read from a file, with where it stands, for problems that show only beside others."""

    item: T_co
    file: str
    node: Node

    def problem(self, path: tuple[int | str, ...], what: str, remedy: str) -> Problem:
        """An error at the value at `path` of this item."""
        return Problem(self.file, locate(self.node, path), what, remedy)

    def warning(self, path: tuple[int | str, ...], what: str, remedy: str) -> Problem:
        """A warning at the value at `path` of this item."""
        return Problem(self.file, locate(self.node, path), what, remedy, "warning")
