"""A book -> its index: phrasings as numbers, weighed, put together by target, and learnt from."""

import itertools
import math
import sys
from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.answering.features import (
    BLOCK_WEIGHTS,
    EDGE,
    KINDS,
    NEXT_BUT_ONE,
    NUMBERED,
    Namer,
    Numbers,
    kind_asked,
    spoken_words,
)
from bot.answering.index import Index, Learned, Target
from bot.answering.learning import MOST_CELLS, rounds, weights_of
from bot.answering.lexicon import CONCEPTS, FILLERS, QUESTION_WORDS, STOP
from bot.answering.smalltalk import SMALLTALK
from bot.answering.sparse import (
    Floats,
    Ints,
    Sparse,
    bounds_of,
    distinct,
    merged,
    spread,
    stacked,
    sums,
)
from bot.answering.spelling import vocabulary
from bot.answering.words import words
from bot.book.book import Aspect, Book
from bot.book.entries import Entry, Quote, View

COMPARISON_ASKS = (
    "did the critics like the {}",
    "what did the reviewers think of the {}",
    "what did critics say about the {}",
    "what do people think of the {}",
    "opinions on the {}",
    "reviews of the {}",
    "how did critics rate the {}",
    "do the reviewers agree about the {}",
    "what do the reviews make of the {}",
    "was the {} good or bad according to critics",
)

RARITY = 0.75
"""The power of a feature's weight: log(1 + targets / targets that have it), to this."""

_OWN_CHAT = 0.5
_ROOM = 3_000


def build_index(book: Book, *, learn: bool = True) -> Index:
    """The index of one book. The order of its entries makes no difference, down to the last digit of a score.

    Not to `learn` spares most of the time; questions are then answered by likeness alone.
    """
    namer = Namer.of(book.head.names)
    answers: list[tuple[Entry | Aspect | None, list[str], str]] = [
        *(
            (entry, [*entry.asks, entry.topic], prose_of(entry))
            for entry in sorted(book.entries, key=attrgetter("id"))
        ),
        *((aspect, _aspect_asks(aspect), "") for aspect in sorted(_comparable(book), key=attrgetter("id"))),
    ]
    counted = len(answers)
    answers += [(None, [ask], "") for ask in sorted(set(book.unanswered))]
    chat = len(answers)
    answers += [(None, [ask], "") for ask in sorted({*SMALLTALK} - set(book.unanswered))]
    # One string a word, however often it occurs: a hundred thousand phrasings hold a million words.
    asked = [[list(map(sys.intern, words(ask))) for ask in asks] for _, asks, _ in answers]
    prose = [words(text) for _, _, text in answers]
    known = vocabulary(
        [
            *(
                [word for row in (*rows, text) for word in row]
                for rows, text in zip(asked, prose, strict=True)
            ),
            namer.words,
            [*CONCEPTS, *STOP, *FILLERS, *QUESTION_WORDS],
        ]
    )
    rows = [
        list({spoken_words(named): named for named in map(namer.name, found)}.values()) for found in asked
    ]
    phrasings = bounds_of(np.array([len(found) for found in rows], np.int64))
    numbers = Numbers()
    ranges = _ranges(phrasings)
    pairs, starts, units = _blocks(numbers, [row for found in rows for row in found], ranges)
    owner = np.repeat(np.arange(len(answers)), np.diff(phrasings))
    rarities = [
        _rarity(block, end - start, owner, ranges, counted)
        for block, start, end in zip(units, starts, starts[1:], strict=False)
    ]
    whole = sum(BLOCK_WEIGHTS)
    for at, weight in enumerate(BLOCK_WEIGHTS):
        units[at] = _unit(units[at], rarities[at], math.sqrt(weight / whole))
    answered = int(phrasings[counted])
    spoken = units[0].scaled(math.sqrt(whole / BLOCK_WEIGHTS[0]))
    small_talk = _joined([unit.after(int(phrasings[chat])) for unit in units], starts)
    times = rounds(sum(len(unit.values) for unit in units), counted + 1) if learn else 0
    joint = _joined(units, starts) if times else None
    centres = _centres(units, starts, owner, ranges).first(counted)
    # What the postings need takes the room that these leave.
    del units
    postings = centres.transposed(starts[-1])
    del centres
    kept = np.concatenate([np.ones(int(phrasings[chat]), bool), ~_answered(small_talk, postings)])
    learned = None
    if joint is not None and counted > 1:
        owner = np.where(kept, np.minimum(owner, counted), -1)
        learned = _learned(joint, owner, counted + 1, starts[-1], times)
    verbatim = {
        said: int(phrasings[target])
        for target, (answer, _, _) in enumerate(answers)
        if isinstance(answer, Aspect) and (said := spoken_words(namer.name(words(answer.title))))
    }
    number = int(phrasings[-1])
    for found in reversed(rows):
        for row in reversed(found):
            number -= 1
            if said := spoken_words(row):
                verbatim[said] = number
    return Index(
        book=book,
        targets=tuple(Target(answer) for answer, _, _ in answers),
        answering=counted,
        phrasings=phrasings,
        verbatim=verbatim,
        vocabulary=known,
        namer=namer,
        numbers=numbers,
        pairs=pairs,
        starts=starts,
        rarity=np.concatenate(rarities),
        spoken=spoken,
        postings=postings,
        declining=spoken.after(answered).emptied(~kept[answered:]).transposed(starts[1]),
        kinds=_kinds(rows),
        learned=learned,
        chat=chat,
    )


def _kinds(rows: Sequence[Sequence[Sequence[str]]]) -> Floats:
    """Which share of each target's phrasings asks for each kind of thing."""
    shares = np.zeros((len(rows), len(KINDS)), np.float32)
    for target, found in enumerate(rows):
        for row in found:
            shares[target, kind_asked(row)] += 1 / len(found)
    return shares


def _ranges(phrasings: Ints) -> list[tuple[int, int]]:
    """All phrasings in ranges of some thousands, so that work on them needs little room; no target is torn apart."""
    cuts = np.searchsorted(phrasings, np.arange(0, int(phrasings[-1]) + _ROOM, _ROOM))
    bounds = distinct(phrasings[np.minimum(cuts, len(phrasings) - 1)]).tolist()
    return list(itertools.pairwise(bounds)) or [(0, 0)]


class _Blocks(NamedTuple):
    """The phrasings as numbers: for each of stems, pairs and trigrams a matrix of weights before rarity."""

    pairs: Ints
    starts: tuple[int, int, int, int]
    matrices: list[Sparse]


def _blocks(numbers: Numbers, rows: Sequence[Sequence[str]], ranges: Sequence[tuple[int, int]]) -> _Blocks:
    places: dict[str, int] = {}
    flat = np.array([places.setdefault(word, len(places)) for row in rows for word in row], np.int64)
    bounds = bounds_of(np.array([len(row) for row in rows], np.int64))
    shapes = [numbers.learn(word) for word in places]
    pair = np.array([shape.pair for shape in shapes], np.int64)
    stems = _features_of([shape.stems for shape in shapes])
    trigrams = _features_of([tuple((number, 1.0) for number in shape.trigrams) for shape in shapes])
    parts = [
        (
            flat[bounds[first] : bounds[last]],
            np.repeat(np.arange(last - first), np.diff(bounds[first : last + 1])),
            last - first,
        )
        for first, last in ranges
    ]
    pairs = distinct(
        np.concatenate([distinct(_pairs(pair[found], owner, height)[1]) for found, owner, height in parts])
    )
    widths = (len(numbers.stems), len(pairs), len(numbers.trigrams))
    matrices: tuple[list[Sparse], list[Sparse], list[Sparse]] = ([], [], [])
    for found, owner, height in parts:
        edges, keys, heft = _pairs(pair[found], owner, height)
        for block, triples, width in zip(
            matrices,
            (
                _of_words(found, owner, stems),
                (edges, np.searchsorted(pairs, keys), heft),
                _of_words(found, owner, trigrams),
            ),
            widths,
            strict=True,
        ):
            block.append(merged(*triples, height, width, add=False))
    return _Blocks(pairs, (0, widths[0], widths[0] + widths[1], sum(widths)), list(map(stacked, matrices)))


def _features_of(features: Sequence[Sequence[tuple[int, float]]]) -> Sparse:
    """Features that each word brings on its own, a row a word."""
    return Sparse(
        bounds_of(np.array([len(row) for row in features], np.int64)),
        np.array([number for row in features for number, _ in row], np.int32),
        np.array([weight for row in features for _, weight in row], np.float32),
    )


def _of_words(flat: Ints, owner: Ints, features: Sparse) -> tuple[Ints, Ints, Floats]:
    """Rows, columns and values of the features of words."""
    places, counts = spread(features.bounds, flat)
    return np.repeat(owner, counts), features.columns[places].astype(np.int64), features.values[places]


def _pairs(place: Ints, owner: Ints, height: int) -> tuple[Ints, Ints, Floats]:
    """Rows, keys and values of all pairs: of neighbours, edges among them, and of words with one in between."""
    counts = np.bincount(owner, minlength=height) + 2
    edged = np.full(int(counts.sum()), EDGE, np.int64)
    edged[np.arange(len(place)) + 2 * owner + 1] = place
    rows = np.repeat(np.arange(height), counts)
    found: list[tuple[Ints, Ints, Floats]] = []
    for step, weight in ((1, 1.0), (2, NEXT_BUT_ONE)):
        same = rows[:-step] == rows[step:]
        keys = (edged[:-step] * NUMBERED + edged[step:])[same]
        found.append((rows[:-step][same], keys, np.full(len(keys), weight, np.float32)))
    return (
        np.concatenate([one for one, _, _ in found]),
        np.concatenate([keys for _, keys, _ in found]),
        np.concatenate([heft for _, _, heft in found]),
    )


def _rarity(
    block: Sparse, width: int, owner: Ints, ranges: Sequence[tuple[int, int]], counted: int
) -> Floats:
    """How much each feature weighs by how few of the first `counted` targets have it, 1 for one of them or none."""
    having = np.zeros(width, np.int64)
    for first, last in ranges:
        part = slice(int(block.bounds[first]), int(block.bounds[last]))
        targets = np.repeat(owner[first:last], np.diff(block.bounds[first : last + 1]))
        keys = distinct((targets * width + block.columns[part])[targets < counted])
        having += np.bincount(keys % max(width, 1), minlength=width)
    top = math.log(1 + counted) if counted else 1.0
    weight = (np.log(1 + counted / np.maximum(having, 1)) / top) ** RARITY
    return np.asarray(weight, np.float32)


def _unit(block: Sparse, rarity: Floats, length: float) -> Sparse:
    """Every row weighed by rarity and brought to one length; an empty one stays empty."""
    values = block.values * rarity[block.columns]
    counts = np.diff(block.bounds)
    lengths = np.sqrt(sums(values * values, counts))
    scale = np.divide(length, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return Sparse(block.bounds, block.columns, values * np.repeat(scale, counts))


def _centres(
    blocks: Sequence[Sparse], starts: Sequence[int], owner: Ints, ranges: Sequence[tuple[int, int]]
) -> Sparse:
    """Each target's mean phrasing as a unit vector over all blocks."""
    parts: list[Sparse] = []
    for first, last in ranges:
        height = int(owner[last - 1] - owner[first]) + 1 if last > first else 0
        joint = _joined(
            [
                merged(
                    np.repeat(owner[first:last] - owner[first], np.diff(block.bounds[first : last + 1])),
                    block.columns[block.bounds[first] : block.bounds[last]].astype(np.int64),
                    block.values[block.bounds[first] : block.bounds[last]],
                    height,
                    end - start,
                    add=True,
                )
                for block, start, end in zip(blocks, starts, starts[1:], strict=False)
            ],
            starts,
        )
        counts = np.diff(joint.bounds)
        lengths = np.sqrt(sums(joint.values * joint.values, counts))
        scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        parts.append(Sparse(joint.bounds, joint.columns, joint.values * np.repeat(scale, counts)))
    return stacked(parts)


def _joined(parts: Sequence[Sparse], starts: Sequence[int]) -> Sparse:
    """Blocks side by side as one matrix, features numbered through."""
    counts = [np.diff(part.bounds) for part in parts]
    rows = np.concatenate([np.repeat(np.arange(len(count)), count) for count in counts])
    order = np.argsort(rows, kind="stable")
    return Sparse(
        bounds_of(np.sum(counts, axis=0)),
        np.concatenate([part.columns + start for part, start in zip(parts, starts, strict=False)]).astype(
            np.int32
        )[order],
        np.concatenate([part.values for part in parts])[order],
    )


def _answered(small_talk: Sparse, postings: Sparse) -> NDArray[np.bool_]:
    """Which small talk the book has an answer to ("tell me a joke", of a book of jokes)."""
    answered = np.zeros(len(small_talk.bounds) - 1, bool)
    for at in range(len(answered)):
        columns, values, _ = small_talk.rows(np.array([at]))
        targets, weights, counts = postings.rows(columns.astype(np.int64))
        near = np.bincount(targets, np.repeat(values, counts) * weights, minlength=1)
        answered[at] = near.max() >= _OWN_CHAT
    return answered


def _learned(joint: Sparse, owner: Ints, count: int, width: int, times: int) -> Learned:
    """A model that tells targets apart, of the commoner features where there are too many.

    The last of `count` is "I don't have that", all known unknowns in one; phrasings with owner -1 are left out.
    """
    having = np.bincount(joint.columns, minlength=width)
    fewest = 1
    while (having >= fewest).sum() * count > MOST_CELLS:
        fewest += 1
    looked = having >= fewest
    row = np.where(looked, np.cumsum(looked) - 1, -1)
    seen = joint.only(looked[joint.columns])
    seen = Sparse(seen.bounds, row[seen.columns].astype(np.int32), seen.values)
    return Learned(weights_of(seen, owner, int(looked.sum()), count, times), row)


def prose_of(entry: Entry) -> str:
    """All the words of an entry's text, and of who says it where."""
    parts = [piece.text for piece in entry.pieces]
    match entry:
        case Quote(said_by=said_by, where=where):
            parts += [said_by, where or ""]
        case View(by=by):
            parts.append(by)
        case _:
            pass
    return " ".join(parts)


def _comparable(book: Book) -> list[Aspect]:
    views = Counter(entry.about for entry in book.entries if isinstance(entry, View))
    return [aspect for aspect in book.head.aspects if views[aspect.id] > 1]


def _aspect_asks(aspect: Aspect) -> list[str]:
    made = [ask.format(word) for word in (*aspect.words, aspect.title) for ask in COMPARISON_ASKS]
    return [*made, *aspect.asks]
