"""The only place that writes spoiler bars, and the escaping that keeps them whole. Rules: design.md section 4."""

import re
import string
import unicodedata

BAR = "||"
_LOOKALIKE = "\u2758"
# The full-width bar is none to Discord; but whatever normalises a text makes it one.
_BARS = re.compile("[|\uff5c]")
_ESCAPES = str.maketrans({mark: f"\\{mark}" for mark in string.punctuation})
_LINK = re.compile(r"<?(https?://[^\s<>]+)>?")


def escaped(text: str) -> str:
    """Text for the clear: every ASCII punctuation mark behind a backslash, so that no mark can mean anything.

    Discord shows the mark alone. Runs of white space become one space: no line of it can begin with a prefix.
    """
    return " ".join(text.split()).translate(_ESCAPES)


def barred(text: str, *, lines: bool = False) -> str:
    """The text between bars; nothing for an empty one. It must stand alone in its line or block.

    Runs of white space become one space; with `lines`, its lines stay lines, and then it must be a block of its own.
    """
    plain = _BARS.sub(_LOOKALIKE, text)
    rows = plain.splitlines() if lines else [plain]
    inside = "\n".join(" ".join(row.split()) for row in rows).strip()
    inside = _LINK.sub(r"<\1>", inside)
    if not inside:
        return ""
    if _seen_end(inside).endswith("\\"):
        inside += " "
    return f"{BAR}{inside}{BAR}"


def _seen_end(text: str) -> str:
    """The text without what is invisible at its end, which Discord may strip."""
    at = len(text)
    while at and unicodedata.category(text[at - 1]) in {"Cf", "Cc"}:
        at -= 1
    return text[:at]
