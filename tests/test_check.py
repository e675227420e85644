"""`bookclub check` on mistakes and bombs: the right line, a fitting remedy, quickly, and the process lives."""

import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.cli import main
from tests.conftest import ROOT
from tests.hostile_files import ADVICE, GOOD, HOSTILE, good, write_book

MISTAKES = HOSTILE | ADVICE


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_is_named_on_its_line_with_a_remedy(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake = MISTAKES[name]
    root = write_book(tmp_path, mistake.data, mistake.file)
    assert main(["check", str(root)]) == 1
    lines = capsys.readouterr().out.splitlines()
    wanted = [
        line
        for line in lines
        if f"{Path(mistake.file).name}:{mistake.line}:" in line and mistake.what in line
    ]
    assert wanted, lines[:5]
    assert mistake.remedy in wanted[0]


def test_a_good_book_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write_book(tmp_path, GOOD))]) == 0
    assert "nothing wrong" in capsys.readouterr().out


def test_all_mistakes_of_a_book_are_reported_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = good("topic:", "topik:").replace("[essay]", "essay") + GOOD.replace("id: emma", "id: E").replace(
        "who is", "what is"
    )
    root = write_book(tmp_path, facts)
    plot = "- id: p\n  topic: T\n  asks: [x]\n  text: Y.\n  sources: [nobody]\n"
    (root / "emma" / "plot.yaml").write_text(plot, encoding="utf-8")
    assert main(["check", str(root)]) == 1
    out = capsys.readouterr().out
    for part in ("facts.yaml:2:", "facts.yaml:5:", "facts.yaml:6:", "plot.yaml:1:", "plot.yaml:5:"):
        assert part in out


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
@pytest.mark.parametrize("name", [name for name, mistake in MISTAKES.items() if len(mistake.data) > 50_000])
def test_no_bomb_costs_much(name: str, tmp_path: Path) -> None:
    """In a process of its own, which the system ends at ten seconds of processor time: never over 200 MB."""
    root = write_book(tmp_path, MISTAKES[name].data)
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
    root = write_book(tmp_path, GOOD)
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
    root = write_book(tmp_path, good("topic:", "topik:").replace("[essay]", "essay"))
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
    root = write_book(
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
    assert main(["check", "--format", "github", str(write_book(tmp_path, GOOD))]) == 0
    assert annotations(out := capsys.readouterr().out) == []
    assert "nothing wrong" in out


def test_what_lies_outside_the_working_directory_keeps_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_book(tmp_path, good("topic:", "topik:"))
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
    write_book(tmp_path, good("topic:", "topik:"))
    assert main(check[1:]) == 1
    assert capsys.readouterr().out.startswith("::error file=knowledge/emma/facts.yaml,line=")
