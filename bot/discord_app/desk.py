"""What every handler in Discord needs: the club, how much may be asked of it, and where a message stands."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import discord

from bot.book.entries import ASK_LENGTH
from bot.book.schedules import Schedule
from bot.book.spoilers import Audience
from bot.club.club import Club, Here, NoBook
from bot.club.flood import Flood, TooMuch
from bot.discord_app.kept import Kept
from bot.replies.addressing import answer_page
from bot.replies.reply import Page

Channel = discord.abc.Snowflake | None


REMEMBERED = 4096
"""How many answers are kept ready: a club asks the same things, and composing one takes longer than all the rest."""


class Desk:
    """The club, and the clock (in seconds, never going back) by which floods are measured.

    `to_hide` keeps the messages that members are just having hidden: without the message-content intent Discord shows a
    message's text once only, with the command. `drafts` are schedules that moderators have been shown and not saved yet;
    `poke` tells whoever posts what is due that schedules have changed.
    """

    def __init__(
        self, club: Club, clock: Callable[[], float], poke: Callable[[], None] = lambda: None
    ) -> None:
        self.club = club
        self.poke = poke
        self.to_hide: Kept[discord.Message] = Kept(clock)
        self.drafts: Kept[Schedule] = Kept(clock)
        self._clock = clock
        self._flood = Flood()
        # The same question to the same audience always gets the same page, so it may be kept.
        self._remembered: Callable[[str, str, Audience], Page] = lru_cache(REMEMBERED)(self._answer)

    async def here(self, member: int, guild: int | None, channel: Channel) -> Here | NoBook:
        """What is read where something is said, and who reads along. A thread has its parent's ceiling."""
        return await self.club.here(member, guild, place_of(channel))

    async def here_of(self, interaction: discord.Interaction[Any]) -> Here | NoBook:
        """What is read where this interaction comes from, and who reads the answer to it."""
        channel = interaction.channel or discord.Object(interaction.channel_id or 0)
        return await self.here(interaction.user.id, interaction.guild_id, channel)

    def refuses(self, member: int, guild: int | None) -> TooMuch | None:
        """None: the member may ask, and it is counted."""
        return self._flood.refuses(self._clock(), member, guild)

    def answer(self, question: str, here: Here, audience: Audience) -> Page:
        """The first page of the answer to a question, of which at most 200 characters are read."""
        return self._remembered(here.book.slug, question[:ASK_LENGTH], audience)

    def _answer(self, slug: str, question: str, audience: Audience) -> Page:
        asking = self.club.books[slug]
        return answer_page(asking.answer(question), asking.book, audience, typed=question)


def place_of(channel: Channel) -> int:
    """The channel by whose ceiling and prompts this one goes: a thread's parent, else itself."""
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id if channel is not None else 0
