"""A book: what the club discusses, with all that the base knows of it. Immutable once loaded."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from bot.book.entries import Ask, Entry, Frozen, Identifier, Label, Medium, Topic
from bot.book.over import Over
from bot.book.prompts import Prompt

CHAPTERS = r"^\d{1,4}(-\d{1,4})?$"
DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"


class Creator(Frozen):
    """Somebody who made the book or an adaptation."""

    name: Label = Field(description="The person's name.")
    role: Label = Field(description="What they did, such as author of the novel.")


class Milestone(Frozen):
    """A point in the book that a reader can have reached. Its title gives nothing away."""

    id: Identifier = Field(description="A name for 'reveals', such as part-one.")
    title: Topic = Field(
        description="What members see, such as Part One. Everybody sees it: it must give nothing away."
    )
    chapters: Annotated[str, StringConstraints(pattern=CHAPTERS)] | None = Field(
        default=None, description="The chapters that it covers, such as 1-9."
    )
    film: Label | None = Field(
        default=None, description="The same stretch in words for who only sees the film, such as first act."
    )
    spoiler_terms: tuple[Label, ...] = Field(
        default=(),
        description="Words that nobody should meet who has not finished it. 'bookclub check' looks for them in "
        "topics and in what earlier readers see.",
    )

    @field_validator("chapters")
    @classmethod
    def _first_comes_first(cls, chapters: str | None) -> str | None:
        first, _, last = (chapters or "").partition("-")
        if last and int(first) > int(last):
            raise PydanticCustomError("chapters_reversed", "the first chapter comes after the last")
        return chapters


class Source(Frozen):
    """A document that entries cite. Its title is shown to everybody, so it must give nothing away."""

    id: Identifier = Field(description="A name for 'sources' of entries, such as movie-mom.")
    title: Label = Field(
        description="What members see below an answer. Everybody sees it: it must give nothing away."
    )
    author: Label | None = Field(default=None, description="Who wrote it.")
    date: Annotated[str, StringConstraints(pattern=DATE)] | None = Field(
        default=None, description="When it appeared: 2011, 2011-02 or 2011-02-21."
    )
    medium: Medium = Field(
        default="both",
        description="Whether it writes about the film, the novel or both. Left out, about both.",
    )


CLUB = Source(id="club", title="The club's moderators")
"""What entries of a server's own may cite beside the book's sources."""


class Name(Frozen):
    """A person, place or thing, and everything that members call it."""

    name: Label = Field(description="The usual name.")
    aliases: tuple[Label, ...] = Field(
        default=(), description="Everything else that members call it, short forms too."
    )


class Aspect(Frozen):
    """What views can be about, members' words for it, and asks that want every view on it."""

    id: Identifier = Field(description="A name for 'about' of views, such as acting.")
    title: Topic = Field(
        description="What members see, such as The acting. Everybody sees it: it must give nothing away."
    )
    words: tuple[Label, ...] = Field(
        default=(), description="Members' words for it, such as cast, performance, played."
    )
    asks: Annotated[tuple[Ask, ...], Field(max_length=500)] = Field(
        default=(), description="What members might type to get every view on it."
    )


class BookHead(Frozen):
    """What `book.yaml` holds."""

    title: Topic = Field(description="The book's title, as members see it.")
    creators: tuple[Creator, ...] = Field(
        default=(), description="Who made the book and its adaptations, each with a name and a role."
    )
    milestones: tuple[Milestone, ...] = Field(
        default=(),
        description="The points that a reader can have reached, in story order. Without any there are no spoilers.",
    )
    sources: Annotated[tuple[Source, ...], Field(min_length=1)] = Field(
        description="What entries cite: reviews, interviews, the book itself. One at the least."
    )
    names: tuple[Name, ...] = Field(
        default=(),
        description="People, places and things with everything that members call them; slips of spelling in them "
        "are understood.",
    )
    aspects: tuple[Aspect, ...] = Field(
        default=(), description="What views can be about, with members' words for each."
    )


def folded(topic: str) -> str:
    """A topic as `Book.topics` has it: however it is typed."""
    return " ".join(topic.casefold().split())


def name_of(answer: Entry | Aspect) -> str:
    """What an answer is called: an entry's id, or "aspect:" and the aspect's."""
    return f"aspect:{answer.id}" if isinstance(answer, Aspect) else answer.id


def digest(slug: str, name: str) -> str:
    """Ten hex digits that stand for an answer's name where members could read the name itself.

    The book's slug goes in too, so that a button of one book finds nothing in another.
    """
    return hashlib.sha256(f"{slug}/{name}".encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Book:
    """One book as the club knows it. Entries keep the order of their files: plot points are in story order.

    `unanswered` are asks that the base is known not to answer: a question nearest to one of them is answered with
    "I don't have that".
    """

    slug: str
    head: BookHead
    entries: tuple[Entry, ...]
    prompts: tuple[Prompt, ...] = ()
    unanswered: tuple[str, ...] = ()

    def with_entries(
        self, entries: tuple[Entry, ...], changed: Iterable[Entry], gone: Collection[str]
    ) -> "Book":
        """The same book with other entries, for one server: what both have is looked up in this one, and not copied.

        `changed` are those of `entries` that this book does not have as they are, `gone` the ids of its own that do not
        stand as they were.
        """
        over = {entry.id: entry for entry in changed}
        touched = {folded(entry.topic) for entry in (*over.values(), *(self.by_id[name] for name in gone))}
        topics = self._ranked(entry for entry in entries if folded(entry.topic) in touched)
        other = replace(self, entries=entries)
        other.__dict__.update(
            by_id=Over(over, self.by_id, frozenset(gone)),
            by_digest=Over(
                {self.digest_of(name): entry for name, entry in over.items()},
                self.by_digest,
                frozenset(map(self.digest_of, gone)),
            ),
            topics=Over(topics, self.topics, frozenset(touched)),
            sources=self.sources,
            ranks=self.ranks,
            aspects=self.aspects,
        )
        return other

    @property
    def title(self) -> str:
        """The book's title, safe to show to anybody."""
        return self.head.title

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """Every entry under its id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every source under its id."""
        return {source.id: source for source in (CLUB, *self.head.sources)}

    @cached_property
    def ranks(self) -> Mapping[str | None, int]:
        """How far into the book a milestone lies: 1 for the first, 0 for None (nothing read)."""
        ranks: dict[str | None, int] = {None: 0}
        ranks.update({milestone.id: rank for rank, milestone in enumerate(self.head.milestones, 1)})
        return ranks

    @cached_property
    def topics(self) -> Mapping[str, int]:
        """Every topic, in lower case, with the rank from which on a reader may be offered it: the lowest it has."""
        return self._ranked(self.entries)

    def _ranked(self, entries: Iterable[Entry]) -> dict[str, int]:
        ranks: dict[str, int] = {}
        for entry in entries:
            topic, rank = folded(entry.topic), self.ranks[entry.reveals]
            ranks[topic] = min(rank, ranks.get(topic, rank))
        return ranks

    @cached_property
    def aspects(self) -> Mapping[str, Aspect]:
        """Every aspect under its id."""
        return {aspect.id: aspect for aspect in self.head.aspects}

    def digest_of(self, name: str) -> str:
        """See `digest`."""
        return digest(self.slug, name)

    @cached_property
    def by_digest(self) -> Mapping[str, Entry | Aspect]:
        """Every entry and aspect under the digest of its name."""
        return {self.digest_of(name_of(answer)): answer for answer in (*self.entries, *self.head.aspects)}
