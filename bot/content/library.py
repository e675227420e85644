"""Where books lie: the shipped ones, or a folder that the host names."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bot.content.loading import Loaded, load_book
from bot.content.problems import START, Problem

SCHEMAS = "schema"
"""The folder beside the books that holds what editors are told of them; no book can have this name."""

_CHECKOUT = Path(__file__).resolve().parents[2]
_PACKAGED = Path(str(files("bot") / "shipped" / "knowledge"))


class LibraryError(Exception):
    """No book can be had; the sentence says why and what to do."""


@dataclass(frozen=True)
class Place:
    """One book's folder and its prompts file."""

    folder: Path
    prompts: Path


def shipped() -> Path:
    """The knowledge folder that comes with the bot: inside an installed wheel, or of the checkout."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT / "knowledge"


def books_folder(root: Path | None) -> Path:
    """The folder of books that is meant: above a folder that is one book's; None: the shipped one.

    It need not be there yet. Raises LibraryError where it is no folder.
    """
    chosen = root or shipped()
    try:
        if chosen.exists() and not chosen.is_dir():
            raise LibraryError(f"{chosen} is not a folder. Name the folder that holds your books.")
        return chosen.resolve().parent if _is_book(chosen) else chosen
    except OSError as error:
        raise _unreadable(chosen, error) from None


def refuse_shipped(folder: Path) -> None:
    """Raises LibraryError where the folder lies inside the installed bot: the next installation would empty it."""
    if folder.resolve().is_relative_to(_PACKAGED.resolve()):
        raise LibraryError(
            "The books that come with the bot lie inside its installation, where nothing of yours is safe. Set "
            "BOOKCLUB_KNOWLEDGE to a folder of your own, or name one with --knowledge."
        )


def prompts_of(folder: Path) -> Path:
    """The prompts of the book in this folder, or where they would lie."""
    absolute = folder.resolve()
    return absolute.parent.parent / "prompts" / f"{absolute.name}.yaml"


def places(root: Path) -> list[Place]:
    """The books under a knowledge folder, or the one book whose folder it is, by name.

    Prompts lie in `prompts/` beside the knowledge folder, one file a book. Raises LibraryError where the folder
    is missing or holds no book.
    """
    try:
        if not root.is_dir():
            raise LibraryError(f"There is no folder {root}. Name the folder that holds your books.")
        if _is_book(root):
            return [Place(root, prompts_of(root))]
        folders = sorted(
            path
            for path in root.iterdir()
            if path.is_dir()
            and path.name != SCHEMAS
            and not path.name.startswith((".", "_"))
            and any(path.glob("*.yaml"))
        )
    except OSError as error:
        raise _unreadable(root, error) from None
    if not folders:
        raise LibraryError(f"There is no book in {root}. A book is a folder with a book.yaml in it.")
    return [Place(folder, root.resolve().parent / "prompts" / f"{folder.name}.yaml") for folder in folders]


def load_all(root: Path) -> Iterator[Loaded]:
    """Every book under a knowledge folder. Raises LibraryError as `places` does."""
    for place in places(root):
        yield load_place(place)


def load_place(place: Place) -> Loaded:
    """One book. A folder that cannot be listed is a problem like any other."""
    try:
        return load_book(place.folder, place.prompts)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        problem = Problem(
            str(place.folder),
            START,
            f"The folder cannot be read ({reason}).",
            "Check that the bot may read it.",
        )
        return Loaded(place.folder.name, None, None, (), (), (problem,))


def _is_book(folder: Path) -> bool:
    return (folder / "book.yaml").exists() or any(folder.glob("facts*.yaml"))


def _unreadable(folder: Path, error: OSError) -> LibraryError:
    return LibraryError(f"The folder {folder} cannot be read ({error.strerror}). Check its permissions.")
