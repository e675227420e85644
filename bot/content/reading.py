"""A file's bytes -> text that is fit for libyaml, or one problem that says why not.

Everything refused here either breaks libyaml, costs it seconds, or hides from a moderator's eye what the file
says; the figures are in design.md section 3.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.content.problems import START, Mark, Problem

MAX_BYTES = 1024 * 1024

_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, U+0085 among them
    "\u2028\u2029"  # line breaks that editors do not show
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi: text that reads other than it is
    "\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES_THAT_ARE_NOT = re.compile("(?m)^[ \t]*[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]")
_DIRECTIVE = re.compile(r"(?m)^%")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def read_text(path: Path, shown_as: str) -> str | Problem:
    """The text of a file of at most 1 MiB of UTF-8. Never reads more than that, and nothing but a regular file."""
    try:
        if not path.is_file():
            return Problem(shown_as, START, "This is not a file.", "Put a YAML file here, or remove it.")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        return Problem(
            shown_as, START, f"The file cannot be read ({reason.lower()}).", "Check that the bot may read it."
        )
    return decode(data, shown_as)


def decode(data: bytes, shown_as: str) -> str | Problem:
    """The text that these bytes are, or what is wrong with them."""
    if len(data) > MAX_BYTES:
        return Problem(
            shown_as,
            START,
            "The file is larger than 1 MiB.",
            "Spread its entries over several files, such as facts-cast.yaml and facts-places.yaml.",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(shown_as, START, "The file is saved as UTF-16.", "Save it again as UTF-8.")
    if b"\x00" in data:
        return Problem(
            shown_as, START, "This is not a text file.", "Put a YAML file saved as UTF-8 in its place."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff")
        return Problem(
            shown_as,
            mark_at(before, len(before)),
            "The file is not saved as UTF-8.",
            "Save it again as UTF-8.",
        )
    return next(_unfit(text, shown_as), text)


def unfit(text: str) -> str | None:
    """The first character that no text may hold, as U+0000; None where there is none."""
    found = _UNFIT.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def _unfit(text: str, shown_as: str) -> Iterator[Problem]:
    if found := _UNFIT.search(text):
        code = f"U+{ord(found.group()):04X}"
        yield Problem(
            shown_as,
            mark_at(text, found.start()),
            f"There is an invisible character here ({code}).",
            "Delete it and type the text again.",
        )
    if found := _SPACES_THAT_ARE_NOT.search(text):
        code = f"U+{ord(found.group()[-1]):04X}"
        yield Problem(
            shown_as,
            mark_at(text, found.end() - 1),
            f"This line is indented with a character that only looks like a space ({code}).",
            "Indent it with ordinary spaces.",
        )
    if found := _DIRECTIVE.search(text):
        yield Problem(
            shown_as,
            mark_at(text, found.start()),
            "A line begins with %, which YAML reads as an order to itself.",
            "Put the text in double quotes, or delete the line.",
        )


def mark_at(text: str, offset: int) -> Mark:
    """The line and column of an offset, lines broken as YAML breaks them."""
    line, start = 1, 0
    for found in _LINE_BREAK.finditer(text, 0, offset):
        line, start = line + 1, found.end()
    return Mark(line, offset - start + 1)


def lines_of(text: str) -> list[str]:
    """The lines of a text, broken as YAML breaks them."""
    return _LINE_BREAK.split(text)
