"""Where a store may be kept, and where not."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.store.opening import open_store
from tests.store.server import Postgres, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """One for each process of the tests."""
    with postgres() as made:
        yield made


@pytest.fixture(scope="session")
def kept(server: Postgres) -> str:
    """A database with the bot's tables that the tests share, one after the other."""
    url = server.new()
    asyncio.run(opened_and_closed(url))
    return url


async def opened_and_closed(url: str) -> None:
    await (await open_store(url)).close()


@pytest.fixture
def database(server: Postgres, kept: str) -> str:
    """The URL of a database with nothing in the bot's tables."""
    server.empty(kept)
    return kept


@pytest.fixture
def new_database(server: Postgres) -> str:
    """The URL of a database without tables."""
    return server.new()


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where something is kept that lasts, and where nothing is yet: a folder, or the URL of a database."""
    url: str | None = request.getfixturevalue("database") if request.param == "postgres" else None
    return url or tmp_path / "data"


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that is reached without rights over what lies around it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def without_roots_rights() -> Iterator[None]:
    """Root may write everything, whatever its mode."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
