"""What is said of prompts that members write: of the queue to moderators alone."""

from bot.book.book import Book
from bot.book.spoilers import Horizon
from bot.replies.answers import message_reply, places_in, veil_label
from bot.replies.reply import Block, Heading, Note, Reply, Shown, Veiled


def suggested_reply(*, approved: bool) -> Reply:
    """A prompt has been written."""
    if approved:
        return message_reply("Thank you: it is in the rotation now.")
    return message_reply(
        "Thank you: a moderator will look at it.", "If they like it, it comes up in its turn."
    )


def queue_reply(
    question: str | None, milestone: str | None, left: int, book: Book, horizon: Horizon
) -> Reply:
    """The suggestion that has waited longest, veiled where this moderator has not read so far; None: none waits.

    `left` wait behind it.
    """
    if question is None:
        return message_reply("No suggestions are waiting.", "Members make them with /prompt suggest.")
    titles = {one.id: one.title for one in book.head.milestones}
    title = titles.get(milestone or "")
    text: Block = Shown(question)
    if not horizon.shows(book, milestone if milestone in book.ranks else None):
        text = Veiled(veil_label(title), question)
    told = f"For those who have finished {title}." if title else "For those who have read nothing yet."
    more = [Note(f"{left} more {'wait' if left > 1 else 'waits'}.")] if left else []
    return Reply((Heading("A member suggests"), text, Note(told), *more), places=places_in(book))


def decided_reply(*, found: bool, approved: bool) -> Reply:
    """What has become of a suggestion."""
    if not found:
        return message_reply("Somebody has seen to that one already.")
    return message_reply("It is in the rotation now." if approved else "It is gone.")


def full_reply(most: int) -> Reply:
    """There are too many suggestions."""
    return message_reply(
        f"{most} suggestions are waiting already.", "Try again when the moderators have been through them."
    )
