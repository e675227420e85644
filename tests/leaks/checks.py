"""What no message may hold, for whom: the rules that the tests of this folder hold everything against."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from bot.book.spoilers import Audience
from bot.replies.reply import Page
from tests.discord.contract import TEXT_DISPLAY, components
from tests.leaks.books import Tainted, tokens_in

Json: TypeAlias = Any

BARS = re.compile(r"^\|\|[^|]+\|\|$")
"""A veil: alone in its text component, and no bar within."""


def texts_of(body: Json) -> list[str]:
    """Every text component of a request's body."""
    return [str(part.get("content", "")) for part in components(body) if part.get("type") == TEXT_DISPLAY]


def in_the_clear(body: Json) -> str:
    """A request's body as text, without what stands behind bars: these mean something in text components alone."""

    def without(tree: Json) -> Json:
        if isinstance(tree, list):
            return [without(item) for item in tree]
        if isinstance(tree, dict):
            kept = {key: without(value) for key, value in tree.items()}
            if tree.get("type") == TEXT_DISPLAY and BARS.match(str(tree.get("content", ""))):
                kept["content"] = ""
            return kept
        return tree

    return json.dumps(without(body))


def page_leaks(made: Tainted, audience: Audience, page: Page, body: Json) -> Iterator[str]:
    """What is wrong with a page for this audience; nothing where all is well."""
    yield from body_leaks(made, audience, body, to_all=not page.private)


def body_leaks(made: Tainted, audience: Audience, body: Json, *, to_all: bool) -> Iterator[str]:
    """What is wrong with what an asker is sent, or with what their whole channel is sent (`to_all`)."""
    everything, clear = tokens_in(json.dumps(body)), tokens_in(in_the_clear(body))
    late = made.beyond(audience.progress)
    yield from _named("in the clear for a reader below it", clear & late)
    if audience.spoilers == "withhold":
        yield from _named("there at all where it is withheld", everything & late)
    if to_all and audience.ceiling is not None:
        yield from _named("beyond the ceiling, and all see it", everything & made.beyond(audience.ceiling))
        yield from _named("in the clear for some who see it", clear & made.beyond(audience.together))
    for text in texts_of(body):
        # The bars of a veil are the only ones.
        if "||" in text and not BARS.match(text):
            yield f"bars that do not stand alone: {text!r}"


def _named(what: str, tokens: Iterable[str]) -> Iterator[str]:
    for token in tokens:
        yield f"{token} is {what}"
