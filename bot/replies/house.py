"""What the bot says of itself and of its readers' places. Nothing of the base: titles of milestones are for everybody."""

from dataclasses import replace

from bot.book.book import Book
from bot.book.progress import NotUnderstood, Reached
from bot.replies.answers import message_reply, places_in
from bot.replies.reply import Reply


def no_book_reply(*, in_server: bool) -> Reply:
    """There are several books and none is settled on."""
    if in_server:
        return message_reply("This server has not chosen its book yet.", "A moderator can: /setup book")
    return message_reply("I know several books. Which one do you mean?", "Pick it, then ask again.")


def book_picked_reply(book: Book) -> Reply:
    """The member has picked what to talk about."""
    return message_reply(f"Then let us talk about {book.title}.", "Ask me anything about it.")


def place_reply(book: Book, milestone: str | None) -> Reply:
    """How far a reader has come, as far as the bot has been told."""
    rank = book.ranks.get(milestone, 0)
    if not book.head.milestones:
        return message_reply("This book has no parts, so there is nothing in it to hold back.")
    if rank:
        told = f"You have finished {book.head.milestones[rank - 1].title}."
    else:
        told = "You have read nothing yet, as far as I know."
    reply = message_reply(told, "I use it to hold back what you have not read. Nobody else sees it.")
    return replace(reply, places=places_in(book))


def noted_reply(book: Book, read: Reached | NotUnderstood) -> Reply:
    """What became of a reader's words on how far they are."""
    match read:
        case Reached(milestone, unfinished):
            told = f"you have finished {milestone.title}." if milestone else "nothing finished yet."
            if unfinished:
                note = f"That chapter lies in {unfinished.title}, which counts once you have finished it."
            elif milestone is None:
                note = "I hold back whatever gives something away."
            elif milestone == book.head.milestones[-1]:
                note = "Then I hold nothing back."
            else:
                note = "I hold back whatever comes after that."
            return message_reply(f"Noted: {told}", note)
        case NotUnderstood():
            said = ", ".join(
                [
                    *(one.title for one in book.head.milestones),
                    "a chapter such as ch 12",
                    "finished",
                    "nothing",
                ]
            )
            return message_reply("I do not know that place in the book.", f"Say one of: {said}")
