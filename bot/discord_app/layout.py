"""A page -> Discord's Components V2: texts, then its choices and the buttons to turn it or turn it down."""

from discord import ButtonStyle, ui

from bot.book.book import Book
from bot.discord_app.presses import NotMeant, Press, ShowPrivately, Tell, TurnPage, TurnPlot, custom_id
from bot.replies.addressing import beyond_reply
from bot.replies.markdown import displays
from bot.replies.reply import Page, Reply

LABEL = 80


def layout(page: Page, book: Book) -> ui.LayoutView:
    """The message that shows a page, with buttons to its choices, to the pages beside it, and to turn it down."""
    reply = page.reply
    given = tuple(map(book.digest_of, reply.given))
    style = ButtonStyle.primary if reply.offer == "did you mean" else ButtonStyle.secondary
    choices = [_button(choice.topic, Tell(book.digest_of(choice.entry)), style) for choice in reply.choices]
    below = []
    if page.number > 1:
        below.append(_button("Back", _turn(page, book, page.number - 1)))
    if page.number < page.count:
        below.append(_button("Next", _turn(page, book, page.number + 1)))
    if given:
        below.append(_button("Not what I meant", NotMeant(given)))
    return _view(reply, [choices, below])


def _turn(page: Page, book: Book, number: int) -> Press:
    if page.plot is None:
        return TurnPage(tuple(map(book.digest_of, page.reply.given)), number)
    return TurnPlot(tuple(map(book.digest_of, page.plot)), number)


def beyond_layout() -> ui.LayoutView:
    """What a channel sees in place of an answer beyond its ceiling: the same for every such question."""
    return _view(beyond_reply(), [[_button("Show me privately", ShowPrivately())]])


def _view(reply: Reply, rows: list[list[ui.Button[ui.LayoutView]]]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.Container(
            *(ui.TextDisplay(text) for text in displays(reply)),
            *(ui.ActionRow(*row) for row in rows if row),
        )
    )
    # Its presses are read from their custom_id (`pressing.py`). One that is not finished would be kept in memory
    # for every message ever sent.
    view.stop()
    return view


def _button(label: str, press: Press, style: ButtonStyle = ButtonStyle.secondary) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label[:LABEL], custom_id=custom_id(press), style=style)
