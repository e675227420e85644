"""What is wrong in a file, where, and what to do about it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

PROBLEMS_A_FILE = 100
"""After this many a file is given up on: more would bury the first, which is usually the cause of the rest."""


class Mark(NamedTuple):
    """A place in a file; line and column count from 1."""

    line: int
    column: int


START = Mark(1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem. `what` and `remedy` are whole sentences in plain English.

    An "error" keeps the book from being loaded; a "warning" is the lint's: the book works, but not as well as it
    should.
    """

    file: str
    mark: Mark
    what: str
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.mark.line}:{self.mark.column}: {self.what} {self.remedy}"


def excerpt(text: str, limit: int = 40) -> str:
    """A text's beginning on one line, in quotes, for use in a problem; odd characters as escapes."""
    line = " ".join(text.split())
    shown = line if len(line) <= limit else line[: limit - 1] + "…"
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown) + '"'
