"""What every handler in Discord needs: the club, how much may be asked of it, and where a message stands."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import discord

from bot.book.book import Book
from bot.book.entries import ASK_LENGTH
from bot.book.spoilers import Audience
from bot.club.club import Club
from bot.club.flood import Flood, TooMuch
from bot.replies.addressing import answer_page
from bot.replies.reply import Page

Channel = discord.abc.Snowflake | None


REMEMBERED = 4096
"""How many answers are kept ready: a club asks the same things, and composing one takes longer than all the rest."""


class Desk:
    """The club, and the clock (in seconds, never going back) by which floods are measured."""

    def __init__(self, club: Club, clock: Callable[[], float]) -> None:
        self.club = club
        self._clock = clock
        self._flood = Flood()
        # The same question to the same audience always gets the same page, so it may be kept.
        self._remembered: Callable[[str, Audience], Page] = lru_cache(REMEMBERED)(self._answer)

    @property
    def book(self) -> Book:
        """The book that the club reads."""
        return self.club.book

    def audience(self, member: int, guild: int | None, channel: Channel) -> Audience:
        """Who reads what is said to this member here. A thread has its parent's ceiling."""
        return self.club.audience(member, None if guild is None else place_of(channel))

    def audience_of(self, interaction: discord.Interaction[Any]) -> Audience:
        """Who reads the answer to this interaction."""
        return self.audience(interaction.user.id, interaction.guild_id, interaction.channel)

    def refuses(self, member: int, guild: int | None) -> TooMuch | None:
        """None: the member may ask, and it is counted."""
        return self._flood.refuses(self._clock(), member, guild)

    def answer(self, question: str, audience: Audience) -> Page:
        """The first page of the answer to a question, of which at most 200 characters are read."""
        return self._remembered(question[:ASK_LENGTH], audience)

    def _answer(self, question: str, audience: Audience) -> Page:
        return answer_page(self.club.asking.answer(question), self.book, audience, typed=question)


def place_of(channel: Channel) -> int:
    """The channel by whose ceiling and prompts this one goes: a thread's parent, else itself."""
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id if channel is not None else 0
