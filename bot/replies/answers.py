"""Outcome + horizon -> reply: the one door for all that the base knows (design.md section 4, rule 1)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.answering.outcomes import Answer, Comparison, Found, Match, Outcome, Part, Suggestions, Unknown
from bot.book.book import Book, name_of
from bot.book.entries import Entry, EntryBase, Piece, PlotPoint, Quote, View
from bot.book.progress import places_of
from bot.book.prompts import Prompt, themes
from bot.book.spoilers import Horizon, milestone_of
from bot.replies.reply import Block, Choice, Heading, Item, Note, Place, Reply, Shown, Veiled

CHOICES = 3

E = TypeVar("E", bound=EntryBase)

_UNKNOWN = "I don't have that."
_TRY = "I only know what the book club's sources say. Try other words, or name the person, place or scene you mean."


def reply_to(outcome: Outcome, book: Book, horizon: Horizon) -> Reply:
    """What a reader with this horizon is told.

    Suggestions and related topics beyond the horizon are left out; where no suggestion is left, the reply is the
    one for an unknown question.
    """
    match narrowed(outcome, book, horizon):
        case Answer(parts, related):
            blocks = tuple(
                block for part in parts for block in _part(part, book, horizon, headed=len(parts) > 1)
            )
            return Reply(blocks, _choices(related), given=tuple(map(_given, parts)))
        case Suggestions(matches):
            offered = _choices(matches)
            return Reply(
                (Shown("Did you mean one of these?"),),
                offered,
                "did you mean",
                tuple(choice.entry for choice in offered),
            )
        case Unknown():
            return Reply((Shown(_UNKNOWN), Note(_TRY)))


def narrowed(outcome: Outcome, book: Book, horizon: Horizon) -> Outcome:
    """The outcome with every topic that this reader may not be offered taken out (rule 7)."""
    match outcome:
        case Answer(parts, related):
            return Answer(
                parts, tuple(match for match in related if horizon.shows_start_of(book, match.entry))
            )
        case Suggestions(matches):
            offered = tuple(match for match in matches if horizon.shows_start_of(book, match.entry))
            return Suggestions(offered) if offered else Unknown()
        case Unknown():
            return outcome


def withheld(outcome: Outcome, book: Book, horizon: Horizon) -> Outcome:
    """The outcome as if the base held nothing beyond the horizon: what then has no text left is not there at all."""
    match outcome:
        case Answer(parts, related):
            kept = tuple(cut for part in parts if (cut := _part_within(part, book, horizon)) is not None)
            if not kept:
                return Unknown()
            # What is near a part that is not there would show that it was.
            return Answer(kept, related if len(kept) == len(parts) else ())
        case Suggestions() | Unknown():
            return narrowed(outcome, book, horizon)


def within(entry: E, book: Book, horizon: Horizon) -> E | None:
    """The entry with the layers that this reader may see; None where there is none."""
    pieces = tuple(piece for piece in entry.pieces if horizon.shows(book, piece.reveals))
    if len(pieces) == len(entry.pieces):
        return entry
    return entry.model_copy(update={"pieces": pieces}) if pieces else None


def plot_reply(points: Sequence[Entry], book: Book) -> Reply:
    """Plot points in the order given, every one veiled for everybody."""
    if not points and not any(isinstance(entry, PlotPoint) for entry in book.entries):
        return message_reply("This book has no plot points yet.")
    if not points:
        return message_reply(
            "I have no plot point on that.", "Try other words, or /plot alone for all of them."
        )
    return Reply(tuple(_veiled(book, piece, piece.text) for point in points for piece in point.pieces))


def recap_reply(book: Book, horizon: Horizon) -> Reply:
    """The story so far, from the plot points up to the horizon and in the clear: for its reader alone."""
    points = [
        (piece, entry) for entry in book.entries if isinstance(entry, PlotPoint) for piece in entry.pieces
    ]
    read = [(piece, entry) for piece, entry in points if horizon.shows(book, piece.reveals)]
    places = places_in(book)
    if not points:
        return message_reply("This book has no plot points yet.")
    if not read:
        return replace(
            message_reply(
                "You have not told me how far you have read, so I know of nothing that I could recap."
                if not horizon.rank
                else "There is nothing to recap for where you are in the book.",
                "Say it with /progress set. Nobody else learns of it.",
            ),
            places=places,
        )
    blocks: list[Block] = []
    for milestone in (None, *book.head.milestones[: horizon.rank]):
        told = [piece for piece, _ in read if piece.reveals == (milestone.id if milestone else None)]
        if told:
            blocks += [Heading(milestone.title if milestone else book.title)]
            blocks += [Item(piece.text) for piece in told]
    blocks.append(_sources(book, [source for _, entry in read for source in entry.sources]))
    return Reply(tuple(blocks), places=places)


def prompt_reply(prompt: Prompt | None, book: Book, horizon: Horizon, theme: str = "") -> Reply:
    """A discussion prompt with its follow-ups; what presupposes more than the horizon is veiled.

    None: there is none, on the theme that was wished for if any.
    """
    if prompt is None and theme.strip():
        known = themes([one for one in book.prompts if horizon.shows(book, one.milestone)])
        return Reply(
            (
                Shown("There is no prompt on that theme for where you are in the book."),
                Note("Themes: " + ("; ".join(known) or "none yet")),
            )
        )
    if prompt is None:
        return Reply(
            (
                Shown("There is no prompt for where you are in the book."),
                Note("Read on, and ask again."),
            )
        )
    lines: list[Shown | Item] = [Shown(prompt.question), *map(Item, prompt.follow_ups)]
    if prompt.poll:
        lines.append(Shown("Poll: " + " / ".join(prompt.poll)))
    piece = Piece(text=prompt.question, reveals=prompt.milestone)
    blocks: list[Block] = [Heading(f"To discuss · {prompt.theme}")]
    shown = horizon.shows(book, prompt.milestone)
    blocks += [line if shown else _veiled(book, piece, line.text) for line in lines]
    # A server may have hidden one of them.
    leans_on = [book.by_id[entry] for entry in dict.fromkeys(prompt.entries) if entry in book.by_id]
    offered = [Choice(entry.id, entry.topic) for entry in leans_on if horizon.shows_start_of(book, entry)]
    return Reply(tuple(blocks), tuple(offered[:CHOICES]), places=places_in(book))


def message_reply(text: str, *notes: str) -> Reply:
    """A reply in the bot's own words, which hold nothing of the base."""
    return Reply((Shown(text), *map(Note, notes)))


def list_reply(heading: str, items: Iterable[str], *notes: str) -> Reply:
    """A list in the bot's own words, which hold nothing of the base."""
    return Reply((Heading(heading), *map(Item, items), *map(Note, notes)))


def places_in(book: Book) -> tuple[Place, ...]:
    """How far a reader of the book may say that they have come; none where it has no milestones."""
    if not book.head.milestones:
        return ()
    return tuple(Place(milestone, label) for milestone, label in places_of(book))


def veil_text(text: str, label: str) -> Reply:
    """A member's own text behind bars, under a label; both as they come, for the way out makes them harmless."""
    return Reply((Veiled(label, text, lines=True),))


def veil_label(title: str | None) -> str:
    """What stands over a veil: which part it is about (None: not said), and nothing of what or how long."""
    return f"About {title} · tap to reveal" if title else "A spoiler · tap to reveal"


def is_veiled(entry: Entry, book: Book, horizon: Horizon) -> bool:
    """Whether any piece of the entry stands behind bars for this reader."""
    return not all(horizon.shows(book, piece.reveals) for piece in entry.pieces)


def _part_within(part: Part, book: Book, horizon: Horizon) -> Part | None:
    match part:
        case Found(Match(entry, score)):
            kept = within(entry, book, horizon)
            return Found(Match(kept, score)) if kept else None
        case Comparison(aspect, views, score):
            seen = tuple(cut for view in views if (cut := within(view, book, horizon)) is not None)
            return Comparison(aspect, seen, score) if seen else None


def _given(part: Part) -> str:
    match part:
        case Found(Match(entry=entry)):
            return name_of(entry)
        case Comparison(aspect):
            return name_of(aspect)


def _part(part: Part, book: Book, horizon: Horizon, *, headed: bool) -> Iterator[Block]:
    match part:
        case Found(Match(entry=entry)):
            if headed and horizon.shows_start_of(book, entry):
                yield Heading(entry.topic)
            yield from _entry(entry, book, horizon)
            yield _sources(book, entry.sources)
        case Comparison(aspect, views):
            yield Heading(f"{aspect.title}: what the reviewers say")
            for view in views:
                for block in _entry(view, book, horizon):
                    yield Item(block.text) if isinstance(block, Shown) else block
            yield _sources(book, [source for view in views for source in view.sources])


def _entry(entry: Entry, book: Book, horizon: Horizon) -> Iterator[Block]:
    for piece in entry.pieces:
        text = _said(entry, piece)
        yield Shown(text) if horizon.shows(book, piece.reveals) else _veiled(book, piece, text)


def _said(entry: Entry, piece: Piece) -> str:
    match entry:
        case Quote(said_by=said_by, where=where):
            return f"“{piece.text}” — {said_by}" + (f", {where}" if where else "")
        case View(by=by, pieces=(first, *_)) if piece is first and not _names(piece.text, by):
            return f"{by}: {piece.text}"
        case _:
            return piece.text


def _names(text: str, by: str) -> bool:
    return by.removeprefix("the ").casefold() in text.casefold()


def _veiled(book: Book, piece: Piece, text: str) -> Veiled:
    milestone = milestone_of(book, piece)
    title = milestone.title if milestone else book.title
    return Veiled(veil_label(title), text)


def _sources(book: Book, ids: Sequence[str]) -> Note:
    titles = [book.sources[source].title for source in dict.fromkeys(ids)]
    return Note(("Source: " if len(titles) == 1 else "Sources: ") + "; ".join(titles))


def _choices(matches: Sequence[Match]) -> tuple[Choice, ...]:
    return tuple(Choice(match.entry.id, match.entry.topic) for match in matches[:CHOICES])
