"""What moderators begin with: a new book that loads at once, with notes that teach, and the editors' schemas."""

import os
import re
import shutil
from contextlib import ExitStack
from importlib.resources import files
from json import dumps
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.book.entries import IDENTIFIER, Topic
from bot.content.library import SCHEMAS, LibraryError, prompts_of, refuse_shipped
from bot.content.problems import excerpt
from bot.content.reading import unfit
from bot.content.schema import schema_files
from bot.content.writing import add_file, beside, replace_file, write_new

_TEMPLATES = files("bot.content") / "new_book"
_FILES = ("book.yaml", "facts.yaml", "plot.yaml", "quotes.yaml", "views.yaml")
_TITLE: TypeAdapter[str] = TypeAdapter(Topic)


def outdated_schemas(root: Path) -> list[Path]:
    """The schemas of this folder of books that are missing, or other than the bot's models. Raises OSError."""
    return [path for path, data in _schemas(root).items() if not path.is_file() or _read(path) != data]


def write_schemas(root: Path) -> list[Path]:
    """Writes the schemas that are missing or outdated into this folder of books; which they were. Raises OSError."""
    outdated, schemas = outdated_schemas(root), _schemas(root)
    for path in outdated:
        path.parent.mkdir(exist_ok=True)
        replace_file(path, schemas[path])
    return outdated


def new_book(root: Path, slug: str, title: str | None) -> list[Path]:
    """Writes a book, its prompts and the schemas into a folder of books; which files that were.

    A folder that is not there is made. The book's own folder appears at once, whole, after all else. Raises
    LibraryError, in a sentence for the moderator, and then there is no new book; nothing is ever written over
    another book or its prompts.
    """
    _refuse_slug(slug)
    title = _usable(slug.replace("-", " ").title() if title is None else title)
    refuse_shipped(root)
    folder = root / slug
    prompts = prompts_of(folder)
    for there in (folder, prompts):
        if os.path.lexists(there):
            raise LibraryError(f"There is {there} already. Choose another name, or move it away.")
    try:
        root.mkdir(parents=True, exist_ok=True)
        schemas = write_schemas(root)
        prompts.parent.mkdir(exist_ok=True)
        _write_book(folder, prompts, title)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise LibraryError(
            f"The book cannot be written to {folder} ({reason}). Check the permissions there, or name another folder "
            "with --knowledge."
        ) from None
    return [*(folder / name for name in _FILES), prompts, *schemas]


def _write_book(folder: Path, prompts: Path, title: str) -> None:
    """The prompts, at which nobody looks before there is the book, then the folder by one rename. Raises OSError."""
    unfinished = beside(folder)
    unfinished.mkdir()
    try:
        for name in _FILES:
            write_new(unfinished / name, _template(name, '"THE TITLE"', dumps(title, ensure_ascii=False)))
        books = folder.resolve().parent.name
        add_file(prompts, _template("prompts.yaml", "../knowledge/", f"../{books}/"))
        with ExitStack() as undoing:
            undoing.callback(prompts.unlink)
            unfinished.rename(folder)
            undoing.pop_all()
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _template(name: str, what: str, by: str) -> bytes:
    return (_TEMPLATES / name).read_text(encoding="utf-8").replace(what, by).encode()


def _schemas(root: Path) -> dict[Path, bytes]:
    return {root / SCHEMAS / name: text.encode() for name, text in schema_files().items()}


def _read(path: Path) -> bytes:
    """What a file holds, however Git has checked out its line ends."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _refuse_slug(slug: str) -> None:
    if not re.fullmatch(IDENTIFIER, slug):
        raise LibraryError(
            f"{excerpt(slug)} is no name for a book's folder. Take up to 40 characters of a-z, 0-9 and -, beginning "
            "with a letter or digit, such as never-let-me-go."
        )
    if slug == SCHEMAS:
        raise LibraryError(
            f"No book can be called {slug}: the folder of that name is for editors. Choose another."
        )


def _usable(title: str) -> str:
    line = " ".join(title.split())
    try:
        if unfit(line) is None:
            return _TITLE.validate_python(line)
    except ValidationError:
        pass
    raise LibraryError("A title has 1 to 80 characters, all of them visible. Write another with --title.")
