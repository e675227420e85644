"""Whether the files of books have changed, and have come to rest.

Editors save in place, and most files read in between are valid YAML with entries missing (reliability: 2,044 of 2,051 torn
files); so a state counts only when two looks in a row find it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from bot.content.library import LibraryError, Place, places
from bot.content.reading import MAX_BYTES


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file was at one look: its size in bytes, when it was last written (ns), and a hash of what stands in it.

    An empty hash: it could not be read, or is larger than the loader takes. `seen_twice`: two looks have read this.
    """

    size: int
    written: int
    digest: str
    seen_twice: bool = field(default=False, compare=False)


State = Mapping[str, FileState]
"""All files of one book by their paths."""


@dataclass(frozen=True, slots=True)
class Look:
    """All books at one moment, by their slugs. `trouble` is set where they could not be listed."""

    books: Mapping[str, tuple[Place, State]] = field(default_factory=dict)
    trouble: str | None = None


def look(root: Path, slug: str | None, before: Look) -> Look:
    """The books under a knowledge folder, or (`slug`) the one of that name, with the states of their files.

    A file that two looks have read is not read again for as long as it is as long and as old: some disks count time in
    whole seconds, in which a file may be written twice.
    """
    try:
        found = places(root)
    except LibraryError as error:
        return Look(trouble=str(error))
    return Look(
        {
            name: (place, _state(place, before.books[name][1] if name in before.books else {}))
            for place in found
            if (name := place.folder.resolve().name) and slug in {None, name}
        }
    )


def at_rest(before: Look, now: Look, known: Mapping[str, State]) -> Iterator[str]:
    """The books that are other than what is `known` of them, and as they were at the look before."""
    for slug, (_, state) in now.books.items():
        if state != known.get(slug) and slug in before.books and before.books[slug][1] == state:
            yield slug


def digest_of(state: State) -> str:
    """Ten hex digits that stand for a state of a book's files."""
    told = "\n".join(f"{name} {one.size} {one.digest}" for name, one in sorted(state.items()))
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:10]


def _state(place: Place, before: State) -> State:
    found = {}
    for path in _files(place):
        if (state := _file(path, before.get(str(path)))) is not None:
            found[str(path)] = state
    return found


def _files(place: Place) -> Iterator[Path]:
    try:
        yield from sorted(path for path in place.folder.iterdir() if path.suffix in {".yaml", ".yml"})
    except OSError:
        return
    yield place.prompts


def _file(path: Path, before: FileState | None) -> FileState | None:
    try:
        found = path.stat()
    except OSError:
        # A link that leads nowhere, or to itself, is there, and the loader refuses it.
        return FileState(0, 0, "") if path.is_symlink() else None
    same = before is not None and (before.size, before.written) == (found.st_size, found.st_mtime_ns)
    if before is not None and same and before.seen_twice:
        return before
    if not S_ISREG(found.st_mode):
        # The loader refuses it; to open a pipe would wait for its other end.
        return FileState(found.st_size, found.st_mtime_ns, "")
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError:
        return FileState(found.st_size, found.st_mtime_ns, "")
    digest = hashlib.sha256(data).hexdigest() if len(data) <= MAX_BYTES else ""
    return FileState(found.st_size, found.st_mtime_ns, digest, seen_twice=same)
