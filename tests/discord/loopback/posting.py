"""Messages in the local Discord: posting, reading, changing, deleting and pinning them, as its HTTP API does it."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.discord.contract import components
from tests.discord.contract import texts as displayed
from tests.discord.loopback.gateway import Gateway
from tests.discord.loopback.payloads import (
    BOT,
    DM,
    FORUM,
    PINNED,
    SUPPRESS_EMBEDS,
    THREAD_STARTER,
    V2,
    Can,
    Json,
    bot_payload,
    written,
)
from tests.discord.loopback.state import Channel, RefusedError, unfit

Answer = tuple[Json, int]

SETTABLE = SUPPRESS_EMBEDS | 1 << 12 | 1 << 13 | V2
"""The flags that count in a message that is posted; Discord looks past others."""


@dataclass(frozen=True)
class Call:
    """A request: its path without host and version, its body (of a form, what stands in `payload_json`)."""

    method: str
    path: str
    body: Json = None
    query: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[tuple[str, int]] = ()
    """Name and size of each file that came with it."""


class Posting(Gateway):
    """What goes on in a channel."""

    # ---------------------------------------------------------------- writing

    async def create_message(self, call: Call, channel: int) -> Answer:
        """POST /channels/{id}/messages."""
        where = self.place(channel)
        self.may_post(where, call)
        refuse_message(call.body, call.files)
        if earlier := self.repeated(where, call.body):
            return earlier, 200
        return await self.post(where, call), 200

    def may_post(self, where: Channel, call: Call) -> None:
        """Refuses what the bot may not send there."""
        if where.kind == FORUM:
            raise RefusedError(400, 40058, "Cannot send messages in a forum channel")
        if where.kind == DM and int(where.payload["recipients"][0]["id"]) in self.refuses_dms:
            raise RefusedError(403, 50007, "Cannot send messages to this user")
        self.place(where.id, (Can.SEND_IN_THREADS if where.is_thread else Can.SEND) | needed(call))
        if call.body.get("message_reference") and not self.permissions(where) & Can.HISTORY:
            raise RefusedError(400, 160002, "Cannot reply without permission to read message history")
        if self.shut(where):
            raise (
                RefusedError(400, 50083, "Thread is archived")
                if where.archived
                else RefusedError(403, 160005, "Thread is locked")
            )

    def shut(self, where: Channel) -> bool:
        """Whether it is a locked thread, and the bot no moderator."""
        return where.locked and not self.permissions(where) & Can.MANAGE_THREADS

    async def post(self, where: Channel, call: Call, number: int | None = None) -> Json:
        """Posts what has been found fit, and tells of it; `number` is its id if that is given already.

        Nothing else happens between the look for an earlier message with its nonce and this one's being there.
        """
        body = {**call.body, "flags": (call.body.get("flags") or 0) & SETTABLE}
        opened = where.archived
        if opened:
            where.payload["thread_metadata"] |= {"archived": False, "archive_timestamp": self.now()}
        message = self.record(body, where.id, bot_payload(), number=number, **self._attached(call))
        if (nonce := message.get("nonce")) is not None:
            where.nonces[str(nonce)] = (self.clock(), int(message["id"]))
            self.messages[int(message["id"])] = {
                key: value for key, value in message.items() if key != "nonce"
            }
        if opened:
            await self.tell_of_thread("THREAD_UPDATE", where)
        await self.tell_of_message("MESSAGE_CREATE", where, message)
        await self.was_said()
        return message

    async def was_said(self) -> None:
        """Whoever waits for a message looks again."""

    async def edit_message(self, call: Call, channel: int, number: int) -> Answer:
        """PATCH /channels/{id}/messages/{id}."""
        where = self.place(channel)
        message = self.message_in(where, number)
        if message["author"]["id"] != str(BOT):
            raise RefusedError(403, 50005, "Cannot edit a message authored by another user")
        if where.archived:
            raise RefusedError(400, 50083, "Thread is archived")
        if self.shut(where):
            raise RefusedError(403, 160005, "Thread is locked")
        message = self.rewrite(number, self.edited(message, call.body))
        await self.tell_of_message("MESSAGE_UPDATE", where, message)
        return message, 200

    def edited(self, message: Json, body: Json) -> Json:
        """What of a message an edit changes; refused if it would not be fit."""
        given = {
            key: value or ([] if key in {"embeds", "components"} else "")
            for key, value in body.items()
            if key in {"content", "embeds", "components"}
        }
        if body.get("flags") is not None:
            kept = message["flags"] & ~SUPPRESS_EMBEDS
            given["flags"] = kept | body["flags"] & (SUPPRESS_EMBEDS | V2)
        after = {**message, **given}
        refuse_message(after, (("kept", 0),) * len(message["attachments"]))
        return {**given, "edited_timestamp": self.now()}

    async def delete_message(self, _: Call, channel: int, number: int) -> Answer:
        """DELETE /channels/{id}/messages/{id}."""
        where = self.place(channel)
        message = self.message_in(where, number)
        if message["author"]["id"] != str(BOT):
            self.place(channel, Can.VIEW | Can.MANAGE_MESSAGES)
        if where.archived and self.shut(where):
            raise RefusedError(400, 50083, "Thread is archived")
        await self.delete(number)
        return None, 204

    async def delete(self, number: int) -> None:
        """A message is deleted, by whoever may."""
        message = self.messages[number]
        if message["type"] == THREAD_STARTER:
            raise RefusedError(403, 50021, "Cannot execute action on a system message")
        where = self.channel(int(message["channel_id"]))
        self.forget(where, number)
        gone = {"id": message["id"], "channel_id": message["channel_id"]}
        await self.tell("MESSAGE_DELETE", gone | self.guild_id(where))

    # ---------------------------------------------------------------- reading

    async def read_messages(self, call: Call, channel: int) -> Answer:
        """GET /channels/{id}/messages."""
        where = self.place(channel)
        limit = within(call.query, "limit", 1, 100, 50)
        ways = [key for key in ("around", "before", "after") if key in call.query]
        if len(ways) > 1:
            raise unfit(ways[1], "MUTUALLY_EXCLUSIVE", f"Only one of {', '.join(ways)} may be given.")
        if not self.permissions(where) & Can.HISTORY:
            return [], 200
        history = where.history
        if not ways:
            found = history[-limit:]
        else:
            (way,) = ways
            number = int(call.query[way])
            below, above = bisect_left(history, number), bisect_right(history, number)
            found = {
                "before": history[max(0, below - limit) : below],
                "after": history[above : above + limit],
                "around": history[max(0, below - limit // 2) : above + limit // 2],
            }[way]
        return [self.as_read(where, self.messages[one]) for one in reversed(found)], 200

    async def read_message(self, _: Call, channel: int, number: int) -> Answer:
        """GET /channels/{id}/messages/{id}."""
        where = self.place(channel, Can.VIEW | Can.HISTORY)
        return self.as_read(where, self.message_in(where, number)), 200

    def as_read(self, where: Channel, message: Json) -> Json:
        """A message as the bot reads it: without the content intent, nothing of what others say among themselves."""
        own = message["author"]["id"] == str(BOT) or any(one["id"] == str(BOT) for one in message["mentions"])
        if own or where.guild is None or self.reads_content:
            return message
        hidden = {"content": "", "embeds": [], "attachments": [], "components": []}
        return {key: value for key, value in message.items() if key != "poll"} | hidden

    # ------------------------------------------------------------------- pins

    async def pin(self, _: Call, channel: int, number: int) -> Answer:
        """PUT /channels/{id}/messages/pins/{id}, and the older /channels/{id}/pins/{id}."""
        where = self.place(channel, Can.VIEW | Can.PIN)
        message = self.message_in(where, number)
        if where.archived:
            raise RefusedError(400, 50083, "Thread is archived")
        if message["type"] not in {0, 19, 20}:
            raise RefusedError(403, 50021, "Cannot execute action on a system message")
        if number in where.pins:
            return None, 204
        if len(where.pins) >= self.max_pins:
            raise RefusedError(400, 30003, f"Maximum number of pins reached ({self.max_pins})")
        where.pins[number] = self.wall()
        await self._pins_changed(where, number, pinned=True)
        there = {"type": 0, "message_id": str(number), "channel_id": str(channel), **self.guild_id(where)}
        notice = self.record({}, channel, bot_payload(), type=PINNED, message_reference=there)
        await self.tell_of_message("MESSAGE_CREATE", where, notice)
        return None, 204

    async def unpin(self, _: Call, channel: int, number: int) -> Answer:
        """DELETE /channels/{id}/messages/pins/{id}, and the older one."""
        where = self.place(channel, Can.VIEW | Can.PIN)
        self.message_in(where, number)
        if where.archived:
            raise RefusedError(400, 50083, "Thread is archived")
        if where.pins.pop(number, None) is not None:
            await self._pins_changed(where, number, pinned=False)
        return None, 204

    async def read_pins(self, call: Call, channel: int) -> Answer:
        """GET /channels/{id}/messages/pins: the last pinned first."""
        where = self.place(channel)
        limit = within(call.query, "limit", 1, 50, 50)
        before = moment(call.query, "before")
        found = [
            {"pinned_at": written(at), "message": self.as_read(where, self.messages[number])}
            for number, at in sorted(where.pins.items(), key=lambda pin: pin[1], reverse=True)
            if before is None or at < before
        ]
        if not self.permissions(where) & Can.HISTORY:
            found = []
        return {"items": found[:limit], "has_more": len(found) > limit}, 200

    async def read_pins_as_before(self, call: Call, channel: int) -> Answer:
        """GET /channels/{id}/pins, the older way: the last fifty."""
        items, _ = await self.read_pins(call, channel)
        return [item["message"] for item in items["items"]], 200

    async def _pins_changed(self, where: Channel, number: int, *, pinned: bool) -> None:
        message = self.rewrite(number, {"pinned": pinned})
        last = written(max(where.pins.values())) if where.pins else None
        where.payload["last_pin_timestamp"] = last
        told = {"channel_id": str(where.id), "last_pin_timestamp": last, **self.guild_id(where)}
        await self.tell("CHANNEL_PINS_UPDATE", told)
        await self.tell_of_message("MESSAGE_UPDATE", where, message)

    # ------------------------------------------------------------------ people

    async def start_dm(self, call: Call) -> Answer:
        """POST /users/@me/channels. Whoever wants no messages is found out by sending one."""
        return self.open_dm(int(call.body["recipient_id"])).payload, 200

    @staticmethod
    def guild_id(where: Channel) -> dict[str, str]:
        """The server's id, for what names it only in servers."""
        return {} if where.guild is None else {"guild_id": where.guild["id"]}

    def _attached(self, call: Call) -> Json:
        if not call.files:
            return {}
        return {
            "attachments": [
                {
                    "id": str(self.new_id()), "filename": name, "size": size, "content_type": None,
                    "url": f"http://127.0.0.1:{self.port}/{name}", "proxy_url": f"http://127.0.0.1:{self.port}/{name}",
                }
                for name, size in call.files
            ]
        }  # fmt: skip


def needed(call: Call) -> Can:
    """What one must be allowed for what is in a message."""
    needs = Can(0)
    for there, what in (
        (call.body.get("embeds"), Can.EMBED),
        (call.files, Can.ATTACH),
        (call.body.get("poll"), Can.POLLS),
    ):
        if there:
            needs |= what
    return needs


def refuse_message(body: Json, files: Sequence[tuple[str, int]] = ()) -> None:
    """Refuses a message that Discord would not take from anybody."""
    flags = body.get("flags") or 0
    parts = list(components(body.get("components")))
    if len(str(body.get("nonce") or "")) > 25:
        raise unfit("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    if len(body.get("content") or "") > 2000:
        raise unfit("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    if len(body.get("embeds") or []) > 10:
        raise unfit("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    if flags & V2:
        for key in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(key):
                raise unfit(
                    key,
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
    elif any(part["type"] >= 9 for part in parts):
        raise unfit("components", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).')
    _refuse_parts(body, parts)
    if body.get("poll"):
        _refuse_poll(body["poll"])
    given = (str(body.get("content") or "").strip(), parts, files)
    if not any(given) and not any(body.get(key) for key in ("embeds", "poll", "sticker_ids")):
        raise RefusedError(400, 50006, "Cannot send an empty message")


def _refuse_parts(body: Json, parts: Sequence[Json]) -> None:
    if len(parts) > 40:
        raise unfit("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum is 40.")
    if sum(map(len, displayed(body))) > 4000:
        raise unfit("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The maximum is 4000.")
    ids = Counter(part["custom_id"] for part in parts if part.get("custom_id"))
    if any(count > 1 for count in ids.values()):
        raise unfit(
            "components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        )


def _refuse_poll(poll: Json) -> None:
    answers, hours = poll.get("answers") or [], poll.get("duration") or 24
    asked = [("question.text", poll["question"].get("text"), 300)]
    asked += [
        (f"answers.{n}.poll_media.text", one["poll_media"].get("text"), 55) for n, one in enumerate(answers)
    ]
    if not 1 <= len(answers) <= 10:
        raise unfit("poll.answers", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
    if hours != int(hours) or not 1 <= hours <= 768:
        raise unfit("poll.duration", "NUMBER_TYPE_RANGE", "Must be a whole number from 1 to 768.")
    for field_, text, most in asked:
        if not 1 <= len((text or "").strip()) <= most:
            raise unfit(f"poll.{field_}", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")


def within(query: Mapping[str, str], key: str, least: int, most: int, default: int) -> int:
    """A number in the query; refused beyond its bounds."""
    value = query.get(key, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise unfit(key, "NUMBER_TYPE_RANGE", f"int value should be between {least} and {most}.")
    return int(value)


def moment(query: Mapping[str, str], key: str) -> float | None:
    """A moment in the query, in seconds since 1970."""
    return datetime.fromisoformat(query[key]).timestamp() if key in query else None
