"""What one entry of the base is: a fact, a quote, a plot point or a view.

The field names are the keys that moderators write in YAML; `pieces` stands under a name of its own in each
kind (`answer`, `quote`, `text`, `view`) and always arrives as a list of layers, because the loader writes a
plain text as a list of one (design.md section 3). Descriptions are for moderators: editors show them beside the key.
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
    """One layer of an entry's text: what is true to say at one point of the story."""

    text: Prose = Field(description="What the bot says, in our own words, up to 1,500 characters.")
    reveals: Identifier | None = Field(
        default=None,
        description="The id of the milestone whose reader already knows this. Left out, it is shown to everybody, "
        "also to somebody who has read nothing.",
    )


Pieces = Annotated[tuple[Piece, ...], Field(min_length=1, max_length=12)]


class EntryBase(Frozen):
    """What every entry has."""

    id: Identifier = Field(
        description="A name that no other entry of the book has: up to 40 characters of a-z, 0-9 and -, such as "
        "kathy-cast. Members never see it."
    )
    topic: Topic = Field(
        description="What the entry is about, up to 80 characters. Everybody sees it, also who has read nothing: it "
        "must give nothing away."
    )
    asks: Annotated[tuple[Ask, ...], Field(max_length=500)] = Field(
        default=(),
        description="What members might type to get this entry: five or more, each in other words.",
    )
    medium: Medium = Field(
        default="both", description="Whether it holds for the film, the novel or both. Left out, for both."
    )
    sources: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=20)] = Field(
        description="Who says so: the ids of one or more sources in book.yaml."
    )
    pieces: Pieces

    @property
    def reveals(self) -> str | None:
        """The milestone of the first layer: before it, nothing of this entry may be shown."""
        return self.pieces[0].reveals


class Fact(EntryBase):
    """Something a source states of the book or the film."""

    kind: Literal["fact"] = "fact"
    pieces: Pieces = Field(
        validation_alias="answer",
        description="The answer in our own words. Where there is more to say later in the story, a list of layers "
        "in story order, each adding to those before.",
    )


class Quote(EntryBase):
    """Words as they stand in the source, 30 at most; who said them and where."""

    kind: Literal["quote"] = "quote"
    pieces: Pieces = Field(
        validation_alias="quote",
        description="The words exactly as they stand in the source, 30 at most. A quote has no layers.",
    )
    said_by: Label = Field(description="Who says or writes these words.")
    where: Label | None = Field(
        default=None, description="Where they stand: a chapter, a scene, a page of a review."
    )


class PlotPoint(EntryBase):
    """Something that happens. It always reveals a milestone, and `/plot` always veils it."""

    kind: Literal["plot"] = "plot"
    pieces: Pieces = Field(
        validation_alias="text",
        description="What happens, in our own words. A plot point always says which milestone it reveals.",
    )


class View(EntryBase):
    """What one named person thinks of one aspect of the book."""

    kind: Literal["view"] = "view"
    pieces: Pieces = Field(
        validation_alias="view",
        description="What this person thinks, in our own words or quoted. Where it tells of the story, a list of "
        "layers in story order.",
    )
    by: Label = Field(description="Whose view it is, by name.")
    about: Identifier = Field(
        description="What it is a view on: the id of an aspect in book.yaml, such as acting."
    )


Entry = Fact | Quote | PlotPoint | View
Kind = Literal["fact", "quote", "plot", "view"]


def body_key(entry: Entry) -> str:
    """The key under which moderators write this entry's text."""
    return str(type(entry).model_fields["pieces"].validation_alias)
