"""What comes in from members, as moderators are shown it; what they have not read themselves, behind bars."""

from collections.abc import Sequence

from bot.book.book import Book
from bot.book.inbox import Contribution
from bot.book.spoilers import Horizon
from bot.replies.answers import message_reply
from bot.replies.curating import shown_or_veiled
from bot.replies.reply import Block, Heading, Item, Note, Reply

_WORDINGS = 5
_SORTS = {
    "fact": "A member suggests a fact",
    "quote": "A member suggests a quote",
    "correction": "A member corrects",
}


def misses_reply(
    questions: Sequence[str] | None,
    times: int,
    not_meant: int,
    number: int,
    count: int,
    book: Book,
    horizon: Horizon,
    *,
    kept: bool,
) -> Reply:
    """One group of missed questions, the `number`th of `count`; None: there is none.

    `times`: how often it was asked, `not_meant` of these after an answer that was not meant. `kept`: the server keeps
    such questions at all.
    """
    if not kept and questions is None:
        return message_reply(
            "I do not keep the questions that I had no answer to.", "Switch it on with /setup misses."
        )
    if questions is None:
        return message_reply(
            "Nothing is waiting here: I had an answer to everything, or you have seen to it."
        )
    often = "Asked once" if times == 1 else f"Asked {times} times"
    unmeant = f", {not_meant} after an answer that was not meant" if not_meant else ""
    shown: list[Block] = [
        shown_or_veiled(question, None, book, horizon) for question in questions[:_WORDINGS]
    ]
    if len(questions) > _WORDINGS:
        shown.append(Note(f"And in {len(questions) - _WORDINGS} more wordings."))
    if count > 1:
        shown.append(Note(f"{number} of {count}, most asked first."))
    return Reply((Heading(f"{often}{unmeant}"), *shown))


def meant_reply(question: str, book: Book, horizon: Horizon, *, offered: bool) -> Reply:
    """Which entry answers a missed question?"""
    asked = shown_or_veiled(question, None, book, horizon)
    if not offered:
        return Reply((asked, Item("I find no entry that you have read. Write one with /knowledge add.")))
    return Reply((asked, Note("Pick the entry that answers it: it gets the question as an ask.")))


def contribution_reply(
    contribution: Contribution | None, number: int, count: int, book: Book, horizon: Horizon
) -> Reply:
    """What a member suggests, the `number`th of `count`; None: nothing waits."""
    if contribution is None:
        return message_reply("No suggestions are waiting.", "Members make them with /suggest.")
    one = contribution
    blocks: list[Block] = [Heading(_SORTS[one.sort])]
    own = book.by_id.get(one.entry or "")
    if own is not None:
        blocks.append(shown_or_veiled(f"Of: {own.topic}", own.reveals, book, horizon, own.topic))
    blocks.append(shown_or_veiled(one.text, one.milestone, book, horizon))
    if one.where:
        blocks.append(shown_or_veiled(f"From: {one.where}", one.milestone, book, horizon, one.where))
    if count > 1:
        blocks.append(Note(f"{number} of {count}, the oldest first."))
    return Reply(tuple(blocks))


def contributed_reply(full: int | None) -> Reply:
    """A member has suggested something; a number: so many wait already, and it was not kept."""
    if full is not None:
        return message_reply(
            f"{full} suggestions are waiting already, and yours was not kept.",
            "Try again when the moderators have been through them.",
        )
    return message_reply(
        "Thank you: a moderator will look at it, and I write to you what became of it.",
        "Nobody sees it before.",
    )
