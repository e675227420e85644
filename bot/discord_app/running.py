"""`bookclub run`: from a token to a bot that answers, and back to a clean end."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager

import aiohttp
import discord

from bot.club.asking import Asking
from bot.club.club import Club
from bot.club.pace import Pace
from bot.club.posting import Poster
from bot.club.reloading import Files, Reloader
from bot.club.shelf import Shelf
from bot.discord_app.client import INTENTS, WATCHFUL, ClubClient, Command
from bot.discord_app.commands.asking import ask
from bot.discord_app.commands.browsing import plot, quote, views
from bot.discord_app.commands.hiding import hide
from bot.discord_app.commands.house import about, help_
from bot.discord_app.commands.inbox import knowledge, suggest
from bot.discord_app.commands.privacy import privacy
from bot.discord_app.commands.prompting import prompt
from bot.discord_app.commands.reading import progress, recap
from bot.discord_app.commands.schedule_making import schedule
from bot.discord_app.commands.setup import setup
from bot.discord_app.desk import Desk, TakeFiles, nothing_waits
from bot.discord_app.log import start_logging
from bot.discord_app.permissions import invite_link
from bot.discord_app.publisher import DiscordPublisher
from bot.discord_app.token import WHERE, flaw

NOT_CONFIGURED = 78
"""EX_CONFIG of sysexits.h: starting again will not help, and a service manager can be told so."""

DRAIN = 6.0
CLOSE = 3.0
"""Seconds for the answers under way and then for closing, as for the posts before: a stop takes ten at the most."""

RETRY_FIRST = 2.0
RETRY_MOST = 120.0
"""Seconds between two tries to connect. A thousand identifications a day reset a bot's token: this stays below."""

HEALTHY = 3600.0
"""Seconds without a fault, after which the first wait is short again."""

_log = logging.getLogger("bookclub")


Opening = Callable[[Mapping[str, Asking]], AbstractAsyncContextManager[Club]]

Shard = tuple[int, int] | None
"""Which share of the servers a process has, and how many shares there are; None: all servers."""


def make_client(
    club: Club,
    clock: Callable[[], float] = time.monotonic,
    intents: discord.Intents = INTENTS,
    poke: Callable[[], None] = lambda: None,
    shard: Shard = None,
    take_files: TakeFiles = nothing_waits,
) -> ClubClient:
    """A client with every command, not yet connected. `poke` and `take_files`: see Desk."""
    commands: list[Command] = [
        ask,
        quote,
        plot,
        views,
        prompt,
        progress,
        recap,
        setup,
        schedule,
        knowledge,
        suggest,
        privacy,
        hide,
        help_,
        about,
    ]
    return ClubClient(Desk(club, clock, poke, take_files), commands, intents, shard)


def run(
    token: str | None,
    load: Callable[[], Mapping[str, Asking]],
    opening: Opening,
    shard: Shard = None,
    files: Files | None = None,
) -> int:
    """Runs until a signal ends it: 0. A token that cannot be right, or that Discord refuses: 78 and two plain lines.

    `load` loads the books, once the token has been looked at; `opening` opens their club. What they raise comes out.
    `files` are the books' files, which are looked at as long as it runs; None: what is loaded stays.
    """
    wrong = flaw(token)
    if wrong or token is None:
        return _not_configured(wrong or "")
    books = load()
    start_logging(token)
    # The bot has no voice: discord.py need not warn that it lacks what that takes.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    for asking in books.values():
        book = asking.book
        _say(f"Loaded {book.title}: {len(book.entries)} entries, {len(book.prompts)} prompts.")
    _say("Connecting to Discord.")
    try:
        asyncio.run(_serve(Shelf(books), opening, token, shard, files))
    except discord.LoginFailure:
        return _not_configured("Discord refuses the token. It was reset, or is not complete.")
    except discord.PrivilegedIntentsRequired:
        return _not_configured("Discord refuses what the bot wants to hear of. Switch its intents on.")
    except discord.ConnectionClosed as closed:
        if closed.code == 4004:
            return _not_configured("Discord refuses the token. It was reset while I was running.")
        _say(f"Discord closed the connection for good (code {closed.code}).", error=True)
        return 1
    except discord.HTTPException as error:
        _say(f"Discord does not let me log in ({error.status}). Try again later.", error=True)
        return 1
    return 0


async def _serve(shelf: Shelf, opening: Opening, token: str, shard: Shard, files: Files | None) -> None:
    async with opening(shelf) as club:
        # Books and libraries stay as long as the process: searching them for garbage again and again stops everything
        # for 0.1 s.
        gc.collect()
        gc.freeze()
        publisher = DiscordPublisher(club)
        reloader = Reloader(club, shelf, files, publisher, time.monotonic) if files else None
        await _until_stopped(club, token, _end_at_the_latest, shard, publisher, reloader)


async def _until_stopped(
    club: Club,
    token: str,
    on_stop: Callable[[], None],
    shard: Shard = None,
    publisher: DiscordPublisher | None = None,
    reloader: Reloader | None = None,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(
            NotImplementedError
        ):  # Windows has no such handlers; Ctrl+C still works there
            loop.add_signal_handler(number, stop.set)
    publisher = publisher or DiscordPublisher(club)
    poster = Poster(club, publisher, uuid.uuid4().hex, Pace(time.monotonic))
    stopping = asyncio.create_task(stop.wait())
    connecting = asyncio.create_task(_stay_connected(club, token, shard, publisher, poster, reloader))
    # One task for as long as the process lives: connections come and go.
    posting = asyncio.create_task(poster.run())
    reloading = asyncio.create_task(reloader.run()) if reloader else None
    await asyncio.wait({stopping, connecting, posting}, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        on_stop()
    for task in (stopping, posting, reloading):
        if task is not None:
            task.cancel()
    await poster.finish(CLOSE)
    connecting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await connecting


async def _stay_connected(
    club: Club,
    token: str,
    shard: Shard,
    publisher: DiscordPublisher,
    poster: Poster,
    reloader: Reloader | None,
) -> None:
    """Connects, as often as the network makes it necessary, and stays until it is cancelled or Discord refuses."""
    patience = _Patience()
    # Only the spoiler watch asks to see what members write to each other.
    watchful = bool(await club.store.watched())
    while True:
        try:
            client = make_client(
                club,
                intents=WATCHFUL if watchful else INTENTS,
                poke=poster.poke,
                shard=shard,
                take_files=reloader.take if reloader else nothing_waits,
            )
            await _connect(client, token, publisher, poster)
        except discord.PrivilegedIntentsRequired:
            if not watchful:
                raise
            watchful = False
            _log.warning(
                "The spoiler watch is off: switch on Message Content Intent in the developer portal "
                "(your application, Bot), then start me anew. I go on without it."
            )
            continue
        except (OSError, aiohttp.ClientError, discord.HTTPException) as error:
            if isinstance(error, discord.HTTPException) and error.status != 429 and error.status < 500:
                raise
            wait = patience.next()
            _log.warning("Discord cannot be reached (%s). I try again in %.0f s.", type(error).__name__, wait)
        else:
            return
        await asyncio.sleep(wait)


async def _connect(client: ClubClient, token: str, publisher: DiscordPublisher, poster: Poster) -> None:
    try:
        await client.login(token)
        # Posts need no gateway.
        publisher.client = client
        poster.poke()
        if client.application_id is not None:
            _say(f"Invite me: {invite_link(client.application_id)}")
        await _listen(client)
    finally:
        publisher.client = None
        await _close(client)


async def _listen(client: ClubClient) -> None:
    """Keeps the gateway connection; discord.py makes it anew whenever it breaks."""
    patience = _Patience()
    while True:
        try:
            await client.connect()
        except (AttributeError, LookupError, TypeError, ValueError, zlib.error) as error:
            wait = patience.next()
            # discord.py 2.7.1 fails so on an event that it does not understand, and leaves the connection open with
            # nobody to read it; and on a first connection that fails, for it then looks at one that is not there.
            _log.error("discord.py lost the gateway. I connect again in %.0f s.", wait, exc_info=error)
            if getattr(client, "ws", None) is not None:
                await client.ws.close()
        else:
            return
        await asyncio.sleep(wait)


async def _close(client: ClubClient) -> None:
    await client.finish(DRAIN)
    try:
        await asyncio.wait_for(client.close(), CLOSE)
    except TimeoutError:
        await client.http.close()


class _Patience:
    """How long to wait before the next try: twice as long each time, and short again after an hour without a fault."""

    def __init__(self) -> None:
        self._wait = RETRY_FIRST
        self._last = time.monotonic()

    def next(self) -> float:
        """Seconds to wait now."""
        now = time.monotonic()
        wait = RETRY_FIRST if now - self._last > HEALTHY else self._wait
        self._last, self._wait = now, min(wait * 2, RETRY_MOST)
        return wait


def _end_at_the_latest() -> None:
    """Ends the process when ten seconds are nearly over, whatever still hangs.

    A look-up of Discord's address runs in a thread that nothing can end, and Python waits for it.
    """
    last_resort = threading.Timer(DRAIN + CLOSE + 0.5, os._exit, (0,))
    last_resort.daemon = True
    last_resort.start()


def _not_configured(wrong: str) -> int:
    _say(f"{wrong}\n{WHERE}", error=True)
    return NOT_CONFIGURED


def _say(text: str, *, error: bool = False) -> None:
    with contextlib.suppress(OSError):  # whoever read it has gone, and the bot goes on
        print(text, file=sys.stderr if error else sys.stdout, flush=True)
