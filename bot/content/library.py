"""Where books lie: the shipped ones, or a folder that the host names."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bot.content.loading import Loaded, load_book
from bot.content.problems import START, Problem

_CHECKOUT = Path(__file__).resolve().parents[2]


class LibraryError(Exception):
    """No book can be had; the sentence says why and what to do."""


@dataclass(frozen=True)
class Place:
    """One book's folder and its prompts file."""

    folder: Path
    prompts: Path


def shipped() -> Path:
    """The knowledge folder that comes with the bot: inside an installed wheel, or of the checkout."""
    packaged = Path(str(files("bot") / "shipped" / "knowledge"))
    return packaged if packaged.is_dir() else _CHECKOUT / "knowledge"


def places(root: Path) -> list[Place]:
    """The books under a knowledge folder, or the one book whose folder it is, by name.

    Prompts lie in `prompts/` beside the knowledge folder, one file a book. Raises LibraryError where the folder
    is missing or holds no book.
    """
    try:
        if not root.is_dir():
            raise LibraryError(f"There is no folder {root}. Name the folder that holds your books.")
        if (root / "book.yaml").exists() or any(root.glob("facts*.yaml")):
            absolute = root.resolve()
            return [Place(root, absolute.parent.parent / "prompts" / f"{absolute.name}.yaml")]
        folders = sorted(
            path
            for path in root.iterdir()
            if path.is_dir() and not path.name.startswith((".", "_")) and any(path.glob("*.yaml"))
        )
    except OSError as error:
        raise LibraryError(
            f"The folder {root} cannot be read ({error.strerror}). Check its permissions."
        ) from None
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
