"""Discussion prompts and the order in which a club gets them."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.book.entries import Frozen, Identifier

PollOption = Annotated[str, StringConstraints(min_length=1, max_length=55, strip_whitespace=True)]
Theme = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Question = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class Prompt(Frozen):
    """A discussion question for the club. `milestone` is what it presupposes; None: nothing read."""

    id: Identifier
    question: Question
    milestone: Identifier | None = None
    theme: Theme
    follow_ups: Annotated[tuple[Question, ...], Field(max_length=5)] = ()
    entries: Annotated[tuple[Identifier, ...], Field(max_length=20)] = ()
    poll: Annotated[tuple[PollOption, ...], Field(min_length=2, max_length=10)] | None = None


def themes(prompts: Sequence[Prompt]) -> tuple[str, ...]:
    """Every theme once, in the book's order."""
    return tuple(dict.fromkeys(prompt.theme for prompt in prompts))
