"""What a member is told of what is stored of them."""

from collections.abc import Mapping

from bot.replies.reply import Heading, Item, Note, Reply

_WHY = {
    "last used": "where you last used me, so that I know in a direct message which book you mean",
    "progress": "how far you have read, so that I hold back the rest",
    "missed questions": "questions of yours that I had no answer to, for the moderators, without your name; for 90 days",
    "suggestions": "what you suggested and nobody has decided on yet, so that I can tell you",
    "edits": "changes that you made in your club’s book as a moderator",
    "schedules": "schedules that you made as a moderator",
}


def held_reply(held: Mapping[str, int]) -> Reply:
    """What is stored with a member's Discord id, by sort and how much, and why."""
    items = [Item(f"{_WHY.get(sort, sort)} ({count})") for sort, count in held.items() if count]
    return Reply(
        (
            Heading("What I have stored with your Discord id"),
            *(items or [Item("Nothing.")]),
            Note("I store no names, and no message that I could answer."),
            Note("/privacy export sends it to you, /privacy forget removes it."),
            Note("Thirty days after a server removes me I delete what I stored for it."),
        )
    )
