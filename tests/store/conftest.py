"""Where a store may be kept, and where not."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.club.ports import Store
from bot.store.opening import open_store
from bot.store.sqlite.opening import FILE
from tests.store.server import Postgres, postgres
from tests.store.timetable import World, world


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


async def opened_and_closed(where: Path | str) -> None:
    await (await open_store(where)).close()


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


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, for that takes a while."""
    folder = tmp_path_factory.mktemp("new")
    asyncio.run(opened_and_closed(folder))
    return folder / FILE


@pytest.fixture(params=["memory", "alone", "sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path | str]:
    """Where the schedules of a world are kept."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("database")
        return "postgres", url
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("new_file"), tmp_path)
    return request.param, tmp_path


@pytest.fixture
async def here(place: tuple[str, Path | str]) -> AsyncIterator[World]:
    async with world(*place) as made:
        yield made


@pytest.fixture
def store(here: World) -> Store:
    """The store of a world, where nothing else of it matters."""
    return here.store


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
