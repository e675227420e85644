"""How much the bot answers in Discord, beside discord.py with a command that only echoes, in one run.

Each bot is a process of its own, with the real client, against the local server in this process, over real sockets.
Two kinds of traffic: questions that the bot meets for the first time, and questions that were asked before, which it
answers from memory.

Run: uv run python -m tests.benchmarks.discord_load
"""

import asyncio
import json
import statistics
import time
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

from tests.benchmarks.processes import percentile, running
from tests.discord.server import GUILD, LocalDiscord, guild_payload

QUESTIONS = [
    json.loads(line)["question"]
    for line in (Path(__file__).parent / "development.jsonl").read_text(encoding="utf-8").splitlines()
]
KNOWN = 1000
ROUNDS = 3
SECONDS = 8.0
AT_ONCE = 32
STEADY_RATE = 100
STEADY_SECONDS = 60
SERVERS = 400
MEMBERS = 4000


def askers() -> Iterator[tuple[str, str]]:
    """Members and servers in turn, so many that none is held back for asking too much."""
    for number in cycle(range(MEMBERS)):
        yield str(GUILD + 1000 + number), str(GUILD + number % SERVERS)


async def ask_all(
    server: LocalDiscord, questions: Iterable[str], seconds: float = 600.0
) -> tuple[float, list[float]]:
    """Keeps 32 questions under way until they run out; how many were answered a second, and each one's seconds."""
    took: list[float] = []
    left, who = iter(questions), askers()
    end = time.perf_counter() + seconds

    async def one() -> None:
        for question in left:
            if time.perf_counter() > end:
                break
            member, guild = next(who)
            start = time.perf_counter()
            await server.slash("ask", wait="30", question=question, member=member, guild=guild)
            took.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return len(took) / (time.perf_counter() - start), took


async def ask_steadily(server: LocalDiscord) -> list[float]:
    """A hundred questions a second for a minute; each one's seconds."""
    questions, who = cycle(QUESTIONS[:KNOWN]), askers()
    took: list[float] = []

    async def one() -> None:
        member, guild = next(who)
        start = time.perf_counter()
        await server.slash("ask", wait="30", question=next(questions), member=member, guild=guild)
        took.append(time.perf_counter() - start)

    async with asyncio.TaskGroup() as group:
        start = time.perf_counter()
        for number in range(STEADY_RATE * STEADY_SECONDS):
            await asyncio.sleep(max(0.0, start + number / STEADY_RATE - time.perf_counter()))
            group.create_task(one())
    return took


def ms(took: list[float], share: float) -> str:
    """A percentile in milliseconds."""
    return f"{percentile(took, share) * 1000:.1f} ms"


async def main() -> None:
    """Prints the table."""
    guilds = [guild_payload(GUILD + number) for number in range(SERVERS)]
    idle: dict[str, float] = {}
    rates: dict[tuple[str, str], list[float]] = {}
    for name in ("bookclub", "echo", "bare client"):
        async with running(name, guilds[:1]) as (_, process):
            await asyncio.sleep(1)
            idle[name] = process.held
    for _ in range(ROUNDS):
        for name in ("bookclub", "echo"):
            async with running(name, guilds) as (server, process):
                await asyncio.sleep(1)
                for kind, questions in (
                    ("asked for the first time", iter(QUESTIONS)),
                    ("asked before", cycle(QUESTIONS[-KNOWN:])),
                ):
                    rate, took = await ask_all(server, questions, SECONDS)
                    rates.setdefault((name, kind), []).append(rate)
                    print(
                        f"{name:9} {kind:25} {rate:6.0f} a second · median {ms(took, 0.5)} · "
                        f"99th percentile {ms(took, 0.99)} · {process.held:.0f} MB"
                    )
    for kind in ("asked for the first time", "asked before"):
        ratio = statistics.median(rates["bookclub", kind]) / statistics.median(rates["echo", kind])
        print(f"throughput, {kind}: {ratio:.2f} of the echo's (medians of {ROUNDS} rounds)")
    async with running("bookclub", guilds) as (server, process):
        await asyncio.sleep(1)
        took = await ask_steadily(server)
        print(
            f"{STEADY_RATE} a second for {STEADY_SECONDS} s: {len(took)} answered · median {ms(took, 0.5)} · "
            f"99th percentile {ms(took, 0.99)} · slowest {ms(took, 1.0)} · {process.held:.0f} MB"
        )
    for name, held in idle.items():
        print(f"idle {name:12} {held:5.0f} MB · {held / idle['bare client']:.2f} of the bare client")


if __name__ == "__main__":
    asyncio.run(main())
