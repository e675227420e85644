"""Bots as processes of their own beside a local Discord, and what they cost."""

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.discord.server import TOKEN, Json, LocalDiscord

BOTS = {
    "bookclub": ["-m", "tests.discord.launch", "PORT", "run"],
    "echo": ["-m", "tests.benchmarks.echo_bot", "PORT", "echo"],
    "bare client": ["-m", "tests.benchmarks.echo_bot", "PORT", "bare"],
    "gather": ["-m", "tests.benchmarks.naive_bot", "PORT", "gather"],
    "loop": ["-m", "tests.benchmarks.naive_bot", "PORT", "loop"],
}


@dataclass(frozen=True)
class Process:
    """A bot's process; `started` is of `time.perf_counter`. All counts are of all its threads, since then."""

    id: int
    started: float

    @property
    def cpu(self) -> float:
        """Seconds of processor, the system's for it among them."""
        fields = Path(f"/proc/{self.id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def wakes(self) -> int:
        """How often it went to sleep and was woken: its voluntary context switches."""
        return sum(
            _number(status, "voluntary_ctxt_switches")
            for status in Path(f"/proc/{self.id}/task").glob("*/status")
        )

    @property
    def held(self) -> float:
        """Its resident memory in MB."""
        return _number(Path(f"/proc/{self.id}/status"), "VmRSS") / 1024

    @property
    def most_held(self) -> float:
        """The most that it has ever held, in MB."""
        return _number(Path(f"/proc/{self.id}/status"), "VmHWM") / 1024


def _number(status: Path, key: str) -> int:
    lines = status.read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))


@asynccontextmanager
async def running(
    name: str,
    guilds: Sequence[Json],
    *more: str,
    data: Path | None = None,
    limited: bool = False,
) -> AsyncIterator[tuple[LocalDiscord, Process]]:
    """The bot of that name, in these servers, from when Discord has told it of them. `data` is its folder."""
    with TemporaryDirectory() as folder:
        async with LocalDiscord(check=False, limited=limited) as server:
            server.guilds = list(guilds)
            # The local Discord keeps all that was ever sent: to search that for garbage would stop it for 0.3 s.
            gc.collect()
            gc.disable()
            command = [str(server.port) if part == "PORT" else part for part in BOTS[name]]
            started = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                *more,
                env={**os.environ, "DISCORD_TOKEN": TOKEN, "BOOKCLUB_DATA": str(data or folder)},
                stdout=asyncio.subprocess.DEVNULL,
            )
            try:
                await asyncio.wait_for(server.ready.wait(), 60)
                yield server, Process(process.pid, started)
            finally:
                with suppress(ProcessLookupError):
                    process.terminate()
                await process.wait()
                gc.enable()


def percentile(took: Sequence[float], share: float) -> float:
    """The value below which this share of them lies; at 1.0 the greatest."""
    return sorted(took)[int(share * (len(took) - 1))]


def load() -> str:
    """How busy the machine is, with what else it does: the load averages of the last minute and the last five."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f}, {five:.1f}"
