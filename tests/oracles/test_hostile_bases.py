"""However hostile a base is, no parser of Discord's markdown finds a veiled text outside a spoiler.

More cases: BOOKCLUB_FUZZ=100000; other ones: BOOKCLUB_FUZZ_SEED=2.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from pydantic import ValidationError

from bot.answering.outcomes import Answer, Comparison, Found, Match
from bot.book.book import Book, BookHead
from bot.book.entries import Entry, Fact, PlotPoint, Quote, View
from bot.book.prompts import Prompt
from bot.book.spoilers import Horizon
from bot.replies.answers import plot_reply, prompt_reply, recap_reply, reply_to, veil_text
from bot.replies.markdown import displays, markdown
from bot.replies.paging import numbered, pages
from bot.replies.reply import Reply
from bot.replies.veiling import barred
from tests.oracles.hostile import hostile, hostile_outside
from tests.oracles.oracles import Oracles, Seen, available, leaks

CASES = int(os.environ.get("BOOKCLUB_FUZZ", "5000"))
SEED = os.environ.get("BOOKCLUB_FUZZ_SEED", "1")
BATCH = 1000

MILESTONES = ("part-one", "part-two", "part-three")
WHY_NOT = available()

pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=WHY_NOT or "")

LEAKING = (
    "||a || SECRET||",
    "||a `||` SECRET||",
    "Q: what is ||? ||SECRET||",
    "|||| x ||SECRET||",
    "\\||SECRET||",
    "`||SECRET||`",
    "```\n||SECRET||\n```",
    "it` ||don`t SECRET||",
    "it*a ||don*t SECRET||",
    "it**a ||don**t SECRET||",
    "it__ ||don__ SECRET||",
    "it~~ ||don~~ SECRET||",
    "[t||](https://e.org) SECRET||",
    "<https://e.org/||a> SECRET||",
    "https://e.org/||SECRET||",
    "# ||a\nSECRET||",
    "-# ||a\nSECRET||",
    "- ||a\n- SECRET||",
    "> ||a\nSECRET||",
    "## \n||a\nSECRET||",
    "||SECRET and more…",
    "SECRET",
    "<https://e.org/SECRET>",
    "[t](https://e.org/SECRET)",
    "```SECRET\na\n```",
    "||a\\|| SECRET||",
    "||SECRET\\||",
)
"""Ways in which a spoiler has been seen to break, texts in no spoiler at all, and last what only the worst reader shows."""

SAFE = (
    "||SECRET||",
    "||a\nSECRET||",
    "||`SECRET`||",
    "||<https://e.org/SECRET>||",
    "||**SECRET** <@12345678901234567> SECRET||",
    "||> SECRET\n- SECRET||",
    "||\u2758\u2758 SECRET \\ ||",
    "what is \\|\\|\\? ||SECRET||",
    "**a**\nb\n||SECRET||\n-# c",
)


@pytest.fixture(scope="module")
def oracles() -> Iterator[Oracles]:
    with Oracles() as found:
        yield found


@pytest.mark.parametrize("text", LEAKING)
def test_the_oracles_see_what_is_known_to_leak(oracles: Oracles, text: str) -> None:
    assert leaks(oracles.ask([text])[0], ["SECRET"])


@pytest.mark.parametrize("text", SAFE)
def test_the_oracles_pass_what_is_known_to_be_safe(oracles: Oracles, text: str) -> None:
    seen = oracles.ask([text])[0]
    assert len(seen) == len(oracles.names) >= 4
    assert not leaks(seen, ["SECRET"])
    assert all("SECRET" in one.inside for one in seen)


def test_bars_alone_do_not_hide_a_hostile_text(oracles: Oracles) -> None:
    random = Random(1)
    seen = oracles.ask([f"||{hostile(random, 'SECRET')}||" for _ in range(2000)])
    assert sum(bool(leaks(one, ["SECRET"])) for one in seen) > 20


def test_the_project_s_veil_hides_a_hostile_text(oracles: Oracles) -> None:
    random = Random(1)
    texts = [barred(hostile(random, "SECRET")) for _ in range(2000)]
    assert not [one for one in oracles.ask(texts) if leaks(one, ["SECRET"])]


@dataclass(frozen=True)
class Case:
    """What a moderator might write, and how far its reader has read.

    `words` are the hostile texts, by what they are in the base; `reveals` is what each layer of each of two entries
    reveals, 0 for nothing. `tokens` stand in the texts of the same name.
    """

    door: str
    kind: str
    rank: int
    reveals: tuple[tuple[int, ...], tuple[int, ...]]
    words: dict[str, str] = field(hash=False)
    tokens: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Told:
    """What a reader is sent: its texts one by one, each page as one text, and what they may and may not find there."""

    texts: tuple[str, ...]
    pages: tuple[str, ...]
    hidden: tuple[str, ...]
    shown: tuple[str, ...]


DOORS = ("answer", "answer", "answer", "two", "compare", "plot", "prompt", "recap", "member")
KINDS: dict[str, type[Fact | Quote | PlotPoint | View]] = {
    "fact": Fact,
    "quote": Quote,
    "plot": PlotPoint,
    "view": View,
}
KEYS = {"fact": "answer", "quote": "quote", "plot": "text", "view": "view"}


def made(number: int) -> Case:
    """The case of this number; the seed and it are all that one needs to see it again."""
    random = Random(f"{SEED} {number}")
    door = random.choice(DOORS)
    kind = {"compare": "view", "plot": "plot", "recap": "plot"}.get(door) or random.choice(list(KINDS))
    layers = []
    for _ in range(2):
        reveals = random.choices(range(4), k=random.choice((1, 1, 2, 3)))
        layers.append(tuple(sorted(reveals) if random.random() < 0.8 else reveals))
    limits = {"topic 0": 80, "topic 1": 80, "by 0": 120, "by 1": 120, "where 0": 120}
    limits |= {f"layer {entry} {at}": 1450 for entry in range(2) for at in range(len(layers[entry]))}
    if door == "prompt":
        limits |= {"question": 300, "follow 0": 300, "follow 1": 300, "poll 0": 55, "poll 1": 55}
    if door == "member":
        limits |= {"member": 1900}
    tokens = {name: f"Zq{at:02d}k" for at, name in enumerate(limits)}
    words = {name: hostile(random, tokens[name], limit) for name, limit in limits.items()}
    clear = ("book", "source 0", "source 1", "theme", "aspect", *MILESTONES)
    words |= {name: hostile_outside(random, 80) for name in clear}
    return Case(door, kind, random.randint(0, 3), (layers[0], layers[1]), words, tokens)


def told(case: Case) -> Told:
    """The case through the public doors, as the bot would send it."""
    book = _book(case)
    reply, secret, plain = _reply(case, book)
    found = pages(reply)
    sent = [numbered(page, at, len(found)) for at, page in enumerate(found, 1)]
    return Told(
        texts=tuple(text for page in sent for text in displays(page)),
        pages=tuple(map(markdown, (*sent, reply) if len(sent) > 1 else sent)),
        hidden=tuple(case.tokens[name] for name in secret),
        shown=tuple(case.tokens[name] for name in plain),
    )


def _book(case: Case) -> Book:
    words = case.words
    head = BookHead.model_validate(
        {
            "title": words["book"],
            "milestones": [{"id": one, "title": words[one]} for one in MILESTONES],
            "sources": [{"id": f"source-{at}", "title": words[f"source {at}"]} for at in range(2)],
            "aspects": [{"id": "aspect", "title": words["aspect"]}],
        }
    )
    prompts: tuple[Prompt, ...] = ()
    if "question" in words:
        prompts = (
            Prompt.model_validate(
                {
                    "id": "prompt",
                    "question": words["question"],
                    "milestone": _milestone(case.reveals[0][0]),
                    "theme": words["theme"],
                    "follow_ups": (words["follow 0"], words["follow 1"]),
                    "entries": ("entry-0", "entry-1"),
                    "poll": (words["poll 0"], words["poll 1"]),
                }
            ),
        )
    return Book("book", head, (_entry(case, 0), _entry(case, 1)), prompts)


def _entry(case: Case, number: int) -> Entry:
    fields: dict[str, object] = {
        "id": f"entry-{number}",
        "topic": case.words[f"topic {number}"],
        "sources": ("source-0", "source-1")[: number + 1],
        KEYS[case.kind]: [
            {"text": case.words[f"layer {number} {at}"], "reveals": _milestone(rank)}
            for at, rank in enumerate(case.reveals[number])
        ],
    }
    if case.kind == "quote":
        fields["said_by"] = case.words[f"by {number}"]
        fields["where"] = case.words["where 0"] if number == 0 else None
    if case.kind == "view":
        fields |= {"by": case.words[f"by {number}"], "about": "aspect"}
    return KINDS[case.kind].model_validate(fields)


def _milestone(rank: int) -> str | None:
    return MILESTONES[rank - 1] if rank else None


def _reply(case: Case, book: Book) -> tuple[Reply, list[str], list[str]]:
    """The reply, and the names of the texts that it must hide, and that it must show, from its reader."""
    horizon, entries = Horizon(case.rank), book.entries
    layers = [
        (f"layer {entry} {at}", rank)
        for entry, ranks in enumerate(case.reveals)
        for at, rank in enumerate(ranks)
    ]
    beyond = [name for name, rank in layers if rank > case.rank]
    within = [name for name, rank in layers if rank <= case.rank]
    # Who said it stands with each layer of a quote, and with a view's first; and a topic goes with the first layer.
    for entry, ranks in enumerate(case.reveals):
        beyond += [f"topic {entry}"] if ranks[0] > case.rank else []
        beyond += (
            [f"by {entry}"]
            if min(ranks) > case.rank or (case.kind == "view" and ranks[0] > case.rank)
            else []
        )
    beyond += ["where 0"] if min(case.reveals[0]) > case.rank else []
    matches = [Match(entry, 1.0) for entry in entries]
    match case.door:
        case "answer":
            reply = reply_to(Answer((Found(matches[0]),), tuple(matches[1:])), book, horizon)
            return reply, beyond, [name for name in within if name.startswith("layer 0")]
        case "two":
            return reply_to(Answer(tuple(map(Found, matches))), book, horizon), beyond, within
        case "compare":
            views = tuple(entry for entry in entries if isinstance(entry, View))
            return (
                reply_to(Answer((Comparison(book.head.aspects[0], views, 1.0),)), book, horizon),
                beyond,
                within,
            )
        case "plot":
            return plot_reply(entries, book), list(case.tokens), []
        case "recap":
            return recap_reply(book, horizon), beyond, within
        case "prompt":
            asked = [name for name in case.tokens if name.startswith(("question", "follow", "poll"))]
            shown = case.reveals[0][0] <= case.rank
            reply = prompt_reply(book.prompts[0], book, horizon)
            return reply, beyond if shown else beyond + asked, asked if shown else []
        case _:
            return veil_text(case.words["member"], case.words["theme"]), list(case.tokens), []


def to_ask(sent: Told) -> set[str]:
    """The texts that the oracles must see; one without a token can neither leak nor show one."""
    tokens = (*sent.hidden, *sent.shown)
    texts = {text for text in sent.texts if any(token in text for token in tokens)}
    return texts | {text for text in sent.pages if any(token in text for token in sent.hidden)}


def wrong(sent: Told, answers: dict[str, tuple[Seen, ...]]) -> str | None:
    """What is wrong with what a reader sees, given the oracles' answers; None where all is well."""
    for text in (*sent.texts, *sent.pages):
        for token, one in leaks(answers.get(text, ()), sent.hidden):
            return f"{one.oracle} shows {token} outside spoilers{one.error and ': '}{one.error}\n{text!r}"
    # A text that two pages share may be cut in a token.
    read = [
        "".join("" if one.error else one.outside for one in views)
        for views in zip(*(answers[text] for text in sent.texts if text in answers), strict=True)
    ]
    for token in sent.shown:
        if not any(token in text for text in read):
            return f"no oracle shows {token}, which may be read\n{sent.texts!r}"
    return None


def fuzz(oracles: Oracles, numbers: range) -> list[tuple[int, str]]:
    """Every case of these numbers with which something is wrong, and what."""
    found = []
    for at in range(0, len(numbers), BATCH):
        batch = {number: told(made(number)) for number in numbers[at : at + BATCH]}
        texts = sorted(set().union(*map(to_ask, batch.values())))
        answers = dict(zip(texts, oracles.ask(texts), strict=True))
        found += [(number, what) for number, sent in batch.items() if (what := wrong(sent, answers))]
    return found


def problem(oracles: Oracles, case: Case) -> str | None:
    """What is wrong with one case; nothing where it is none that a base could hold."""
    try:
        sent = told(case)
    except ValidationError:
        return None
    texts = sorted(to_ask(sent))
    return wrong(sent, dict(zip(texts, oracles.ask(texts), strict=True)))


def shrunk(oracles: Oracles, case: Case) -> Case:
    """The case with as much cut from its texts as it can lose and still be wrong."""
    for name in case.words:
        size = len(case.words[name])
        while size:
            at = 0
            while at < len(case.words[name]):
                text = case.words[name][:at] + case.words[name][at + size :]
                less = replace(case, words=case.words | {name: text})
                if case.tokens.get(name, "") in text and problem(oracles, less):
                    case = less
                else:
                    at += size
            size //= 2
    return case


def test_no_hostile_base_brings_a_spoiler_into_the_clear(oracles: Oracles) -> None:
    found = fuzz(oracles, range(CASES))
    if found:
        number, what = found[0]
        least = shrunk(oracles, made(number))
        pytest.fail(
            f"{len(found)} of {CASES} cases; the first is BOOKCLUB_FUZZ_SEED={SEED}, number {number}\n{what}\n"
            f"As little as shows it: {least}\n{problem(oracles, least)}"
        )


def _bars_left(text: str, **_: bool) -> str:
    return f"||{' '.join(text.split())}||"


def _unpadded(text: str, **_: bool) -> str:
    return barred(text).replace("\\ ||", "\\||")


@pytest.mark.parametrize(
    ("name", "weaker"), [("barred", _bars_left), ("barred", _unpadded), ("escaped", str)]
)
def test_it_would_be_noticed_if_one_of_the_rules_were_gone(
    oracles: Oracles, monkeypatch: pytest.MonkeyPatch, name: str, weaker: Callable[[str], str]
) -> None:
    monkeypatch.setattr(f"bot.replies.markdown.{name}", weaker)
    assert len(fuzz(oracles, range(1000))) > 10
