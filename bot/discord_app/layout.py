"""A page -> Discord's Components V2: texts, then its choices and the buttons to turn it or turn it down."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Literal, TypeAlias

from discord import ButtonStyle, SelectOption, ui

from bot.book.book import Book, digest
from bot.discord_app.press_ids import custom_id
from bot.discord_app.presses import (
    NotMeant,
    PickBook,
    Press,
    ReadThisFar,
    ShowPrivately,
    Tell,
    TurnPage,
    TurnPlot,
    TurnRecap,
)
from bot.replies.addressing import beyond_reply
from bot.replies.markdown import displays
from bot.replies.reply import Page, Place, Reply

REMEMBERED = 2048
"""How many messages are kept ready to be sent again."""

LABEL = 80
"""Discord's limit for a button's text."""

OPTION = 100
OPTIONS = 25
"""Discord's limits for the text of a select's option, and for their number."""

Row: TypeAlias = Sequence["ui.Button[ui.LayoutView] | ui.Select[ui.LayoutView]"]


class Sealed(ui.LayoutView):
    """A message made once, and sent as often as wanted: building one takes longer than all else in an answer.

    Nothing listens for its presses, which `pressing.py` reads. discord.py would keep a view that is not finished in
    memory for every message ever sent.
    """

    def __init__(self, texts: Iterable[str], rows: Iterable[Row]) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), *(ui.ActionRow(*row) for row in rows if row)))
        self._components: list[dict[str, Any]] = super().to_components()  # type: ignore[no-untyped-call]
        self.clear_items()
        self.stop()

    def has_components_v2(self) -> bool:
        """See LayoutView."""
        return True

    def to_components(self) -> list[dict[str, Any]]:
        """See LayoutView."""
        return self._components


@lru_cache(REMEMBERED)
def layout(page: Page, book: str) -> Sealed:
    """The message that shows a page, with buttons to its choices, to the pages beside it, and to turn it down.

    `book` is the slug of the book that the page is from.
    """
    reply = page.reply
    digested = partial(digest, book)
    given = tuple(map(digested, reply.given))

    def turn(number: int) -> Press:
        if page.recap:
            return TurnRecap(number)
        if page.plot is None:
            return TurnPage(given, number)
        return TurnPlot(tuple(map(digested, page.plot)), number)

    below = turns(page.number, page.count, turn)
    if given:
        below.append(button("Not what I meant", NotMeant((*given, *map(digested, page.turned_down)))))
    return Sealed(displays(reply), [choice_buttons(reply, book), below, *place_rows(reply, book)])


def said(reply: Reply) -> Sealed:
    """The message that holds a reply in the bot's own words, which has nothing to press."""
    return layout(Page(reply), "")


def beyond_layout(*, answerable: bool) -> Sealed:
    """What a channel sees in place of an answer beyond its ceiling: the same for every such question.

    The button reads the question from the message that this one replies to; where there is none, `answerable` is
    false and the text says what to do.
    """
    if not answerable:
        return said(beyond_reply("Ask it with /ask: then only you see the answer."))
    return Sealed(displays(beyond_reply()), [[button("Show me privately", ShowPrivately())]])


def which_book(reply: Reply, titles: Mapping[str, str]) -> Sealed:
    """A question with the books to pick from, by title."""
    return Sealed(
        displays(reply),
        [[_select(custom_id(PickBook()), "The book", [(slug, title) for title, slug in titles.items()])]],
    )


def place_value(book: str, milestone: str | None) -> str:
    """What stands for a place in the book of this slug, where members could read a milestone's id."""
    return digest(book, f"milestone:{milestone or ''}")


def choice_buttons(reply: Reply, book: str) -> Row:
    """The topics of a reply, to press."""
    style = ButtonStyle.primary if reply.offer == "did you mean" else ButtonStyle.secondary
    return [button(choice.topic, Tell(digest(book, choice.entry)), style) for choice in reply.choices]


def place_rows(reply: Reply, book: str) -> Iterator[Row]:
    """A select of the places in the book, where the reply's reader may say how far they have read."""
    select = place_select(reply.places, book, custom_id(ReadThisFar()), "I've read this far")
    if select is not None:
        yield [select]


def place_select(
    places: Sequence[Place], book: str, name: str, placeholder: str
) -> "ui.Select[ui.LayoutView] | None":
    """A select of places in the book of this slug; None where there are none, or more than a select holds."""
    if not 0 < len(places) <= OPTIONS:
        return None
    options = [(place_value(book, place.milestone), place.label) for place in places]
    return _select(name, placeholder, options)


def milestone_picked(book: Book, value: str | None) -> str | Literal[False] | None:
    """The milestone that was picked in such a select (None: nothing read); False: none that the book has."""
    for milestone in (None, *(one.id for one in book.head.milestones)):
        if value == place_value(book.slug, milestone):
            return milestone
    return False


def _select(name: str, placeholder: str, options: Iterable[tuple[str, str]]) -> "ui.Select[ui.LayoutView]":
    return ui.Select(
        custom_id=name,
        placeholder=placeholder,
        options=[SelectOption(label=label[:OPTION], value=value) for value, label in options][:OPTIONS],
    )


def turns(number: int, count: int, turn: Callable[[int], Press]) -> "list[ui.Button[ui.LayoutView]]":
    """Buttons to the pages beside one, of so many."""
    back = [button("Back", turn(number - 1))] if number > 1 else []
    return [*back, *([button("Next", turn(number + 1))] if number < count else [])]


def button(
    label: str, press: Press, style: ButtonStyle = ButtonStyle.secondary
) -> "ui.Button[ui.LayoutView]":
    """A button that stands for a press."""
    return ui.Button(label=label[:LABEL], custom_id=custom_id(press), style=style)
