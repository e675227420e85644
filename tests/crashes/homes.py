"""Where the bots of one row keep their data, apart from all others."""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from bot.store.opening import open_store
from tests.crashes.kept import Kept
from tests.store.server import Postgres

_numbers = itertools.count()


class Homes(Protocol):
    """Any number of stores without anything in them."""

    @asynccontextmanager
    def fresh(self) -> AsyncIterator[Kept]:
        """One that is thrown away at the end."""
        ...


@dataclass(frozen=True)
class Folders:
    """Copies of a folder with an SQLite file, for to make its tables takes longer."""

    template: Path

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[Kept]:
        """See Homes."""
        folder = self.template.with_name(f"data-{next(_numbers)}")
        await asyncio.to_thread(shutil.copytree, self.template, folder)
        yield Kept(folder)
        await asyncio.to_thread(shutil.rmtree, folder)


@dataclass(frozen=True)
class Databases:
    """Copies of a PostgreSQL database."""

    server: Postgres
    template: str

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[Kept]:
        """See Homes."""
        name = f"bookclub_crash_{os.getpid()}_{next(_numbers)}"
        url = urlsplit(self.template)
        await self.server.execute(f"CREATE DATABASE {name} TEMPLATE {url.path[1:]}")
        try:
            yield Kept(urlunsplit(url._replace(path=f"/{name}")))
        finally:
            await self.server.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def made(where: Path | str) -> None:
    """There are the bot's tables."""
    await (await open_store(where)).close()
