"""The command line, by its own door."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import offline
from bot.book.book import Book
from bot.cli import main
from bot.club.asking import Asking
from tests.conftest import ROOT

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def quick(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped book is made ready once for all of these: it takes seconds."""
    monkeypatch.setattr(offline, "Asking", lambda book: asking if book == asking.book else Asking(book))


def batch(
    lines: bytes, monkeypatch: pytest.MonkeyPatch, capsys: Capture, *more: str
) -> tuple[int, list[dict[str, Any]]]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    code = main(["ask", "--batch", "-", "--no-timing", *more])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_ask_prints_the_answer_with_its_source(capsys: Capture) -> None:
    assert main(["ask", "who plays kathy"]) == 0
    out = capsys.readouterr().out
    assert "Carey Mulligan" in out
    assert "Home Theater Info" in out
    assert "\\" not in out


def test_ask_as_json_has_every_key(capsys: Capture) -> None:
    assert main(["ask", "--json", "does ruth die"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["id", "question", "outcome", "text", "entries", "suggestions", "milliseconds"]
    assert printed["outcome"] == "answer"
    assert "||" in printed["text"]
    (entry,) = printed["entries"]
    assert entry["veiled"]
    assert entry["reveals"] == "part-three"
    assert 0 < entry["score"] <= 1
    assert main(["ask", "--json", "--progress", "part-three", "does ruth die"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert "||" not in printed["text"]
    assert not printed["entries"][0]["veiled"]


def test_progress_is_understood_as_members_say_it(capsys: Capture) -> None:
    assert main(["ask", "--progress", "ch 23", "does ruth die"]) == 0
    assert "||" not in capsys.readouterr().out


def test_an_unknown_milestone_is_named_with_those_there_are(capsys: Capture) -> None:
    assert main(["ask", "--progress", "part-nine", "who plays kathy"]) == 1
    assert "part-one, part-two, part-three" in capsys.readouterr().err


def test_a_batch_answers_in_order_and_goes_on_after_bad_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    lines = [
        b'{"id": 1, "question": "who plays kathy"}',
        b"not json",
        b"[1, 2]",
        b'{"question": "who plays kathy"}',
        b'{"id": true, "question": "x"}',
        b'{"id": "no question"}',
        b'{"id": "list", "question": ["x"]}',
        b'{"id": "where", "question": "x", "progress": "part-nine"}',
        b'{"id": "how far", "question": "x", "progress": 3}',
        b"",
        b"\xff\xfe{",
        b"[" * 60_000,
        b'{"id": "long", "question": "' + b"x" * 100_000 + b'"}',
        b'{"id": "odd", "question": "\\ud800 \\u0000 who plays ruth"}',
        b'{"id": "last", "question": "does ruth die", "progress": "part-three"}',
    ]
    code, printed = batch(b"\n".join(lines), monkeypatch, capsys)
    assert code == 1
    assert [line["id"] for line in printed] == [
        1, None, None, None, None, "no question", "list", "where", "how far", None, None, None, "odd", "last",
    ]  # fmt: skip
    assert ["error" in line for line in printed] == [False, *[True] * 11, False, False]
    assert printed[0]["entries"][0]["id"] == "kathy-cast"
    assert "milliseconds" not in printed[0]
    assert "||" not in printed[-1]["text"]


def test_a_good_batch_exits_with_0(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert batch(b'{"id": 1, "question": ""}\n', monkeypatch, capsys)[0] == 0


def test_a_batch_streams(tiny: Path) -> None:
    """Each answer comes before the next question is given."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "ask", "--batch", "-", "--knowledge", str(tiny)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdin
    assert process.stdout
    for name in ("first", "second"):
        process.stdin.write(json.dumps({"id": name, "question": "who plays ruth"}) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == name
    process.stdin.close()
    process.stdout.close()
    assert process.wait() == 0


@pytest.mark.parametrize(
    "arguments",
    [["ask"], ["ask", "x", "--batch", "-"], ["nothing"], []],
    ids=["no question", "question and batch", "unknown command", "no command"],
)
def test_a_wrong_call_exits_with_2(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", "--batch", "none.jsonl"], "no such batch file"),
        (["ask", "--batch", "."], "a folder"),
        (["ask", "--knowledge", "none", "x"], "There is no folder none"),
        (["ask", "--book", "dune", "x"], "no book of that name"),
        (["ask", "--book", "../..", "x"], "no book of that name"),
    ],
)
def test_what_is_not_there_gets_one_line(arguments: list[str], told: str, capsys: Capture) -> None:
    assert main(arguments) == 1
    assert told in capsys.readouterr().err


def test_entries_and_prompts_list_all_there_is(book: Book, capsys: Capture) -> None:
    assert main(["entries", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in entries] == [entry.id for entry in book.entries]
    assert all({"id", "kind", "topic", "text", "reveals", "sources"} <= set(entry) for entry in entries)
    assert main(["prompts", "--json"]) == 0
    prompts = json.loads(capsys.readouterr().out)
    assert [prompt["text"] for prompt in prompts] == [prompt.question for prompt in book.prompts]
    assert main(["entries"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(book.entries)
    assert main(["prompts"]) == 0


def test_a_book_of_ones_own_is_asked(tmp_path: Path, capsys: Capture) -> None:
    """The smallest book: a title and a source, and one facts file; as a folder of books and as the book itself."""
    folder = tmp_path / "library" / "emma"
    folder.mkdir(parents=True)
    (folder / "book.yaml").write_text("title: Emma\nsources: [{id: essay, title: An essay}]\n")
    (folder / "facts.yaml").write_text(
        "- id: heroine\n  topic: The heroine\n  asks: [who is the heroine]\n  answer: Emma Woodhouse.\n  sources: [essay]\n"
    )
    for place in (folder.parent, folder):
        assert main(["ask", "--knowledge", str(place), "who is the heroine?"]) == 0
        assert "Emma Woodhouse." in capsys.readouterr().out


def test_of_several_books_one_must_be_chosen(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("emma", "persuasion"):
        folder = tmp_path / "library" / name
        folder.mkdir(parents=True)
        (folder / "book.yaml").write_text(f"title: {name}\nsources: [{{id: essay, title: An essay}}]\n")
        (folder / "facts.yaml").write_text(
            "- {id: x, topic: Topic, asks: [what], answer: That., sources: [essay]}\n"
        )
    root = str(tmp_path / "library")
    assert main(["ask", "--knowledge", root, "what"]) == 1
    assert "emma, persuasion" in capsys.readouterr().err
    monkeypatch.setenv("BOOKCLUB_BOOK", "persuasion")
    monkeypatch.setenv("BOOKCLUB_KNOWLEDGE", root)
    assert main(["ask", "what"]) == 0


def test_a_book_with_mistakes_is_not_asked(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "emma"
    folder.mkdir()
    (folder / "book.yaml").write_text("title: Emma\nsources: [{id: essay, title: An essay}]\n")
    (folder / "facts.yaml").write_text("- id: heroine\n  topik: The heroine\n")
    assert main(["ask", "--knowledge", str(folder), "who"]) == 1
    err = capsys.readouterr().err
    assert "facts.yaml:" in err
    assert "bookclub check" in err


def test_every_setting_is_in_the_example_and_loads(tmp_path: Path) -> None:
    from bot.settings import Settings, read_settings  # noqa: PLC0415

    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = {line.partition("=")[0] for line in example.splitlines() if line and not line.startswith("#")}
    assert named == {
        str(field.validation_alias or f"BOOKCLUB_{name}".upper())
        for name, field in Settings.model_fields.items()
    }
    (tmp_path / ".env").write_text(example + "UNKNOWN_KEY=1\n", encoding="utf-8")
    assert read_settings().book is None
    assert read_settings().knowledge is None
    assert read_settings().token is None


def test_a_database_url_leads_to_postgresql_and_is_shown_nowhere(tmp_path: Path) -> None:
    from bot.settings import read_settings  # noqa: PLC0415

    folder = tmp_path / "emma"
    folder.mkdir()
    (folder / "book.yaml").write_text("title: Emma\nsources: [{id: essay, title: An essay}]\n")
    (folder / "facts.yaml").write_text(
        "- {id: x, topic: Topic, asks: [what], answer: That., sources: [essay]}\n"
    )
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.not-a-token-that-anybody-was-ever-given"  # noqa: S105
    (tmp_path / ".env").write_text(
        f"DISCORD_TOKEN={token}\nDATABASE_URL=postgresql://me:hunter2@127.0.0.1:9/data\n", encoding="utf-8"
    )
    assert "hunter2" not in repr(read_settings())
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "run", "--knowledge", folder],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == (
        "PostgreSQL cannot be reached: look whether it runs, and compare host, port and sslmode in DATABASE_URL with it.\n"
    )
    assert done.returncode == 1
    assert "hunter2" not in done.stdout
    assert not (tmp_path / "data").exists()


def test_an_unreadable_env_file_is_told_plainly(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / ".env").write_bytes(b"BOOKCLUB_BOOK=\xff\xfe\n")
    assert main(["ask", "who plays kathy"]) == 1
    err = capsys.readouterr().err
    assert ".env" in err
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "entries", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.read(10)
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait()


@pytest.mark.parametrize("shard", ["4/4", "1", "a/b", "-1/2", "0/0", "1/99999"])
def test_a_share_that_there_is_not_is_refused(
    shard: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOOKCLUB_SHARD", shard)
    monkeypatch.setenv("DISCORD_TOKEN", "")
    assert main(["run"]) == 1
    assert "BOOKCLUB_SHARD" in capsys.readouterr().err
