"""A book, made ready to be asked: vocabulary, names, and each entry's phrasings as weighted features.

Built once a book and never changed. A target is whatever can be an answer: an entry, or an aspect with at least
two views, so that "did the critics like the acting?" is matched like any other question.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.features import BLOCKS, Features, Namer, features_of
from bot.answering.lexicon import CONCEPTS, FILLERS, QUESTION_WORDS, STOP
from bot.answering.smalltalk import SMALLTALK
from bot.answering.spelling import Vocabulary, vocabulary
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

Weights = Mapping[str, float]

UNSEEN = 1.0
"""The weight of a feature that no target has: as much as the rarest."""


@dataclass(frozen=True)
class Target:
    """One possible answer, and the names that any of its phrasings or texts has.

    `answer` None is the answer "I don't have that": small talk, and what the book is known not to say.
    """

    answer: Entry | Aspect | None
    phrasings: tuple[Features, ...]
    names: frozenset[str]


@dataclass(frozen=True)
class Block:
    """One kind of feature over all targets, as inverted lists of unit vectors.

    `phrasings` maps a feature to (phrasing number, weight) pairs, `centroids` and `texts` to (target number, weight).
    """

    weight: Weights
    phrasings: Mapping[str, Sequence[tuple[int, float]]]
    centroids: Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True)
class Index:
    """All that scoring needs of one book."""

    book: Book
    targets: tuple[Target, ...]
    owners: tuple[int, ...]
    vocabulary: Vocabulary
    namer: Namer
    blocks: Mapping[str, Block]
    texts: Block


def build_index(book: Book) -> Index:
    """The index of one book. Deterministic: the order of entries decides nothing but ties."""
    namer = Namer.of(book.head.names)
    phrased = [(entry, _phrasings(entry), _prose(entry)) for entry in book.entries]
    aspects = [(aspect, _aspect_asks(aspect), "") for aspect in _comparable(book)]
    nothing = [(None, [ask], "") for ask in dict.fromkeys((*book.unanswered, *SMALLTALK))]
    everything: list[tuple[Entry | Aspect | None, list[str], str]] = [*phrased, *aspects, *nothing]
    known = vocabulary(
        [
            *([word for text in (*asks, prose) for word in words(text)] for _, asks, prose in everything),
            *([*namer.words],),
            [*CONCEPTS, *STOP, *FILLERS, *QUESTION_WORDS],
        ]
    )
    targets: list[Target] = []
    prose_features: list[Features] = []
    for answer, asks, prose in everything:
        phrasings = tuple(features_of(namer.name(words(ask))) for ask in asks)
        text = features_of(namer.name(words(prose)))
        names = frozenset(
            feature for features in (*phrasings, text) for feature in features.stems if feature.startswith("@")
        )
        targets.append(Target(answer, phrasings, names))
        prose_features.append(text)
    owners = tuple(number for number, target in enumerate(targets) for _ in target.phrasings)
    blocks = {
        name: _block([[getattr(features, name) for features in target.phrasings] for target in targets], len(phrased) + len(aspects))
        for name in BLOCKS
    }
    texts = _block([[features.stems] for features in prose_features], 0, blocks["stems"])
    return Index(book, tuple(targets), owners, known, namer, blocks, texts)


def _phrasings(entry: Entry) -> list[str]:
    return [*entry.asks, entry.topic]


def _prose(entry: Entry) -> str:
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
    return [ask.format(word) for word in (*aspect.words, aspect.title) for ask in COMPARISON_ASKS]


def _block(targets: Sequence[Sequence[Mapping[str, float]]], counted: int, like: Block | None = None) -> Block:
    """Weighs features by how few of the first `counted` targets have them, and files every unit vector.

    A feature that none of those has weighs as much as one that a single target has, like a word never seen.
    """
    weight: dict[str, float] = {} if like is None else dict(like.weight)
    having: Counter[str] = Counter()
    for phrasings in targets[:counted]:
        having.update({feature for features in phrasings for feature in features})
    top = math.log(1 + counted) if counted else 1.0
    weight.update({feature: math.log(1 + counted / count) / top for feature, count in having.items()})
    for phrasings in targets:
        for features in phrasings:
            for feature in features:
                weight.setdefault(feature, UNSEEN)
    by_phrasing: dict[str, list[tuple[int, float]]] = {}
    by_target: dict[str, list[tuple[int, float]]] = {}
    number = 0
    for target, phrasings in enumerate(targets):
        centre: dict[str, float] = {}
        for features in phrasings:
            vector = unit({feature: value * weight[feature] for feature, value in features.items()})
            for feature, value in vector.items():
                by_phrasing.setdefault(feature, []).append((number, value))
                centre[feature] = centre.get(feature, 0.0) + value
            number += 1
        for feature, value in unit(centre).items():
            by_target.setdefault(feature, []).append((target, value))
    return Block(weight, by_phrasing, by_target)


def unit(vector: Mapping[str, float]) -> dict[str, float]:
    """The vector at length 1; an empty one stays empty."""
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {feature: value / length for feature, value in vector.items()} if length else {}


