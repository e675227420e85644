"""Members who use the bot in the local Discord: commands, buttons, selects, modals, and what it answers."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from tests.discord.loopback.moderating import Moderating
from tests.discord.loopback.payloads import (
    ALICE,
    ALL_PERMISSIONS,
    BOT,
    DM,
    EPHEMERAL,
    GENERAL,
    GUILD,
    Json,
    bot_payload,
    channel_payload,
    dm_of,
    dm_payload,
    general_of,
    member_payload,
    user_payload,
)
from tests.discord.loopback.posting import Answer, Call
from tests.discord.loopback.state import Channel, RefusedError

Value: TypeAlias = str | int | bool
"""What a member gives for an option; of a channel or a role its id, of a file the number that `add_file` gave."""

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, CHANNEL, ROLE_OPTION, FILE = 1, 2, 3, 4, 5, 7, 8, 11


@dataclass
class Asked:
    """One interaction: what the bot made of it."""

    id: int
    token: str
    channel: int
    member: int
    source: Json = None
    callback: Json = None
    followups: list[Json] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    message: Json = None

    @property
    def kind(self) -> int:
        """The callback's type: 4 a message, 5 deferred, 7 an edit, 8 choices, 9 a modal."""
        return int(self.callback["type"])

    @property
    def data(self) -> Json:
        """What the callback holds; of a deferred one the message that followed."""
        return self.followups[0] if self.kind == 5 and self.followups else self.callback.get("data", {})

    @property
    def ephemeral(self) -> bool:
        """Whether the asker alone sees it."""
        flags = (self.callback.get("data") or {}).get("flags", 0)
        return bool(flags & EPHEMERAL)


class Interactions(Moderating):
    """Members. `wait` (seconds), `member`, `channel`, `guild` and `permissions` say who does it where.

    An option of the command that has such a name is given in `given`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[Json] = []
        self.roles: dict[int, list[int]] = {}
        """Members' roles."""
        self.files: dict[int, tuple[str, bytes]] = {}
        """What members attach to commands, by number."""
        self.said = asyncio.Condition()
        self._asked: dict[int, Asked] = {}
        self._by_token: dict[str, Asked] = {}

    async def slash(self, name: str, given: Mapping[str, Value] | None = None, /, **options: Value) -> Asked:
        """A member uses a command, or one in groups ("schedule add")."""
        where = _where(options)
        typed = self._typed(name, {**options, **(given or {})})
        data = self._command(name, typed)
        if resolved := self._resolved(typed, where):
            data["resolved"] = resolved
        return await self._interaction(2, data, where)

    def add_file(self, name: str, data: bytes) -> int:
        """A member has a file to attach to a command; its number."""
        number = self.new_id()
        self.files[number] = (name, data)
        return number

    async def choices(
        self,
        name: str,
        option: str,
        typed: str,
        given: Mapping[str, Value] | None = None,
        /,
        **options: Value,
    ) -> list[Json]:
        """What a command offers while a member types into one of its options, and has filled in others."""
        where = _where(options)
        values = self._typed(name, {**options, **(given or {}), option: typed}, focused=option)
        asked = await self._interaction(4, self._command(name, values), where)
        return list(asked.data["choices"])

    async def press(self, message: Json, custom_id: str, *picked: str, **options: Value) -> Asked:
        """A member presses a button, or picks something in a select."""
        where = _where({"channel": str(message["channel_id"]), **options})
        data: Json = {"custom_id": custom_id, "component_type": 2}
        if picked:
            data = {"custom_id": custom_id, "component_type": 3, "values": list(picked)}
        return await self._interaction(3, data, where, message=message)

    async def submit(
        self, modal: Json, text: str | Mapping[str, str], message: Json | None = None, **options: Value
    ) -> Asked:
        """A member fills in the one field of a modal, or several; what they leave stays as it was filled in."""
        rows = []
        for at, label in enumerate(modal["components"]):
            field = label["component"]
            typed = text if isinstance(text, str) else text.get(field["custom_id"], field.get("value") or "")
            filled = {"type": 4, "id": 2 * at + 2, "custom_id": field["custom_id"], "value": typed}
            rows.append({"type": 18, "id": 2 * at + 1, "component": filled})
        data = {"custom_id": modal["custom_id"], "components": rows}
        return await self._interaction(5, data, _where(options), message=message)

    async def say(
        self,
        content: str,
        *,
        channel: int = GENERAL,
        member: int = ALICE,
        pinged_role: int | None = None,
        kind: int = 0,
        wait: float = 5.0,
    ) -> Json:
        """A member writes a message; returns the bot's next one, None if there is none within `wait` seconds."""
        alone = channel == dm_of(member)
        if alone:
            self.open_dm(member)
        message = self.record(
            {"content": content},
            channel,
            user_payload(member),
            mentions=[bot_payload()] if f"<@{BOT}>" in content else [],
            mention_roles=[str(pinged_role)] if pinged_role else [],
            type=kind,
        )
        before = len(self.messages)
        await self.tell_of_message("MESSAGE_CREATE", self.channel(channel), message)
        return await self.next_message(before, wait)

    async def next_message(self, before: int, wait: float) -> Json:
        """The message after the first so many, as soon as there is one; None if there is none within `wait` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(wait), self.said:
                await self.said.wait_for(lambda: len(self.messages) > before)
        return next(islice(self.messages.values(), before, None), None)

    async def was_said(self) -> None:
        async with self.said:
            self.said.notify_all()

    # --------------------------------------------------------------- commands

    def _declared(self, name: str) -> Iterator[Json]:
        """The options that the bot has declared for a command."""
        level: Sequence[Json] = self.commands
        for part in name.split():
            level = next((one.get("options") or () for one in level if one["name"] == part), ())
        yield from level

    def _typed(self, name: str, given: Mapping[str, Value], focused: str | None = None) -> list[Json]:
        """The options as a member's client sends them: each of the type that the bot has declared."""
        declared = {option["name"]: option["type"] for option in self._declared(name)}
        return [
            {"type": STRING, "name": key, "value": value, "focused": True}
            if key == focused
            else _option(key, value, declared.get(key))
            for key, value in given.items()
        ]

    def _command(self, name: str, options: list[Json]) -> Json:
        name, *below = name.split()
        for depth, part in enumerate(reversed(below)):
            options = [{"type": GROUP if depth else SUBCOMMAND, "name": part, "options": options}]
        number = next((command["id"] for command in self.commands if command["name"] == name), "1")
        return {"id": str(number), "name": name, "type": 1, "options": options}

    def _resolved(self, options: Sequence[Json], where: "_Where") -> Json:
        """What the ids among the options stand for."""
        channels = {
            option["value"]: self._as_resolved(self.channel(int(option["value"])), where)
            for option in options
            if option["type"] == CHANNEL
        }
        roles = {
            option["value"]: role
            for option in options
            if option["type"] == ROLE_OPTION
            for role in self._guilds[where.guild]["roles"]
            if role["id"] == option["value"]
        }
        files = {
            option["value"]: self._as_attached(int(option["value"]))
            for option in options
            if option["type"] == FILE
        }
        kinds = (("channels", channels), ("roles", roles), ("attachments", files))
        return {key: found for key, found in kinds if found}

    def _as_attached(self, number: int) -> Json:
        name, data = self.files[number]
        url = f"http://127.0.0.1:{self.port}/files/{number}"
        return {"id": str(number), "filename": name, "size": len(data), "url": url, "proxy_url": url}

    def _as_resolved(self, channel: Channel, where: "_Where") -> Json:
        keys = {
            "id", "name", "type", "last_message_id", "last_pin_timestamp", "nsfw", "parent_id", "flags",
            "rate_limit_per_user", "topic", "position",
        }  # fmt: skip
        if channel.is_thread:
            keys |= {"thread_metadata", "owner_id", "member_count", "message_count", "total_message_sent"}
        return {
            **{key: value for key, value in channel.full().items() if key in keys},
            **self.guild_id(channel),
            "permissions": where.permissions,
            "app_permissions": str(self.permissions(channel)),
        }

    # ------------------------------------------------------------ interactions

    async def _interaction(
        self, kind: int, data: Json, where: "_Where", message: Json | None = None
    ) -> Asked:
        if where.alone:
            self.open_dm(where.member)
        number = self.new_id()
        asked = Asked(number, f"interaction-token-{number}", where.channel, where.member, message)
        self._asked[number] = self._by_token[asked.token] = asked
        await self.tell("INTERACTION_CREATE", self._payload(asked, kind, data, where))
        await asyncio.wait_for(asked.done.wait(), where.wait)
        if asked.kind == 5:
            await asyncio.wait_for(asked.more.wait(), where.wait)
        return asked

    def _payload(self, asked: Asked, kind: int, data: Json, where: "_Where") -> Json:
        known = self._channels.get(where.channel)
        channel = known.full() if known else channel_payload(where.channel)
        payload = {
            "id": str(asked.id), "application_id": str(BOT), "type": kind, "token": asked.token, "version": 1,
            "channel_id": str(where.channel), "channel": {**channel, "permissions": where.permissions}, "data": data,
            "locale": "en-US", "app_permissions": str(self.permissions(known)) if known else where.permissions,
            "entitlements": [], "attachment_size_limit": 10485760,
            "authorizing_integration_owners": {"0": str(where.guild)}, "context": 1 if where.alone else 0,
        }  # fmt: skip
        if where.alone:
            payload["channel"] = {**dm_payload(where.member), "permissions": where.permissions}
            payload["user"] = user_payload(where.member)
        else:
            payload |= {
                "guild_id": str(where.guild), "guild_locale": "en-US",
                "guild": {"id": str(where.guild), "features": [], "locale": "en-US"},
                "member": {
                    **member_payload(where.member), "permissions": where.permissions,
                    "roles": list(map(str, self.roles.get(where.member, ()))),
                },
            }  # fmt: skip
        if asked.source is not None:
            payload["message"] = asked.source
        return payload

    async def put_commands(self, call: Call) -> Answer:
        """PUT /applications/{id}/commands."""
        self.commands = [
            {
                "description": "",
                **command,
                "id": str(self.new_id()),
                "application_id": str(BOT),
                "version": "1",
            }
            for command in call.body
        ]
        return self.commands, 200

    async def callback(self, call: Call, number: int, token: str) -> Answer:
        """POST /interactions/{id}/{token}/callback."""
        asked, body = self._asked.get(number), call.body
        if asked is None or asked.token != token:
            raise RefusedError(404, 10062, "Unknown interaction")
        if asked.callback is not None:
            raise RefusedError(400, 40060, "Interaction has already been acknowledged.")
        asked.callback = body
        resource = {}
        if body["type"] == 4:
            asked.message = self.record(body["data"], asked.channel, bot_payload())
            resource = {"resource": {"type": 4, "message": asked.message}}
        elif body["type"] == 7 and asked.source and int(asked.source["id"]) in self.messages:
            self._edit(int(asked.source["id"]), body["data"])
        asked.done.set()
        return {"interaction": {"id": str(number), "type": 2}, **resource}, 200

    async def follow_up(self, call: Call, token: str) -> Answer:
        """POST /webhooks/{id}/{token}; and PATCH …/messages/@original, which fills in a deferred answer."""
        asked, body = self._by_token.get(token), call.body
        if asked is None or asked.callback is None:
            raise RefusedError(404, 10015, "Unknown Webhook")
        asked.followups.append(body)
        if call.method == "PATCH" and asked.message is not None:
            stored = asked.message = self._edit(int(asked.message["id"]), body)
        else:
            flags = (body.get("flags") or 0) | (EPHEMERAL if asked.ephemeral else 0)
            stored = self.record({**body, "flags": flags}, asked.channel, bot_payload())
            asked.message = asked.message or stored
        asked.more.set()
        return stored, 200

    def _edit(self, number: int, body: Json) -> Json:
        changes = {key: value for key, value in body.items() if key in {"content", "embeds", "components"}}
        return self.rewrite(number, {**changes, "edited_timestamp": self.now()})

    def asker_alone(self, number: int) -> bool:
        """Whether a channel is one member's with the bot."""
        channel = self._channels.get(number)
        return channel is not None and channel.kind == DM

    def asked_by(self, token: str) -> Asked:
        """The interaction with this token."""
        return self._by_token[token]

    def asked(self, number: int) -> Asked:
        """The interaction with this id."""
        return self._asked[number]


@dataclass(frozen=True)
class _Where:
    member: int
    channel: int
    guild: int
    permissions: str
    wait: float

    @property
    def alone(self) -> bool:
        return self.channel == dm_of(self.member)


def _where(options: dict[str, Value]) -> _Where:
    """Takes what is not a command's own out of its options."""
    guild = int(options.pop("guild", GUILD))
    return _Where(
        int(options.pop("member", ALICE)),
        int(options.pop("channel", general_of(guild))),
        guild,
        str(options.pop("permissions", ALL_PERMISSIONS)),
        float(options.pop("wait", 5)),
    )


def _option(name: str, value: Value, declared: int | None) -> Json:
    if declared is None:
        declared = BOOLEAN if isinstance(value, bool) else INTEGER if isinstance(value, int) else STRING
    if declared in {CHANNEL, ROLE_OPTION, FILE}:
        value = str(value)
    fits = {INTEGER: type(value) is int, BOOLEAN: isinstance(value, bool)}.get(
        declared, isinstance(value, str)
    )
    assert fits, f"a client sends no {value!r} for the option {name}"
    return {"type": declared, "name": name, "value": value}
