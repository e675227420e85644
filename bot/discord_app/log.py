"""The log: one line an event, with its cause, and never a secret. Rules: design.md section 4, 3."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType

import aiohttp
import discord

_SPEAKING = (discord.DiscordException, aiohttp.ClientError, OSError)
"""Errors whose message comes from Discord or the system. Any other's may hold a member's or an entry's words."""

_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{6,}\.[\w-]{27,}")
_INTERACTION = re.compile(r"/(webhooks|interactions)/(\d+)/[^/\s?'\"]+")
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class LogFormatter(logging.Formatter):
    """Time, level, logger and message, with tokens and odd characters taken out.

    Of an error it gives the types, the places in the code, and the message only where that cannot hold what members
    or moderators wrote.
    """

    def __init__(self, secret: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        # Behind the first line asyncio writes the error as a whole, with what it says.
        said = record.getMessage().partition("\n")[0] if record.name == "asyncio" else record.getMessage()
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {_plain(said)}"
        if record.exc_info and record.exc_info[1]:
            line += "".join(f"\n    {cause}" for cause in _causes(record.exc_info[1]))
        return self._without_secrets(line)

    def _without_secrets(self, text: str) -> str:
        if self._secret:
            text = text.replace(self._secret, "[token]")
        return _INTERACTION.sub(r"/\1/\2/[token]", _TOKEN.sub("[token]", text))


def start_logging(secret: str) -> None:
    """Sends everything to standard error: our own lines from INFO, those of libraries from WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogFormatter(secret))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bookclub").setLevel(logging.INFO)


def _causes(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        said = f": {_plain(str(at))}" if isinstance(at, _SPEAKING) and not hasattr(at, "original") else ""
        yield f"{type(at).__name__}{said}"
        yield from _places(at.__traceback__)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in traceback.walk_tb(trace):
        yield f"  {frame.f_globals.get('__name__', '?')}:{line} in {frame.f_code.co_name}"


def _plain(text: str) -> str:
    return _ODD.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
