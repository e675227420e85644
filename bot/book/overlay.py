"""One server's own edits on top of a book, and their history. Values only; `bot/content/merging.py` puts them together."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.book.entries import Entry, Fact, PlotPoint, Quote, View, body_key

_KINDS: Mapping[str, type[Fact | Quote | PlotPoint | View]] = {
    "fact": Fact,
    "quote": Quote,
    "plot": PlotPoint,
    "view": View,
}
_TABLE = TypeAdapter(dict[str, Any])


@dataclass(frozen=True, slots=True)
class Edited:
    """What stands in an entry's place, or a new entry. `base` is the mark of the book's own when it was edited.

    None: the book had no entry of that id.
    """

    entry: Entry
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """The book's own entry is not there for this server; `base` is its mark when it was hidden."""

    base: str | None = None


Edit = Edited | Hidden


@dataclass(frozen=True, slots=True)
class Overlay:
    """A server's edits of a book, by the ids of entries, after so many revisions; 0: there never was one."""

    edits: Mapping[str, Edit] = field(default_factory=lambda: MappingProxyType({}))
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one entry; None: it is as in the book, which may have none of that id."""

    entry: str
    before: Edit | None
    after: Edit | None


@dataclass(frozen=True, slots=True)
class Revision:
    """Edits made in one step: when (aware), by whom (a member's id; None: they have had themselves forgotten), and what.

    `number` counts from 1 in each book of a server. `what` is a short line for the history, such as "Added"; it holds
    nothing of an entry's text. `changes` are in the order of the entries' ids.
    """

    number: int
    at: datetime
    author: int | None
    what: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was changed, for others have edited since: how the entries stand now whose edit was not as expected."""

    now: Mapping[str, Edit | None]


def entry_table(entry: Entry) -> dict[str, Any]:
    """The entry as moderators write it, key by key, without what is left out; layers always as a list of tables."""
    table = entry.model_dump(mode="json", exclude_defaults=True, exclude={"kind", "pieces"})
    pieces = [piece.model_dump(exclude_none=True) for piece in entry.pieces]
    return {**table, body_key(entry): pieces}


def mark_of(entry: Entry) -> str:
    """Sixteen hex digits that change when anything in the entry does."""
    return hashlib.sha256(_dumped([entry.kind, entry_table(entry)]).encode()).hexdigest()[:16]


def edit_text(edit: Edit) -> str:
    """The edit as JSON, for a store. `read_edit` undoes it."""
    match edit:
        case Hidden(base):
            return _dumped({"base": base})
        case Edited(entry, base):
            return _dumped({"base": base, "kind": entry.kind, "entry": entry_table(entry)})


def read_edit(text: str) -> Edit | None:
    """The edit that a store holds; None for one that this version does not understand."""
    try:
        table = _TABLE.validate_json(text)
        if "kind" not in table:
            return Hidden(table["base"])
        return Edited(_KINDS[table["kind"]].model_validate(table["entry"]), table["base"])
    except (ValidationError, KeyError, TypeError):
        return None


def _dumped(table: object) -> str:
    return json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
