"""Where a store may be kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.server import Postgres, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """One for each process of the tests."""
    with postgres() as made:
        yield made


@pytest.fixture(scope="session")
def kept(server: Postgres) -> str:
    """A database that the tests share, one after the other."""
    return server.new()


@pytest.fixture
def database(server: Postgres, kept: str) -> str:
    """The URL of a database with nothing in its tables, if it has any."""
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
