"""The history of a server's book, a page at a time."""

from bot.club import auditing
from bot.club.club import Here
from bot.discord_app.desk import Desk
from bot.discord_app.layout import Row, Sealed, button
from bot.discord_app.presses import ShowHistory
from bot.discord_app.speaking import Interaction, update
from bot.replies.curating import history_reply
from bot.replies.markdown import displays


async def show_history(
    interaction: Interaction, desk: Desk, here: Here, before: int | None, entry: str | None
) -> None:
    """Shows a page of revisions before one (None: the newest), of one entry alone where it is named by its id."""
    found = await auditing.history(desk.club, here, before, entry)
    digests = (here.book.digest_of(entry),) if entry else ()
    row: list[Row] = []
    if len(found) == auditing.PAGE:
        row = [[button("Older", ShowHistory(found[-1].number, digests))]]

    def topic_of(name: str) -> str | None:
        own = here.book.by_id.get(name)
        return own.topic if own and here.audience.progress.shows_start_of(here.book, own) else None

    await update(interaction, Sealed(displays(history_reply(found, topic_of)), row))


async def history_pressed(interaction: Interaction, desk: Desk, here: Here, press: ShowHistory) -> None:
    """Shows the revisions before one."""
    base = desk.club.shared_book(here.book.slug)
    named = [here.book.by_digest.get(digest) or base.by_digest.get(digest) for digest in press.entries]
    names = [one.id for one in named if one is not None]
    await show_history(interaction, desk, here, press.before, names[0] if names else None)
