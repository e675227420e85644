"""Discussion prompts and the order in which a club gets them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.book.entries import Frozen, Identifier

PollOption = Annotated[str, StringConstraints(min_length=1, max_length=55, strip_whitespace=True)]
Theme = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Question = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class Prompt(Frozen):
    """A discussion question for the club."""

    id: Identifier = Field(
        description="A name that no other prompt of the book has: up to 40 characters of a-z, 0-9 and -."
    )
    question: Question = Field(description="What the club is asked, up to 300 characters.")
    milestone: Identifier | None = Field(
        default=None,
        description="The id of the milestone that must be finished to discuss it. Left out, nothing need have been "
        "read.",
    )
    theme: Theme = Field(
        description="One of a few headings that prompts can be picked by. Everybody sees it: it must give nothing "
        "away."
    )
    follow_ups: Annotated[tuple[Question, ...], Field(max_length=5)] = Field(
        default=(), description="Up to five further questions that are shown below it."
    )
    entries: Annotated[tuple[Identifier, ...], Field(max_length=20)] = Field(
        default=(), description="The ids of entries that help to discuss it: they are offered below it."
    )
    poll: Annotated[tuple[PollOption, ...], Field(min_length=2, max_length=10)] | None = Field(
        default=None, description="Two to ten answers to vote on, up to 55 characters each."
    )


def themes(prompts: Sequence[Prompt]) -> tuple[str, ...]:
    """Every theme once, in the book's order."""
    return tuple(dict.fromkeys(prompt.theme for prompt in prompts))


@dataclass(frozen=True, slots=True)
class Drawn:
    """The next prompt of a place. `anew`: all had been had, and these begin a new round; `left` are still to come."""

    prompt: Prompt
    anew: tuple[str, ...]
    left: int


def draw(fitting: Sequence[Prompt], had: Collection[str]) -> Drawn | None:
    """The first that was not had, or, once all were, the first; None where none fits. The order is that of `fitting`."""
    unused = [prompt for prompt in fitting if prompt.id not in had]
    if unused:
        return Drawn(unused[0], (), len(unused) - 1)
    if not fitting:
        return None
    return Drawn(fitting[0], tuple(prompt.id for prompt in fitting), len(fitting) - 1)
