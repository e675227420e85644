"""A question -> an outcome: answer, "did you mean", or "I don't have that". Pure and deterministic."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from bot.answering.index import Index, Target
from bot.answering.model import Signals, contributions, weights_of
from bot.answering.outcomes import Answer, Comparison, Found, Match, Outcome, Part, Suggestions, Unknown
from bot.answering.parts import between, both_sides, clauses, holds_apart, parallel, per_name, refers_back
from bot.answering.reading import Reading, read
from bot.answering.scoring import Scored, look, score, weighed
from bot.answering.words import cut
from bot.book.book import Aspect, name_of
from bot.book.entries import Entry, Kind, View

SURE_AT = 0.4
"""The likeliest entry's part of the chance that any is right, from which it answers alone: entries that say the same
divide the chance."""

OFFER_AT = 0.05
"""How far above the threshold unclear ones are offered: "did you mean" must hold the answer."""

TIE = 0.02
"""The two likeliest entries tie where they differ by less than this part of the first."""

NEAR = 0.5
"""What is offered: entries at least this part as likely as the first."""

MOST_MATCHES = 6

MOST_CANDIDATES = 5


class Ranked(NamedTuple):
    """One possible answer with its score; `answer` None says that the base knows it has none."""

    answer: Entry | Aspect | None
    score: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What may answer: some kinds of entry (none named: all), and not the answers of these names."""

    kinds: Collection[Kind]
    without: Collection[str]

    def admits(self, target: Target) -> bool:
        if not self.kinds and not self.without:
            return True
        return target.is_of(self.kinds) and not (
            target.answer is not None and name_of(target.answer) in self.without
        )


def ask(
    index: Index, question: str, kinds: Collection[Kind] = (), without: Collection[str] = frozenset()
) -> Outcome:
    """The outcome for one question; `kinds` narrows to some kinds of entry, a view's aspect among them.

    `without` names answers that the asker has turned down: the others are weighed as if those were not there.
    At most 200 code points are read. The same index and question always give the same outcome.
    """
    question = cut(question)
    wanted = _Wanted(kinds, without)
    reading = read(index, question)
    whole = _ranked(index, reading, wanted)
    said = _verbatim(index, reading, wanted) is not None
    if not said:
        found = _on_both_sides(index, reading, wanted) or _several(index, question, reading, whole, wanted)
        if found:
            return _answer(index, found, whole)
    answers = [one for one in whole if one.answer is not None]
    known = sum(one.score for one in answers)
    if not answers or whole[0].answer is None or known < index.threshold:
        return Unknown()
    clear = said or (answers[0].score >= SURE_AT * known and not _is_tie(answers))
    # Where the likeliest answer was turned down, the next may be a poor one: it is offered, not given.
    if clear and not _turned_down(index, reading, without):
        return _answer(index, answers[:1], answers)
    if known < index.threshold + OFFER_AT:
        return Unknown()
    near = _matches(one for one in answers if one.score >= answers[0].score * NEAR)
    matches = tuple(islice(near, MOST_MATCHES))
    return Suggestions(matches) if matches else Unknown()


def _turned_down(index: Index, reading: Reading, without: Collection[str]) -> bool:
    """Whether the asker has turned down what would have answered."""
    if not without:
        return False
    first = _ranked(index, reading, _Wanted((), frozenset()))
    answer = first[0].answer if first else None
    return answer is not None and name_of(answer) in without


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was weighed: the name of an answer (None: a known unknown), its likelihood, and what each signal added."""

    name: str | None
    score: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question came to what it did.

    `corrected` are words put in with what was typed; `confidence` is the chance that any entry is right, which must
    reach `threshold`; `verbatim` says whether the question is a phrasing of the first candidate.
    """

    words: tuple[str, ...]
    corrected: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    confidence: float
    threshold: float
    verbatim: bool


def explain(index: Index, question: str) -> Explanation:
    """How the question as a whole was read and weighed; five candidates at most, likeliest first."""
    reading = read(index, cut(question))
    targets, seen = look(index, reading)
    anything = _Wanted((), frozenset())
    ranked = _admitted(index, reading, anything, weighed(index, targets, seen))
    parts = {
        _id(Ranked(index.target(target).answer, 0.0)): contributions(Signals(*row), weights, answers=answers)
        for target, row, answers, weights in zip(
            targets.tolist(),
            seen.tolist(),
            index.is_answer(targets).tolist(),
            weights_of(index.is_learned(targets)),
            strict=True,
        )
    }
    return Explanation(
        tuple(index.namer.spelt(word) for word in reading.words),
        tuple((typed, word) for word, typed in reading.corrected.items()),
        tuple(sorted(reading.unknown)),
        tuple(
            Candidate(_id(one) or None, one.score, parts.get(_id(one), {}))
            for one in ranked[:MOST_CANDIDATES]
        ),
        min(1.0, sum(one.score for one in ranked if one.answer is not None)),
        index.threshold,
        _verbatim(index, reading, anything) is not None,
    )


def told(index: Index, answers: Sequence[Entry | Aspect]) -> Answer:
    """The answer that consists of these, as for somebody who picked them; related are entries near the first topic."""
    names = [name_of(answer) for answer in answers]
    near = _ranked(index, read(index, _topic(answers[0])), _Wanted((), names)) if answers else []
    return _answer(index, [Ranked(answer, 1.0) for answer in answers], near)


def nearest(index: Index, question: str) -> list[Entry]:
    """The entries that have most in common with a question, likeliest first, be they ever so unlikely."""
    ranked = _ranked(index, read(index, cut(question)), _Wanted((), frozenset()))
    return [match.entry for match in _matches(ranked)]


def is_small_talk(index: Index, question: str) -> bool:
    """Whether a question is most like what people say to a bot by the way, and like nothing in the book.

    One that says nothing is, too. Known flaw: what a base lists as unanswered counts as a question, whatever it is.
    """
    reading = read(index, cut(question))
    scored = score(index, reading)
    return not reading.words or bool(scored and index.chat <= scored[0].target < len(index.targets))


def _topic(answer: Entry | Aspect) -> str:
    return answer.title if isinstance(answer, Aspect) else answer.topic


def _ranked(index: Index, reading: Reading, wanted: _Wanted) -> list[Ranked]:
    """Every target that has anything in common with the question, likeliest first.

    What a moderator wrote as an ask answers that question, however near another entry comes.
    """
    return _admitted(index, reading, wanted, score(index, reading, wanted.kinds))


def _admitted(index: Index, reading: Reading, wanted: _Wanted, scored: Sequence[Scored]) -> list[Ranked]:
    admitted = [one for one in scored if wanted.admits(index.target(one.target))]
    left_out = sum(one.score for one in scored) - sum(one.score for one in admitted)
    # Given that those are not the answer, what is left shares the whole of the chance.
    share = 1 / (1 - left_out) if 0 < left_out < 1 else 1.0
    ranked = [Ranked(index.target(one.target).answer, one.score * share) for one in admitted]
    target = _verbatim(index, reading, wanted)
    if target is None:
        return ranked
    return [Ranked(target.answer, 1.0), *(one for one in ranked if one.answer is not target.answer)]


def _verbatim(index: Index, reading: Reading, wanted: _Wanted) -> Target | None:
    """The target that has the question among its phrasings, word for word but for fillers; None where none has."""
    target = index.speaker(reading.words)
    return target if target is not None and wanted.admits(target) else None


def _several(
    index: Index, question: str, reading: Reading, whole: Sequence[Ranked], wanted: _Wanted
) -> list[Ranked]:
    """The answers to the parts of a question that has several; empty where it has not, or where one is missing."""
    best = whole[0].score if whole else 0.0
    split = clauses(question)
    if split:
        found = [_ranked(index, clause, wanted) for clause in _readings(index, split)]
        if all(_is_answer(index, one) for one in found) and len({_id(ranked[0]) for ranked in found}) > 1:
            return _distinct(ranked[0] for ranked in found)
    names = per_name(reading.words)
    alike = [] if names else parallel(reading.words)
    for rows in (names, alike, between(reading.words)):
        found = [_ranked(index, reading.with_words(row), wanted) for row in rows]
        if len(found) < 2 or not all(_is_answer(index, one) for one in found):
            continue
        mean = sum(ranked[0].score for ranked in found) / len(found)
        firsts = _distinct(ranked[0] for ranked in found)
        # Of parts that are built alike the whole may well bring the answer to one of them alone.
        is_half = rows is alike and bool(whole) and _id(whole[0]) in map(_id, firsts)
        if (mean > best or holds_apart(reading.words) or is_half) and len(firsts) == len(found):
            return firsts
    return []


def _on_both_sides(index: Index, reading: Reading, wanted: _Wanted) -> list[Ranked]:
    """What a question answers that asks for those who think so and for those who do not; empty for any other.

    That is the comparison which the likeliest view belongs to, or the view where there is none.
    """
    for row in both_sides(reading.words):
        found = _ranked(index, reading.with_words(row), wanted)
        first = found[0].answer if found and _is_answer(index, found) else None
        if isinstance(first, Aspect):
            return found[:1]
        if isinstance(first, View):
            aspects = [target.answer for target in index.standing() if isinstance(target.answer, Aspect)]
            about = next((aspect for aspect in aspects if aspect.id == first.about), first)
            return [Ranked(about, found[0].score)]
    return []


def _readings(index: Index, split: Sequence[str]) -> Iterator[Reading]:
    names: tuple[str, ...] = ()
    for clause in split:
        reading = read(index, clause)
        if refers_back(reading.words):
            reading = reading.with_words((*reading.words, *names))
        names = tuple(word for word in reading.words if word.startswith("@")) or names
        yield reading


def _is_answer(index: Index, ranked: Sequence[Ranked]) -> bool:
    known = sum(one.score for one in ranked if one.answer is not None)
    return known >= index.threshold and ranked[0].answer is not None and ranked[0].score >= SURE_AT * known


def _is_tie(ranked: Sequence[Ranked]) -> bool:
    return len(ranked) > 1 and ranked[0].score - ranked[1].score < TIE * ranked[0].score


def _distinct(ranked: Iterator[Ranked]) -> list[Ranked]:
    return list({_id(one): one for one in ranked}.values())


def _id(ranked: Ranked) -> str:
    return name_of(ranked.answer) if ranked.answer else ""


def _answer(index: Index, found: Sequence[Ranked], whole: Sequence[Ranked]) -> Answer:
    given = {_id(one) for one in found}
    related = (one for one in whole if _id(one) not in given)
    return Answer(tuple(_parts(index, found)), tuple(islice(_matches(related), MOST_MATCHES)))


def _parts(index: Index, found: Sequence[Ranked]) -> Iterator[Part]:
    for ranked in found:
        match ranked.answer:
            case Aspect() as aspect:
                # In the order of the targets, which is not that of the files.
                views = tuple(
                    target.answer
                    for target in index.standing()
                    if isinstance(target.answer, View) and target.answer.about == aspect.id
                )
                yield Comparison(aspect, views, ranked.score)
            case None:
                pass
            case entry:
                yield Found(Match(entry, ranked.score))


def _matches(ranked: Iterable[Ranked]) -> Iterator[Match]:
    for one in ranked:
        if one.answer is not None and not isinstance(one.answer, Aspect):
            yield Match(one.answer, one.score)
