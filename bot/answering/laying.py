"""A server's own entries, laid on the index that all servers share.

What the two have in common (the numbers of features, their rarities, names, what was learnt) is looked up below and not
copied: twenty entries take some tens of kilobytes, and are laid in some tens of milliseconds.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

import numpy as np

from bot.answering.building import prose_of
from bot.answering.features import EDGE, KINDS, NUMBERED, MoreNumbers, kind_asked, spoken_words
from bot.answering.index import Index, Laid, Target
from bot.answering.reading import Reading
from bot.answering.scoring import SPOKEN, Vector, declining_like
from bot.answering.sparse import Floats, Ints, Sparse, bounds_of, distinct
from bot.answering.spelling import MoreVocabulary, Vocabulary, vocabulary
from bot.answering.words import words
from bot.book.book import Aspect, Book
from bot.book.entries import Entry

_SETTLED = 0.6
"""How like a phrasing of the server's own a known unknown must be to count as answered by it."""

Rows = list[list[str]]


def laid_on(index: Index, book: Book, changed: Iterable[Entry], gone: Collection[str]) -> Index:
    """The index of a server's book: `index`, on which nothing lies yet, without the entries of these ids, and with others.

    `changed` are the entries of `book` that the index does not have as they are, `gone` the ids of those that it has and
    that do not stand so. The order of neither makes a difference. Where an entry has new phrasings, it is weighed by
    likeness and, if the index knows another version of it, by what was learnt of that; no more is learnt. Known flaw: an
    aspect that the index has no comparison of gets none, however many views on it are laid.
    """
    numbers_of = {name: index.number(index.book.by_id[name]) for name in gone}
    laid: list[Entry] = []
    replaced: dict[int, Target] = {}
    for entry in sorted(changed, key=attrgetter("id")):
        number = numbers_of.get(entry.id)
        if number is not None and _is_said_alike(index.targets[number], entry):
            replaced[number] = Target(entry)
        else:
            laid.append(entry)
    rows = [_rows(index, entry) for entry in laid]
    new = _vocabulary(index, laid)
    twins = [_twin(index, numbers_of.get(entry.id), entry) for entry in laid]
    made = _laid(index, laid, rows, twins, replaced)
    spoken = [Vector.of(made, _read(row)) for found in rows for row in found]
    taken = [number for number in numbers_of.values() if number not in replaced]
    settled = [
        unknown
        for vector in spoken
        for unknown in declining_like(index, vector.below(index.starts[3]), _SETTLED)
    ]
    made = replace(
        made,
        gone=distinct(np.array([*taken, *settled], np.int64)),
        spoken=_spoken(made, spoken),
        centres=_centres(spoken, [len(found) for found in rows]),
    )
    vocabulary_of_both = MoreVocabulary.of(new, index.vocabulary) if new.counts else index.vocabulary
    return replace(index, book=book, vocabulary=vocabulary_of_both, laid=made)


def _is_said_alike(target: Target, entry: Entry) -> bool:
    """Whether the target is another version of the entry with the same phrasings."""
    own = target.answer
    return (
        own is not None
        and not isinstance(own, Aspect)
        and (own.kind, own.asks, own.topic) == (entry.kind, entry.asks, entry.topic)
    )


def _twin(below: Index, number: int | None, entry: Entry) -> int:
    """The target below that is learnt as another version of the entry; -1 where most of its asks were others."""
    own = None if number is None else below.targets[number].answer
    if number is None or own is None:
        return -1
    return number if 2 * len(set(own.asks) & set(entry.asks)) >= len(own.asks) else -1


def _rows(below: Index, entry: Entry) -> Rows:
    named = (below.namer.name(words(ask)) for ask in (*entry.asks, entry.topic))
    return list({spoken_words(row): row for row in named}.values())


def _vocabulary(below: Index, laid: Sequence[Entry]) -> Vocabulary:
    """The words that the index does not know."""
    texts = (" ".join([*entry.asks, entry.topic, prose_of(entry)]) for entry in laid)
    return vocabulary([word for word in words(text) if word not in below.vocabulary] for text in texts)


def _laid(
    below: Index,
    laid: Sequence[Entry],
    rows: Sequence[Rows],
    twins: Sequence[int],
    replaced: dict[int, Target],
) -> Laid:
    """All but what takes vectors, which look at the rest of it."""
    numbers = MoreNumbers(below.numbers, below.starts[3], below.starts[2])
    for found in rows:
        for row in found:
            for word in row:
                numbers.learn(word)
    keys = distinct(
        np.array([key for found in rows for row in found for key in _pair_keys(numbers, row)], np.int64)
    )
    kinds = np.zeros((len(rows), len(KINDS)), np.float32)
    for target, found in enumerate(rows):
        for row in found:
            kinds[target, kind_asked(row)] += 1 / len(found)
    nothing = Sparse(bounds_of(np.zeros(0, np.int64)), np.zeros(0, np.int32), np.zeros(0, np.float32))
    return Laid(
        below=below,
        targets=tuple(map(Target, laid)),
        twins=np.array(twins, np.int64),
        replaced=replaced,
        gone=np.zeros(0, np.int64),
        said="".join(["\n", *(f"{spoken_words(row)}\n" for found in rows for row in found)]),
        numbers=numbers,
        pairs=keys[below.pair_numbers(keys) < 0],
        phrasings=bounds_of(np.array([len(found) for found in rows], np.int64)),
        spoken=nothing,
        centres=nothing,
        kinds=kinds,
    )


def _pair_keys(numbers: MoreNumbers, row: Sequence[str]) -> Iterable[int]:
    places = [EDGE, *(numbers.shape(word).pair for word in row), EDGE]
    for step in (1, 2):
        yield from (one * NUMBERED + other for one, other in zip(places, places[step:], strict=False))


def _read(row: Sequence[str]) -> Reading:
    return Reading(tuple(row), frozenset(), {}, {})


def _spoken(laid: Laid, vectors: Sequence[Vector]) -> Sparse:
    stems = [vector.features[: vector.spoken] for vector in vectors]
    rows = [laid.places(one) for one in stems]
    values = [vector.values[: vector.spoken] / np.float32(SPOKEN) for vector in vectors]
    return Sparse(
        bounds_of(np.array([len(row) for row in rows], np.int64)),
        np.concatenate([np.zeros(0, np.int64), *rows]).astype(np.int32),
        np.concatenate([np.zeros(0, np.float32), *values]),
    )


def _centres(vectors: Sequence[Vector], counts: Sequence[int]) -> Sparse:
    """Each target's mean phrasing as a unit vector over all features."""
    columns: list[Ints] = []
    values: list[Floats] = []
    at = 0
    for count in counts:
        own = vectors[at : at + count]
        at += count
        features = np.concatenate([np.zeros(0, np.int64), *(vector.features for vector in own)])
        found, place = np.unique(features, return_inverse=True)
        heft = np.bincount(
            place,
            np.concatenate([np.zeros(0, np.float32), *(vector.values for vector in own)]),
            minlength=len(found),
        )
        length = float(np.sqrt((heft * heft).sum())) or 1.0
        columns.append(found)
        values.append((heft / length).astype(np.float32))
    return Sparse(
        bounds_of(np.array([len(one) for one in columns], np.int64)),
        np.concatenate([np.zeros(0, np.int64), *columns]).astype(np.int32),
        np.concatenate([np.zeros(0, np.float32), *values]),
    )
