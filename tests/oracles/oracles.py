"""Other people's parsers of Discord's markdown, run by Node: what each of them shows outside spoilers."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
INSTALL = "npm install --prefix tests/oracles --no-package-lock --no-audit --no-fund --silent"

PATIENCE = 120.0
"""Seconds for one batch: a parser that hangs must fail a test, not stop it for good."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one oracle finds in a text: outside spoilers (targets, code and ids too) and inside.

    Where its parser threw, `error` says how, and all of the text counts as outside.
    """

    oracle: str
    outside: str
    inside: str
    error: str = ""


def available() -> str | None:
    """Why the oracles cannot be asked here, as a reason to skip; None where they can."""
    if shutil.which("node") is None:
        return "Node is not installed, so no other parser of Discord's markdown can be asked."
    wanted: dict[str, str] = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    for package, version in wanted.items():
        installed = HERE / "node_modules" / package / "package.json"
        if not installed.exists() or json.loads(installed.read_text("utf-8"))["version"] != version:
            return f"{package} {version} is not installed: {INSTALL}"
    return None


def leaks(seen: Iterable[Seen], tokens: Iterable[str]) -> list[tuple[str, Seen]]:
    """Every token that stands outside a spoiler, with the oracle for which it does."""
    found = list(seen)
    return [(token, one) for token in tokens for one in found if token in one.outside]


class Oracles:
    """The parsers, in one Node process that lives as long as the `with` block."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            ["node", HERE / "oracles.cjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        self.names: tuple[str, ...] = tuple(json.loads(self._line()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.kill()
        self._node.communicate()

    def ask(self, texts: Sequence[str]) -> list[tuple[Seen, ...]]:
        """For each text, what each oracle makes of it. Fastest with a few thousand at a time."""
        if not texts:
            return []
        if self._node.stdin is None:
            raise OracleError
        # A text of its own may be half a surrogate pair; as ASCII it crosses the pipe whole.
        self._node.stdin.write(json.dumps({"texts": texts}) + "\n")
        self._node.stdin.flush()
        answers: list[list[list[str] | dict[str, str]]] = json.loads(self._line())
        return [
            tuple(
                Seen(name, text, "", one["error"]) if isinstance(one, dict) else Seen(name, one[0], one[1])
                for name, one in zip(self.names, answer, strict=True)
            )
            for text, answer in zip(texts, answers, strict=True)
        ]

    def _line(self) -> str:
        late = Timer(PATIENCE, self._node.kill)
        late.start()
        try:
            line = self._node.stdout.readline() if self._node.stdout else ""
        finally:
            late.cancel()
        if not line:
            raise OracleError
        return line


class OracleError(Exception):
    """Node ended, or gave no answer within `PATIENCE`; what it said stands on its standard error."""
