"""What the pages in docs/ name is there: commands, options, buttons, files and pictures."""

import json
import re
from pathlib import Path

import pytest

from bot.cli import main
from tests.conftest import ROOT

DOCS = sorted((ROOT / "docs").glob("*.md"))
MANIFEST = json.loads((ROOT / "tests" / "discord" / "manifest.json").read_text(encoding="utf-8"))
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))


def commands() -> set[str]:
    """Every command and each of its options, as people write them: "knowledge edit", "setup misses"."""
    found: set[str] = set()

    def walk(name: str, options: list[dict[str, object]]) -> None:
        found.add(name)
        for option in options:
            below = option.get("options")
            walk(f"{name} {option['name']}", below if isinstance(below, list) else [])

    for command in MANIFEST:
        walk(command["name"], command.get("options", []))
    return found


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    known = commands()
    for named in re.findall(r"`/([a-z]+(?: [a-z]+)?)", page.read_text(encoding="utf-8")):
        assert named in known or named.split()[0] in known, named
        first, _, second = named.partition(" ")
        if first in {"knowledge", "schedule", "privacy", "setup"} and second:
            assert named in known, named


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_program_that_a_page_names_is_there(page: Path) -> None:
    for named in set(re.findall(r"`bookclub ([a-z]+)", page.read_text(encoding="utf-8"))):
        with pytest.raises(SystemExit) as ended:
            main([named, "--help"])
        assert ended.value.code == 0, named


@pytest.mark.parametrize("page", [ROOT / "docs" / "editing-the-knowledge.md"], ids=["editing"])
def test_every_button_that_the_moderators_page_names_is_there(page: Path) -> None:
    text = " ".join(page.read_text(encoding="utf-8").split())
    named = set(re.findall(r"\*\*([A-Z][a-z]+(?: [a-z]+)*)\*\*", text))
    assert {"Save", "Change", "Add an answer", "Save mine over it", "Write the entry", "Take it"} <= named
    for label in named:
        assert f'"{label}"' in SOURCES, label


@pytest.mark.parametrize("page", [*DOCS, ROOT / "README.md"], ids=lambda page: page.name)
def test_every_file_that_a_page_leads_to_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            found = (page.parent / target).resolve()
            assert found.exists(), target
            assert found.suffix != ".png" or found.stat().st_size < 100_000, target
