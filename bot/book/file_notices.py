"""What moderators have to know of their book's files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem: the file's name, the line, and what is wrong and what to do, which may quote the file."""

    file: str
    line: int
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The files have errors; the bot goes on with the book as it was. `more` are not told."""

    faults: tuple[Fault, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The files have far fewer entries (or prompts, names: see `what`) than before; the bot waits for somebody's word.

    `state` names what it saw.
    """

    before: int
    after: int
    state: str
    what: str = "entries"


@dataclass(frozen=True, slots=True)
class Failed:
    """The files could not be made ready: it took too long, or too much memory."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The book's files are gone; the bot goes on with the book as it was."""


@dataclass(frozen=True, slots=True)
class Mended:
    """The files are in order again, and live."""

    entries: int


FileNotice = Broken | Shrunk | Failed | Missing | Mended
