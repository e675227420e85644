"""The rooms of the house and who may import whom: design of the project, README 'The rooms'."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"

MAY_IMPORT = {
    "book": {"pydantic", "pydantic_core"},
    "answering": {"book", "numpy", "rapidfuzz", "snowballstemmer"},
    "content": {"book", "answering", "yaml", "pydantic", "pydantic_core"},
    "replies": {"book", "answering"},
    "club": {"book", "answering", "content"},
    "store": {"book", "club", "aiosqlite", "alembic", "asyncpg", "sqlalchemy"},
    "discord_app": {"book", "club", "replies", "discord", "aiohttp"},
    "demo": {"book", "answering", "club", "replies", "rich"},
}
TOP = {
    "book",
    "answering",
    "content",
    "replies",
    "club",
    "demo",
    "discord_app",
    "store",
    "app",
    "authoring",
    "offline",
    "preparing",
    "settings",
    "timetable",
    "pydantic",
    "pydantic_settings",
}


def imports(path: Path) -> Iterator[str]:
    """The rooms and packages that a file imports, the standard library left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = (
                [f"bot.{alias.name}" for alias in node.names] if node.module == "bot" else [node.module or ""]
            )
        for name in names:
            parts = name.split(".")
            top = parts[1] if parts[0] == "bot" else parts[0]
            if top not in sys.stdlib_module_names:
                yield top


@pytest.mark.parametrize("path", sorted(BOT.rglob("*.py")), ids=lambda path: str(path.relative_to(BOT)))
def test_every_file_imports_only_what_its_room_may(path: Path) -> None:
    room = path.relative_to(BOT).parts[0]
    allowed = MAY_IMPORT[room] | {room} if room in MAY_IMPORT else TOP
    assert set(imports(path)) <= allowed


def test_the_store_knows_of_the_club_only_what_it_has_to_fill() -> None:
    for path in (BOT / "store").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot.club"):
                assert node.module == "bot.club.ports", path


def test_every_room_is_known() -> None:
    assert {path.name for path in BOT.iterdir() if path.is_dir() and (path / "__init__.py").exists()} == set(
        MAY_IMPORT
    )


@pytest.mark.parametrize("command", ["ask", "entries", "prompts", "demo", "schema"])
def test_no_offline_command_loads_discord_or_a_database(command: str, tiny: Path) -> None:
    arguments = {"ask": ["ask", "who plays kathy"], "schema": ["schema", "--check"]}.get(command, [command])
    script = (
        "import sys\nfrom bot.cli import main\nmain(sys.argv[1:])\n"
        "print([name for name in ('discord', 'aiohttp', 'sqlalchemy', 'alembic') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments, "--knowledge", str(tiny)],
        capture_output=True,
        text=True,
        check=True,
        input="",
        cwd=BOT.parent,
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_only_replies_writes_spoiler_bars() -> None:
    writers = {
        path.relative_to(BOT).parts[0]
        for path in BOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "||" in node.value
        # lint looks for bars in what moderators write; a docstring may speak of them
        if path.name != "lint.py"
    }
    assert writers <= {"replies"}
