"""What the bot says, before any chat program: blocks in the clear or veiled, and choices to press.

A `Reply` holds plain text. `markdown.py` makes Discord's markdown of it; the terminal draws it in its own way.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """A short line over what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Text in the clear."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """Text in the clear, one of several side by side."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A small line: sources, hints."""

    text: str


@dataclass(frozen=True, slots=True)
class Veiled:
    """Text that stays behind bars until its reader opens it; the label outside gives nothing away.

    `lines`: it is a member's own, and its lines stay lines.
    """

    label: str
    text: str
    lines: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """One of several moments (aware), which each reader sees in their own time, with what is then.

    `who` is the member who did it.
    """

    moment: datetime
    text: str
    who: int | None = None


Block = Heading | Shown | Item | Note | Veiled | When


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic that its reader may press; the entry behind it is asked for by its topic."""

    entry: str
    topic: str


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader may say that they have come: a milestone's id, None for nothing read, and its label."""

    milestone: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing said. `choices` are "did you mean" topics or related ones, as `offer` says.

    `given` names the answers that it gives or offers (`name_of`): what "not what I meant" turns down. Empty where
    there is nothing to turn down. `places`: its reader may say here how far they have read; empty where not.
    """

    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...] = ()
    offer: Literal["did you mean", "related"] = "related"
    given: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a reply, of `count`. `private`: it holds what only the asker may be sent, in the clear or veiled.

    `plot` names the plot points whose pages these are, none of them for all of the book's; None: an answer's pages,
    which `reply.given` names, or (`recap`) those of the story so far. `turned_down` names the answers that the asker
    has said no to before.
    """

    reply: Reply
    number: int = 1
    count: int = 1
    private: bool = False
    plot: tuple[str, ...] | None = None
    recap: bool = False
    turned_down: tuple[str, ...] = ()
