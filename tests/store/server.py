"""A PostgreSQL server for the tests: the one that TEST_POSTGRES_URL leads to, or one that is made and thrown away."""

import asyncio
import ctypes
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import pytest

from bot.store.tables import metadata

PASSWORD = "correct-horse/battery@staple"  # noqa: S105 - of a server that lives as long as the tests
SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=30")


@asynccontextmanager
async def asked(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of another program than the bot."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@dataclass
class Postgres:
    """Its user may do everything there."""

    url: str
    own: "Own | None" = None
    """None: it is somebody else's, who alone may stop it."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _made: list[str] = field(default_factory=list)

    def new(self) -> str:
        """The URL of an empty database that nobody else has."""
        name = f"bookclub_test_{os.getpid()}_{next(self._numbers)}"
        self._made.append(name)
        asyncio.run(self.execute(f"CREATE DATABASE {name}"))
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def empty(self, url: str) -> None:
        """Takes away what is in the bot's tables in a database. That is ten times as fast as TRUNCATE is."""
        tables = [table.name for table in reversed(metadata.sorted_tables)]
        asyncio.run(self.execute("; ".join(f"DELETE FROM {name}" for name in tables), url))  # noqa: S608

    async def execute(self, sql: str, url: str | None = None) -> None:
        """Done without the bot."""
        async with asked(url or self.url) as connection:
            await connection.execute(sql)

    def tidy(self) -> None:
        """Drops the databases that were made."""
        for name in self._made:
            asyncio.run(self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@dataclass
class Own:
    """The server that is made for the tests, in a folder."""

    folder: Path
    programs: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        settings = [*SETTINGS, f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories="]
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.folder / "data", *(f"-c{each}" for each in settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            user=unprivileged(),
            preexec_fn=end_with_the_tests,
        )
        until = time.monotonic() + 20
        while not self.is_ready():
            assert self.process.poll() is None, "it did not start"
            assert time.monotonic() < until, "it does not start"
            time.sleep(0.01)

    def is_ready(self) -> bool:
        try:
            lines = (self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def stop(self) -> None:
        """At once, as a crash does, and without waiting for anybody."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)
            self.process = None
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)


def unprivileged() -> int | None:
    """PostgreSQL does not run as root. None: nor is this."""
    if os.getuid() != 0:
        return None
    names = {user.pw_name: user.pw_uid for user in pwd.getpwall()}
    return names.get("postgres", names.get("nobody"))


def end_with_the_tests() -> None:
    """Whatever ends them: prctl's PR_SET_PDEATHSIG, which Linux alone has."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Skips the test where there is none."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        server = Postgres(url)
        yield server
        server.tidy()
        return
    with own_server() as own:
        yield Postgres(
            f"postgresql://librarian:{quote(PASSWORD, safe='')}@127.0.0.1:{own.port}/postgres", own
        )


@contextmanager
def own_server() -> Iterator[Own]:
    folders = [Path(initdb).resolve().parent for initdb in [shutil.which("initdb")] if initdb]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    programs = next((folder for folder in folders if (folder / "postgres").exists()), None)
    if programs is None:
        pytest.skip("PostgreSQL is not installed here, and TEST_POSTGRES_URL names no server")
    # Not pytest's own folder, which only its user may enter.
    folder = Path(tempfile.mkdtemp(prefix="bookclub-postgres-"))
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    if user := unprivileged():
        for path in (folder, folder / "password"):
            os.chown(path, user, -1)
    try:
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "librarian", "-E", "UTF8", "--locale=C", "--no-sync",
             "-A", "scram-sha-256", "--pwfile", folder / "password"],
            check=True, capture_output=True, cwd=folder, user=user,
        )  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            own = Own(folder, programs, free.getsockname()[1])
        own.start()
        try:
            yield own
        finally:
            own.stop()
    finally:
        shutil.rmtree(folder)
