"""The editors' schemas: current, true to what the loader takes, and with help beside every key."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.cli import main
from bot.content.library import load_all, places
from bot.content.nodes import plain
from bot.content.parsing import parse
from bot.content.schema import schema_files
from tests.conftest import ROOT

Capture = pytest.CaptureFixture[str]

SHIPPED = [*sorted((ROOT / "knowledge").rglob("*.yaml")), *sorted((ROOT / "prompts").glob("*.yaml"))]
SCHEMAS = {name.partition(".")[0]: json.loads(text) for name, text in schema_files().items()}
VALIDATORS = {kind: Draft7Validator(schema) for kind, schema in SCHEMAS.items()}


class Editor(yaml.SafeLoader):
    """YAML as editors read it, by version 1.2: numbers, true and false, null; `no` and dates are texts."""


Editor.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), list(first))


def as_editor(text: str) -> Any:  # noqa: ANN401 - whatever stands there
    return yaml.load(text, Editor)  # noqa: S506 - a safe loader


def kind_of(path: Path) -> str:
    return "prompts" if path.parent.name == "prompts" else path.stem.partition("-")[0]


def test_the_written_schemas_are_current() -> None:
    assert main(["schema", "--check", "--knowledge", str(ROOT / "knowledge")]) == 0


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_one_of_draft_7(kind: str) -> None:
    assert SCHEMAS[kind]["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(SCHEMAS[kind])
    assert "$ref" not in json.dumps(SCHEMAS[kind])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_file_names_its_schema_and_keeps_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named
    schema = (path.parent / named.group(1)).resolve()
    assert schema == ROOT / "knowledge" / "schema" / f"{kind_of(path)}.schema.json"
    validator = Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
    node = parse(text, path.name).node
    assert node
    for read in (plain(node), as_editor(text)):
        assert [error.message for error in validator.iter_errors(read)] == []


def keys(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, of_key in schema.get("properties", {}).items():
        yield key, of_key
        yield from keys(of_key)
    for inner in (*schema.get("anyOf", ()), *filter(None, [schema.get("items")])):
        yield from keys(inner)


def test_every_key_has_help_and_none_is_technical() -> None:
    for schema in SCHEMAS.values():
        assert schema["description"]
        for key, of_key in keys(schema):
            assert of_key["description"].endswith("."), key
            assert key not in {"kind", "pieces"}


class Mistake(NamedTuple):
    file: str
    text: str


HEAD = "title: Emma\nmilestones: [{id: volume-one, title: Volume One}]\nsources: [{id: essay, title: An essay}]\naspects: [{id: style, title: Style}]\n"
FACT = "- id: emma\n  topic: Who Emma is\n  asks: [who is emma]\n  answer: The heroine.\n  sources: [essay]\n"
QUOTE = "- {id: q, topic: T, quote: Words., said_by: Emma, sources: [essay]}\n"
VIEW = "- {id: v, topic: T, view: Fine., by: Ann, about: style, sources: [essay]}\n"
PROMPT = "- {id: p, question: Why so, theme: Reasons}\n"
MISTAKES = {
    "misspelt key": Mistake("facts", FACT.replace("topic:", "topik:")),
    "key of another kind": Mistake("facts", FACT.replace("answer:", "text:")),
    "key left out": Mistake("facts", FACT.replace("  topic: Who Emma is\n", "")),
    "no sources": Mistake("facts", FACT.replace("[essay]", "[]")),
    "text where a list belongs": Mistake("facts", FACT.replace("[essay]", "essay")),
    "list where a text belongs": Mistake("facts", FACT.replace("Who Emma is", "[Who, Emma]")),
    "table where a text belongs": Mistake("facts", FACT.replace("Who Emma is", "{Emma: who she is}")),
    "id with capitals and spaces": Mistake("facts", FACT.replace("id: emma", "id: Emma Woodhouse")),
    "negative id": Mistake("facts", FACT.replace("id: emma", "id: -1")),
    "topic too long": Mistake("facts", FACT.replace("Who Emma is", "Who " * 30)),
    "answer left empty": Mistake("facts", FACT.replace(" The heroine.", "")),
    "answer without layers": Mistake("facts", FACT.replace("The heroine.", "[]")),
    "unknown medium": Mistake("facts", FACT + "  medium: opera\n"),
    "ask of a paragraph": Mistake("facts", FACT.replace("[who is emma]", f"[{'who ' * 60}]")),
    "misspelt key in a layer": Mistake("facts", FACT.replace("The heroine.", "[{revels: volume-one, text: A.}]")),
    "layer without text": Mistake("facts", FACT.replace("The heroine.", "[{reveals: volume-one}]")),
    "no list": Mistake("facts", FACT.replace("- id", "  id")),
    "quote of nobody": Mistake("quotes", QUOTE.replace("said_by: Emma, ", "")),
    "plot point with an answer": Mistake("plot", FACT),
    "view about nothing": Mistake("views", VIEW.replace("about: style, ", "")),
    "theme left empty": Mistake("prompts", PROMPT.replace("Reasons", "")),
    "poll of one": Mistake("prompts", PROMPT.replace("Reasons", "Reasons, poll: [Yes]")),
    "question too long": Mistake("prompts", PROMPT.replace("Why so", "Why so " * 70)),
    "no title": Mistake("book", HEAD.replace("title: Emma\n", "")),
    "no source in the book": Mistake("book", HEAD.replace("[{id: essay, title: An essay}]", "[]")),
    "chapters in words": Mistake("book", HEAD.replace("title: Volume One", "title: Volume One, chapters: one to nine")),
    "date in words": Mistake("book", HEAD.replace("title: An essay", "title: An essay, date: May 2011")),
    "misspelt key in a milestone": Mistake("book", HEAD.replace("title: Volume One", "title: Volume One, spoiler_term: [x]")),
    "question without text": Mistake("unanswered", "- \n"),
    "questions by name": Mistake("unanswered", "awards: did it win any\n"),
}  # fmt: skip


def book(root: Path, file: str, text: str) -> Path:
    files = {"book": HEAD, "facts": FACT} | {file: text}
    folder = root / "knowledge" / "emma"
    for name, content in files.items():
        path = root / "prompts" / "emma.yaml" if name == "prompts" else folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder.parent


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_by_the_editor_and_by_the_loader(name: str, tmp_path: Path) -> None:
    mistake = MISTAKES[name]
    assert not VALIDATORS[mistake.file].is_valid(as_editor(mistake.text))
    (loaded,) = load_all(book(tmp_path, *mistake))
    assert loaded.book is None


FINE = {
    "a year for a title": Mistake("book", HEAD.replace("title: Emma", "title: 1984")),
    "a number for a title": Mistake("book", HEAD.replace("title: Emma", "title: 9.5")),
    "a truth value for a title": Mistake("book", HEAD.replace("title: Emma", "title: True")),
    "dates and chapters": Mistake(
        "book",
        HEAD.replace("An essay}", "An essay, date: 2011}, {id: b, title: B, date: 2011-02-21}").replace(
            "title: Volume One", "title: Volume One, chapters: 5"
        ),
    ),
    "what looks like something else": Mistake(
        "facts", FACT.replace("id: emma", "id: 1984").replace("[who is emma]", "[no, on, 12:30, 1984, 1.5, -3, false, 0x1F]")
    ),
    "a layer alone": Mistake("facts", FACT.replace("The heroine.", "{reveals: volume-one, text: 1815}")),
    "layers of both shapes": Mistake("facts", FACT.replace("The heroine.", "[First., 2, {reveals: volume-one, text: Then.}]")),
    "an entry's own reveals": Mistake("facts", FACT + "  reveals: volume-one\n"),
    "a plot point": Mistake("plot", "- {id: x, topic: T, reveals: volume-one, text: It ends., sources: [essay]}\n"),
    "a quote": Mistake("quotes", QUOTE.replace("said_by", "where: 12, said_by")),
    "a view": Mistake("views", VIEW),
    "a poll": Mistake("prompts", PROMPT.replace("Reasons", "Reasons, milestone: volume-one, poll: [true, no, 3], entries: [emma]")),
    "questions": Mistake("unanswered", "- did it win\n- 1984\n- yes\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_what_the_loader_takes_the_editor_takes(name: str, tmp_path: Path) -> None:
    fine = FINE[name]
    assert [error.message for error in VALIDATORS[fine.file].iter_errors(as_editor(fine.text))] == []
    (loaded,) = load_all(book(tmp_path, *fine))
    assert loaded.book is not None, loaded.problems


def test_schemas_are_written_beside_the_books_and_only_where_they_differ(
    tmp_path: Path, capsys: Capture
) -> None:
    root = book(tmp_path, "facts", FACT)
    schemas = root / "schema"
    assert main(["schema", "--check", "--knowledge", str(root)]) == 1
    assert "facts.schema.json is missing or out of date." in capsys.readouterr().out
    assert not schemas.exists()
    assert main(["schema", "--knowledge", str(root / "emma")]) == 0, (
        "one book's folder means the one above it"
    )
    assert capsys.readouterr().out.count("Written: ") == len(SCHEMAS)
    assert {path.name for path in schemas.iterdir()} == set(schema_files())
    (schemas / "plot.schema.json").write_text("{}")
    crlf = schemas / "book.schema.json"
    crlf.write_bytes(crlf.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["schema", "--check", "--knowledge", str(root)]) == 1
    assert re.findall(r"(\w+)\.schema", capsys.readouterr().out) == ["plot"]
    assert main(["schema", "--knowledge", str(root)]) == 0
    assert main(["schema", "--check", "--knowledge", str(root)]) == 0
    assert "up to date" in capsys.readouterr().out


def test_the_schemas_are_no_book(tmp_path: Path) -> None:
    root = book(tmp_path, "facts", FACT)
    assert main(["schema", "--knowledge", str(root)]) == 0
    (root / "schema" / "notes.yaml").write_text("- a note\n")
    assert [place.folder.name for place in places(root)] == ["emma"]


def test_schemas_that_cannot_be_written_are_told_in_one_line(tmp_path: Path, capsys: Capture) -> None:
    root = book(tmp_path, "facts", FACT)
    assert main(["schema", "--knowledge", str(tmp_path / "none")]) == 1
    assert "There is no folder" in capsys.readouterr().err
    assert main(["schema", "--knowledge", str(root / "emma" / "facts.yaml")]) == 1
    assert "is not a folder" in capsys.readouterr().err
    (root / "schema").write_text("in the way")
    assert main(["schema", "--knowledge", str(root)]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert (root / "schema").read_text() == "in the way"
