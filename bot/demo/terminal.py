"""Draws replies in a terminal and reads lines from it, or from a pipe."""

import asyncio
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from bot.club.club import Club
from bot.demo.session import Session
from bot.replies.markdown import plain
from bot.replies.reply import Block, Heading, Item, Note, Reply, Shown, Veiled, When

_BLOCK = "████████████████████"
"""What hides a spoiler: always as long, so that its length tells nothing."""


def run(club: Club) -> int:
    """Reads until the end of input or /quit. A person gets a greeting and a prompt; a pipe gets replies alone."""
    person = sys.stdin.isatty() and sys.stdout.isatty()
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=not person)
    session = Session(club)
    (asking,) = club.books.values()
    if person:
        console.print(Text(f"{asking.book.title} · {len(asking.book.entries)} entries", style="bold cyan"))
        console.print(
            Text(
                "Ask me anything about it, for instance: who plays Kathy? · /help for more · /quit to leave",
                style="dim",
            )
        )
    with asyncio.Runner() as runner:
        for line in _lines(console, person):
            if line.strip().casefold() == "/quit":
                break
            if line.strip():
                draw(console, runner.run(session.take(line)), session.opened)
    return 0


def draw(console: Console, reply: Reply, opened: frozenset[int] = frozenset()) -> None:
    """Writes a reply; veiled blocks whose number (from 1) is not in `opened` are solid blocks of one length."""
    number = 0
    for block in reply.blocks:
        number += isinstance(block, Veiled)
        console.print(_drawn(block, number, number in opened))
    if reply.choices:
        console.print(Text("Did you mean:" if reply.offer == "did you mean" else "Related:", style="dim"))
    for place, choice in enumerate(reply.choices, 1):
        console.print(Text.assemble((f"  {place} ", "bold cyan"), choice.topic))
    console.print()


def _drawn(block: Block, number: int, is_open: bool) -> Text:
    match block:
        case Heading(text):
            return Text(text, style="bold")
        case Shown(text):
            return Text(text)
        case Item(text):
            return Text(f"• {text}")
        case Note(text):
            return Text(text, style="dim")
        case When():
            return Text(plain(Reply((block,))))
        case Veiled(_, text) if is_open:
            return Text(text, style="italic")
        case Veiled(label, _):
            return Text.assemble(
                (label.replace("tap to reveal", f"/reveal {number}"), "dim"), "\n", (_BLOCK, "grey50")
            )


def _lines(console: Console, person: bool) -> Iterator[str]:
    if not person:
        sys.stdin.reconfigure(errors="replace") if hasattr(sys.stdin, "reconfigure") else None
        yield from sys.stdin
        return
    import readline  # noqa: F401, PLC0415 - gives input() its history; not on every platform

    while True:
        try:
            yield console.input("> ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
