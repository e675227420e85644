"""The only place that writes spoiler bars, and the escaping that keeps them whole. Rules: design.md section 4."""

import re
import string

BAR = "||"
_LOOKALIKE = "\u2758"
_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")
_LINK = re.compile(r"<?(https?://[^\s<>]+)>?")


def escaped(text: str) -> str:
    """Text for the clear: every ASCII punctuation mark behind a backslash, so that no mark can mean anything.

    Discord shows the mark alone. Runs of white space become one space: no line of it can begin with a prefix.
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def barred(text: str) -> str:
    """The text between bars; nothing for an empty one. It must stand alone in its line or block."""
    inside = " ".join(text.replace("|", _LOOKALIKE).split())
    inside = _LINK.sub(r"<\1>", inside)
    if not inside:
        return ""
    if inside.endswith("\\"):
        inside += " "
    return f"{BAR}{inside}{BAR}"
