"""A book, made ready to be asked: vocabulary, names, and each entry's phrasings as weighted features.

Built once a book and never changed. A target is whatever can be an answer: an entry, or an aspect with at least
two views, so that "did the critics like the acting?" is matched like any other question.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter

from bot.answering.features import BLOCKS, Features, Namer, features_of, kind_asked, spoken_words
from bot.answering.lexicon import CONCEPTS, FILLERS, QUESTION_WORDS, STOP
from bot.answering.smalltalk import SMALLTALK
from bot.answering.spelling import Vocabulary, vocabulary
from bot.answering.words import words
from bot.book.book import Aspect, Book
from bot.book.entries import Entry, Kind, Quote, View

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

_FEW = 40

UNSEEN = 1.0
"""The weight of a feature that no target has: as much as the rarest."""


@dataclass(frozen=True)
class Target:
    """One possible answer, and what its phrasings and texts hold between them.

    `answer` None is the answer "I don't have that": small talk, and what the book is known not to say.
    `names` are those of phrasings and text; `own_names` those that most phrasings have. `kinds` says which share of
    the phrasings asks for each kind of thing (who, when, how many).
    """

    answer: Entry | Aspect | None
    asked: frozenset[str]
    told: frozenset[str]
    names: frozenset[str]
    own_names: frozenset[str]
    kinds: Weights

    @property
    def kind(self) -> Kind | None:
        """The kind of entry; "view" for an aspect, None where there is no answer."""
        if self.answer is None:
            return None
        return "view" if isinstance(self.answer, Aspect) else self.answer.kind

    def is_of(self, kinds: Collection[Kind]) -> bool:
        """Whether this is of one of the kinds; of none named, everything is."""
        return not kinds or self.kind in kinds


@dataclass(frozen=True)
class Block:
    """One kind of feature over all phrasings.

    `vectors` holds each phrasing as a unit vector; `centroids` files each target's mean vector by feature, as
    (target number, weight) pairs.
    """

    weight: Weights
    vectors: Sequence[Weights]
    centroids: Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True)
class Index:
    """All that scoring needs of one book.

    `targets` that answer come first, `answering` of them; `phrasings` holds each target's numbers in the blocks,
    `spoken` each phrasing's words without fillers, and `verbatim` the target of each such row of words, and of the
    titles of aspects.
    """

    book: Book
    targets: tuple[Target, ...]
    answering: int
    phrasings: tuple[range, ...]
    spoken: tuple[tuple[str, ...], ...]
    verbatim: Mapping[tuple[str, ...], int]
    vocabulary: Vocabulary
    namer: Namer
    blocks: Mapping[str, Block]
    texts: Block


def build_index(book: Book) -> Index:
    """The index of one book. The order of its entries makes no difference, down to the last digit of a score."""
    namer = Namer.of(book.head.names)
    answers: list[tuple[Entry | Aspect | None, list[str], str]] = [
        *(
            (entry, [*entry.asks, entry.topic], _prose(entry))
            for entry in sorted(book.entries, key=attrgetter("id"))
        ),
        *((aspect, _aspect_asks(aspect), "") for aspect in sorted(_comparable(book), key=attrgetter("id"))),
    ]
    counted = len(answers)
    answers += [(None, [ask], "") for ask in sorted({*book.unanswered, *SMALLTALK})]
    spoken = [([words(ask) for ask in asks], words(prose)) for _, asks, prose in answers]
    known = vocabulary(
        [
            *([word for row in (*asks, prose) for word in row] for asks, prose in spoken),
            namer.words,
            [*CONCEPTS, *STOP, *FILLERS, *QUESTION_WORDS],
        ]
    )
    rows = [[namer.name(ask) for ask in asks] for asks, _ in spoken]
    phrased = [[features_of(row) for row in target] for target in rows]
    prose = [features_of(namer.name(text)) for _, text in spoken]
    targets = tuple(
        _target(answer, target_rows, phrasings, text)
        for (answer, _, _), target_rows, phrasings, text in zip(answers, rows, phrased, prose, strict=True)
    )
    blocks = {
        name: _block([[getattr(features, name) for features in phrasings] for phrasings in phrased], counted)
        for name in BLOCKS
    }
    ends = list(accumulate((len(phrasings) for phrasings in phrased), initial=0))
    titled = {
        spoken_words(namer.name(words(answer.title))): target
        for target, (answer, _, _) in enumerate(answers)
        if isinstance(answer, Aspect)
    }
    return Index(
        book,
        targets,
        counted,
        tuple(map(range, ends, ends[1:])),
        tuple(spoken_words(row) for found in rows for row in found),
        titled
        | {
            said: target
            for target, found in reversed(list(enumerate(rows)))
            for row in found
            if (said := spoken_words(row))
        },
        known,
        namer,
        blocks,
        _block([[text.stems] for text in prose], 0, blocks["stems"]),
    )


def _target(
    answer: Entry | Aspect | None,
    rows: Sequence[Sequence[str]],
    phrasings: Sequence[Features],
    text: Features,
) -> Target:
    asked = frozenset(feature for features in phrasings for feature in features.stems)
    names = Counter(
        feature for features in phrasings for feature in features.stems if feature.startswith("@")
    )
    kinds = Counter(kind_asked(row) for row in rows)
    return Target(
        answer,
        asked,
        frozenset(text.stems),
        frozenset(names) | {feature for feature in text.stems if feature.startswith("@")},
        frozenset(name for name, count in names.items() if count * 2 > len(phrasings)),
        {kind: count / len(rows) for kind, count in kinds.items()},
    )


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
    made = [ask.format(word) for word in (*aspect.words, aspect.title) for ask in COMPARISON_ASKS]
    return [*made, *aspect.asks]


def _block(targets: Sequence[Sequence[Weights]], counted: int, like: Block | None = None) -> Block:
    """Weighs features by how few of the first `counted` targets have them, and makes every unit vector.

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
    vectors: list[Weights] = []
    centroids: dict[str, list[tuple[int, float]]] = {}
    for target, phrasings in enumerate(targets):
        centre: dict[str, float] = {}
        for features in phrasings:
            vector = unit({feature: value * weight[feature] for feature, value in features.items()})
            vectors.append(vector)
            for feature, value in vector.items():
                centre[feature] = centre.get(feature, 0.0) + value
        for feature, value in unit(centre).items():
            if having[feature] <= max(_FEW, counted / 2):  # the commonest words tell no two targets apart
                centroids.setdefault(feature, []).append((target, value))
    return Block(weight, vectors, centroids)


def unit(vector: Weights) -> dict[str, float]:
    """The vector at length 1; an empty one stays empty."""
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {feature: value / length for feature, value in vector.items()} if length else {}
