"""Whether a message tells of what lies further on than a channel has read. Pure.

Precision comes first: a mark on an innocent message is worse than none on one that tells. So a spoiler term alone never
is enough ("I donated my old books"); the engine must find, too, that the words are about the book. Questions and guesses
are left alone, for a mark would confirm them. Known flaws: what is told in words that are far from the base's is not
seen, and a member who shares a character's name may be.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log

from bot.answering.features import Namer
from bot.answering.lexicon import FILLERS, STOP
from bot.answering.model import AT
from bot.answering.reading import Reading, read
from bot.answering.scoring import look, weighed
from bot.answering.words import stem, words
from bot.book.book import Aspect
from bot.book.entries import ASK_LENGTH
from bot.book.spoilers import Horizon, terms_beyond
from bot.club.asking import Asking

SENTENCES = 12
"""More of a message is not looked at: who writes that much writes an essay, and a look costs half a millisecond."""

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_BEFORE = r"\W*(?:(?:so|wait|and|but|ok|okay|hey)\W+)*"
_QUESTION = re.compile(
    _BEFORE + r"(?:do|does|did|is|are|was|were|will|would|can|could|should|has|have|any|anyone|anybody)\b",
    re.IGNORECASE,
)
_WITH_A_MARK = re.compile(_BEFORE + r"(?:who|what|when|where|why|how|which)\b.*\?\W*$", re.IGNORECASE)
_BARRED = re.compile(r"\|\|.*?\|\|", re.DOTALL)
"""What its writer has hidden already."""

_GUESSES = frozenset({
    "hope", "hopes", "hoping", "wish", "maybe", "perhaps", "wonder", "wondering", "bet", "guess", "guessing", "predict",
    "prediction", "theory", "think", "thinks", "suspect", "imagine", "if", "might", "probably", "what", "would", "could",
})  # fmt: skip
_EMPTY = frozenset({
    "each", "other", "another", "herself", "himself", "itself", "themselves", "myself", "yourself", "one", "ones",
})  # fmt: skip
_PERSONAL = frozenset({"my", "our", "mine", "ours", "us"})


@dataclass(frozen=True, slots=True)
class _Look:
    """What one sentence shows.

    `ahead` is the chance that an entry beyond the ceiling answers to it, `known` that any does; `nearest` how alike the
    likeliest of those ahead is to it, `covered` how much of it that one's phrasings hold; `terms` are the spoiler terms
    beyond the ceiling, `names` the book's names beside them, `names_in_terms` whether one of them has a name in it.
    """

    ahead: float
    known: float
    nearest: float
    covered: float
    terms: frozenset[str]
    names: frozenset[str]
    names_in_terms: bool


def tells_ahead(asking: Asking, ceiling: Horizon, text: str) -> bool:
    """Whether a member's message surely gives away something beyond the ceiling."""
    texts = _texts_of(asking)
    return any(
        _retells(texts, ceiling, sentence) or _sure(_looked(asking, ceiling, sentence))
        for sentence in _told(text)
    )


@dataclass(frozen=True)
class _Texts:
    """What the base says, as words that say something: by piece, with the rank from which on it may be read.

    `secrets`: for each rank the words that are said beyond it and nowhere up to it; `heft`: how few texts a word is in.
    """

    namer: Namer
    pieces: tuple[tuple[int, frozenset[str]], ...]
    secrets: tuple[frozenset[str], ...]
    heft: Mapping[str, float]

    def stems(self, text: str) -> frozenset[str]:
        """The words of a text that say something, without their endings; names as one word each."""
        named = self.namer.name(words(text))
        return frozenset(stem(word) for word in named if word not in STOP | FILLERS | _EMPTY)


@lru_cache(maxsize=32)
def _texts_of(asking: Asking) -> _Texts:
    book = asking.book
    bare = _Texts(asking.index.namer, (), (), {})
    said = [(piece.text, piece.reveals) for entry in book.entries for piece in entry.pieces]
    pieces = tuple((book.ranks[reveals], bare.stems(text)) for text, reveals in said)
    open_too = [(book.ranks[prompt.milestone], bare.stems(prompt.question)) for prompt in book.prompts]
    secrets = []
    for rank in range(len(book.head.milestones) + 1):
        late = {word for at, found in pieces if at > rank for word in found}
        secrets.append(
            frozenset(late.difference(*(found for at, found in (*pieces, *open_too) if at <= rank)))
        )
    count = Counter(word for _, found in pieces for word in found)
    heft = {word: log(1 + len(pieces) / (1 + often)) for word, often in count.items()}
    return _Texts(bare.namer, pieces, tuple(secrets), heft)


def _retells(texts: _Texts, ceiling: Horizon, sentence: str) -> bool:
    """Whether a sentence says what a text beyond the ceiling says, and with a word that is said nowhere before."""
    said, secrets = texts.stems(sentence), texts.secrets[ceiling.rank]
    telling = {word for word in said & secrets if not word.startswith("@")}
    if not telling:
        return False
    # Without a name it must say little else: other books have clones too.
    share = 0.2 if any(word.startswith("@") for word in said) else 0.8
    unknown = log(1 + len(texts.pieces))
    whole = sum(texts.heft.get(word, unknown) for word in said)
    for rank, piece in texts.pieces:
        shared = said & piece if rank > ceiling.rank else frozenset()
        plain = [word for word in shared if not word.startswith("@")]
        enough = len(shared) > 2 and len(plain) > 1 and bool(shared & telling)
        if enough and sum(texts.heft[word] for word in shared) >= share * whole:
            return True
    return False


def _told(text: str) -> Iterator[str]:
    """The sentences that state something: no questions, no guesses, and nothing of the writer's own life."""
    shown = _BARRED.sub(" ", text[: SENTENCES * ASK_LENGTH])
    for sentence in _SENTENCE.split(shown)[:SENTENCES]:
        said = set(words(sentence))
        asks = _QUESTION.match(sentence) or _WITH_A_MARK.match(sentence)
        if len(said) > 1 and not asks and not said & (_GUESSES | _PERSONAL):
            yield sentence[:ASK_LENGTH]


def _looked(asking: Asking, ceiling: Horizon, sentence: str) -> _Look:
    index, book = asking.index, asking.book
    reading = read(index, sentence)
    targets, seen = look(index, reading)
    row = {target: at for at, target in enumerate(targets.tolist())}
    ahead = known = nearest = covered = 0.0
    for target, likely in weighed(index, targets, seen):
        answer = index.targets[target].answer
        if answer is None:
            continue
        known += likely
        if isinstance(answer, Aspect) or ceiling.shows_start_of(book, answer):
            continue
        if not ahead:
            nearest, covered = seen[row[target], AT["best"]], seen[row[target], AT["asked"]]
        ahead += likely
    reached = book.head.milestones[ceiling.rank - 1].id if ceiling.rank else None
    terms = frozenset(term.casefold() for term, _ in terms_beyond(book, sentence, reached))
    named = {word for term in terms for word in index.namer.name(words(term))}
    names = _names(reading)
    return _Look(ahead, known, float(nearest), float(covered), terms, names - named, bool(names & named))


def _sure(look: _Look) -> bool:
    return (
        # "Ruth dies": a term with a name in it, nearly as the base has it.
        (look.names_in_terms and look.nearest >= 0.61)
        # "Deferrals never existed": all about an entry ahead, and with a term.
        or (bool(look.terms) and look.ahead >= 0.6 and look.covered >= 0.75 and look.nearest >= 0.45)
        # "Kathy starts her donations soon": a name and a term, and the book speaks of it.
        or (bool(look.terms and look.names) and look.covered >= 0.5 and max(look.ahead, look.known) >= 0.5)
        # "Kathy is a clone and her friends donate": a name and two terms.
        or (bool(look.names) and len(look.terms) > 1 and look.covered >= 0.3)
        # "They are clones made to donate their organs": two terms, and no other word is foreign to the entry.
        or (len(look.terms) > 1 and look.covered >= 0.9)
        # "Ruth steals Tommy from Kathy": no term, but two names, and word for word what an entry ahead is asked for.
        or (len(look.names) > 1 and look.ahead >= 0.9 and look.covered >= 0.95 and look.nearest >= 0.7)
    )


def _names(reading: Reading) -> frozenset[str]:
    return frozenset(word for word in reading.words if word.startswith("@"))
