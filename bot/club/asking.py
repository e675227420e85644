"""A member's question, or a look through one kind of entry -> an outcome."""

from collections.abc import Collection, Iterator, Sequence
from random import Random
from typing import Self

from bot.answering.building import build_index
from bot.answering.engine import ask, told
from bot.answering.index import Index
from bot.answering.laying import laid_on
from bot.answering.outcomes import Answer, Found, Match, Outcome, Unknown
from bot.answering.threshold import calibrated
from bot.answering.topics import likely
from bot.book.book import Aspect, Book, name_of
from bot.book.entries import Entry, Fact, Kind, PlotPoint, Quote, View
from bot.book.spoilers import Horizon
from bot.content.merging import Merged

NOBODY = Horizon(0)


class Asking:
    """Answers questions on one book. Holds the book's index; keeps nothing of what is asked."""

    def __init__(self, book: Book, index: Index | None = None) -> None:
        self.book = book
        self.index: Index = index or calibrated(build_index(book))

    def over(self, own: Merged) -> Self:
        """What answers for a server with entries of its own, on the index of this one."""
        if own.book is self.book:
            return self
        return type(self)(own.book, laid_on(self.index, own.book, own.changed, own.gone))

    def answer(self, question: str, without: Collection[str] = frozenset()) -> Outcome:
        """What the base says to the question; `without` names answers that the asker has turned down."""
        return ask(self.index, question, without=without)

    def knows_nothing(self, outcome: Outcome) -> bool:
        """Whether an outcome says that the base does not have it."""
        return isinstance(outcome, Unknown)

    def names(self, digests: Sequence[str]) -> tuple[str, ...]:
        """The names that these digests stand for, as far as the book still has them."""
        return tuple(
            name_of(self.book.by_digest[digest]) for digest in digests if digest in self.book.by_digest
        )

    def told(self, digests: Sequence[str]) -> Outcome:
        """The answer that consists of these, by their digests; Unknown where the book no longer has one of them."""
        answers = [self.book.by_digest[digest] for digest in digests if digest in self.book.by_digest]
        complete = len(answers) == len(digests) and all(map(self._has_text, answers))
        return told(self.index, answers) if answers and complete else Unknown()

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

    def points(self, digests: Sequence[str]) -> Sequence[Entry]:
        """The plot points of these digests that the book still has, in story order; of none named, all of them."""
        return [point for point in self.plot("") if not digests or self.book.digest_of(point.id) in digests]

    def topics(self, typed: str, horizon: Horizon, most: int, kind: Kind | None = None) -> list[str]:
        """Topics that what has been typed may become, likeliest first: none that the reader may not be offered.

        Those that look like it come first, then those that answer it, had it been the question.
        """
        offered = list(dict.fromkeys(self._offered(horizon, kind)))
        found = likely(typed, offered, most)
        if typed.strip() and len(found) < most:
            meant = ask(self.index, typed, frozenset({kind} if kind else ()))
            found += [topic for topic in _topics_of(meant, horizon, self.book) if topic in offered]
        return list(dict.fromkeys(found))[:most]

    def first_question(self) -> str | None:
        """What a club new to the bot can try: the topic of the first fact that is safe for everybody.

        A topic, and not an ask: asks may use words that give something away.
        """
        return next(
            (
                entry.topic
                for entry in self.book.entries
                if isinstance(entry, Fact) and NOBODY.shows_start_of(self.book, entry)
            ),
            None,
        )

    def _has_text(self, answer: Entry | Aspect) -> bool:
        if not isinstance(answer, Aspect):
            return True
        return any(isinstance(entry, View) and entry.about == answer.id for entry in self.book.entries)

    def _offered(self, horizon: Horizon, kind: Kind | None) -> Iterator[str]:
        shown = [entry for entry in self.book.entries if horizon.shows_start_of(self.book, entry)]
        if kind in {None, "view"}:
            viewed = {entry.about for entry in shown if isinstance(entry, View)}
            yield from (aspect.title for aspect in self.book.head.aspects if aspect.id in viewed)
        yield from (entry.topic for entry in shown if kind in {None, entry.kind})


def _topics_of(outcome: Outcome, horizon: Horizon, book: Book) -> Iterator[str]:
    match outcome:
        case Answer(parts, related):
            entries = [
                entry
                for part in parts
                for entry in ([part.match.entry] if isinstance(part, Found) else part.views)
            ]
            if not all(horizon.shows_start_of(book, entry) for entry in entries):
                # What is near something that may not be offered would show that it is there.
                return
            yield from (
                part.match.entry.topic if isinstance(part, Found) else part.aspect.title for part in parts
            )
            yield from (match.entry.topic for match in related)
        case Unknown():
            pass
        case suggestions:
            yield from (match.entry.topic for match in suggestions.matches)
