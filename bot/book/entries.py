"""What one entry of the base is: a fact, a quote, a plot point or a view.

The field names are the keys that moderators write in YAML; `pieces` stands under a name of its own in each
kind (`answer`, `quote`, `text`, `view`) and always arrives as a list of layers, because the loader writes a
plain text as a list of one (design.md section 3).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ASK_LENGTH = 200
"""Characters of an ask at the most, and of a question as much as is read: so that an ask can always be matched."""

IDENTIFIER = r"^[a-z0-9][a-z0-9-]{0,39}$"

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
Topic = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Ask = Annotated[str, StringConstraints(min_length=1, max_length=ASK_LENGTH, strip_whitespace=True)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=1500, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Medium = Literal["film", "novel", "both"]


class Frozen(BaseModel):
    """A value that came from a file: immutable, and refused when it has a key that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class Piece(Frozen):
    """One layer of an entry's text.

    `reveals` is the milestone whose reader already knows this; None is safe for somebody who has read nothing.
    """

    text: Prose
    reveals: Identifier | None = None


Pieces = Annotated[tuple[Piece, ...], Field(min_length=1, max_length=12)]


class EntryBase(Frozen):
    """What every entry has."""

    id: Identifier
    topic: Topic
    asks: Annotated[tuple[Ask, ...], Field(max_length=500)] = ()
    medium: Medium = "both"
    sources: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=20)]
    pieces: Pieces

    @property
    def reveals(self) -> str | None:
        """The milestone of the first layer: before it, nothing of this entry may be shown."""
        return self.pieces[0].reveals


class Fact(EntryBase):
    """Something a source states of the book or the film."""

    kind: Literal["fact"] = "fact"
    pieces: Pieces = Field(validation_alias="answer")


class Quote(EntryBase):
    """Words as they stand in the source, 30 at most; who said them and where."""

    kind: Literal["quote"] = "quote"
    pieces: Pieces = Field(validation_alias="quote")
    said_by: Label
    where: Label | None = None


class PlotPoint(EntryBase):
    """Something that happens. It always reveals a milestone, and `/plot` always veils it."""

    kind: Literal["plot"] = "plot"
    pieces: Pieces = Field(validation_alias="text")


class View(EntryBase):
    """What one named person thinks of one aspect of the book."""

    kind: Literal["view"] = "view"
    pieces: Pieces = Field(validation_alias="view")
    by: Label
    about: Identifier


Entry = Fact | Quote | PlotPoint | View
Kind = Literal["fact", "quote", "plot", "view"]
