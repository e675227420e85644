"""What moderators are told of the server's own edits: of what they have not read themselves, behind bars."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.answering.outcomes import Answer, Found, Match
from bot.book.book import Book
from bot.book.differences import Difference, Line, difference
from bot.book.drafts import Flaw
from bot.book.entries import Entry
from bot.book.overlay import Revision
from bot.book.spoilers import Horizon, furthest
from bot.replies.answers import message_reply, reply_to, veil_label
from bot.replies.reply import Block, Heading, Item, Note, Reply, Shown, Veiled, When

_NAMES = {"new": "New", "changed": "Changed", "gone": "Gone"}


def proposal_reply(
    differences: Sequence[Difference], flaws: Sequence[Flaw], book: Book, horizon: Horizon
) -> Reply:
    """Changes that are not saved yet, with what is wrong with them."""
    errors = [flaw for flaw in flaws if flaw.is_error]
    hints = [flaw for flaw in flaws if not flaw.is_error]
    blocks: list[Block] = []
    if errors:
        blocks.append(Heading("This cannot be saved yet"))
        blocks += [_flaw(flaw, book, horizon) for flaw in errors]
    elif not differences:
        blocks.append(Shown("That changes nothing."))
    if hints:
        blocks.append(Heading("Look at this before you save"))
        blocks += [_flaw(flaw, book, horizon) for flaw in hints]
    for one in differences:
        blocks += _difference(one, book, horizon)
    if differences and not errors:
        count = len(differences)
        blocks.append(Note(f"{count} {'entry' if count == 1 else 'entries'}. Nothing is saved yet."))
    return Reply(tuple(blocks))


def saved_reply(revision: Revision) -> Reply:
    """The edits are live."""
    return message_reply(
        f"Saved: that is revision {revision.number} of your book, and members get it from now on.",
        f"To take it back: /knowledge restore revision:{revision.number - 1}",
    )


def clash_reply(
    theirs: Mapping[str, Entry | None], ours: Mapping[str, Entry | None], book: Book, horizon: Horizon
) -> Reply:
    """Others have edited the same entries meanwhile: how these stand now, and what saving would make of them."""
    blocks: list[Block] = [
        Shown("Somebody has changed this meanwhile. Nothing of yours was saved."),
        Heading("As it stands now"),
    ]
    for entry in theirs.values():
        blocks += _whole(entry, book, horizon)
    blocks.append(Heading("What saving yours would change"))
    for name, entry in theirs.items():
        found = difference(entry, ours.get(name))
        blocks += _difference(found, book, horizon) if found else [Item("Nothing: both say the same.")]
    return Reply(tuple(blocks))


def history_reply(revisions: Sequence[Revision], topics: Callable[[str], str | None]) -> Reply:
    """Who changed what and when, the newest first. `topics` gives those that the moderator may be offered."""
    if not revisions:
        return message_reply("There are no edits yet: this is the book as it came.")
    lines = [
        When(one.at, f"#{one.number} {one.what}: {_named(one, topics)}", who=one.author) for one in revisions
    ]
    return Reply((Heading("Edits of this server’s book"), *lines))


def revision_reply(
    revision: Revision, differences: Sequence[Difference], book: Book, horizon: Horizon
) -> Reply:
    """One revision, entry by entry."""
    head = When(revision.at, f"#{revision.number} {revision.what}", who=revision.author)
    blocks = [block for one in differences for block in _difference(one, book, horizon)]
    return Reply((head, *(blocks or [Shown("For members it changed nothing.")])))


def check_reply(
    outdated: Sequence[tuple[Entry, Entry | None]],
    unusable: Sequence[tuple[Entry, str]],
    flawed: Sequence[tuple[Entry, Sequence[Flaw]]],
    edits: int,
    book: Book,
    horizon: Horizon,
) -> Reply:
    """What a moderator may want to mend in the server's edits.

    `outdated` are entries of the server's whose entry in the book has changed since, each with the latter; `unusable`
    those that no longer fit the book, with what is wrong.
    """
    blocks: list[Block] = []
    for ours, own in outdated:
        blocks += _topic(ours, book, horizon)
        if own is None:
            blocks.append(Item("The book no longer has this entry; yours still stands."))
            continue
        blocks.append(
            Item("The book’s own entry has changed since you edited it; yours still stands. It says now:")
        )
        found = difference(ours, own)
        blocks += _lines(found, book, horizon) if found else []
    for entry, what in unusable:
        blocks += _topic(entry, book, horizon)
        blocks.append(Item("Your edit no longer fits the book, which answers in its place:"))
        blocks.append(shown_or_veiled(what, entry.reveals, book, horizon))
    for entry, flaws in flawed:
        blocks += [*_topic(entry, book, horizon), *(_flaw(flaw, book, horizon) for flaw in flaws)]
    count = f"{edits} {'edit' if edits == 1 else 'edits'} of your own"
    if not blocks:
        return message_reply(f"Nothing to mend: {count}.")
    return Reply((*blocks, Note(f"{count}. Mend them with /knowledge edit.")))


def preview_reply(entry: Entry, book: Book, reader: Horizon, own: Horizon) -> Reply:
    """An entry as a reader with that horizon sees it; what the moderator has not read stays behind bars even so."""
    title = book.head.milestones[reader.rank - 1].title if reader.rank else None
    who = f"who has finished {title}" if title else "who has read nothing"
    seen = sum(reader.shows(book, piece.reveals) for piece in entry.pieces)
    count = len(entry.pieces)
    told = "all of it" if seen == count else f"{seen} of {count} parts" if seen else "none of it"
    offered = "" if reader.shows_start_of(book, entry) else " They are not offered it as a topic either."
    least = min(reader.rank, own.rank)
    shown = reply_to(Answer((Found(Match(entry, 1.0)),)), book, Horizon(least))
    notes = [Note(f"A reader {who} sees {told} in the clear.{offered}")]
    if least < reader.rank:
        notes.append(Note("What you have not read yourself is behind bars here in any case."))
    return Reply((*shown.blocks, *notes))


def upload_reply(flaws: Sequence[Flaw]) -> Reply:
    """What is wrong with a file that was sent."""
    shown = [Item(f"{flaw.what} {flaw.remedy}") for flaw in flaws[:_FLAWS]]
    more = [Note(f"And {len(flaws) - _FLAWS} more.")] if len(flaws) > _FLAWS else []
    return Reply((Shown("I cannot take this file; nothing was changed."), *shown, *more))


_FLAWS = 10


def _flaw(flaw: Flaw, book: Book, horizon: Horizon) -> Block:
    said = f"{flaw.what} {flaw.remedy}"
    return shown_or_veiled(said, flaw.reveals, book, horizon)


def _difference(one: Difference, book: Book, horizon: Horizon) -> Iterator[Block]:
    if horizon.shows_words(book, one.topic, one.reveals):
        yield Heading(f"{_NAMES[one.what]}: {one.topic}")
    else:
        yield Heading(f"{_NAMES[one.what]}: an entry further on than you have read")
    yield from _lines(one, book, horizon)


def _lines(one: Difference, book: Book, horizon: Horizon) -> Iterator[Block]:
    """The lines; those that stand side by side behind bars of one part, behind the same bars."""
    veiled: list[Veiled] = []
    for line in one.lines:
        block = shown_or_veiled(_written(line, book), line.reveals, book, horizon, line.text)
        if isinstance(block, Veiled) and (not veiled or veiled[0].label == block.label):
            veiled.append(block)
            continue
        yield from _together(veiled)
        veiled = [block] if isinstance(block, Veiled) else []
        if not veiled:
            yield Shown(block.text)
    yield from _together(veiled)


def _together(veiled: Sequence[Veiled]) -> Iterator[Block]:
    if veiled:
        yield Veiled(veiled[0].label, "\n".join(" ".join(one.text.split()) for one in veiled), lines=True)


def _written(line: Line, book: Book) -> str:
    text = line.text
    if line.name == "source":
        text = book.sources[text].title if text in book.sources else text
    if line.name == "text":
        title = next((one.title for one in book.head.milestones if one.id == line.reveals), None)
        return f"{line.sign} {f'from {title} on' if title else 'for everybody'}: {text}"
    return f"{line.sign} {line.name}: {text}"


def _whole(entry: Entry | None, book: Book, horizon: Horizon) -> Iterator[Block]:
    found = difference(None, entry)
    if found is None:
        yield Item("It is not there.")
        return
    for line in found.lines:
        if line.name != "ask":
            yield shown_or_veiled(
                _written(line, book).removeprefix("+ "), line.reveals, book, horizon, line.text
            )


def _topic(entry: Entry, book: Book, horizon: Horizon) -> Iterator[Block]:
    if horizon.shows_words(book, entry.topic, entry.reveals):
        yield Heading(entry.topic)
    else:
        yield Heading("An entry further on than you have read")


def _named(revision: Revision, topics: Callable[[str], str | None]) -> str:
    found = [topics(change.entry) for change in revision.changes]
    known = [topic for topic in found if topic]
    if len(found) == 1:
        return known[0] if known else "an entry further on than you have read"
    if len(known) == len(found) <= _TOPICS:
        return ", ".join(known)
    return f"{len(found)} entries"


_TOPICS = 3


def shown_or_veiled(
    text: str, reveals: str | None, book: Book, horizon: Horizon, quoted: str | None = None
) -> Block:
    """A text for a moderator: behind bars where it reveals more than they have read, or its words tell more.

    `quoted` is what somebody else wrote, where that is only a part of it.
    """
    words = text if quoted is None else quoted
    if horizon.shows_words(book, words, reveals):
        return Item(text)
    told = furthest(book, book.ranks.get(reveals, 0), words)
    return Veiled(veil_label(book.head.milestones[told - 1].title if told else None), text)
