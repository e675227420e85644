"""An entry as a moderator writes it in Discord, before anybody has looked whether it is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bot.book.entries import Kind, Medium


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with what somebody wrote, and what to do; both are sentences.

    An error keeps it from being saved, anything else may be confirmed. `reveals` is the milestone whose reader may see
    the sentences.
    """

    what: str
    remedy: str
    is_error: bool = False
    reveals: str | None = None


FIELD = 4000
"""Characters of a text in a modal of Discord's."""


@dataclass(frozen=True, slots=True)
class Field:
    """One text that is asked for: its name, what stands over it and below it, and how many characters it may have."""

    name: str
    label: str
    help: str
    most: int
    long: bool = False
    required: bool = True


_TOPIC = Field("topic", "Topic", "What members see before they open it: it must give nothing away.", 80)
_ASKS = Field(
    "asks",
    "Asks",
    "What members might type to get it: five or more, one a line.",
    FIELD,
    long=True,
    required=False,
)
_LAYERS = "For readers further on, write on below a line with the part in brackets, as [Part Two]."

FIELDS: Mapping[Kind, tuple[Field, ...]] = MappingProxyType(
    {
        "fact": (_TOPIC, _ASKS, Field("text", "Answer", _LAYERS, FIELD, long=True)),
        "plot": (_TOPIC, _ASKS, Field("text", "What happens", _LAYERS, FIELD, long=True)),
        "quote": (
            _TOPIC,
            _ASKS,
            Field("text", "Quote", "Word for word, 30 words at most.", 1500, long=True),
            Field("said_by", "Said by", "Who says or writes these words.", 120),
            Field("where", "Where", "A chapter, a scene, a page of a review.", 120, required=False),
        ),
        "view": (
            _TOPIC,
            _ASKS,
            Field("text", "What they think", _LAYERS, FIELD, long=True),
            Field("by", "By", "Whose view it is, by name.", 120),
            Field("about", "On", "What it is a view on: one of the book's aspects, such as the acting.", 120),
        ),
    }
)
"""What each kind of entry is asked for. A modal of Discord's holds five fields."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The texts by the names of `FIELDS`, and what is picked beside them.

    `entry` is the id of the entry that is edited; None: a new one. `more_asks` did not fit and stay as they are. `reveals` is the milestone of the first layer, None
    where everybody may read it; False: nobody has said yet.
    """

    kind: Kind
    texts: Mapping[str, str]
    entry: str | None = None
    reveals: str | Literal[False] | None = False
    sources: tuple[str, ...] = ()
    medium: Medium = "both"
    more_asks: tuple[str, ...] = ()
