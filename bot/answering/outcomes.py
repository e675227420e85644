"""What a question can come to. Values only: nothing here is shown before `bot/replies/` has veiled it."""

from dataclasses import dataclass

from bot.book.book import Aspect
from bot.book.entries import Entry, View


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and how well it fits the question, 0 to 1."""

    entry: Entry
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """One part of the question, answered by one entry."""

    match: Match


@dataclass(frozen=True, slots=True)
class Comparison:
    """One part of the question asks what reviewers think of one aspect: every view on it."""

    aspect: Aspect
    views: tuple[View, ...]
    score: float


Part = Found | Comparison


@dataclass(frozen=True, slots=True)
class Answer:
    """Each part of the question with its answer; `related` are entries near it, best first."""

    parts: tuple[Part, ...]
    related: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Several entries fit about as well, best first. A reply offers those that its reader may be offered."""

    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The base does not have it."""


Outcome = Answer | Suggestions | Unknown
