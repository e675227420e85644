"""Something read from a file, with where it stands."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.book.entries import Frozen
from bot.content.nodes import Node, locate
from bot.content.problems import Problem

T = TypeVar("T")
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

    def place(self, path: tuple[int | str, ...]) -> str:
        """Where the value at `path` of this item stands, as "file:line"."""
        return f"{self.file}:{locate(self.node, path).line}"

    def warning(self, path: tuple[int | str, ...], what: str, remedy: str) -> Problem:
        """A warning at the value at `path` of this item."""
        return Problem(self.file, locate(self.node, path), what, remedy, "warning")


def repeats(items: Iterable[T], key: Callable[[T], Hashable]) -> Iterator[tuple[T, T]]:
    """Every item whose key an earlier one has, with the first that has it."""
    first: dict[Hashable, T] = {}
    for item in items:
        earlier = first.setdefault(key(item), item)
        if earlier is not item:
            yield item, earlier
