"""Posts' parts sent to Discord, and looked for in its history. What Discord or the network does comes back as a value."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.book.file_notices import FileNotice, Shrunk
from bot.book.notices import Notice, Trouble, Uncertain
from bot.book.schedules import Part, Schedule, mark_of, nonce_of
from bot.club.club import Club
from bot.club.ports import StoreError
from bot.club.publishing import CannotLook, DuePost, Looking, NotThere, Refused, Sending, Sent, Unclear
from bot.discord_app.layout import Sealed, button
from bot.discord_app.posts import forum_post, poll_message, poll_question, post_message, thread_name
from bot.discord_app.presses import PostAnyway, TakeShrunk
from bot.replies.files import file_notice_reply
from bot.replies.markdown import displays
from bot.replies.schedules import NOTICES, notices_reply

SECONDS = 40.0
"""How long one request may take: within a minute Discord still knows a nonce."""

MARGIN = timedelta(minutes=15)
"""How much earlier than by the bot's clock a message may have been sent by Discord's."""

PAGES = 10
"""How many times a hundred messages are looked through; in a busier channel the bot cannot look."""

_TROUBLES: dict[int, Trouble] = {
    10003: "gone", 10008: "gone", 50001: "hidden", 50013: "forbidden", 50083: "locked", 40067: "tag", 30003: "full",
    160006: "full",
}  # fmt: skip
_THREAD_IS_THERE = 160004
_UNKNOWN_MESSAGE = 10008

_log = logging.getLogger("bookclub")

Json = dict[str, Any]


class DiscordPublisher:
    """A Publisher. `client` is the connection of the moment; without one, everything is unclear."""

    def __init__(self, club: Club) -> None:
        self.client: discord.Client | None = None
        self._club = club

    async def clock(self) -> datetime | None:
        """See Publisher."""
        if self.client is None:
            # What were begun now could not be sent, and would have to be looked for before it is.
            return None
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(f"{Route.BASE}/gateway") as answer,
            ):
                return parsedate_to_datetime(answer.headers["Date"])
        except (aiohttp.ClientError, OSError, TimeoutError, LookupError, ValueError):
            return None

    async def send(self, due: DuePost, part: Part) -> Sending:
        """See Publisher."""
        client = self.client
        if client is None or client.user is None or client.is_closed():
            return Unclear()
        try:
            async with asyncio.timeout(SECONDS):
                return await _send(client, client.user.id, due, part)
        except discord.RateLimited as error:
            return Unclear(error.retry_after)
        except discord.HTTPException as error:
            return _answered(error, due, part)
        except (aiohttp.ClientError, OSError, TimeoutError, _AgainError):
            return Unclear()

    async def look(self, due: DuePost, part: Part, since: datetime) -> Looking:
        """See Publisher."""
        client = self.client
        if client is None or client.user is None or client.is_closed():
            return Unclear()
        try:
            async with asyncio.timeout(SECONDS):
                if part == "forum":
                    return await _look_in_forum(client, client.user.id, due, since)
                return await _look_in_channel(client, client.user.id, due, part, since)
        except discord.NotFound:
            return NotThere()
        except discord.Forbidden:
            return CannotLook()
        except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError):
            return Unclear()

    async def tell(self, server: int, notices: Sequence[tuple[Schedule, Notice]]) -> None:
        """See Publisher. In the channel for notices; where there is none, to those who made the schedules."""
        client = self.client
        if client is None or client.is_closed():
            _log.warning("Moderators of server %s could not be told about their schedules.", server)
            return
        try:
            channel = (await self._club.store.server(server)).notices
            if channel is not None:
                await client.get_partial_messageable(channel).send(
                    view=self._notices(notices, button_too=True)
                )
                return
            for author in dict.fromkeys(schedule.author for schedule, _ in notices):
                own = [one for one in notices if one[0].author == author]
                direct = await client.http.start_private_message(author)
                await client.get_partial_messageable(int(direct["id"])).send(
                    view=self._notices(own, button_too=False)
                )
        except (
            discord.HTTPException,
            discord.RateLimited,
            aiohttp.ClientError,
            OSError,
            StoreError,
        ) as error:
            _log.warning(
                "Moderators of server %s could not be told about their schedules (%s).",
                server,
                type(error).__name__,
            )

    async def tell_of_files(
        self, channels: Mapping[int, int], title: str, notice: FileNotice, book: str
    ) -> None:
        """See Telling. A book that has shrunk comes with a button that takes it as it is.

        Servers that another process has are left to it.
        """
        client = self.client
        if client is None or client.is_closed():
            _log.warning("Moderators could not be told of the files of %s.", book)
            return
        reply = file_notice_reply(title, notice)
        row = [button("Take it", TakeShrunk(book, notice.state))] if isinstance(notice, Shrunk) else []
        for server, channel in channels.items():
            if (server >> 22) % (client.shard_count or 1) != (client.shard_id or 0):
                continue
            try:
                await client.get_partial_messageable(channel).send(view=Sealed(displays(reply), [row]))
            except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as error:
                _log.warning(
                    "Channel %s could not be told of the book's files (%s).", channel, type(error).__name__
                )

    def _notices(self, notices: Sequence[tuple[Schedule, Notice]], *, button_too: bool) -> Sealed:
        presses = [
            button(
                f"Post it now: {notice.occurrence.replace('T', ' ')}",
                PostAnyway(schedule.id, notice.occurrence),
            )
            for schedule, notice in notices[:NOTICES]
            if isinstance(notice, Uncertain)
        ]
        rows = [presses[at : at + 5] for at in range(0, len(presses), 5)] if button_too else []
        return Sealed(displays(notices_reply(notices, self.named)), rows)

    def named(self, channel: int) -> str:
        """What a channel is called."""
        found = self.client.get_channel(channel) if self.client else None
        return f"#{found.name}" if found is not None and hasattr(found, "name") else "a channel"


class _AgainError(Exception):
    """discord.py was about to send again what Discord may have taken: whether to is ours to decide."""


class _Once(discord.File):
    """Rides along with a request, holds nothing, and is told before each try; the second is not made.

    discord.py sends again after 500, 502, 504 and 524 whatever the request is, and most have no nonce.
    """

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "once")

    def reset(self, *, seek: int | bool = True) -> None:
        """See File."""
        if seek:
            raise _AgainError


async def _send(client: discord.Client, me: int, due: DuePost, part: Part) -> Sent:
    channel = due.post.channel
    nonce = nonce_of(me, due.job.schedule.id, due.job.occurrence.name, part)
    match part:
        case "post":
            return await _create(client, channel, post_message(due), nonce)
        case "poll":
            return await _create(client, _below(due), poll_message(due), nonce)
        case "forum":
            made = await _request(
                client, "POST", "/channels/{channel_id}/threads", forum_post(due), channel_id=channel
            )
            return Sent(int(made["id"]))
        case "thread":
            message = _message(due)
            body = {"name": thread_name(due), "auto_archive_duration": 10080}
            path = "/channels/{channel_id}/messages/{message_id}/threads"
            await _request(client, "POST", path, body, channel_id=channel, message_id=message)
            return Sent(message)
        case "pin":
            message = _message(due)
            await client.http.pin_message(channel, message)
            if (last := due.job.schedule.pinned) is not None and last != message:
                await _unpin(client, channel, last)
            return Sent(message)


async def _create(client: discord.Client, channel: int, body: Json, nonce: str) -> Sent:
    body |= {"nonce": nonce, "enforce_nonce": True}
    made = await _request(client, "POST", "/channels/{channel_id}/messages", body, channel_id=channel)
    return Sent(int(made["id"]))


async def _request(client: discord.Client, method: str, path: str, body: Json, **where: str | int) -> Json:
    answer: Json = await client.http.request(
        Route(method, path, metadata=None, **where), json=body, files=[_Once()]
    )
    return answer


async def _unpin(client: discord.Client, channel: int, message: int) -> None:
    try:
        await client.http.unpin_message(channel, message)
    except discord.NotFound:
        # It was removed since, and its pin with it.
        return


def _answered(error: discord.HTTPException, due: DuePost, part: Part) -> Sending:
    if error.status >= 500 or error.status in {401, 429}:
        return Unclear()
    if part == "thread" and error.code == _THREAD_IS_THERE:
        return Sent(_message(due))
    if part in {"post", "poll"} and error.code == _UNKNOWN_MESSAGE:
        # So Discord answers a nonce whose message was removed since.
        return Sent(None)
    if error.code not in _TROUBLES:
        _log.warning(
            "Discord refuses a part (%s) of a scheduled post: %s, code %s.", part, error.status, error.code
        )
    return Refused(_TROUBLES.get(error.code, "other"))


def _message(due: DuePost) -> int:
    claim = due.job.claims.get("post") or due.job.claims.get("forum")
    if claim is None or claim.message is None:
        raise LookupError("its parts are sent in order, so the post is there")
    return claim.message


def _below(due: DuePost) -> int:
    """Where what follows a post is sent: its thread, if it has one."""
    thread = due.job.claims.get("thread")
    has_thread = due.post.extras.forum or (thread is not None and thread.state == "sent")
    return _message(due) if has_thread else due.post.channel


async def _look_in_channel(
    client: discord.Client, me: int, due: DuePost, part: Part, since: datetime
) -> Looking:
    channel = _below(due) if part == "poll" else due.post.channel
    seen = False
    async for message in _history(client, channel, since):
        if message is None:
            return CannotLook()
        seen = True
        if int(message["author"]["id"]) == me and _is_it(message, due, part):
            return Sent(int(message["id"]))
    # Where it may not read the history, Discord answers with none.
    return NotThere() if seen else await _may_look(client, me, due)


async def _history(client: discord.Client, channel: int, since: datetime) -> AsyncIterator[Json | None]:
    """Messages, the latest first, as far as they may matter, and one more if there is one; None: there are too many."""
    earliest = discord.utils.time_snowflake(since - MARGIN)
    before: int | None = None
    for _ in range(PAGES):
        page = await client.http.logs_from(channel, 100, before=before)
        for message in page:
            yield dict(message)
            if int(message["id"]) < earliest:
                return
        if len(page) < 100:
            return
        before = int(page[-1]["id"])
    yield None


def _is_it(message: Json, due: DuePost, part: Part) -> bool:
    if part == "poll":
        asked = (message.get("poll") or {}).get("question", {}).get("text")
        return asked == poll_question(due.prompt) and int(message["id"]) > _message(due)
    return _carries(message.get("components"), mark_of(due.job.schedule.id, due.job.occurrence.name))


def _carries(tree: Any, mark: str) -> bool:  # noqa: ANN401 - components hold components
    if isinstance(tree, list):
        return any(_carries(part, mark) for part in tree)
    if not isinstance(tree, dict):
        return False
    return mark in str(tree.get("custom_id", "")) or _carries(tree.get("components"), mark)


async def _may_look(client: discord.Client, me: int, due: DuePost) -> Looking:
    """What it means that nothing is there: that nothing is, or that the bot may not look."""
    guild = client.get_guild(due.job.schedule.server)
    cached = guild.get_channel(due.post.channel) if guild else None
    if guild is not None and guild.me is not None and cached is not None:
        has = cached.permissions_for(guild.me)
    else:
        # Not in the cache is not the same as not there: another process may have that server.
        guild = await client.fetch_guild(due.job.schedule.server, with_counts=False)
        channel = await guild.fetch_channel(due.post.channel)
        has = channel.permissions_for(await guild.fetch_member(me))
    return NotThere() if has.view_channel and has.read_message_history else CannotLook()


async def _look_in_forum(client: discord.Client, me: int, due: DuePost, since: datetime) -> Looking:
    forum, server = due.post.channel, due.job.schedule.server
    earliest = discord.utils.time_snowflake(since - MARGIN)
    # The archived ones first: they may be listed only by who may read the history.
    archived = await client.http.get_public_archived_threads(forum, limit=100)
    active = await client.http.get_active_threads(server)
    for thread in (*active["threads"], *archived["threads"]):
        own = int(thread["parent_id"] or 0) == forum and int(thread["owner_id"] or 0) == me
        if not own or int(thread["id"]) < earliest:
            continue
        try:
            starter = await client.http.get_message(int(thread["id"]), int(thread["id"]))
        except discord.NotFound:
            continue
        if _carries(starter.get("components"), mark_of(due.job.schedule.id, due.job.occurrence.name)):
            return Sent(int(thread["id"]))
    return NotThere()
