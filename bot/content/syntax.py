"""libyaml's syntax errors in a moderator's words, on the line where the mistake is."""

import re
from typing import Protocol

import yaml

from bot.content.problems import START, Mark, excerpt

_KEY_FIRST = re.compile(r"^\s*(?:- +)?[A-Za-z_][\w-]*\s*:(\s|$)")
_TIGHT = re.compile(r"^\s*(?:- +)?[A-Za-z_][\w-]*(?::(?:\u00a0|[^\s:/])|[\ufe55\uff1a])")
_QUOTE_IT = "Put the whole text in double quotes."

Explained = tuple[Mark, str, str]


def explain(error: yaml.MarkedYAMLError, lines: list[str]) -> Explained:
    """Where the mistake is, what it is and what to do.

    The place is libyaml's `problem_mark`, or its `context_mark` where the problem only shows later: at the end of
    the file for a quote never closed, on the next line for a missing colon.
    """
    problem = (error.problem or "").lower()
    context = (error.context or "").lower()
    at = _within(lines, mark_of(error.problem_mark))
    began = _within(lines, mark_of(error.context_mark)) if error.context_mark else at
    line = lines[at.line - 1]

    if "quoted scalar" in context:
        return _quoted(problem, at, began)
    if "block scalar" in context:
        return at, "A text that begins with | or > is read as a block.", _QUOTE_IT
    if "flow" in context:
        return (
            began,
            f"A list that begins with [ or {{ here is not finished: {excerpt(lines[began.line - 1])}.",
            "Close it with ] or }, put commas between its items, and put items that hold , : [ ] in double quotes.",
        )
    if "expected ':'" in problem and _TIGHT.match(lines[began.line - 1]):
        return (
            began,
            f"There is no ordinary colon and space behind this key: {excerpt(lines[began.line - 1])}.",
            "Write 'key: text', with one space.",
        )
    if "expected ':'" in problem:
        return (
            began,
            f"This line has no colon behind its key: {excerpt(lines[began.line - 1])}.",
            "Write 'key: text', or indent the line so that it continues the text above.",
        )
    if "cannot start any token" in problem or "tab character" in problem:
        return _odd_start(at, line)
    if any(what in context for what in ("an alias", "an anchor", "a tag")):
        return began, "A text that begins with *, & or ! means something else to YAML.", _QUOTE_IT
    if "mapping values are not allowed" in problem:
        if _KEY_FIRST.match(line) and ":" not in line[: at.column - 1]:
            return _out_of_line(at, line)
        return at, f"There is a colon inside the text: {excerpt(line)}.", _QUOTE_IT
    return _misplaced(problem, at, line)


class _Counted(Protocol):
    """A mark of libyaml's or of PyYAML's own scanner; both count from 0."""

    line: int
    column: int


def mark_of(mark: _Counted | None) -> Mark:
    """Libyaml's mark, which counts from 0, as ours; the start of the file where it gives none."""
    return Mark(mark.line + 1, mark.column + 1) if mark else START


def _within(lines: list[str], mark: Mark) -> Mark:
    """The mark, or the end of the last line: what ends too early, libyaml finds wrong on the line behind it."""
    return mark if mark.line <= len(lines) else Mark(len(lines), len(lines[-1]) + 1)


def _quoted(problem: str, at: Mark, began: Mark) -> Explained:
    if "escape" in problem or "hexdecimal" in problem:
        return (
            at,
            "A backslash inside double quotes means something to YAML.",
            "Use single quotes, or write two backslashes.",
        )
    return began, "A quote is opened here and never closed.", "Put the same quote at the end of the text."


def _odd_start(at: Mark, line: str) -> Explained:
    found = line[at.column - 1 : at.column]
    if "\t" in line[: at.column]:
        return at, "The line is indented with a tab.", "Use spaces: two for each step."
    return at, f"A text cannot begin with {found or 'this'} in YAML.", _QUOTE_IT


def _misplaced(problem: str, at: Mark, line: str) -> Explained:
    stripped = line.strip()
    if at.column > 1 and line[: at.column - 1].rstrip().endswith(('"', "'")):
        return (
            at,
            f"There is text behind the closing quote: {excerpt(stripped)}.",
            "Put the whole text in quotes; inside single quotes write an apostrophe twice.",
        )
    if "'-' indicator" in problem:
        return (
            at,
            f"A list ends before this line, but the line is indented as if it went on: {excerpt(stripped)}.",
            "Begin an item with '- ' or line it up with the key it belongs to.",
        )
    if (key := _KEY_FIRST.match(line)) and at.column > key.end():
        return at, f"The text begins with a mark that means something to YAML: {excerpt(line)}.", _QUOTE_IT
    if key:
        return _out_of_line(at, line)
    return (
        at,
        f"This line does not fit where it stands: {excerpt(stripped)}.",
        "Line it up exactly with the keys above it, and write 'key: text'.",
    )


def _out_of_line(at: Mark, line: str) -> Explained:
    return (
        at,
        f"This line is indented differently from the keys it belongs to: {excerpt(line)}.",
        "Line it up exactly under the key above it.",
    )
