"""A look at a server's edits: what the book has become, who changed what, and what is to be mended."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.book.differences import Difference
from bot.book.drafts import Flaw
from bot.book.entries import Entry
from bot.book.overlay import Edited, Revision
from bot.club.club import Club, Here
from bot.club.curating import Proposal, differences, look, propose_entries
from bot.content.exporting import archive
from bot.content.merging import merged
from bot.content.uploading import read_upload

PAGE = 10
"""Revisions that are told of at once."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a moderator may want to mend; see `replies.curating.check_reply`."""

    outdated: tuple[tuple[Entry, Entry | None], ...]
    unusable: tuple[tuple[Entry, str], ...]
    flawed: tuple[tuple[Entry, tuple[Flaw, ...]], ...]
    edits: int


async def check(club: Club, here: Here) -> Checked:
    """Looks through all edits of the server's book. Raises StoreError."""
    base = club.shared_book(here.book.slug)
    overlay = await club.store.overlay(here.server or 0, base.slug)
    found = merged(base, overlay)
    edited: Mapping[str, Entry] = {
        name: edit.entry for name, edit in sorted(overlay.edits.items()) if isinstance(edit, Edited)
    }
    looked = await look(here.asking, found.changed)
    return Checked(
        tuple((edited[name], base.by_id.get(name)) for name in sorted(found.outdated) if name in edited),
        tuple((edited[name], what) for name, what in sorted(found.unusable.items())),
        tuple((edited[name], flaws) for name, flaws in looked.items()),
        len(overlay.edits),
    )


async def export(here: Here) -> bytes:
    """The server's book as its files, in a ZIP."""
    # It takes a second for a large book, which a thread shares with the answers.
    return await asyncio.to_thread(archive, here.book)


async def propose_upload(club: Club, here: Here, name: str, data: bytes) -> Proposal | tuple[Flaw, ...]:
    """What a file with entries would change, or what is wrong with it. Raises StoreError."""
    read = await asyncio.to_thread(read_upload, name, data, here.book)
    entries = tuple(one for one in read if not isinstance(one, Flaw))
    flaws = tuple(one for one in read if isinstance(one, Flaw))
    return flaws or await propose_entries(club, here, entries)


async def history(
    club: Club, here: Here, before: int | None = None, entry: str | None = None
) -> tuple[Revision, ...]:
    """Revisions, the newest first. Raises StoreError."""
    return await club.store.history(here.server or 0, here.book.slug, PAGE, before, entry)


async def revision(club: Club, here: Here, number: int) -> tuple[Revision, list[Difference]] | None:
    """One revision and what it did; None: there is none of that number. Raises StoreError."""
    found = await club.store.history(here.server or 0, here.book.slug, 1, number + 1)
    if not found or found[0].number != number:
        return None
    return found[0], differences(club.shared_book(here.book.slug), found[0].changes)
