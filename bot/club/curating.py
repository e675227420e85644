"""What a moderator changes in the server's book: proposed, looked at, confirmed, and then live.

Every way of changing it (an entry written or removed, a file sent, a revision restored) makes a `Proposal`, which `save`
makes a revision. Each of these raises StoreError.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.engine import ask
from bot.book.book import Book, folded
from bot.book.differences import Difference, difference
from bot.book.drafts import Draft, Flaw
from bot.book.entries import Entry, Kind
from bot.book.overlay import Change, Conflict, Edit, Edited, Hidden, Overlay, Revision, mark_of
from bot.club.asking import Asking
from bot.club.club import Club, Here
from bot.content.drafting import draft_of, read_draft
from bot.content.lint import lint_entry

MOST_EDITS = 500
"""Entries of a server's own, or hidden from it, at once in a book."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes that a moderator has been shown and not saved yet.

    `what` is the line for the history. `draft` is what the moderator wrote, where it is an entry of theirs; `before` is its
    edit when they began, and `base` the mark of the book's own then. `misses` and `contribution` are settled when it is
    saved.
    """

    server: int
    book: str
    what: str
    changes: tuple[Change, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    draft: Draft | None = None
    before: Edit | None = None
    base: str | None = None
    misses: tuple[int, ...] = ()
    contribution: int | None = None

    @property
    def is_savable(self) -> bool:
        """Whether it changes something, and nothing in it is an error."""
        return bool(self.changes) and not any(flaw.is_error for flaw in self.flaws)


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody has edited one of the entries since: nothing was saved. `again` would save it over theirs."""

    again: Proposal
    theirs: Mapping[str, Entry | None]


def new_draft(kind: Kind, ask: str = "") -> Draft:
    """An entry that is yet to be written."""
    return Draft(kind, {"asks": ask})


def find_entry(here: Here, topic: str, base: Book | None = None) -> Entry | None:
    """The entry with this topic, among those that the asker has read; None: there is none such.

    `base`: the book as it came, for those that the server has removed.
    """
    wanted = folded(topic)
    for book in (here.book, *([base] if base else [])):
        for entry in book.entries:
            if folded(entry.topic) == wanted:
                return entry if here.audience.progress.shows_start_of(book, entry) else None
    return None


def find_entries(here: Here, topics: Iterable[str]) -> list[Entry]:
    """What `find_entry` finds for each of several topics, in one look through the book; what it does not is left out."""
    first: dict[str, Entry] = {}
    for entry in here.book.entries:
        first.setdefault(folded(entry.topic), entry)
    found = (first.get(folded(topic)) for topic in topics)
    shows = here.audience.progress.shows_start_of
    return [entry for entry in found if entry is not None and shows(here.book, entry)]


def removed_topics(here: Here, base: Book) -> list[str]:
    """Topics of entries of the book that the server has removed, as far as the asker has read."""
    shows = here.audience.progress.shows_start_of
    return [entry.topic for entry in base.entries if entry.id not in here.book.by_id and shows(base, entry)]


def read_in_full(here: Here, entry: Entry) -> bool:
    """Whether the asker has read as far as the whole of an entry tells."""
    return all(here.audience.progress.shows(here.book, piece.reveals) for piece in entry.pieces)


async def begin_edit(club: Club, here: Here, entry: Entry) -> Proposal:
    """An entry of the server's book, to be changed."""
    before = (await club.store.overlay(_server(here), here.book.slug)).edits.get(entry.id)
    own = club.shared_book(here.book.slug).by_id.get(entry.id)
    return Proposal(
        _server(here),
        here.book.slug,
        "Edited",
        draft=draft_of(entry, here.book),
        before=before,
        # What is shown is the book's own, as it was a moment ago; by now its file may have changed.
        base=mark_of(entry) if before is None else _mark(own),
    )


def begin_entry(here: Here, draft: Draft) -> Proposal:
    """A new entry for the server's book."""
    return Proposal(_server(here), here.book.slug, "Added", draft=draft)


async def read(club: Club, here: Here, proposal: Proposal, draft: Draft) -> Proposal:
    """The proposal with what its draft comes to by now: a change, or what keeps it from being one."""
    base = club.shared_book(here.book.slug)
    # The id of an entry that the server has removed is not free either.
    entry = read_draft(here.book, draft, base.by_id.keys())
    if isinstance(entry, tuple):
        return replace(proposal, draft=draft, changes=(), flaws=entry)
    own = base.by_id.get(entry.id)
    after = None if own == entry else Edited(entry, proposal.base)
    unchanged = here.book.by_id.get(entry.id) == entry
    changes = () if unchanged else (Change(entry.id, proposal.before, after),)
    flaws = await look(here.asking, [entry])
    return replace(proposal, draft=draft, changes=changes, flaws=flaws.get(entry.id, ()))


async def look(asking: Asking, entries: Sequence[Entry]) -> Mapping[str, tuple[Flaw, ...]]:
    """What entries could do better beside the others of the book, by their ids; of the first fifty."""

    def flaws(entry: Entry) -> tuple[Flaw, ...]:
        without = frozenset({entry.id})
        return tuple(
            lint_entry(asking.book, entry, lambda question: ask(asking.index, question, without=without))
        )

    # Every ask is put to the book, which takes a second where there are many: others get their answers meanwhile.
    found = await asyncio.to_thread(lambda: {entry.id: flaws(entry) for entry in entries[:_LOOKED_AT]})
    return {name: one for name, one in found.items() if one}


async def propose_removal(club: Club, here: Here, entry: Entry) -> Proposal:
    """The entry is not to be there for this server; its history stays."""
    overlay = await club.store.overlay(_server(here), here.book.slug)
    own = club.shared_book(here.book.slug).by_id.get(entry.id)
    change = Change(entry.id, overlay.edits.get(entry.id), _with_base(Hidden(), own))
    return Proposal(_server(here), here.book.slug, "Removed", (change,))


async def edited(club: Club, here: Here, entry: Entry) -> Change:
    """The change that makes an entry stand as it is given."""
    (change,) = await _changes(club, here, [entry])
    return change


async def propose_entries(club: Club, here: Here, entries: Sequence[Entry]) -> Proposal:
    """All entries of a file: new ones, and others in place of those with their ids; what stands there already stays."""
    changed = [entry for entry in entries if here.book.by_id.get(entry.id) != entry]
    changes = await _changes(club, here, changed)
    looked = await look(here.asking, changed)
    flaws = tuple(flaw for one in looked.values() for flaw in one)
    return Proposal(_server(here), here.book.slug, "Uploaded", _in_order(changes), flaws)


async def propose_restoring(
    club: Club, here: Here, revision: int, entry: str | None = None
) -> Proposal | None:
    """All that was edited since a revision (0: ever), or one entry of it, as it was then; None: there is no such one."""
    server, slug = _server(here), here.book.slug
    now = await club.store.overlay(server, slug)
    if not 0 <= revision <= now.revision:
        return None
    then = await club.store.overlay(server, slug, revision)
    own = club.shared_book(slug).by_id
    changes = [
        Change(name, now.edits.get(name), _with_base(then.edits.get(name), own.get(name)))
        for name in now.edits.keys() | then.edits.keys()
        if now.edits.get(name) != then.edits.get(name) and entry in {None, name}
    ]
    changes = [change for change in changes if change.before != change.after]
    what = f"Restored #{revision}" if revision else "Restored the book as it came"
    return Proposal(server, slug, what, _in_order(changes))


async def save(club: Club, proposal: Proposal, author: int) -> Revision | Clash | Flaw:
    """Makes the proposal a revision, which answers from then on; a Flaw says why it cannot be one."""
    store, slug = club.store, proposal.book
    if not proposal.is_savable:
        return Flaw("There is nothing to save.", "Change something first.", is_error=True)
    base = club.shared_book(slug)
    overlay = await store.overlay(proposal.server, slug)
    if len(overlay.edits.keys() | {one.entry for one in proposal.changes if one.after}) > MOST_EDITS:
        return Flaw(
            f"A server can have {MOST_EDITS} edits of a book.",
            "Put them into the book's files.",
            is_error=True,
        )
    if any(_is_behind(base, change) for change in proposal.changes):
        return _clash(base, overlay, proposal)
    made = await store.revise(proposal.server, slug, proposal.changes, author, proposal.what, club.now())
    if isinstance(made, Conflict):
        return _clash(base, await store.overlay(proposal.server, slug), proposal)
    if proposal.misses:
        await store.settle_misses(proposal.server, slug, proposal.misses, None)
    return made


def differences(base: Book, changes: Iterable[Change]) -> list[Difference]:
    """What changes mean for who reads the server's book, entry by entry; what comes to the same is left out."""
    found = (
        difference(standing(base, change.entry, change.before), standing(base, change.entry, change.after))
        for change in changes
    )
    return [one for one in found if one is not None]


def standing(base: Book, name: str, edit: Edit | None) -> Entry | None:
    """The entry of that id as it stands with an edit; None: there is none."""
    match edit:
        case Edited(entry):
            return entry
        case Hidden():
            return None
        case None:
            return base.by_id.get(name)


async def _changes(club: Club, here: Here, entries: Sequence[Entry]) -> list[Change]:
    """The changes that make entries stand as they are given."""
    overlay = await club.store.overlay(_server(here), here.book.slug)
    own = club.shared_book(here.book.slug).by_id
    return [
        Change(entry.id, overlay.edits.get(entry.id), _edit(own.get(entry.id), entry)) for entry in entries
    ]


def _clash(base: Book, overlay: Overlay, proposal: Proposal) -> Clash:
    again = tuple(
        replace(
            change,
            before=overlay.edits.get(change.entry),
            after=_with_base(change.after, base.by_id.get(change.entry)),
        )
        for change in proposal.changes
    )
    theirs = {
        change.entry: standing(base, change.entry, change.before)
        for change, old in zip(again, proposal.changes, strict=True)
        if change.before != old.before or _is_behind(base, old)
    }
    return Clash(replace(proposal, changes=again, before=again[0].before, draft=None), theirs)


def _is_behind(base: Book, change: Change) -> bool:
    """Whether the book's own entry has changed since the change was proposed."""
    return change.after is not None and change.after.base != _mark(base.by_id.get(change.entry))


def _with_base(edit: Edit | None, own: Entry | None) -> Edit | None:
    """The edit as made now, over the book's own entry as it is; None where the two come to the same."""
    match edit:
        case Edited(entry):
            return _edit(own, entry)
        case Hidden():
            return Hidden(mark_of(own)) if own else None
        case None:
            return None


def _edit(own: Entry | None, entry: Entry) -> Edit | None:
    """What makes the entry stand; None where the book's own says the same."""
    return None if own == entry else Edited(entry, _mark(own))


def _mark(own: Entry | None) -> str | None:
    return mark_of(own) if own else None


def _in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: change.entry))


def _server(here: Here) -> int:
    if here.server is None:
        raise ValueError("only servers have edits of their own")
    return here.server


_LOOKED_AT = 50
"""Entries of a file that are looked at closely: each of their asks is put to the book."""
