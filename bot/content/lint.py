"""What a loaded book could do better: asks that miss, topics that give away, text that runs ahead of its reader."""

from collections.abc import Callable, Iterator, Sequence

from bot.answering.asks import nearer
from bot.answering.building import build_index
from bot.answering.features import spoken_words
from bot.answering.index import Index
from bot.answering.outcomes import Answer, Found, Match, Outcome
from bot.answering.words import words
from bot.book.book import Book
from bot.book.drafts import Flaw
from bot.book.entries import Entry, Frozen, Quote, View, body_key
from bot.book.prompts import Prompt
from bot.book.spoilers import terms_beyond
from bot.content.loading import Loaded
from bot.content.nodes import Items, Node, Table, Text
from bot.content.placed import Placed, repeats
from bot.content.problems import START, Problem, excerpt

FEWEST_ASKS = 5

TO_REPLACE = "REPLACE THIS"
"""What stands in the examples of a new book (scaffold.py), wherever moderators have to write their own."""


def lint(loaded: Loaded) -> Iterator[Problem]:
    """Every warning about a book that loads; nothing for one that does not."""
    if loaded.book is None or loaded.head is None:
        return
    yield from _head(loaded.book, loaded.head)
    for written in (loaded.head, *loaded.entries, *loaded.prompts):
        yield from _to_replace(written.file, written.node)
    for placed in loaded.entries:
        yield from _spoilers(loaded.book, placed)
        yield from _bars(placed)
        yield from _few_asks(placed)
    for prompt in loaded.prompts:
        yield from _prompt(loaded.book, prompt)
    yield from _same_topics(loaded)
    yield from _asks(build_index(loaded.book, learn=False), loaded)


def lint_entry(book: Book, entry: Entry, asked: Callable[[str], Outcome]) -> Iterator[Flaw]:
    """What an entry of a server's own could do better in this book, in which it stands or not yet.

    `asked` says what a question comes to without the entry.
    """
    placed = Placed(entry, "", Text("", START))
    for problem in (*_spoilers(book, placed), *_bars(placed), *_few_asks(placed)):
        yield Flaw(problem.what, problem.remedy, reveals=entry.pieces[-1].reveals)
    if isinstance(entry, Quote) and entry.where is None:
        yield Flaw("The quote does not say where it stands.", "Name a chapter, a scene or a page.")
    for other in book.entries:
        if other.id != entry.id and other.topic.casefold() == entry.topic.casefold():
            yield Flaw(
                "Another entry has the same topic, and members see no difference.",
                "Give this one a topic of its own.",
                reveals=other.reveals,
            )
    for ask in entry.asks:
        match asked(ask):
            case Answer(parts=(Found(Match(entry=other)),)):
                yield Flaw(
                    f"{excerpt(ask)} gets “{other.topic}” today.",
                    "Go on if this entry answers it better; else say in it what only this entry is about.",
                    reveals=other.reveals,
                )
            case _:
                pass


def _to_replace(file: str, node: Node) -> Iterator[Problem]:
    match node:
        case Text(value, mark) if TO_REPLACE in value:
            yield Problem(
                file,
                mark,
                "This is still the example that 'bookclub new' wrote.",
                "Write your own in its place, or take the entry out.",
                "warning",
            )
        case Table(values):
            for child in values.values():
                yield from _to_replace(file, child)
        case Items(nodes):
            for child in nodes:
                yield from _to_replace(file, child)
        case _:
            pass


def _few_asks(placed: Placed[Entry]) -> Iterator[Problem]:
    if len(placed.item.asks) < FEWEST_ASKS:
        yield placed.warning(
            ("asks",) if placed.item.asks else (),
            f"The entry has {_count(placed.item.asks)}; {FEWEST_ASKS} or more make it easy to find.",
            "Add what a member might type, each in other words.",
        )


def _count(asks: Sequence[str]) -> str:
    return "1 ask" if len(asks) == 1 else f"{len(asks)} asks"


def _asks(index: Index, loaded: Loaded) -> Iterator[Problem]:
    # As the index sees them: without fillers, in which two asks may differ and still be one.
    first: dict[str, tuple[Placed[Entry], int]] = {}
    for placed in loaded.entries:
        for number, ask in enumerate(placed.item.asks):
            path = ("asks", number)
            other, at = first.setdefault(spoken_words(index.namer.name(words(ask))) or ask, (placed, number))
            if (other, at) != (placed, number):
                yield placed.warning(
                    path,
                    f"The ask {excerpt(ask)} stands twice (also {other.place(('asks', at))}).",
                    "Keep it in the entry that answers it best.",
                )
                continue
            found = nearer(index, placed.item, ask)
            if found is not None:
                yield placed.warning(
                    path,
                    f"The ask {excerpt(ask)} is nearer to {found} than to its own entry.",
                    "Say in it what only this entry is about, or move it there.",
                )


def _same_topics(loaded: Loaded) -> Iterator[Problem]:
    for placed, other in repeats(loaded.entries, lambda placed: placed.item.topic.casefold()):
        yield placed.warning(
            ("topic",),
            f"Another entry has the same topic ({other.place(('topic',))}), and members see no difference.",
            "Give each a topic of its own.",
        )


def _head(book: Book, head: Placed[Frozen]) -> Iterator[Problem]:
    for name in ("milestones", "sources", "aspects"):
        for number, item in enumerate(getattr(book.head, name)):
            yield from _terms(book, head, (name, number, "title"), item.title, None, f"title of {item.id}")


def _spoilers(book: Book, placed: Placed[Entry]) -> Iterator[Problem]:
    entry = placed.item
    yield from _terms(book, placed, ("topic",), entry.topic, None, "topic")
    for number, piece in enumerate(entry.pieces):
        yield from _terms(book, placed, (body_key(entry), number, "text"), piece.text, piece.reveals, "text")
    match entry:
        case Quote(said_by=said_by, where=where):
            yield from _terms(book, placed, ("said_by",), said_by, entry.reveals, "said_by")
            yield from _terms(book, placed, ("where",), where or "", entry.reveals, "where")
        case View(by=by):
            yield from _terms(book, placed, ("by",), by, entry.reveals, "by")
        case _:
            pass


def _prompt(book: Book, placed: Placed[Prompt]) -> Iterator[Problem]:
    prompt = placed.item
    yield from _terms(book, placed, ("theme",), prompt.theme, None, "theme")
    yield from _terms(book, placed, ("question",), prompt.question, prompt.milestone, "question")
    for number, text in enumerate(prompt.follow_ups):
        yield from _terms(book, placed, ("follow_ups", number), text, prompt.milestone, "follow-up")
    for number, text in enumerate(prompt.poll or ()):
        yield from _terms(book, placed, ("poll", number), text, prompt.milestone, "poll option")


def _terms(
    book: Book, placed: Placed[Frozen], path: tuple[int | str, ...], text: str, reveals: str | None, what: str
) -> Iterator[Problem]:
    for term, milestone in terms_beyond(book, text, reveals):
        if reveals is None and what in {"topic", "theme"}:
            remedy = "Choose words that give nothing away."
        else:
            remedy = f"Move it into a layer that reveals {milestone.id}, or choose other words."
        yield placed.warning(
            path, f"The {what} says {excerpt(term)}, which gives away {milestone.title}.", remedy
        )


def _bars(placed: Placed[Entry]) -> Iterator[Problem]:
    key = body_key(placed.item)
    for number, piece in enumerate(placed.item.pieces):
        if "||" in piece.text:  # replies would show the lookalike; only a warning, for nothing can leak
            yield placed.warning(
                (key, number, "text"),
                "The text has spoiler bars of its own.",
                "Take them out and say which milestone it reveals: the bot draws the bars.",
            )
