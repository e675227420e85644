"""Bots that live in processes of their own, and where they keep their data."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from tests.crashes.bots import Nursery, nursery
from tests.crashes.homes import Databases, Folders, made
from tests.store.server import postgres


@pytest.fixture(scope="session")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """One for each process of the tests."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("bots are forked and watched as only Linux can")
    with nursery(tmp_path_factory.mktemp("bots")) as found:
        yield found


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """For what is kept in SQLite."""
    template = tmp_path_factory.mktemp("stores") / "template"
    asyncio.run(made(template))
    return Folders(template)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """For what is kept in PostgreSQL."""
    with postgres() as server:
        template = server.new()
        asyncio.run(made(template))
        yield Databases(server, template)
