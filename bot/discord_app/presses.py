"""What a button or a modal asks for, written into its `custom_id`, so that it works after a restart. Pure.

A `custom_id` has at most 100 characters and can be read by members, so it holds digests of names, never a name.
"""

import re
from dataclasses import dataclass

_DIGEST = re.compile(r"[0-9a-f]{10}")
_NUMBER = re.compile(r"[0-9]{1,4}")
_MESSAGE = re.compile(r"[0-9]{1,20}")

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
class TurnRecap:
    """A page of the story so far."""

    page: int


@dataclass(frozen=True, slots=True)
class ReadThisFar:
    """The presser has read as far as they picked; what they picked comes beside the `custom_id`."""


@dataclass(frozen=True, slots=True)
class PickBook:
    """The presser wants to talk about the book that they picked."""


@dataclass(frozen=True, slots=True)
class Hide:
    """The modal of "Hide as spoiler": send this message again behind bars, with the label that was picked."""

    message: int


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


InBook = Tell | TurnPage | TurnPlot | TurnRecap | Meant | ShowPrivately | ReadThisFar
"""What can be answered only where a book is settled on."""

Press = InBook | NotMeant | PickBook | Hide


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
        case TurnRecap(page):
            return f"recap:{page}"
        case ReadThisFar():
            return "read"
        case PickBook():
            return "book"
        case Hide(message):
            return f"hide:{message}"


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
        case ["recap", page] if _NUMBER.fullmatch(page):
            return TurnRecap(int(page))
        case ["read"]:
            return ReadThisFar()
        case ["book"]:
            return PickBook()
        case ["hide", message] if _MESSAGE.fullmatch(message):
            return Hide(int(message))
        case _:
            return None


def _digests(text: str) -> tuple[str, ...] | None:
    found = tuple(text.split("."))
    return found if len(found) <= MOST_DIGESTS and all(map(_DIGEST.fullmatch, found)) else None
