"""A member's question, or a look through one kind of entry -> an outcome."""

from collections.abc import Sequence
from random import Random

from bot.answering.engine import ask
from bot.answering.index import Index, build_index
from bot.answering.outcomes import Answer, Found, Match, Outcome, Unknown
from bot.book.book import Book
from bot.book.entries import Entry, PlotPoint, Quote
from bot.book.spoilers import Horizon

PLOT_PAGE = 8


class Asking:
    """Answers questions on one book. Holds the book's index; keeps nothing of what is asked."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.index: Index = build_index(book)

    def answer(self, question: str) -> Outcome:
        """What the base says to the question."""
        return ask(self.index, question)

    def quote(self, about: str, horizon: Horizon, random: Random) -> Outcome:
        """A quote on a subject; with none named, one at random that the reader may see."""
        if about.strip():
            return ask(self.index, about, frozenset({"quote"}))
        quotes = [
            entry
            for entry in self.book.entries
            if isinstance(entry, Quote) and horizon.shows_start_of(self.book, entry)
        ]
        return Answer((Found(Match(random.choice(quotes), 1.0)),)) if quotes else Unknown()

    def views(self, about: str) -> Outcome:
        """What reviewers think of a subject, side by side."""
        return ask(self.index, about, frozenset({"view"}))

    def plot(self, about: str) -> Sequence[Entry]:
        """Plot points on a subject, or all of them, in story order."""
        points = [entry for entry in self.book.entries if isinstance(entry, PlotPoint)]
        if not about.strip():
            return points
        match ask(self.index, about, frozenset({"plot"})):
            case Answer(parts):
                found = {part.match.entry.id for part in parts if isinstance(part, Found)}
            case Unknown():
                found = set()
            case suggestions:
                found = {match.entry.id for match in suggestions.matches}
        return [point for point in points if point.id in found]
