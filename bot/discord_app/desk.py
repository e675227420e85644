"""What every handler in Discord needs: the club, how much may be asked of it, and where a message stands."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import discord

from bot.book.entries import ASK_LENGTH
from bot.book.schedules import Schedule
from bot.book.spoilers import Audience
from bot.club.asking import Asking
from bot.club.club import Club, Here, NoBook
from bot.club.curating import Proposal
from bot.club.flood import Flood, TooMuch
from bot.club.inbox import note_miss
from bot.club.shelf import Shelf
from bot.discord_app.kept import Kept
from bot.replies.addressing import answer_page
from bot.replies.reply import Page

Channel = discord.abc.Snowflake | None


TakeFiles = Callable[[str, str], Awaitable[bool]]

REMEMBERED = 4096
"""How many answers are kept ready: a club asks the same things, and composing one takes longer than all the rest."""


async def nothing_waits(_book: str, _state: str) -> bool:
    """No book waits to be taken."""
    return False


class Desk:
    """The club, and the clock (in seconds, never going back) by which floods are measured.

    `to_hide` keeps the messages that members are just having hidden: without the message-content intent Discord shows a
    message's text once only, with the command. `drafts` are schedules, and `proposals` changes of the server's book, that
    moderators have been shown and not saved yet;
    `poke` tells whoever posts what is due that schedules have changed, `take_files` whoever looks at the books' files that
    a moderator wants a book as it is there (see Reloader.take).
    """

    def __init__(
        self,
        club: Club,
        clock: Callable[[], float],
        poke: Callable[[], None] = lambda: None,
        take_files: TakeFiles = nothing_waits,
    ) -> None:
        self.club = club
        self.poke = poke
        self.take_files = take_files
        self.to_hide: Kept[discord.Message] = Kept(clock)
        self.drafts: Kept[Schedule] = Kept(clock)
        self.proposals: Kept[Proposal] = Kept(clock)
        self._clock = clock
        self._flood = Flood()
        # The same question to the same audience always gets the same page, so it may be kept.
        self._remembered = lru_cache(REMEMBERED)(_answer)
        if isinstance(club.books, Shelf):
            club.books.listen(self)

    def drop_answers(self) -> None:
        """Keeps no answers ready any longer: a book has changed, and the old one is to be given up."""
        self._remembered.cache_clear()

    async def here(self, member: int, guild: int | None, channel: Channel) -> Here | NoBook:
        """What is read where something is said, and who reads along. A thread has its parent's ceiling."""
        return await self.club.here(member, guild, place_of(channel))

    async def here_of(self, interaction: discord.Interaction[Any]) -> Here | NoBook:
        """What is read where this interaction comes from, and who reads the answer to it."""
        channel = interaction.channel or discord.Object(interaction.channel_id or 0)
        return await self.here(interaction.user.id, interaction.guild_id, channel)

    def note_miss(self, here: Here, member: int, question: str, *, not_meant: bool) -> None:
        """Keeps a question for the moderators, where they want that; the answer does not wait for it."""
        if here.keeps_misses:
            self.club.later(note_miss(self.club, here, member, question, not_meant=not_meant))

    def drop(self, member: int) -> None:
        """Forgets what a member has under way."""
        for kept in (self.to_hide, self.drafts, self.proposals):
            kept.drop(member)

    def refuses(self, member: int, guild: int | None) -> TooMuch | None:
        """None: the member may ask, and it is counted."""
        return self._flood.refuses(self._clock(), member, guild)

    def answer(self, question: str, here: Here, audience: Audience, asker: int | None = None) -> Page:
        """The first page of the answer to a question, of which at most 200 characters are read.

        One of an asker's that nothing answers is kept for the moderators, where they want that.
        """
        page, missed = self._remembered(here.asking, question[:ASK_LENGTH], audience)
        if missed and asker is not None:
            self.note_miss(here, asker, question, not_meant=False)
        return page


def _answer(asking: Asking, question: str, audience: Audience) -> tuple[Page, bool]:
    """The page, and whether nothing answers."""
    outcome = asking.answer(question)
    return answer_page(outcome, asking.book, audience, typed=question), asking.knows_nothing(outcome)


def place_of(channel: Channel) -> int:
    """The channel by whose ceiling and prompts this one goes: a thread's parent, else itself."""
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id if channel is not None else 0
