"""What a button or a modal asks for, written into its `custom_id`, so that it works after a restart. Pure.

A `custom_id` has at most 100 characters and can be read by members, so it holds digests of names, never a name.
"""

import re
from dataclasses import dataclass

_DIGEST = re.compile(r"[0-9a-f]{10}")
_NUMBER = re.compile(r"[0-9]{1,4}")

MOST_DIGESTS = 6


@dataclass(frozen=True, slots=True)
class Tell:
    """A topic, related or "did you mean": tell what it holds."""

    answer: str


@dataclass(frozen=True, slots=True)
class TurnPage:
    """A page of the answer that consists of these."""

    answers: tuple[str, ...]
    page: int


@dataclass(frozen=True, slots=True)
class TurnPlot:
    """A page of these plot points; of none named, all of the book's."""

    points: tuple[str, ...]
    page: int


@dataclass(frozen=True, slots=True)
class NotMeant:
    """None of these answers was meant: ask what was."""

    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """The modal that `NotMeant` opens: answer what it holds, without these."""

    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowPrivately:
    """Answer the message that was replied to, for whoever presses."""


Press = Tell | TurnPage | TurnPlot | NotMeant | Meant | ShowPrivately


def custom_id(press: Press) -> str:
    """The text that stands for a press; at most 100 characters for up to six digests."""
    match press:
        case Tell(answer):
            return f"tell:{answer}"
        case TurnPage(answers, page):
            return f"page:{page}:{'.'.join(answers[:MOST_DIGESTS])}"
        case TurnPlot(points, page):
            return f"plot:{page}:{'.'.join(points[:MOST_DIGESTS])}"
        case NotMeant(answers):
            return f"not:{'.'.join(answers[:MOST_DIGESTS])}"
        case Meant(answers):
            return f"meant:{'.'.join(answers[:MOST_DIGESTS])}"
        case ShowPrivately():
            return "private"


def read_press(text: str) -> Press | None:
    """The press that a `custom_id` stands for; None for one that this version does not write."""
    match text.split(":"):
        case ["tell", answer] if _DIGEST.fullmatch(answer):
            return Tell(answer)
        case ["page", page, answers] if _NUMBER.fullmatch(page) and (read := _digests(answers)):
            return TurnPage(read, int(page))
        case ["plot", page, ""] if _NUMBER.fullmatch(page):
            return TurnPlot((), int(page))
        case ["plot", page, points] if _NUMBER.fullmatch(page) and (read := _digests(points)):
            return TurnPlot(read, int(page))
        case ["not", answers] if read := _digests(answers):
            return NotMeant(read)
        case ["meant", answers] if read := _digests(answers):
            return Meant(read)
        case ["private"]:
            return ShowPrivately()
        case _:
            return None


def _digests(text: str) -> tuple[str, ...] | None:
    found = tuple(text.split("."))
    return found if len(found) <= MOST_DIGESTS and all(map(_DIGEST.fullmatch, found)) else None
