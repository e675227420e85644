"""What a server's own entries cost on the index that all share, and how well they answer there.

`uv run python -m tests.benchmarks.overlays` prints the time to lay twenty entries, on the shipped book and on one of
10,000; what a question takes with and without; what a thousand servers hold; how long questions take to be put into
groups; and right and wrong answers beside an index that is built anew of the same entries.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from bot.answering.building import build_index
from bot.answering.grouping import alike_groups
from bot.app import open_book
from bot.book.book import Book
from bot.book.entries import Entry, Fact
from bot.book.overlay import Edited, Overlay, edit_text, mark_of, read_edit
from bot.club.asking import Asking
from bot.content.merging import merged
from tests.benchmarks.answering import found, made_up, resident
from tests.benchmarks.question_sets import book_of, mistyped
from tests.test_answers import GOLDEN

EDITS = 20
SERVERS = 1_000
LARGE = 100_000
"""Phrasings of the large book: ten an entry."""

SEEDS = range(3)

CLUBS_OWN = """
The audiobook: who reads the audiobook, audiobook narrator, is there an audio version, where can i listen to it / whos the narator of the audio book, audiobook?
The stage play: is there a stage version, was it ever put on in a theatre, who adapted it for the stage, theatre tickets / has the novel been turned into a stage play, theater version?
The Japanese series: is there a tv series of it, japanese television version, who stars in the japanese series, tv adaptation from japan / did japanese tv make a series out of this, japanes series
The radio drama: was it ever on the radio, bbc radio play, is there a radio drama, where can i hear the radio version / did they do it for radio, radio play on the bbc?
Which edition we use: which edition do we use, what isbn should i buy, does it have to be the faber paperback, page numbers of our edition / is the faber editon the right one, isbn?
Library copies: can i borrow it from the library, how many copies does the library hold, library waiting list, who returns the library copies / are there library copeis to borrow, library hold list
Large print: is there a large print copy, large type edition, book for people with poor eyesight, braille version / i have poor eyesight is there a big print one, large prnt
Snacks: who brings snacks, what biscuits should i bring, is there tea and coffee, food allergies / whose turn is it to bring the biscuits, snaks
The room: how do i find the room, is there a lift for wheelchairs, which floor are we on, parking near the venue / can i get in with a wheelchair, where to park at the venue
The fee: is there a membership fee, how much does it cost to belong, do i have to pay dues, where does the fee go / what are the membership dues, fee?
Content warnings: are there content warnings, trigger warnings for this book, is it suitable for teenagers, does it have upsetting scenes / any triger warnings, content warning?
Film night: when is film night, where do we screen the dvd, is there popcorn at the screening, film night tickets / popcorn at the screening?, flim night
Notes of past evenings: where are the minutes, notes of the last discussion, who takes the minutes, recording of the evening / can i read the minutes somewhere, minuets of last time
The podcast: which podcast covers it, podcast episode about the novel, is there a good podcast, link to the podcast / podcst link, is there an episode about this on a podcast
The essay: which essay should we read along, critical essay on cloning, who wrote the companion essay, essay by the ethics professor / whats the companion esay, essay by the professor
The charity sale: what is the charity sale, who gets the money from the book sale, second hand book stall, donate my old books / where do i bring old books for the stall, charty sale
The vote: how do we vote, who counts the ballots, when does voting close, can i nominate a title / when are the ballots counted, how to nominate a titel
The newsletter: how do i get the newsletter, unsubscribe from the mailing list, who edits the newsletter, mailing list address / newsleter sign up, take me off the mailing list
The walk: when is the literary walk, which route does the walk take, do i need boots for the walk, how far do we walk / route of the literary walk, are boots needed
The quiz: who hosts the quiz, what are the prizes of the quiz, quiz team size, when is the trivia quiz / how big may a quiz team be, trivia qiuz
"""  # fmt: skip


def own_entries() -> list[tuple[Fact, list[str]]]:
    """What a club might add that the golden table does not ask for, each with questions in other words or with slips."""
    made = []
    for number, line in enumerate(CLUBS_OWN.strip().splitlines()):
        topic, said = line.split(": ", 1)
        asks, others = (part.split(", ") for part in said.split(" / "))
        made.append((fact(f"own-{number}", topic, asks), others))
    return made


def fact(name: str, topic: str, asks: Sequence[str]) -> Fact:
    text = f"What the club has to say on {topic.lower()}, in two sentences as moderators write them. " * 2
    return Fact.model_validate(
        {"id": name, "topic": topic, "asks": asks, "answer": [{"text": text.strip()}], "sources": ["club"]}
    )


def over(asking: Asking, entries: Iterable[Entry]) -> Asking:
    edits = {}
    for entry in entries:
        below = asking.book.by_id.get(entry.id)
        edits[entry.id] = Edited(entry, mark_of(below) if below else None)
    return asking.over(merged(asking.book, Overlay(edits, 1)))


def rebuilt(own: Asking) -> Asking:
    return Asking(replace(own.book))


def verdicts(asking: Asking) -> list[tuple[str, frozenset[str]]]:
    """Of each golden question, whether it is answered rightly, and what with."""
    told = []
    for row in GOLDEN:
        names = frozenset(found(asking.answer(row["question"])))
        parts = [names & set(right) for right in row["answers"]]
        right = all(parts) if parts else not names
        told.append(("right" if right else "wrong" if names and not any(parts) else "neither", names))
    return told


def asked(asking: Asking, questions: Iterable[tuple[str, str]]) -> Counter[str]:
    """How often the entry of that id is the answer, another one is, or none."""
    count: Counter[str] = Counter()
    for question, name in questions:
        names = found(asking.answer(question))
        count["right" if name in names else "other" if names else "none"] += 1
    return count


def tell(what: str, counts: dict[str, Counter[str]]) -> None:
    print(f"{what}:")
    for name, count in counts.items():
        print(f"  {name:14} " + ", ".join(f"{verdict} {count[verdict]}" for verdict in sorted(count)))


def put_back(book: Book) -> None:
    """Entries are taken out of the base and laid on it, a fifth of their asks kept back to be asked."""
    counts: dict[str, Counter[str]] = {"laid": Counter(), "built anew": Counter()}
    golden: dict[str, Counter[str]] = {"laid": Counter(), "built anew": Counter()}
    differ = 0
    for seed in SEEDS:
        taken = random.Random(seed).sample(book.entries, EDITS)
        less = Asking(replace(book, entries=tuple(entry for entry in book.entries if entry not in taken)))
        kept_back = [(ask, entry.id) for entry in taken for ask in entry.asks[2::5]]
        laid = over(
            less,
            (
                entry.model_copy(
                    update={"asks": tuple(ask for at, ask in enumerate(entry.asks) if at % 5 != 2)}
                )
                for entry in taken
            ),
        )
        anew = rebuilt(laid)
        told = {name: verdicts(asking) for name, asking in (("laid", laid), ("built anew", anew))}
        for name, asking in (("laid", laid), ("built anew", anew)):
            counts[name] += asked(asking, kept_back)
            golden[name] += Counter(verdict for verdict, _ in told[name])
        differ += sum(one != other for one, other in zip(told["laid"], told["built anew"], strict=True))
    tell(f"{EDITS} entries taken out and laid on, asks that were kept back", counts)
    tell(f"the golden table then ({differ} of {len(GOLDEN) * len(SEEDS)} told otherwise)", golden)


def edited(book: Book) -> None:
    """Entries have lost a quarter of their asks and got another; a quarter that neither had is asked."""
    counts: dict[str, Counter[str]] = {"not edited": Counter(), "laid": Counter(), "built anew": Counter()}
    for seed in SEEDS:
        picked = {entry.id for entry in random.Random(seed).sample(book.entries, EDITS)}

        def with_asks(entry: Entry, quarters: Sequence[int]) -> Entry:
            asks = tuple(ask for at, ask in enumerate(entry.asks) if at % 4 in quarters)
            return entry.model_copy(update={"asks": asks})

        below = Asking(
            replace(
                book,
                entries=tuple(with_asks(one, (0, 1)) if one.id in picked else one for one in book.entries),
            )
        )
        laid = over(below, (with_asks(one, (1, 2)) for one in book.entries if one.id in picked))
        kept_back = [(ask, name) for name in sorted(picked) for ask in book.by_id[name].asks[3::4]]
        for name, asking in (("not edited", below), ("laid", laid), ("built anew", rebuilt(laid))):
            counts[name] += asked(asking, kept_back)
    tell(f"{EDITS} entries edited, asks that were kept back", counts)


def unrelated(asking: Asking) -> None:
    """Entries of the club's own, which the golden table does not ask for."""
    made = own_entries()
    own = over(asking, (entry for entry, _ in made))
    questions = [(question, entry.id) for entry, others in made for question in others]
    tell(
        f"{len(made)} entries of a club's own, in other words or with slips",
        {"laid": asked(own, questions), "built anew": asked(rebuilt(own), questions)},
    )
    changed = [
        (row["question"], sorted(before), sorted(after))
        for row, (_, before), (_, after) in zip(GOLDEN, verdicts(asking), verdicts(own), strict=True)
        if before != after
    ]
    print(f"golden questions that they change: {len(changed)} of {len(GOLDEN)}", *changed, sep="\n  ")


def server(number: int) -> list[Entry]:
    """The club's entries as a store gives them, with five asks each, and every text another in each server."""
    read = []
    for entry, others in own_entries():
        asks = [f"{ask} {number}" for ask in (*entry.asks, others[0])]
        edit = read_edit(edit_text(Edited(fact(f"{entry.id}-{number}", f"{entry.topic} {number}", asks))))
        assert isinstance(edit, Edited)
        read.append(edit.entry)
    return read


def milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def laying(what: str, asking: Asking) -> None:
    servers = [server(number) for number in range(20)]
    took = [milliseconds(partial(over, asking, entries)) for entries in servers]
    print(
        f"{EDITS} edits laid on {what}: median {statistics.median(took):.1f} ms, longest {max(took):.1f} ms"
    )


def questions(asking: Asking) -> None:
    some = random.Random(0).sample(asking.book.entries, EDITS)
    servers = {
        "without": asking,
        "with new entries": over(asking, server(0)),
        "with edits of the book's": over(
            asking, (entry.model_copy(update={"asks": entry.asks[:6]}) for entry in some)
        ),
    }
    took: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(5):
        for row in GOLDEN:
            for name, one in servers.items():
                took[name].append(milliseconds(partial(one.answer, row["question"])))
    print("a question: " + ", ".join(f"{name} {statistics.median(one):.2f} ms" for name, one in took.items()))


def grouping(book: Book) -> None:
    chance = random.Random(0)
    asks = [ask for entry in book.entries for ask in entry.asks]
    missed = [mistyped(ask, number) for number, ask in enumerate(chance.choices(asks, k=2000))]
    print(f"{len(missed)} questions put into groups: {milliseconds(partial(alike_groups, missed)):.0f} ms")


def memory(asking: Asking) -> None:
    before = resident()
    held = [over(asking, server(number)) for number in range(SERVERS)]
    print(f"{len(held)} servers of {EDITS} edits, with their books: {resident() - before:.0f} MB")


def main() -> None:
    book = open_book(None, None)
    asking = Asking(book)
    laying("the shipped book", asking)
    questions(asking)
    memory(asking)
    grouping(book)
    large, _ = book_of(made_up(LARGE), book.head)
    laying(f"{len(large.entries)} entries", Asking(large, build_index(large)))
    unrelated(asking)
    edited(book)
    put_back(book)


if __name__ == "__main__":
    main()
