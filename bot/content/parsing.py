"""YAML text -> nodes, by libyaml's events alone.

No object is built by YAML, so nothing is guessed (`19:00`, `no`, `010` stay text) and nothing can explode: there
are no anchors, aliases, tags or merge keys, and the first limit that is met ends the reading (design.md section 3).
"""

import re
from dataclasses import dataclass, field

import yaml

from bot.content.nodes import Items, Node, Table, Text
from bot.content.problems import PROBLEMS_A_FILE, START, Mark, Problem, excerpt
from bot.content.reading import lines_of, unfit
from bot.content.syntax import explain, mark_of

MAX_DEPTH = 12
MAX_NODES = 200_000
MAX_TEXT = 20_000

_Events = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_QUOTE_IT = "Put the whole text in double quotes."
_SWALLOWED = re.compile(r"[ \t]+(#\S.*)")


@dataclass(frozen=True)
class Parsed:
    """What a text holds. `node` is None when it is empty or could not be read to its end."""

    node: Node | None
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Open:
    """A list or table that has begun and not ended."""

    mark: Mark
    is_table: bool
    nodes: list[Node] = field(default_factory=list)
    values: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)
    key: str | None = None
    skip_value: bool = False

    def close(self) -> Node:
        return (
            Table(self.values, self.keys, self.mark) if self.is_table else Items(tuple(self.nodes), self.mark)
        )


class _StopError(Exception):
    """Reading ends here; the problem has been noted."""


def parse(text: str, shown_as: str) -> Parsed:
    """The nodes of one YAML document, with every problem that can be told apart in it. Raises nothing."""
    builder = _Builder(shown_as, lines_of(text))
    loader = _Events(text)
    try:
        while builder.take(loader.get_event()):
            pass
    except yaml.MarkedYAMLError as error:
        builder.note(*explain(error, builder.lines))
        builder.root = None
    except yaml.YAMLError:
        builder.note(START, "The file is not YAML.", "Compare it with a file that works.")
        builder.root = None
    except _StopError:
        builder.root = None
    finally:
        loader.dispose()
    return Parsed(builder.root, tuple(builder.problems))


class _Builder:
    """Puts events together. Depth lives on a list, not on Python's stack."""

    def __init__(self, shown_as: str, lines: list[str]) -> None:
        self.shown_as = shown_as
        self.lines = lines
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._stack: list[_Open] = []
        self._nodes = 0
        self._documents = 0

    def note(self, mark: Mark, what: str, remedy: str, *, warning: bool = False) -> None:
        self.problems.append(Problem(self.shown_as, mark, what, remedy, "warning" if warning else "error"))
        if len(self.problems) >= PROBLEMS_A_FILE:
            raise _StopError

    def stop(self, mark: Mark, what: str, remedy: str) -> None:
        self.note(mark, what, remedy)
        raise _StopError

    def take(self, event: yaml.Event) -> bool:
        """Adds one event; False after the last."""
        mark = mark_of(event.start_mark)
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, mark)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._refuse_properties(event, mark)
                self._count(mark)
                if len(self._stack) >= MAX_DEPTH:
                    self.stop(
                        mark,
                        f"Lists are nested more than {MAX_DEPTH} deep.",
                        "Take out the surplus brackets or dashes.",
                    )
                self._stack.append(_Open(mark, isinstance(event, yaml.MappingStartEvent)))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._add(self._stack.pop().close())
            case yaml.AliasEvent():
                self.note(mark, "A text that begins with * is an alias, which is not allowed.", _QUOTE_IT)
                self._add(Text("", mark))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self.stop(
                        mark,
                        "A second document begins here (---).",
                        "Keep one list in a file: delete the line.",
                    )
            case _:
                return not isinstance(event, yaml.StreamEndEvent)
        return True

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        self._refuse_properties(event, mark)
        self._count(mark)
        if len(event.value) > MAX_TEXT:
            self.stop(
                mark,
                f"A text has more than {MAX_TEXT} characters.",
                "Look for a missing closing quote, or shorten it.",
            )
        if hidden := unfit(event.value):
            self.note(
                mark,
                f"The text holds an invisible character ({hidden}).",
                "Delete it and type the text again.",
            )
        if not event.style:  # plain: None from the Python scanner, "" from libyaml
            self._lint_comment(event)
        self._add(Text(event.value, mark))

    def _lint_comment(self, event: yaml.ScalarEvent) -> None:
        end = mark_of(event.end_mark)
        line = self.lines[end.line - 1] if end.line <= len(self.lines) else ""
        lost = _SWALLOWED.match(line, end.column - 1)
        if lost:
            self.note(
                Mark(end.line, lost.start(1) + 1),
                f"YAML drops everything behind ' #': {excerpt(lost.group(1))} is lost.",
                "Put the whole text in double quotes; if it is a comment, put a space behind the #.",
                warning=True,
            )

    def _refuse_properties(
        self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent, mark: Mark
    ) -> None:
        if event.anchor is not None:
            self.note(mark, "A text that begins with & is an anchor, which is not allowed.", _QUOTE_IT)
        if event.tag is not None:
            self.note(mark, "A text that begins with ! is a tag, which is not allowed.", _QUOTE_IT)

    def _count(self, mark: Mark) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self.stop(mark, f"The file holds more than {MAX_NODES:,} texts.", "Spread it over several files.")

    def _add(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        if not parent.is_table:
            parent.nodes.append(node)
        elif parent.key is None:
            self._begin_pair(parent, node)
        else:
            if not parent.skip_value:
                parent.values[parent.key] = node
            parent.key = None

    def _begin_pair(self, parent: _Open, node: Node) -> None:
        """Takes a key. A bad one is noted and its value dropped, so that the rest is still checked."""
        parent.skip_value = True
        match node:
            case Text("<<", mark):
                self.note(
                    mark, "<< merges one table into another, which is not allowed.", "Write the keys out."
                )
                parent.key = "<<"
            case Text(value, mark) if value in parent.keys:
                first = parent.keys[value].line
                self.note(
                    mark,
                    f"The key {excerpt(value)} is here twice (first on line {first}).",
                    "Keep one of them; for a new entry, begin a line with '- id:'.",
                )
                parent.key = value
            case Text(value, mark):
                parent.key, parent.skip_value = value, False
                parent.keys[value] = mark
            case Items(_, mark) | Table(_, _, mark):
                self.note(
                    mark, "A list or table stands where a key should be.", f"Write a plain key. {_QUOTE_IT}"
                )
                parent.key = ""
