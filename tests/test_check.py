"""`bookclub check` on mistakes and bombs: the right line, a fitting remedy, quickly, and the process lives."""

import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from bot.cli import main
from tests.conftest import ROOT

HEAD = "title: Emma\nmilestones:\n  - {id: volume-one, title: Volume One, spoiler_terms: [engagement]}\nsources:\n  - {id: essay, title: An essay}\n"
GOOD = """\
- id: emma
  topic: Who Emma is
  asks: [who is emma, emma woodhouse, the heroine, main character of the book, tell me of miss woodhouse]
  answer: Emma Woodhouse is the heroine.
  sources: [essay]
"""
ENTRY = "- id: emma\n  topic: Who Emma is\n  asks: [a]\n"


def book(root: Path, facts: str | bytes, head: str = HEAD, **files: str) -> Path:
    folder = root / "knowledge" / "emma"
    folder.mkdir(parents=True)
    (folder / "book.yaml").write_text(head, encoding="utf-8")
    (folder / "facts.yaml").write_bytes(
        facts if isinstance(facts, bytes) else facts.encode("utf-8", "surrogatepass")
    )
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder.parent


class Mistake(NamedTuple):
    facts: str | bytes
    line: int
    what: str
    remedy: str
    file: str = "facts.yaml"
    head: str = HEAD


def good(change: str, to: str) -> str:
    assert change in GOOD
    return GOOD.replace(change, to)


MISTAKES = {
    "tab indentation": Mistake(good("  topic", "\ttopic"), 2, "tab", "spaces"),
    "colon inside a text": Mistake(good("Who Emma is", "Emma: who she is"), 2, "colon inside", "double quotes"),
    "key out of line": Mistake(good("  answer:", "   answer:"), 4, "indented differently", "Line it up"),
    "colon forgotten": Mistake(good("answer: Emma", "answer Emma"), 4, "no colon", "key: text"),
    "quote never closed": Mistake(good("answer: Emma", 'answer: "Emma'), 4, "never closed", "same quote"),
    "apostrophe in single quotes": Mistake(good("Who Emma is", "'Emma's place'"), 2, "behind the closing quote", "twice"),
    "bracket never closed": Mistake(good("[essay]", "[essay"), 5, "not finished", "Close it"),
    "starts with @": Mistake(good("Who Emma", "@author"), 2, "cannot begin with @", "double quotes"),
    "starts with a backtick": Mistake(good("Who Emma", "`Emma`"), 2, "cannot begin with `", "double quotes"),
    "starts with bold": Mistake(good("Who Emma", "**Emma**"), 2, "*, & or !", "double quotes"),
    "starts with spoiler bars": Mistake(good("Emma Woodhouse is", "||Emma|| is"), 4, "| or >", "double quotes"),
    "backslash in double quotes": Mistake(good("Emma Woodhouse is the heroine.", '"C:\\qemma"'), 4, "backslash", "single quotes"),
    "hidden character by escape": Mistake(good("Emma Woodhouse is the heroine.", '"C:\\emma"'), 4, "U+001B", "type the text again"),
    "right-to-left by escape": Mistake(good("Who Emma is", '"Who \\u202eEmma is"'), 2, "U+202E", "type the text again"),
    "anchor": Mistake(good("Who Emma", "&who Emma"), 2, "anchor", "double quotes"),
    "alias": Mistake(good("Who Emma is", "*who"), 2, "alias", "double quotes"),
    "tag": Mistake(good("Who Emma", "!note Emma"), 2, "tag", "double quotes"),
    "merge key": Mistake(good("  topic", "  <<: {a: b}\n  topic"), 2, "merges", "Write the keys out"),
    "key twice": Mistake(good("  sources", "  topic: Again\n  sources"), 5, "twice (first on line 2)", "Keep one"),
    "second document": Mistake(GOOD + "---\n" + GOOD, 6, "second document", "delete the line"),
    "directive": Mistake("%TAG ! x\n" * 20_000, 1, "begins with %", "delete the line"),
    "list as a key": Mistake(good("  topic", "  ? [a]\n  : b\n  topic"), 2, "where a key should be", "plain key"),
    "misspelt key": Mistake(good("topic:", "topik:"), 2, 'no key "topik"', "Did you mean 'topic'?"),
    "look-alike letter in a key": Mistake(good("answer:", "аnswer:"), 4, "U+0430", "Type the key again"),
    "key missing": Mistake(good("  topic: Who Emma is\n", ""), 1, "topic is missing", "Add a line 'topic: ...'"),
    "text empty": Mistake(good("Emma Woodhouse is the heroine.", ""), 4, "empty", "Write a text"),
    "list where a text belongs": Mistake(good("Who Emma is", "[Who, Emma]"), 2, "should be a text", "double quotes"),
    "text where a list belongs": Mistake(good("[essay]", "essay"), 5, "should be a list", "each behind '- '"),
    "id with capitals": Mistake(good("id: emma", "id: Emma Woodhouse"), 1, "is no id", "a-z, 0-9 and -"),
    "topic too long": Mistake(good("Who Emma is", "Who " * 30), 2, "longer than 80", "Shorten"),
    "unknown medium": Mistake(GOOD + "  medium: opera\n", 6, "is no medium", "'film', 'novel' or 'both'"),
    "no source": Mistake(good("[essay]", "[]"), 5, "too few", "Add one"),
    "unknown source": Mistake(good("[essay]", "[esay]"), 5, 'no source "esay"', "Did you mean 'essay'?"),
    "unknown milestone": Mistake(GOOD + "  reveals: volume-two\n", 6, 'no milestone "volume-two"', "Did you mean 'volume-one'"),
    "layers out of order": Mistake(
        good("answer: Emma Woodhouse is the heroine.", "answer:\n    - reveals: volume-one\n      text: B.\n    - A."),
        7, "reveals less", "story order",
    ),
    "two milestones for one layer": Mistake(
        good("answer: Emma Woodhouse is the heroine.", "reveals: volume-one\n  answer:\n    - reveals: x\n      text: B."),
        4, "each name a milestone", "Keep one",
    ),
    "id twice": Mistake(GOOD + GOOD.replace("who is emma", "and who").replace("emma woodhouse,", ""), 6, "Two entries have the id", "of its own"),
    "not a list": Mistake("id: emma\n", 1, "should be a list", "'- id: ...'"),
    "empty file": Mistake("", 1, "empty", "delete it"),
    "invisible control": Mistake(good("Who Emma", "Who\x07 Emma"), 2, "U+0007", "Delete it"),
    "text that runs right to left": Mistake(good("Who Emma", "Who \u202eEmma"), 2, "U+202E", "Delete it"),
    "next-line character": Mistake(good("Who Emma", "Who\x85Emma"), 2, "U+0085", "Delete it"),
    "indented with no-break space": Mistake(good("  topic", "\u00a0\u00a0topic"), 2, "U+00A0", "ordinary spaces"),
    "Latin-1": Mistake(GOOD.replace("heroine", "héroïne").encode("latin-1"), 3, "not saved as UTF-8", "Save it again as UTF-8"),
    "UTF-16": Mistake(GOOD.encode("utf-16"), 1, "UTF-16", "UTF-8"),
    "lone surrogate": Mistake(good("Who Emma", "Who \ud800Emma"), 2, "not saved as UTF-8", "Save it again"),
    "binary": Mistake(bytes(range(256)) * 64, 1, "not a text file", "YAML file"),
    "50 MB": Mistake(b"# padding\n" * 5_000_000, 1, "larger than 1 MiB", "several files"),
    "aliases nine to the ninth": Mistake(
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)),
        1, "anchor", "double quotes",
    ),
    "merge-key bomb": Mistake(
        "a: &a {x: 1}\n" + "".join(f"{c}: &{c} {{<<: [{','.join(['*' + p] * 9)}]}}\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)),
        1, "anchor", "double quotes",
    ),
    "60,000 brackets": Mistake("[" * 60_000, 1, "12 deep", "brackets"),
    "60,000 dashes": Mistake("- " * 60_000, 1, "12 deep", "dashes"),
    "a list of itself": Mistake("- &a [*a]\n", 1, "anchor", "double quotes"),
    "300,000 items": Mistake("[" + "a," * 300_000 + "]", 1, "200,000", "several files"),
    "endless text": Mistake(good("Who Emma is", "x" * 500_000), 2, "20000 characters", "closing quote"),
    "100,000 bad entries": Mistake("- a\n" * 100_000, 1, "table of keys", "key: text"),
    "a megabyte of comment": Mistake("#" * 1_000_000, 1, "empty", "delete it"),
    "a million blank lines": Mistake("\n" * 1_000_000, 1, "empty", "delete it"),
    "book without title": Mistake(GOOD, 1, "title is missing", "Add a line", "book.yaml", HEAD.replace("title: Emma\n", "")),
    "book without source": Mistake(GOOD, 1, "sources is missing", "Add a line", "book.yaml", "title: Emma\n"),
    "chapters in words": Mistake(GOOD, 3, "is no", "such as 1-9", "book.yaml", HEAD.replace("id: volume-one,", "id: volume-one, chapters: one to nine,")),
    "misspelt key in a milestone": Mistake(GOOD, 3, 'no key "spoiler_term"', "Did you mean 'spoiler_terms'?", "book.yaml", HEAD.replace("spoiler_terms", "spoiler_term")),
    "misspelt key in a layer": Mistake(
        good("answer: Emma Woodhouse is the heroine.", "answer:\n    - revels: volume-one\n      text: A."),
        5, 'no key "revels"', "Did you mean 'reveals'?",
    ),
    "two milestones of one id": Mistake(GOOD, 4, "Two milestones", "Change one", "book.yaml", HEAD.replace("sources:", "  - {id: volume-one, title: Again}\nsources:")),
    # what the lint sees
    "comment swallows the text": Mistake(good("is the heroine", "is #1 here"), 4, '"#1 here." is lost', "double quotes"),
    "few asks": Mistake(good(", emma woodhouse, the heroine, main character of the book, tell me of miss woodhouse", ""), 3, "has 1 asks", "Add what a member"),
    "topic gives away": Mistake(good("Who Emma is", "Emma's engagement"), 2, '"engagement", which gives away Volume One', "give nothing away"),
    "text runs ahead": Mistake(good("the heroine.", "the heroine; an engagement follows."), 4, "gives away Volume One", "layer that reveals volume-one"),
    "ask twice": Mistake(
        GOOD + GOOD.replace("id: emma", "id: other").replace("emma woodhouse, the heroine, main character of the book, tell me of miss woodhouse", "b c, c d, d e, e f, f g"),
        8, "stands twice", "answers it best",
    ),
    "topic twice": Mistake(
        GOOD + GOOD.replace("id: emma", "id: other").replace("Who Emma is", "who emma is").replace("who is emma, emma woodhouse, the heroine, main character of the book, tell me of miss woodhouse", "b c, c d, d e, e f, f g"),
        7, "the same topic", "topic of its own",
    ),
    "ask finds another": Mistake(
        GOOD + "- id: other\n  topic: Box Hill\n  asks: [box hill, the picnic, outing in summer, excursion, who is emma woodhouse]\n  answer: A hill.\n  sources: [essay]\n",
        8, "nearer to emma", "move it there",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_is_named_on_its_line_with_a_remedy(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake = MISTAKES[name]
    root = book(tmp_path, mistake.facts, mistake.head)
    assert main(["check", str(root)]) == 1
    lines = capsys.readouterr().out.splitlines()
    wanted = [line for line in lines if f"{mistake.file}:{mistake.line}:" in line and mistake.what in line]
    assert wanted, lines[:5]
    assert mistake.remedy in wanted[0]


def test_a_good_book_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(book(tmp_path, GOOD))]) == 0
    assert "nothing wrong" in capsys.readouterr().out


def test_all_mistakes_of_a_book_are_reported_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = good("topic:", "topik:").replace("[essay]", "essay") + GOOD.replace("id: emma", "id: E").replace(
        "who is", "what is"
    )
    root = book(
        tmp_path, facts, HEAD, plot="- id: p\n  topic: T\n  asks: [x]\n  text: Y.\n  sources: [nobody]\n"
    )
    assert main(["check", str(root)]) == 1
    out = capsys.readouterr().out
    for part in ("facts.yaml:2:", "facts.yaml:5:", "facts.yaml:6:", "plot.yaml:1:", "plot.yaml:5:"):
        assert part in out


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
@pytest.mark.parametrize("name", [name for name, mistake in MISTAKES.items() if len(mistake.facts) > 50_000])
def test_no_bomb_costs_much(name: str, tmp_path: Path) -> None:
    """In a process of its own, which the system ends at ten seconds of processor time: never over 200 MB."""
    root = book(tmp_path, MISTAKES[name].facts)
    script = (
        "import sys, time\nfrom bot.cli import main\ncode = main(['check', sys.argv[1]])\n"
        "status = open('/proc/self/status').read()  # ru_maxrss would count the process that started this one\n"
        "print(status.partition('VmHWM:')[2].split()[0], time.process_time(), file=sys.stderr)\nsys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(root)],
        capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (10, 10)),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    kilobytes, seconds = done.stderr.split()[-2:]
    print(f"{name}: {int(kilobytes) // 1024} MB, {float(seconds):.2f} s with start-up")
    assert int(kilobytes) < 200 * 1024


def test_a_theme_is_no_longer_than_discord_offers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = book(tmp_path, GOOD)
    prompts = root.parent / "prompts"
    prompts.mkdir()
    (prompts / "emma.yaml").write_text(f"- id: p\n  question: Why?\n  theme: {'x' * 101}\n", encoding="utf-8")
    assert main(["check", str(root)]) == 1
    assert "emma.yaml:3:" in (out := capsys.readouterr().out)
    assert "longer than 100" in out


def test_missing_and_empty_folders_get_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "none")]) == 1
    assert "There is no folder" in capsys.readouterr().err
    assert main(["check", str(tmp_path)]) == 1
    assert "There is no book" in capsys.readouterr().err


def annotations(printed: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner makes of it (actions/runner, src/Runner.Common/ActionCommand.cs); other lines are only shown."""
    found = []
    for line in printed.splitlines():
        command = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        if command:
            properties = dict(part.split("=", 1) for part in command.group(2).split(","))
            for escaped, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
                properties = {key: value.replace(escaped, char) for key, value in properties.items()}
            message = command.group(3).replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
            found.append((command.group(1), properties, message))
    return found


def test_github_is_told_each_mistake_at_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """tmp_path is the working directory: see conftest."""
    root = book(tmp_path, good("topic:", "topik:").replace("[essay]", "essay"))
    assert main(["check", str(root)]) == 1
    text = capsys.readouterr()
    assert main(["check", "--format", "github", "knowledge"]) == 1
    printed = capsys.readouterr()
    assert printed.err == text.err == "3 to mend.\n"
    found = annotations(printed.out)
    assert len(found) == len(printed.out.splitlines()) == 3
    assert [f"{tmp_path}/{message}" for _, _, message in found] == text.out.splitlines()
    for command, properties, message in found:
        assert command == "error"
        assert list(properties) == ["file", "line", "col", "title"]
        assert properties["file"] == "knowledge/emma/facts.yaml"
        assert message.startswith("{file}:{line}:{col}: ".format(**properties))
        assert properties["title"] == "This keeps emma from being loaded"


def test_github_gets_advice_as_warnings_and_paths_with_odd_characters_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = book(
        tmp_path / "100%, or: so",
        good("[who is emma, ", "[100% sure: ").replace("[100% sure: ", '["100% of it?", '),
    )
    (root / "emma" / "a:b,c%0A.yaml").write_text("")
    prompts = root.parent / "prompts"
    prompts.mkdir()
    (prompts / "emma.yaml").write_text("- {id: p, question: The engagement?, theme: T}\n")
    assert main(["check", "--format=github", str(root)]) == 1
    out = capsys.readouterr().out
    found = annotations(out)
    assert len(found) == len(out.splitlines())
    assert {command for command, _, _ in found} == {"warning"}
    assert {properties["file"] for _, properties, _ in found} == {
        "100%, or: so/knowledge/emma/a:b,c%0A.yaml",
        "100%, or: so/prompts/emma.yaml",
    }
    assert {properties["title"] for _, properties, _ in found} == {"emma could be better"}


def test_a_good_book_is_nothing_to_github(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "github", str(book(tmp_path, GOOD))]) == 0
    assert annotations(out := capsys.readouterr().out) == []
    assert "nothing wrong" in out


def test_what_lies_outside_the_working_directory_keeps_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = book(tmp_path, good("topic:", "topik:"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["check", "--format", "github", str(root)]) == 1
    assert {properties["file"] for _, properties, _ in annotations(capsys.readouterr().out)} == {
        str(root / "emma" / "facts.yaml")
    }


def test_the_ready_workflow_runs_what_there_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workflow = yaml.load((ROOT / "docs" / "check-books.yml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
    (job,) = workflow["jobs"].values()
    *_, install, check = (step["run"].split() for step in job["steps"] if "run" in step)
    assert install[:2] == ["pip", "install"]
    assert check[0] == "bookclub"
    book(tmp_path, good("topic:", "topik:"))
    assert main(check[1:]) == 1
    assert capsys.readouterr().out.startswith("::error file=knowledge/emma/facts.yaml,line=")
