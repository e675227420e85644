"""Outcome + horizon -> reply: the one door for all that the base knows (design.md section 4, rule 1)."""

from collections.abc import Iterable, Iterator, Sequence

from bot.answering.outcomes import Answer, Comparison, Found, Match, Outcome, Part, Suggestions, Unknown
from bot.book.book import Book, name_of
from bot.book.entries import Entry, Piece, PlotPoint, Quote, View
from bot.book.prompts import Prompt, themes
from bot.book.spoilers import Horizon, milestone_of
from bot.replies.reply import Block, Choice, Heading, Item, Note, Reply, Shown, Veiled

CHOICES = 3

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


def plot_reply(points: Sequence[Entry], book: Book) -> Reply:
    """Plot points in the order given, every one veiled for everybody."""
    if not points and not any(isinstance(entry, PlotPoint) for entry in book.entries):
        return message_reply("This book has no plot points yet.")
    if not points:
        return message_reply(
            "I have no plot point on that.", "Try other words, or /plot alone for all of them."
        )
    return Reply(tuple(_veiled(book, piece, piece.text) for point in points for piece in point.pieces))


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
    leans_on = [book.by_id[entry] for entry in dict.fromkeys(prompt.entries)]
    offered = [Choice(entry.id, entry.topic) for entry in leans_on if horizon.shows_start_of(book, entry)]
    return Reply(tuple(blocks), tuple(offered[:CHOICES]))


def message_reply(text: str, *notes: str) -> Reply:
    """A reply in the bot's own words, which hold nothing of the base."""
    return Reply((Shown(text), *map(Note, notes)))


def list_reply(heading: str, items: Iterable[str], *notes: str) -> Reply:
    """A list in the bot's own words, which hold nothing of the base."""
    return Reply((Heading(heading), *map(Item, items), *map(Note, notes)))


def is_veiled(entry: Entry, book: Book, horizon: Horizon) -> bool:
    """Whether any piece of the entry stands behind bars for this reader."""
    return not all(horizon.shows(book, piece.reveals) for piece in entry.pieces)


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
    return Veiled(f"About {title} · tap to reveal", text)


def _sources(book: Book, ids: Sequence[str]) -> Note:
    titles = [book.sources[source].title for source in dict.fromkeys(ids)]
    return Note(("Source: " if len(titles) == 1 else "Sources: ") + "; ".join(titles))


def _choices(matches: Sequence[Match]) -> tuple[Choice, ...]:
    return tuple(Choice(match.entry.id, match.entry.topic) for match in matches[:CHOICES])
