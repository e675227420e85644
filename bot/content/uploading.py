"""A YAML file that a moderator sends in Discord -> its entries, or every problem in it."""

from bot.book.book import CLUB, Book
from bot.book.drafts import Flaw
from bot.book.entries import Entry
from bot.content.checking import cross_check
from bot.content.loading import ENTRY_FILE, KINDS, items_of, node_of
from bot.content.nodes import Text
from bot.content.placed import Placed
from bot.content.problems import START, Problem, excerpt
from bot.content.reading import decode


def read_upload(name: str, data: bytes, book: Book) -> tuple[Entry, ...] | tuple[Flaw, ...]:
    """The entries of a file of this name, or (never both) what is wrong with it, in the order of its lines.

    An entry with the id of one in the book is to stand in its place, so it must be of the same kind.
    """
    if not ENTRY_FILE.match(name):
        return (
            Flaw(
                f"I cannot take a file of the name {excerpt(name)}.",
                "Send facts.yaml, quotes.yaml, plot.yaml or views.yaml, or facts-something.yaml and so on.",
                is_error=True,
            ),
        )
    problems: list[Problem] = []
    model, body_key = KINDS[name.partition(".")[0].partition("-")[0]]
    node = node_of(decode(data, name), name, problems)
    entries: list[Placed[Entry]] = [] if node is None else [*items_of(node, name, model, problems, body_key)]
    sources = {source.id: source for source in (CLUB, *book.head.sources)}
    head = book.head.model_copy(update={"sources": tuple(sources.values())})
    problems += cross_check(Placed(head, name, Text("", START)), entries, ())
    for placed in entries:
        own = book.by_id.get(placed.item.id)
        if own is not None and own.kind != placed.item.kind:
            what = f"The book has another entry with the id {excerpt(own.id)}, of another kind."
            problems.append(placed.problem(("id",), what, "Give this one an id of its own."))
    errors = tuple(
        Flaw(f"{one.file} line {one.mark.line}: {one.what}", one.remedy, is_error=True)
        for one in sorted(problems)
        if one.severity == "error"
    )
    return errors or tuple(placed.item for placed in entries)
