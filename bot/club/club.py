"""One club: the book it reads, what answers for it, and what it remembers."""

from dataclasses import dataclass
from random import Random

from bot.answering.topics import likely
from bot.book.book import Book
from bot.book.prompts import Prompt, themes
from bot.book.spoilers import Audience, horizon_of
from bot.club.asking import Asking
from bot.club.ports import Store
from bot.club.prompting import draw_prompt


@dataclass(frozen=True)
class Club:
    """The services of one book over one store."""

    asking: Asking
    store: Store
    random: Random

    @property
    def book(self) -> Book:
        """The book that the club reads."""
        return self.asking.book

    def audience(self, member: int, channel: int | None) -> Audience:
        """Who reads what is said to this member in this channel; None: alone with the bot."""
        progress = horizon_of(self.book, self.store.progress(member, self.book.slug))
        if channel is None:
            return Audience(progress)
        return Audience(progress, horizon_of(self.book, self.store.ceiling(channel, self.book.slug)))

    def prompt(self, audience: Audience, place: int, theme: str) -> Prompt | None:
        """The place's next prompt for all who read it; None: there is none for where they are, or on that theme."""
        return draw_prompt(self.book, audience.together, self.store, place, theme)

    def themes(self, audience: Audience, typed: str, most: int) -> list[str]:
        """Themes of the prompts that the place can get, those that look like what has been typed."""
        shown = [
            prompt for prompt in self.book.prompts if audience.together.shows(self.book, prompt.milestone)
        ]
        return likely(typed, themes(shown), most)
