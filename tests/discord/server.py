"""A small Discord on the loopback: HTTP and gateway, as far as the bot uses them, for the real client over real sockets.

Shows what a simulation inside the process cannot: logging in, resuming, refusals, lost connections, a killed process.
What it knows of Discord stands in the API documentation; what it does not know it answers with a 404, loudly.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, islice
from types import TracebackType
from typing import Any, Self, TypeAlias

from aiohttp import WSMsgType, web

from tests.discord.contract import violations

Json: TypeAlias = Any

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAx.Gabcde.aTokenOfNoUseToAnybodyAtAll0123456789"  # noqa: S105 - of nobody
BOT = 100000000000000001
GUILD = 200000000000000001
GENERAL = 300000000000000001
THREAD = 310000000000000001
ROLE = 400000000000000001
ALICE = 500000000000000001
OWNER = 500000000000000009

EPHEMERAL = 64
V2 = 1 << 15
ALL_PERMISSIONS = str((1 << 52) - 1)


@dataclass
class Fault:
    """Answers requests like these badly, so many times."""

    method: str
    path: str
    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    delay: float = 0.0


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


@dataclass
class Session:
    """A gateway session: what was sent in it, for a RESUME."""

    id: str
    sent: list[Json] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None


class LocalDiscord:
    """The server. Use it as an async context; `port` is where it listens."""

    def __init__(self, *, check: bool = True) -> None:
        self.port = 0
        self.requests: list[tuple[str, str, Json]] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.commands: list[Json] = []
        self.messages: dict[int, Json] = {}
        self.sessions: list[Session] = []
        self.identified: list[Json] = []
        self.resumed: list[Json] = []
        self.refuses_gateway = False
        self.refuses_content = False
        self.open_connections = 0
        self.guilds: list[Json] = [guild_payload(GUILD)]
        self.ready = asyncio.Event()
        self.failed = asyncio.Event()
        self.said = asyncio.Condition()
        self._check = check
        self._ids = count(700000000000000001)
        self._asked: dict[int, Asked] = {}
        self._by_token: dict[str, Asked] = {}
        self._runner: web.AppRunner | None = None

    # ------------------------------------------------------------------ life

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", "/api/v10/{path:.*}", self._http)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.drop()
        if self._runner:
            await self._runner.cleanup()

    async def drop(self, code: int = 1000) -> None:
        """Closes every gateway connection with this code."""
        for session in self.sessions:
            if session.socket is not None:
                socket, session.socket = session.socket, None
                await socket.close(code=code)

    async def invalidate(self, *, resumable: bool) -> None:
        """Tells every connection that its session is no longer valid."""
        for session in self.sessions:
            if session.socket is not None:
                await session.socket.send_json({"op": 9, "d": resumable, "s": None, "t": None})

    def fail(self, fault: Fault) -> None:
        """From now on some requests fail."""
        self.faults.append(fault)

    # --------------------------------------------------------------- members

    async def slash(self, name: str, **options: str) -> Asked:
        """A member uses a command. `wait` (seconds), `member`, `channel`, `guild` and `permissions` are not the command's."""
        where = _where(options)
        name, _, sub = name.partition(" ")
        given: Json = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        data = {
            "id": str(next((c["id"] for c in self.commands if c["name"] == name), "1")),
            "name": name,
            "type": 1,
            "options": [{"name": sub, "type": 1, "options": given}] if sub else given,
        }
        return await self._interaction(2, data, where)

    async def choices(self, name: str, option: str, typed: str, **options: str) -> list[Json]:
        """What a command offers while a member types into one of its options."""
        where = _where(options)
        data = {
            "id": "1",
            "name": name,
            "type": 1,
            "options": [{"name": option, "type": 3, "value": typed, "focused": True}],
        }
        asked = await self._interaction(4, data, where)
        return list(asked.data["choices"])

    async def press(self, message: Json, custom_id: str, *picked: str, **options: str) -> Asked:
        """A member presses a button, or picks something in a select."""
        where = _where({"channel": str(message["channel_id"]), **options})
        data: Json = {"custom_id": custom_id, "component_type": 2}
        if picked:
            data = {"custom_id": custom_id, "component_type": 3, "values": list(picked)}
        return await self._interaction(3, data, where, message=message)

    async def submit(self, modal: Json, text: str, message: Json | None = None, **options: str) -> Asked:
        """A member fills in the one field of a modal."""
        field_id = modal["components"][0]["component"]["custom_id"]
        rows = [
            {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": field_id, "value": text}}
        ]
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
        message = self._store({"content": content}, channel, user_payload(member))
        if channel != dm_of(member):
            message["guild_id"] = str(GUILD)
            message["member"] = member_payload(member, with_user=False)
        message["mentions"] = [bot_payload()] if f"<@{BOT}>" in content else []
        message["type"] = kind
        message["mention_roles"] = [str(pinged_role)] if pinged_role else []
        before = len(self.messages)
        await self.emit("MESSAGE_CREATE", message)
        return await self.next_message(before, wait)

    async def next_message(self, before: int, wait: float) -> Json:
        """The message after the first so many, as soon as there is one; None if there is none within `wait` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(wait), self.said:
                await self.said.wait_for(lambda: len(self.messages) > before)
        return next(islice(self.messages.values(), before, None), None)

    async def join(self, guild: Json) -> None:
        """A server lets the bot in."""
        await self.emit("GUILD_CREATE", {key: value for key, value in guild.items() if key != "unavailable"})

    async def emit(self, event: str, data: Json) -> None:
        """Sends an event in every session; one that is not connected gets it when it resumes."""
        for session in self.sessions:
            frame = {"op": 0, "t": event, "s": len(session.sent) + 1, "d": data}
            session.sent.append(frame)
            if session.socket is not None and not session.socket.closed:
                await session.socket.send_json(frame)

    async def _interaction(
        self, kind: int, data: Json, where: "_Where", message: Json | None = None
    ) -> Asked:
        number = next(self._ids)
        asked = Asked(number, f"interaction-token-{number}", where.channel, where.member, message)
        self._asked[number] = self._by_token[asked.token] = asked
        await self.emit("INTERACTION_CREATE", _interaction_payload(asked, kind, data, where, message))
        await asyncio.wait_for(asked.done.wait(), where.wait)
        if asked.kind == 5:
            await asyncio.wait_for(asked.more.wait(), where.wait)
        return asked

    def seen_by_all(self, path: str, body: Json) -> bool:
        """Whether a whole channel sees what this request posts or changes."""
        if found := re.fullmatch(r"/channels/(\d+)/messages(/.*)?", path):
            return int(found.group(1)) not in {dm_of(asked.member) for asked in self._asked.values()}
        if found := re.fullmatch(r"/webhooks/\d+/([^/]+)(/.*)?", path):
            return not self._by_token[found.group(1)].ephemeral
        if not (found := re.fullmatch(r"/interactions/(\d+)/.*", path)) or body["type"] not in {4, 7}:
            return False
        asked = self._asked[int(found.group(1))]
        flags = asked.source["flags"] if body["type"] == 7 else body["data"].get("flags", 0)
        return asked.channel != dm_of(asked.member) and not flags & EPHEMERAL

    # ------------------------------------------------------------------ HTTP

    async def _http(self, request: web.Request) -> web.StreamResponse:
        path = f"/{request.match_info['path']}"
        raw = await request.read()
        body = json.loads(raw) if raw and request.content_type == "application/json" else None
        self.requests.append((request.method, path, body))
        if self._check:
            self.violations += violations(request.method, path, body)
        for fault in self.faults:
            if fault.times and fault.method == request.method and re.search(fault.path, path):
                fault.times -= 1
                self.failed.set()
                await asyncio.sleep(fault.delay)
                return _json(fault.body, fault.status, fault.headers)
        if request.headers.get("Authorization", f"Bot {TOKEN}") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        for method, pattern, handler in self._routes():
            if method == request.method and (found := re.fullmatch(pattern, path)):
                return _json(*await handler(body, *found.groups()))
        return _json({"message": "404: Not Found", "code": 0}, 404)

    def _routes(self) -> Sequence[tuple[str, str, Callable[..., Awaitable[tuple[Json, int]]]]]:
        return (
            ("POST", r"/interactions/(\d+)/([^/]+)/callback", self._callback),
            ("POST", r"/channels/(\d+)/messages", self._post),
            ("GET", r"/channels/\d+/messages/(\d+)", self._message),
            ("POST", r"/webhooks/\d+/([^/]+)", self._followup),
            ("PATCH", r"/webhooks/\d+/([^/]+)/messages/@original", self._followup),
            ("GET", r"/users/@me", self._me),
            ("GET", r"/oauth2/applications/@me", self._application),
            ("PUT", r"/applications/\d+/commands", self._put_commands),
        )

    async def _me(self, _: Json) -> tuple[Json, int]:
        return bot_payload(), 200

    async def _application(self, _: Json) -> tuple[Json, int]:
        return {
            "id": str(BOT), "name": "Book club", "icon": None, "description": "", "bot_public": True,
            "bot_require_code_grant": False, "verify_key": "", "owner": user_payload(OWNER), "team": None,
            "flags": 0, "interactions_endpoint_url": None,
        }, 200  # fmt: skip

    async def _put_commands(self, body: Json) -> tuple[Json, int]:
        self.commands = [
            {
                "description": "",
                **command,
                "id": str(next(self._ids)),
                "application_id": str(BOT),
                "version": "1",
            }
            for command in body
        ]
        return self.commands, 200

    async def _callback(self, body: Json, number: str, token: str) -> tuple[Json, int]:
        asked = self._asked.get(int(number))
        if asked is None or asked.token != token:
            return {"message": "Unknown interaction", "code": 10062}, 404
        if asked.callback is not None:
            return {"message": "Interaction has already been acknowledged.", "code": 40060}, 400
        asked.callback = body
        resource = {}
        if body["type"] == 4:
            asked.message = self._store(body["data"], asked.channel, bot_payload())
            resource = {"resource": {"type": 4, "message": asked.message}}
        asked.done.set()
        return {"interaction": {"id": number, "type": 2}, **resource}, 200

    async def _followup(self, body: Json, token: str) -> tuple[Json, int]:
        asked = self._by_token.get(token)
        if asked is None or asked.callback is None:
            return {"message": "Unknown Webhook", "code": 10015}, 404
        asked.followups.append(body)
        stored = self._store(body, asked.channel, bot_payload())
        asked.message = asked.message or stored
        asked.more.set()
        return stored, 200

    async def _post(self, body: Json, channel: str) -> tuple[Json, int]:
        stored = self._store(body, int(channel), bot_payload())
        async with self.said:
            self.said.notify_all()
        return stored, 200

    async def _message(self, _: Json, number: str) -> tuple[Json, int]:
        found = self.messages.get(int(number))
        return (found, 200) if found else ({"message": "Unknown Message", "code": 10008}, 404)

    def _store(self, body: Json, channel: int, author: Json) -> Json:
        number = next(self._ids)
        stored = {
            "id": str(number), "channel_id": str(channel), "author": author, "content": body.get("content") or "",
            "timestamp": "2026-11-24T12:00:00.000000+00:00", "edited_timestamp": None, "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "pinned": False, "type": 0, "flags": body.get("flags") or 0, "components": body.get("components") or [],
        }  # fmt: skip
        reference = body.get("message_reference")
        if reference:
            stored |= {"type": 19, "message_reference": {key: str(value) for key, value in reference.items()}}
        self.messages[number] = stored
        return stored

    # --------------------------------------------------------------- gateway

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if self.refuses_gateway:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        self.open_connections += 1
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._frame(socket, json.loads(frame.data))
        self.open_connections -= 1
        return socket

    async def _frame(self, socket: web.WebSocketResponse, frame: Json) -> None:
        match frame["op"]:
            case 1:
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
            case 2:
                await self._identify(socket, frame["d"])
            case 6:
                await self._resume(socket, frame["d"])
            case _:
                pass

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> None:
        self.identified.append(data)
        if data["token"] != TOKEN:
            await socket.close(code=4004)
            return
        if self.refuses_content and data["intents"] & 1 << 15:
            await socket.close(code=4014)
            return
        session = Session(f"session-{len(self.sessions) + 1}", socket=socket)
        self.sessions = [session]
        await self.emit(
            "READY",
            {
                "v": 10, "user": bot_payload(), "session_id": session.id, "shard": [0, 1],
                "guilds": [{"id": guild["id"], "unavailable": True} for guild in self.guilds],
                "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
                "application": {"id": str(BOT), "flags": 0},
            },
        )  # fmt: skip
        for guild in self.guilds:
            await self.emit("GUILD_CREATE", guild)
        self.ready.set()

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> None:
        self.resumed.append(data)
        session = next((one for one in self.sessions if one.id == data["session_id"]), None)
        if session is None:
            await socket.send_json({"op": 9, "d": False, "s": None, "t": None})
            return
        session.socket = socket
        for frame in session.sent[data["seq"] :]:
            await socket.send_json(frame)
        await self.emit("RESUMED", {})


# -------------------------------------------------------------------- payloads


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


def _where(options: dict[str, str]) -> _Where:
    """Takes what is not a command's own out of its options."""
    guild = int(options.pop("guild", GUILD))
    return _Where(
        int(options.pop("member", ALICE)),
        int(options.pop("channel", general_of(guild))),
        guild,
        options.pop("permissions", ALL_PERMISSIONS),
        float(options.pop("wait", "5")),
    )


def general_of(guild: int) -> int:
    """The text channel of a server."""
    return guild - GUILD + GENERAL


def dm_of(member: int) -> int:
    """The direct-message channel of a member."""
    return member + 100


def user_payload(number: int) -> Json:
    """A person."""
    return {
        "id": str(number), "username": f"member{number % 1000}", "discriminator": "0", "avatar": None,
        "global_name": None, "bot": False,
    }  # fmt: skip


def bot_payload() -> Json:
    """The bot itself."""
    return {**user_payload(BOT), "username": "bookclub", "bot": True}


def member_payload(number: int, *, with_user: bool = True) -> Json:
    """A person in the server."""
    payload = {
        "roles": [], "joined_at": "2026-01-01T00:00:00.000000+00:00", "deaf": False, "mute": False, "flags": 0,
        "nick": None, "avatar": None, "premium_since": None, "pending": False,
    }  # fmt: skip
    if with_user:
        payload["user"] = bot_payload() if number == BOT else user_payload(number)
    return payload


def guild_payload(number: int) -> Json:
    """A server with one text channel, and a thread in the first server's."""
    general = {
        "id": str(general_of(number)), "type": 0, "name": "general", "position": 0,
        "permission_overwrites": [], "nsfw": False, "parent_id": None, "topic": None, "last_message_id": None,
    }  # fmt: skip
    everyone = {
        "id": str(number), "name": "@everyone", "color": 0, "hoist": False, "position": 0, "mentionable": False,
        "permissions": ALL_PERMISSIONS, "managed": False, "flags": 0, "icon": None, "unicode_emoji": None,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
    }  # fmt: skip
    own = {
        **everyone,
        "id": str(ROLE),
        "name": "bookclub",
        "position": 1,
        "managed": True,
        "tags": {"bot_id": str(BOT)},
    }
    other = {**everyone, "id": str(ROLE + 1), "name": "readers", "position": 1}
    thread = {
        "id": str(THREAD), "guild_id": str(number), "parent_id": str(GENERAL), "owner_id": str(ALICE), "type": 11,
        "name": "chapter one", "message_count": 0, "member_count": 1, "rate_limit_per_user": 0, "flags": 0,
        "last_message_id": None, "total_message_sent": 0,
        "thread_metadata": {
            "archived": False, "auto_archive_duration": 1440, "archive_timestamp": "2026-01-01T00:00:00.000000+00:00",
            "locked": False,
        },
    }  # fmt: skip
    return {
        "id": str(number), "name": "Book club", "unavailable": False, "owner_id": str(OWNER), "member_count": 3,
        "roles": [everyone, own, other], "channels": [general], "threads": [thread] if number == GUILD else [],
        "members": [member_payload(BOT)], "emojis": [], "stickers": [], "features": [], "large": False,
        "system_channel_id": None, "system_channel_flags": 0, "afk_channel_id": None, "afk_timeout": 300,
        "rules_channel_id": None, "public_updates_channel_id": None, "preferred_locale": "en-US",
        "verification_level": 0, "default_message_notifications": 1, "explicit_content_filter": 0, "mfa_level": 0,
        "nsfw_level": 0, "premium_tier": 0, "premium_subscription_count": 0, "icon": None, "splash": None,
        "discovery_splash": None, "banner": None, "description": None, "vanity_url_code": None,
        "application_id": None, "premium_progress_bar_enabled": False, "presences": [], "voice_states": [],
        "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [], "joined_at": None,
    }  # fmt: skip


def _interaction_payload(asked: Asked, kind: int, data: Json, where: _Where, message: Json | None) -> Json:
    channel: dict[str, Json] = {
        "id": str(where.channel),
        "type": 1 if where.alone else 0,
        "name": "general",
        "permissions": where.permissions,
    }
    payload = {
        "id": str(asked.id), "application_id": str(BOT), "type": kind, "token": asked.token, "version": 1,
        "channel_id": str(where.channel), "channel": channel, "data": data, "locale": "en-US",
        "app_permissions": where.permissions, "entitlements": [], "attachment_size_limit": 10485760,
        "authorizing_integration_owners": {"0": str(where.guild)}, "context": 1 if where.alone else 0,
    }  # fmt: skip
    if where.alone:
        channel |= {"recipients": [user_payload(where.member)], "last_message_id": None}
        payload["user"] = user_payload(where.member)
    else:
        payload |= {
            "guild_id": str(where.guild), "guild_locale": "en-US",
            "guild": {"id": str(where.guild), "features": [], "locale": "en-US"},
            "member": {**member_payload(where.member), "permissions": where.permissions},
        }  # fmt: skip
    if message is not None:
        payload["message"] = message
    return payload


def _json(body: Json, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    # discord.py wants this very content type: with a charset behind it, it takes the body for text.
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers={**(headers or {}), "Content-Type": "application/json"},
    )
