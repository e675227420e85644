"""What the command line prints without Discord: answers as text or JSON, and listings."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO, TextIO

from bot.answering.engine import Explanation, explain
from bot.answering.outcomes import Answer, Comparison, Found, Outcome, Suggestions, Unknown
from bot.book.book import Book
from bot.book.entries import Entry, Quote, View
from bot.book.progress import NotUnderstood, Reached, read_progress
from bot.book.spoilers import Horizon, horizon_of
from bot.club.asking import Asking
from bot.content.library import LibraryError
from bot.replies.answers import is_veiled, narrowed, reply_to
from bot.replies.markdown import markdown, plain

Json = dict[str, Any]

_SMALL = 0.05

LINE_BYTES = 64 * 1024
"""A longer line of a batch is refused unread."""


def progress_of(book: Book, words: str | None) -> Horizon:
    """The horizon that `--progress` names. Raises LibraryError with the milestones there are."""
    match read_progress(book, words or ""):
        case Reached(milestone):
            return horizon_of(book, milestone.id if milestone else None)
        case NotUnderstood():
            names = ", ".join(milestone.id for milestone in book.head.milestones)
            raise LibraryError(f"The book has no milestone of that name. There is: {names or 'none'}.")


def ask_one(
    book: Book, question: str, progress: str | None, *, as_json: bool, timed: bool, explained: bool
) -> int:
    """Prints the answer to one question, or (`explained`, without JSON) why it is that; 0.

    What explains an answer names entries beyond the asker's horizon: it is for moderators.
    """
    horizon = progress_of(book, progress)
    asking = Asking(book)
    if as_json:
        print(_dumped(result(asking, None, question, horizon, timed=timed, explained=explained)))
    elif explained:
        print("\n".join(_explained(explain(asking.index, question), asking.answer(question))))
    else:
        print(plain(reply_to(asking.answer(question), book, horizon)))
    return 0


def ask_batch(book: Book, file: str, progress: str | None, *, timed: bool, explained: bool) -> int:
    """Prints one JSON line for each line of `file`, in order and at once; 1 if any line was bad.

    A bad line gives `{"id", "error"}`; blank lines are passed over. Raises LibraryError where the file cannot be read.
    """
    progress_of(book, progress)
    asking = Asking(book)
    try:
        if file == "-":
            return _batch(asking, sys.stdin.buffer, sys.stdout, progress, timed=timed, explained=explained)
        with Path(file).open("rb") as stream:
            return _batch(asking, stream, sys.stdout, progress, timed=timed, explained=explained)
    except FileNotFoundError:
        raise LibraryError("There is no such batch file.") from None
    except IsADirectoryError:
        raise LibraryError("The batch file is a folder. Name a file of JSON lines.") from None
    except PermissionError:
        raise LibraryError("The batch file may not be read. Check its permissions.") from None


def result(
    asking: Asking,
    name: str | int | None,
    question: str,
    horizon: Horizon,
    *,
    timed: bool,
    explained: bool = False,
) -> Json:
    """One question's result as `ask --json` prints it; `explained` adds the best five candidates and the confidence."""
    book = asking.book
    start = perf_counter()
    outcome = asking.answer(question)
    milliseconds = round((perf_counter() - start) * 1000, 3)
    reply = reply_to(outcome, book, horizon)
    found = narrowed(outcome, book, horizon)
    printed: Json = {
        "id": name,
        "question": question,
        "outcome": _kind(found),
        "text": markdown(reply),
        "entries": [_entry_result(entry, score, book, horizon) for entry, score in _entries_of(found)],
        "suggestions": [{"id": choice.entry, "topic": choice.topic} for choice in reply.choices],
    }
    if explained:
        why = explain(asking.index, question)
        printed["candidates"] = [
            {"id": one.name, "score": round(one.score, 4)} for one in why.candidates if one.name
        ]
        printed["confidence"] = round(why.confidence, 4)
    if timed:
        printed["milliseconds"] = milliseconds
    return printed


def _explained(why: Explanation, outcome: Outcome) -> Iterator[str]:
    yield f"Read as: {' '.join(why.words) or '(no words)'}"
    for typed, word in why.corrected:
        yield f'  "{typed}" was taken for "{word}"'
    if why.unknown:
        yield f"  not in the base: {', '.join(why.unknown)}"
    yield f"Outcome: {_kind(outcome)}"
    yield f"Confidence: {why.confidence:.2f}; answers from {why.threshold:.2f}"
    if why.verbatim:
        yield "The first candidate has this question among its asks."
    for one in why.candidates:
        yield f"{one.score:.3f}  {one.name or '(known to have no answer)'}"
        parts = sorted(one.parts.items(), key=lambda part: -abs(part[1]))
        yield "       " + ", ".join(f"{name} {value:+.2f}" for name, value in parts if abs(value) >= _SMALL)


def list_entries(book: Book, *, as_json: bool) -> int:
    """Prints every entry; 0."""
    if as_json:
        print(json.dumps([_entry_listed(entry) for entry in book.entries], ensure_ascii=False, indent=1))
    else:
        for entry in book.entries:
            print(f"{entry.kind:6} {entry.reveals or '-':12} {entry.id:40} {entry.topic}")
    return 0


def list_prompts(book: Book, *, as_json: bool) -> int:
    """Prints every discussion prompt; 0."""
    if as_json:
        listed = [
            {
                "id": prompt.id,
                "kind": "prompt",
                "topic": prompt.theme,
                "text": prompt.question,
                "reveals": prompt.milestone,
                "sources": [],
                "follow_ups": list(prompt.follow_ups),
                "entries": list(prompt.entries),
                "poll": list(prompt.poll) if prompt.poll else None,
            }
            for prompt in book.prompts
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        for prompt in book.prompts:
            print(f"{prompt.milestone or '-':12} {prompt.theme:28} {prompt.question}")
    return 0


def _batch(
    asking: Asking, lines: BinaryIO, out: TextIO, progress: str | None, *, timed: bool, explained: bool
) -> int:
    bad = 0
    for line in _lines(lines):
        printed = _batch_line(asking, line, progress, timed=timed, explained=explained)
        bad += "error" in printed
        out.write(_dumped(printed) + "\n")
        out.flush()
    return 1 if bad else 0


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(LINE_BYTES):
        if len(line) == LINE_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield line
        elif line.strip():
            yield line


def _batch_line(asking: Asking, line: bytes, progress: str | None, *, timed: bool, explained: bool) -> Json:
    if len(line) >= LINE_BYTES:
        return {"id": None, "error": f"The line is longer than {LINE_BYTES} bytes."}
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": "The line is not JSON."}
    if not isinstance(read, dict):
        return {"id": None, "error": 'The line is not an object such as {"id": 1, "question": "..."}.'}
    name = read.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool):
        return {"id": None, "error": "The line has no id, which must be a text or a whole number."}
    question = read.get("question")
    if not isinstance(question, str):
        return {"id": name, "error": "The line has no question, which must be a text."}
    own = read.get("progress", progress)
    if own is not None and not isinstance(own, str):
        return {"id": name, "error": "The progress must be the id of a milestone."}
    try:
        horizon = progress_of(asking.book, own)
    except LibraryError as error:
        return {"id": name, "error": str(error)}
    return result(asking, name, question, horizon, timed=timed, explained=explained)


def _dumped(printed: Json) -> str:
    return json.dumps(printed, ensure_ascii=False).encode("utf-8", "replace").decode()


def _kind(outcome: Outcome) -> str:
    match outcome:
        case Answer():
            return "answer"
        case Suggestions():
            return "suggestions"
        case Unknown():
            return "unknown"


def _entries_of(outcome: Outcome) -> Iterator[tuple[Entry, float]]:
    if isinstance(outcome, Answer):
        for part in outcome.parts:
            match part:
                case Found(found):
                    yield found.entry, found.score
                case Comparison(_, views, score):
                    for view in views:
                        yield view, score


def _entry_result(entry: Entry, score: float, book: Book, horizon: Horizon) -> Json:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "score": round(score, 4),
        "reveals": entry.reveals,
        "veiled": is_veiled(entry, book, horizon),
        "sources": list(entry.sources),
    }


def _entry_listed(entry: Entry) -> Json:
    listed: Json = {
        "id": entry.id,
        "kind": entry.kind,
        "topic": entry.topic,
        "text": "\n".join(piece.text for piece in entry.pieces),
        "reveals": entry.reveals,
        "sources": list(entry.sources),
        "medium": entry.medium,
        "layers": [{"reveals": piece.reveals, "text": piece.text} for piece in entry.pieces],
        "asks": list(entry.asks),
    }
    match entry:
        case Quote(said_by=said_by, where=where):
            listed |= {"said_by": said_by, "where": where}
        case View(by=by, about=about):
            listed |= {"by": by, "about": about}
        case _:
            pass
    return listed
