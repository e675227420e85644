"""A draft, as moderators type it in Discord <-> an entry."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from itertools import accumulate

from bot.book.book import CLUB, Book
from bot.book.drafts import FIELD, FIELDS, Draft, Flaw
from bot.book.entries import Entry, Piece, Quote, View
from bot.content.checking import flaws
from bot.content.layers import layered
from bot.content.loading import KINDS
from bot.content.nodes import Items, Node, Table, Text
from bot.content.problems import START, Problem
from bot.content.reading import unfit
from bot.content.validation import validate

EVERYBODY = "Everybody"

_FILES = {"fact": "facts", "quote": "quotes", "plot": "plot", "view": "views"}
_LAYER = re.compile(r"^\[(.+)\]$")
_ID_LENGTH = 40


def draft_of(entry: Entry, book: Book) -> Draft:
    """The entry as a draft, from which `read_draft` makes the same entry again, but for white space and line ends.

    Known flaw: the text of a long entry can be longer than a modal takes.
    """
    titles = {one.id: one.title for one in book.head.milestones}

    def said(piece: Piece) -> str:
        return f"[{titles.get(piece.reveals or '', EVERYBODY)}]\n{piece.text}"

    first, *others = entry.pieces
    ends = accumulate(len(ask) + 1 for ask in entry.asks)
    shown = sum(end <= FIELD for end in ends)
    texts = {
        "topic": entry.topic,
        "asks": "\n".join(entry.asks[:shown]),
        "text": "\n".join([first.text, *map(said, others)]),
    }
    match entry:
        case Quote(said_by=said_by, where=where):
            texts |= {"said_by": said_by, "where": where or ""}
        case View(by=by, about=about):
            aspect = book.aspects.get(about)
            texts |= {"by": by, "about": aspect.title if aspect else about}
        case _:
            pass
    return Draft(entry.kind, texts, entry.id, entry.reveals, entry.sources, entry.medium, entry.asks[shown:])


def read_draft(book: Book, draft: Draft, taken: Collection[str] = frozenset()) -> Entry | tuple[Flaw, ...]:
    """The entry that a draft is in this book, or all that keeps it from being one.

    A new one gets an id of its topic that neither the book nor `taken` has. Known flaw: white space at the ends of lines
    and empty lines are not kept.
    """
    found = list(_unreadable(draft))
    layers = _layers(book, draft)
    if isinstance(layers, Flaw):
        found.append(layers)
    if draft.reveals is False and book.head.milestones:
        found.append(Flaw("It is not said who may read it.", "Pick it below.", is_error=True))
    if not draft.sources:
        found.append(Flaw("An entry needs a source.", f"Pick who says so, or “{CLUB.title}”.", is_error=True))
    if found or isinstance(layers, Flaw):
        return tuple(found)
    model, key = KINDS[_FILES[draft.kind]]
    name = draft.entry or new_id(draft.texts["topic"], draft.kind, {*taken, *book.by_id})
    entry = validate(model, layered(_node(book, draft, name, key, layers), key), "")
    if isinstance(entry, list):
        return tuple(_flaw(problem) for problem in entry)
    return tuple(map(_flaw, flaws(book.head, entry))) or entry


def new_id(topic: str, kind: str, taken: Collection[str]) -> str:
    """An id made of a topic, with a number behind it where that is taken."""
    plain = unicodedata.normalize("NFKD", topic).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _ID_LENGTH - 5].rstrip("-") or kind
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _unreadable(draft: Draft) -> Iterator[Flaw]:
    for field in FIELDS[draft.kind]:
        text = draft.texts.get(field.name, "")
        if field.required and not text.strip():
            yield Flaw(f"“{field.label}” is empty.", "Write something in it.", is_error=True)
        # Discord's clients put a line break in as one of these.
        elif code := unfit(text.replace("\r\n", "\n").replace("\r", "\n")):
            yield Flaw(
                f"“{field.label}” has an invisible character ({code}).",
                "Delete it and type the text again.",
                is_error=True,
            )


def _layers(book: Book, draft: Draft) -> list[tuple[str | None, str]] | Flaw:
    """Each layer's milestone and its text."""
    named: dict[str, str | None] = {EVERYBODY.casefold(): None}
    for one in book.head.milestones:
        named |= {one.title.casefold(): one.id, one.id.casefold(): one.id}
    layers: list[tuple[str | None, list[str]]] = [(draft.reveals or None, [])]
    for line in map(str.strip, draft.texts.get("text", "").splitlines()):
        mark = _LAYER.match(line) if draft.kind != "quote" else None
        if mark is None:
            layers[-1][1].append(line)
        elif (title := mark.group(1).strip().casefold()) not in named:
            known = ", ".join([EVERYBODY, *(one.title for one in book.head.milestones)])
            return Flaw(
                "A line in square brackets names no part of the book.",
                f"Write one of {known}; or take the brackets away.",
                is_error=True,
            )
        else:
            layers.append((named[title], []))
    if len(layers) > 1 and not any(layers[0][1]):
        return Flaw(
            "Nothing stands before the first line in square brackets.",
            "Take that line out, and pick below who may read it.",
            is_error=True,
        )
    return [
        (reveals, "\n".join(filter(None, lines)))
        for at, (reveals, lines) in enumerate(layers)
        if at == 0 or any(lines)
    ]


def _node(book: Book, draft: Draft, name: str, key: str, layers: list[tuple[str | None, str]]) -> Node:
    values: dict[str, Node] = {
        "id": _text(name),
        "topic": _text(" ".join(draft.texts["topic"].split())),
        "asks": Items(
            tuple(map(_text, dict.fromkeys([*_asks(draft.texts.get("asks", "")), *draft.more_asks]))), START
        ),
        key: Items(
            tuple(
                _table({"text": _text(text)} | ({"reveals": _text(reveals)} if reveals else {}))
                for reveals, text in layers
            ),
            START,
        ),
        "medium": _text(draft.medium),
        "sources": Items(tuple(map(_text, draft.sources)), START),
    }
    for field in ("said_by", "where", "by"):
        if draft.texts.get(field, "").strip():
            values[field] = _text(" ".join(draft.texts[field].split()))
    if "about" in draft.texts:
        values["about"] = _text(_aspect(book, draft.texts["about"]))
    return _table(values)


def _asks(typed: str) -> Iterator[str]:
    for line in typed.splitlines():
        if ask := " ".join(line.split()).removeprefix("- "):
            yield ask


def _aspect(book: Book, typed: str) -> str:
    wanted = " ".join(typed.casefold().split())
    for aspect in book.head.aspects:
        if wanted in {aspect.id, aspect.title.casefold(), aspect.title.casefold().removeprefix("the ")}:
            return aspect.id
    return re.sub(r"[^a-z0-9]+", "-", wanted).strip("-") or "-"


def _text(value: str) -> Text:
    return Text(value, START)


def _table(values: Mapping[str, Node]) -> Table:
    return Table(values, dict.fromkeys(values, START), START)


def _flaw(problem: Problem) -> Flaw:
    return Flaw(problem.what, problem.remedy, is_error=True)
