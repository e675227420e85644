"""Threads and forum posts in the local Discord, as its HTTP API makes, lists and changes them."""

from datetime import datetime

from tests.discord.loopback.payloads import (
    ANNOUNCEMENT,
    BOT,
    FORUM,
    HAS_THREAD,
    PRIVATE_THREAD,
    REQUIRE_TAG,
    TEXT,
    THREAD_CREATED,
    THREAD_STARTER,
    Can,
    Json,
    bot_payload,
    thread_payload,
)
from tests.discord.loopback.posting import Answer, Call, Posting, moment, needed, refuse_message, within
from tests.discord.loopback.state import Channel, RefusedError, unfit


class Threads(Posting):
    """What goes on beside a channel."""

    async def start_thread(self, call: Call, channel: int, number: int) -> Answer:
        """POST /channels/{id}/messages/{id}/threads: the thread's id is the message's."""
        where = self.place(channel, Can.VIEW | Can.PUBLIC_THREADS)
        if where.kind not in {TEXT, ANNOUNCEMENT}:
            raise RefusedError(400, 50024, "Cannot execute action on this channel type")
        message = self.message_in(where, number)
        self._refuse_thread(where, call.body)
        if message["flags"] & HAS_THREAD:
            raise RefusedError(400, 160004, "A thread has already been created for this message")
        thread = await self.begin_thread(where, call.body, number)
        changes = {"flags": message["flags"] | HAS_THREAD, "thread": dict(thread.payload)}
        await self.tell_of_message("MESSAGE_UPDATE", where, self.rewrite(number, changes))
        there = {"type": 0, "message_id": str(number), "channel_id": str(channel), **self.guild_id(where)}
        starter = self.record({}, number, bot_payload(), type=THREAD_STARTER, message_reference=there)
        await self.tell_of_message("MESSAGE_CREATE", thread, starter)
        return thread.payload, 201

    async def start_thread_or_post(self, call: Call, channel: int) -> Answer:
        """POST /channels/{id}/threads: a post in a forum, elsewhere a thread without a message."""
        where = self.place(channel)
        if where.kind == FORUM:
            return await self._start_post(call, where)
        if where.kind not in {TEXT, ANNOUNCEMENT}:
            raise RefusedError(400, 50024, "Cannot execute action on this channel type")
        kind = call.body.get("type") or PRIVATE_THREAD
        self.place(channel, Can.PRIVATE_THREADS if kind == PRIVATE_THREAD else Can.PUBLIC_THREADS)
        self._refuse_thread(where, call.body)
        thread = await self.begin_thread(where, call.body, self.new_id(), type=kind)
        if kind != PRIVATE_THREAD:
            there = {"type": 0, "channel_id": str(thread.id), **self.guild_id(where)}
            notice = self.record(
                {"content": thread.payload["name"]},
                channel,
                bot_payload(),
                type=THREAD_CREATED,
                message_reference=there,
            )
            await self.tell_of_message("MESSAGE_CREATE", where, notice)
        return thread.payload, 201

    async def _start_post(self, call: Call, forum: Channel) -> Answer:
        inner = Call(call.method, call.path, call.body.get("message") or {}, files=call.files)
        self.place(forum.id, Can.SEND | needed(inner))
        self._refuse_thread(forum, call.body)
        tags = [str(tag) for tag in call.body.get("applied_tags") or []]
        known = {tag["id"] for tag in forum.payload["available_tags"]}
        if len(tags) > 5 or not known.issuperset(tags):
            raise unfit("applied_tags", "INVALID_TAGS", "At most five of the forum's tags may be given.")
        if forum.payload["flags"] & REQUIRE_TAG and not tags:
            raise RefusedError(400, 40067, "A tag is required to create a forum post in this channel")
        refuse_message(inner.body, inner.files)
        number = self.new_id()
        thread = await self.begin_thread(forum, call.body, number, applied_tags=tags)
        forum.payload["last_message_id"] = str(number)
        # A nonce means nothing here.
        body = {key: value for key, value in inner.body.items() if key != "nonce"}
        message = await self.post(thread, Call(call.method, call.path, body, files=call.files), number)
        return {**thread.payload, "message": message}, 201

    def _refuse_thread(self, where: Channel, body: Json) -> None:
        self.refuse_name(body.get("name"))
        self._refuse_duration(body)
        active = sum(not thread.archived for thread in self.threads_in(where.guild))
        if active >= self.max_active_threads:
            raise RefusedError(400, 160006, "Maximum number of active threads reached")

    async def begin_thread(
        self, where: Channel, body: Json, number: int, owner: int = BOT, **changes: Json
    ) -> Channel:
        """There is a new thread, and the bot is told."""
        assert where.guild
        payload = thread_payload(
            number,
            where.payload,
            int(where.guild["id"]),
            owner,
            str(body["name"]).strip(),
            self.now(),
            **changes,
        )
        if body.get("auto_archive_duration"):
            payload["thread_metadata"]["auto_archive_duration"] = body["auto_archive_duration"]
        thread = self.put_up(payload, where.guild)
        await self.tell_of_thread("THREAD_CREATE", thread, newly_created=True)
        return thread

    # ---------------------------------------------------------------- looking

    async def read_channel(self, _: Call, channel: int) -> Answer:
        """GET /channels/{id}."""
        return self.place(channel).full(), 200

    async def read_active_threads(self, _: Call, guild: int) -> Answer:
        """GET /guilds/{id}/threads/active: the newest first."""
        if guild not in self._guilds:
            raise RefusedError(404, 10004, "Unknown Guild")
        found = [
            thread.payload
            for thread in self.threads_in(self._guilds[guild])
            if not thread.archived and self.permissions(thread) & Can.VIEW
        ]
        return {"threads": found[::-1], "members": self._memberships(found), "has_more": False}, 200

    async def read_archived_threads(self, call: Call, channel: int) -> Answer:
        """GET /channels/{id}/threads/archived/public: the last archived first."""
        where = self.place(channel)
        if not self.permissions(where) & Can.HISTORY:
            raise RefusedError(403, 50001, "Missing Access")
        limit, before = within(call.query, "limit", 2, 100, 50), moment(call.query, "before")
        found = [
            (datetime.fromisoformat(thread.payload["thread_metadata"]["archive_timestamp"]), thread.payload)
            for thread in self.threads_in(where.guild, channel)
            if thread.archived and thread.kind != PRIVATE_THREAD
        ]
        found = [one for one in found if before is None or one[0].timestamp() < before]
        threads = [payload for _, payload in sorted(found, key=lambda one: one[0], reverse=True)]
        page = threads[:limit]
        return {
            "threads": page,
            "members": self._memberships(page),
            "has_more": len(threads) > limit,
        }, 200

    @staticmethod
    def _memberships(threads: list[Json]) -> list[Json]:
        return [thread["member"] for thread in threads if "member" in thread]

    # --------------------------------------------------------------- changing

    async def change_thread(self, call: Call, channel: int) -> Answer:
        """PATCH /channels/{id} of a thread."""
        thread = self.place(channel)
        body, can = call.body, self.permissions(thread)
        if not thread.is_thread:
            raise RefusedError(403, 50013, "Missing Permissions")
        moderates = bool(can & Can.MANAGE_THREADS)
        opens = body.get("archived") is False
        if thread.archived and not opens:
            raise RefusedError(400, 50083, "Thread is archived")
        if not moderates:
            own = thread.payload["owner_id"] == str(BOT)
            of_owner = {"name", "archived", "auto_archive_duration", "applied_tags"}
            if opens and not thread.locked and body.keys() == {"archived"}:
                own = bool(can & Can.SEND_IN_THREADS)
            if not own or thread.locked or not of_owner.issuperset(body):
                raise RefusedError(403, 50013, "Missing Permissions")
        if "name" in body:
            self.refuse_name(body["name"])
        self._refuse_duration(body)
        await self.alter(thread, body)
        return thread.payload, 200

    async def alter(self, thread: Channel, changes: Json) -> None:
        """A thread is changed, by whoever may, and the bot is told."""
        metadata = thread.payload["thread_metadata"]
        before = dict(metadata)
        metadata |= {
            key: value
            for key, value in changes.items()
            if key in {"archived", "locked", "auto_archive_duration"}
        }
        if any(before[key] != metadata[key] for key in ("archived", "auto_archive_duration")):
            metadata["archive_timestamp"] = self.now()
        thread.payload |= {
            key: value
            for key, value in changes.items()
            if key in {"name", "rate_limit_per_user", "flags", "applied_tags"}
        }
        await self.tell_of_thread("THREAD_UPDATE", thread)

    @staticmethod
    def refuse_name(name: Json) -> None:
        """Refuses what no channel may be called."""
        if not isinstance(name, str) or not 1 <= len(name.strip()) <= 100:
            raise unfit("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")

    @staticmethod
    def _refuse_duration(body: Json) -> None:
        if body.get("auto_archive_duration") not in {None, 60, 1440, 4320, 10080}:
            raise unfit(
                "auto_archive_duration",
                "BASE_TYPE_CHOICES",
                "Value must be one of (60, 1440, 4320, 10080).",
            )
