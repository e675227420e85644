"""A book made ready in a process of its own, so that whoever answers meanwhile is not kept waiting.

Building an index keeps Python busy for seconds, and so would a thread: the lock of the interpreter is one for all.
"""

import asyncio
import gc
import os
import pickle
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from bot.answering.index import Index
from bot.book.book import Book
from bot.club.asking import Asking
from bot.club.reloading import Faulty, Loaded, NotReady, Ready
from bot.content.library import Place, load_place
from bot.content.problems import Problem
from bot.content.watching import Look, look

SECONDS = 120.0
"""How long a book may take to be made ready: ten thousand entries take a tenth of that."""

Sent = tuple[tuple[Problem, ...], Book | None, Index | None]


@dataclass(frozen=True, slots=True)
class BookFiles:
    """The Files under a knowledge folder, or of the one book of that slug in it."""

    root: Path
    slug: str | None
    first: Look

    @classmethod
    def of(cls, root: Path, slug: str | None) -> Self:
        """The files as they are now. To be asked for before the books are loaded, so that no change is missed."""
        return cls(root, slug, look(root, slug, Look()))

    async def look(self, before: Look) -> Look:
        """See Files."""
        return await asyncio.to_thread(look, self.root, self.slug, before)

    async def load(self, place: Place) -> Loaded:
        """See Files."""
        try:
            return await self._load(place)
        except OSError as error:
            # No process could be started, or there is no room for what it writes.
            return NotReady(f"The system refused it ({error.strerror or error}).")

    async def _load(self, place: Place) -> Loaded:
        with tempfile.TemporaryFile() as sent:
            # -P: a folder named bot where the host happens to be is not us.
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "bot.preparing",
                str(place.folder),
                str(place.prompts),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sent,
            )
            try:
                async with asyncio.timeout(SECONDS):
                    code = await child.wait()
            except TimeoutError:
                return NotReady(f"It took longer than {SECONDS:.0f} seconds.")
            finally:
                if child.returncode is None:
                    with suppress(ProcessLookupError):
                        child.kill()
                    await child.wait()
            if code != 0:
                return NotReady(
                    f"The process that did it ended with {code}; perhaps there was too little memory."
                )
            return await asyncio.to_thread(_received, sent)


def _received(sent: IO[bytes]) -> Loaded:
    sent.seek(0)
    # Looking for garbage among all that comes in would stop everything again and again.
    gc.disable()
    try:
        problems, book, index = pickle.load(sent)  # noqa: S301 - our own process wrote it
        gc.freeze()
    finally:
        gc.enable()
    return Faulty(problems) if book is None else Ready(Asking(book, index))


def main(folder: str, prompts: str) -> None:
    """Writes what became of a book to standard output, for `_received`."""
    if hasattr(os, "nice"):
        os.nice(10)
    with suppress(OSError):
        # Linux: where memory runs out, this process is to go, and not the bot.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    gc.disable()
    loaded = load_place(Place(Path(folder), Path(prompts)))
    index = None if loaded.book is None else Asking(loaded.book).index
    sent: Sent = (loaded.problems, loaded.book, index)
    pickle.dump(sent, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main(*sys.argv[1:])
