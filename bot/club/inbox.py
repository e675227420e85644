"""What members ask in vain and what they suggest, as moderators work through it. Each of these raises StoreError."""

import asyncio
from dataclasses import dataclass, replace
from typing import Literal

from bot.answering.engine import is_small_talk, nearest
from bot.answering.grouping import alike_groups
from bot.book.entries import ASK_LENGTH, Entry
from bot.book.inbox import KEPT, Contribution, Miss, Sort
from bot.book.spoilers import furthest, milestone_at
from bot.club.club import Club, Here
from bot.club.curating import Proposal, begin_edit, begin_entry, edited, find_entries, new_draft, read_in_full

MOST_WAITING = 100
"""Suggestions of a server that wait: a longer queue is not read."""

MOST_OF_ONE = 10
"""Of these, those of one member."""

LENGTH = 1000
"""Characters of a suggestion."""

_ASKS = 20


@dataclass(frozen=True, slots=True)
class Group:
    """Questions alike that were missed, the oldest first."""

    misses: tuple[Miss, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """Each wording once, the commonest first."""
        asked = [miss.question for miss in self.misses]
        return tuple(sorted(dict.fromkeys(asked), key=lambda question: -asked.count(question)))


async def note_miss(club: Club, here: Here, member: int, question: str, *, not_meant: bool) -> None:
    """Keeps a question for the moderators, where they want that, unless it is small talk."""
    if here.server is None or not here.keeps_misses or not question.strip():
        return
    text = " ".join(question.split())[:ASK_LENGTH]
    if not_meant or not is_small_talk(here.asking.index, text):
        await club.store.note_miss(here.server, here.book.slug, member, text, club.now(), not_meant=not_meant)


async def missed(club: Club, here: Here) -> tuple[Group, ...]:
    """The missed questions, grouped by likeness, most asked first; none that is like a dismissed one."""
    server, slug = here.server or 0, here.book.slug
    misses = await club.store.misses(server, slug, club.now() - KEPT)
    dismissed = await club.store.dismissed(server, slug)
    # Of thousands it takes a fifth of a second, for which nobody is to wait.
    found = await asyncio.to_thread(alike_groups, [*(miss.question for miss in misses), *dismissed])
    groups = [Group(tuple(misses[at] for at in group)) for group in found if max(group) < len(misses)]
    return tuple(
        sorted(groups, key=lambda group: (-len(group.misses), group.misses[0].at, group.misses[0].id))
    )


async def group_of(club: Club, here: Here, miss: int) -> Group | None:
    """The group that a missed question is in; None: it is settled."""
    for group in await missed(club, here):
        if any(one.id == miss for one in group.misses):
            return group
    return None


def propose_answer(here: Here, group: Group) -> Proposal | None:
    """A fact to be written, with the questions as its asks; None: they tell more than the moderator has read."""
    if not all(here.audience.progress.shows_words(here.book, question) for question in group.questions):
        return None
    proposal = begin_entry(here, new_draft("fact", "\n".join(group.questions[:_ASKS])))
    return replace(proposal, misses=_ids(group))


def meant_by(here: Here, group: Group, most: int) -> list[Entry]:
    """Entries that may answer a group of questions, likeliest first, among those that the asker has read."""
    question, horizon = group.questions[0], here.audience.progress
    near = nearest(here.asking.index, question)
    topics = [*here.asking.topics(question, horizon, most), *here.asking.topics("", horizon, most)]
    found = [*near, *find_entries(here, topics)]
    shown = {entry.id: entry for entry in found if horizon.shows_start_of(here.book, entry)}
    return list(shown.values())[:most]


async def propose_ask(club: Club, here: Here, group: Group, entry: Entry) -> Proposal:
    """The questions as asks of an entry that answers them."""
    asks = tuple(dict.fromkeys([*entry.asks, *group.questions[:_ASKS]]))
    changed = entry.model_copy(update={"asks": asks[:500]})
    change = await edited(club, here, changed)
    return Proposal(here.server or 0, here.book.slug, "Asks added", (change,), misses=_ids(group))


async def dismiss(club: Club, here: Here, group: Group) -> None:
    """Forgets the questions, and those like them that come later."""
    await club.store.settle_misses(here.server or 0, here.book.slug, _ids(group), group.questions[0])


async def suggest(
    club: Club, here: Here, member: int, sort: Sort, text: str, where: str | None, entry: Entry | None
) -> Contribution | int | None:
    """Keeps what a member suggests, for who has read as far as they have, or further where its words tell more.

    A number: so many of theirs or of all wait already, and it was not kept. None: they are alone with the bot.
    """
    if here.server is None:
        return None
    waiting = await club.store.contributions(here.server, here.book.slug)
    for most, count in (
        (MOST_OF_ONE, sum(one.member == member for one in waiting)),
        (MOST_WAITING, len(waiting)),
    ):
        if count >= most:
            return most
    said = text.strip()[:LENGTH]
    rank = furthest(here.book, here.audience.progress.rank, said, where or "")
    return await club.store.contribute(
        here.server,
        here.book.slug,
        member,
        sort,
        said,
        club.now(),
        where=" ".join((where or "").split()) or None,
        milestone=milestone_at(here.book, rank),
        entry=entry.id if entry else None,
    )


async def take_up(club: Club, here: Here, contribution: Contribution) -> Proposal | None:
    """What a member suggested as an entry to be written on; None: it is from further on than the moderator has read.

    A correction opens the entry that it is of, where the member named one that is still there.
    """
    words = f"{contribution.text} {contribution.where or ''}"
    if not here.audience.progress.shows_words(here.book, words, contribution.milestone):
        return None
    named = here.book.by_id.get(contribution.entry or "")
    if named is not None:
        if not read_in_full(here, named):
            return None
        return replace(await begin_edit(club, here, named), contribution=contribution.id)
    draft = new_draft("quote" if contribution.sort == "quote" else "fact")
    texts = {"text": contribution.text, "where": contribution.where or ""}
    # Who may read it is for the moderator to say, unless the member's own progress does.
    reveals: str | Literal[False] = contribution.milestone or False
    draft = replace(draft, texts={**draft.texts, **texts}, reveals=reveals)
    return replace(begin_entry(here, draft), contribution=contribution.id)


def _ids(group: Group) -> tuple[int, ...]:
    return tuple(miss.id for miss in group.misses)
