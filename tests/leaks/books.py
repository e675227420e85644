"""Books in which every text is a token that occurs nowhere else, in the midst of the worst that people can write."""

import re
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st

from bot.answering.outcomes import Answer, Comparison, Found, Match, Outcome, Suggestions, Unknown
from bot.book.book import Aspect, Book, BookHead, Milestone, Source
from bot.book.entries import Entry, Fact, Piece, PlotPoint, Quote, View
from bot.book.prompts import Prompt
from bot.book.spoilers import Audience, Horizon

TOKEN = re.compile(r"zq\d{6}")
PARTS = ("part-one", "part-two", "part-three")
NEVER = 99
"""The rank of what nobody is ever shown: asks, and the ids of entries."""

MARKS = "ab |\\`*_~#>-[]()<>:/\n\r\t.!@&;{}=+" + "\u2758\u200b\u200f\u202e\u2028\u00a0\u0301"
HOSTILE = st.one_of(
    st.text(st.sampled_from(MARKS), max_size=24),
    st.sampled_from(
        [
            "", "||", "|", "|||", "||||", "\\", "\\\\", "`", "```", "``", "# ", "-# ", "> ", ">>> ", "- ", "||a||",
            "[x](http://a.b/||c)", "<http://a.b>", "http://a.b/||", "**", "~~", "__", "*", "<@1>", "@everyone", "<t:1:R>",
            "<:a:1>", "\n# ||", "\n\n", "||\n", "\n||", "(", "](", "](http://x)", "\\||", "|\\|", "❘❘", "\u202e||",
        ]
    ),
    st.text(max_size=8),
)  # fmt: skip


@dataclass
class Tainted:
    """A book, and how far one must have read to see each token in the clear."""

    book: Book
    rank: dict[str, int] = field(default_factory=dict)

    def beyond(self, horizon: Horizon) -> set[str]:
        """The tokens that this reader may not see in the clear."""
        return {token for token, rank in self.rank.items() if rank > horizon.rank}


@st.composite
def tainted(draw: st.DrawFn) -> Tainted:
    """A small book of hostile texts."""
    made = Tainted(Book("x", BookHead(title="x", sources=(Source(id="s", title="s"),)), ()))
    numbers = count()

    def token(rank: int) -> str:
        name = f"zq{next(numbers):06}"
        made.rank[name] = rank
        return name

    def text(rank: int, most: int = 80) -> str:
        name = token(rank)
        before, after = draw(HOSTILE), draw(HOSTILE)
        whole = f"{before}{name}{after}".strip()
        return whole if len(whole) <= most else name

    def pieces(least: int) -> tuple[Piece, ...]:
        ranks = sorted(draw(st.sets(st.integers(least, 3), min_size=1, max_size=3)))
        return tuple(Piece(text=text(rank), reveals=PARTS[rank - 1] if rank else None) for rank in ranks)

    def entry(number: int) -> Entry:
        kind = draw(st.sampled_from(["fact", "quote", "plot", "view"]))
        layers = pieces(1 if kind == "plot" else 0)
        start = PARTS.index(layers[0].reveals) + 1 if layers[0].reveals else 0
        common = {
            "id": f"e{number}-{token(NEVER)}",
            "topic": text(start),
            "asks": tuple(f"what of {word}{number}" for word in ("apples", "bridges", token(NEVER))),
            "sources": ("s",),
        }
        match kind:
            case "fact":
                return Fact.model_validate({**common, "answer": layers})
            case "quote":
                by, where = text(start), text(start)
                return Quote.model_validate({**common, "quote": layers, "said_by": by, "where": where})
            case "plot":
                return PlotPoint.model_validate({**common, "text": layers})
            case _:
                return View.model_validate({**common, "view": layers, "by": text(start), "about": "acting"})

    def prompt(number: int) -> Prompt:
        rank = draw(st.integers(0, 3))
        return Prompt(
            id=f"p{number}",
            question=text(rank),
            milestone=PARTS[rank - 1] if rank else None,
            theme=text(rank),
            follow_ups=tuple(text(rank) for _ in range(draw(st.integers(0, 2)))),
            entries=tuple(one.id for one in entries[:2]),
            poll=(text(rank, 55), text(rank, 55)) if draw(st.booleans()) else None,
        )

    entries = tuple(entry(number) for number in range(draw(st.integers(2, 5))))
    head = BookHead(
        title="The Book",
        milestones=tuple(
            Milestone(id=name, title=name.replace("-", " ").title(), chapters=f"{at * 4 + 1}-{at * 4 + 4}")
            for at, name in enumerate(PARTS)
        ),
        sources=(Source(id="s", title=text(0)),),
        aspects=(Aspect(id="acting", title="The acting", asks=("what do they think of the acting",)),),
    )
    made.book = Book("the-book", head, entries, tuple(prompt(number) for number in range(3)))
    return made


@st.composite
def outcomes(draw: st.DrawFn, book: Book) -> Outcome:
    """Whatever a question can come to."""
    matches = st.sampled_from(book.entries).map(lambda entry: Match(entry, 0.5))
    some = st.lists(matches, max_size=4, unique_by=lambda one: one.entry.id).map(tuple)
    views = tuple(entry for entry in book.entries if isinstance(entry, View))
    kind = draw(st.sampled_from(["answer", "answer", "suggestions", "unknown", "comparison"]))
    match kind:
        case "suggestions":
            return Suggestions(draw(some))
        case "unknown":
            return Unknown()
        case "comparison" if views:
            return Answer((Comparison(book.head.aspects[0], views, 0.5),), draw(some))
        case _:
            found = draw(st.lists(matches, min_size=1, max_size=3, unique_by=lambda one: one.entry.id))
            return Answer(tuple(map(Found, found)), draw(some))


def audiences() -> st.SearchStrategy[Audience]:
    """Every place of a reader and a channel, alone with the bot or not, behind bars or withheld."""
    horizon = st.integers(0, 3).map(Horizon)
    return st.builds(Audience, horizon, st.none() | horizon, st.sampled_from(["veil", "withhold"]))


def tokens_in(text: str) -> set[str]:
    """The tokens in a text."""
    return set(TOKEN.findall(text))
