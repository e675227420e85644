"""A small Discord on the loopback: HTTP and gateway, as far as the bot uses them, for the real client over real sockets.

Shows what a simulation inside the process cannot: logging in, resuming, refusals, lost connections, a killed process.
What it knows of Discord stands in the API documentation; what it does not know it answers with a 404, loudly.

The rooms of `loopback` lie one on the other, and each knows only those below it: what there is (`state`), the gateway,
messages (`posting`), `threads`, what people do to their servers (`moderating`), and to the bot (`interactions`).
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from aiohttp import BodyPartReader, web

from tests.discord.contract import violations
from tests.discord.loopback.faults import (
    Fault,
    accepted_but,
    accepted_late,
    answer_lost,
    never_arrived,
    reset,
)
from tests.discord.loopback.interactions import Asked, Interactions
from tests.discord.loopback.limits import Limits
from tests.discord.loopback.payloads import (
    ALICE,
    ALL_PERMISSIONS,
    BOT,
    EPHEMERAL,
    GENERAL,
    GUILD,
    OWNER,
    ROLE,
    THREAD,
    TOKEN,
    V2,
    Can,
    Json,
    bot_payload,
    channel_of,
    dm_of,
    general_of,
    guild_payload,
    many_guilds,
    member_payload,
    user_payload,
)
from tests.discord.loopback.posting import Answer, Call
from tests.discord.loopback.state import RefusedError

__all__ = [
    "ALICE", "ALL_PERMISSIONS", "BOT", "EPHEMERAL", "GENERAL", "GUILD", "OWNER", "ROLE", "THREAD", "TOKEN", "V2",
    "Asked", "Can", "Fault", "Json", "LocalDiscord", "accepted_but", "accepted_late", "answer_lost", "bot_payload",
    "channel_of", "dm_of", "general_of", "guild_payload", "many_guilds", "member_payload", "never_arrived",
    "user_payload",
]  # fmt: skip


class LocalDiscord(Interactions):
    """The server. Use it as an async context; `port` is where it listens. `limited`: Discord's rate limits hold."""

    def __init__(self, *, check: bool = True, limited: bool = False) -> None:
        super().__init__()
        self.requests: list[tuple[str, str, Json]] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.sent_files: list[tuple[str, bytes]] = []
        """What the bot has attached to its messages."""
        self.failed = asyncio.Event()
        self.limits = Limits(limited)
        self.guilds = [guild_payload(GUILD)]
        self._check = check
        self._routes = self._table()
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    # ------------------------------------------------------------------ life

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_get("/gateway", self.serve_gateway)
        app.router.add_get("/files/{number}", self._file)
        app.router.add_route("*", "/api/v10/{path:.*}", self._http)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self._listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.drop()
        if self._runner:
            await self._runner.cleanup()

    @asynccontextmanager
    async def dead(self) -> AsyncIterator[None]:
        """For a while nothing listens: every connection is broken, and new ones are refused."""
        assert self._runner
        assert self._runner.server
        assert self._site
        await self._site.stop()
        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()
        for session in self.sessions:
            session.socket = None
        try:
            yield
        finally:
            await self._listen()

    async def _listen(self) -> None:
        assert self._runner
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await self._site.start()
        self.port = self._runner.addresses[0][1]

    def fail(self, fault: Fault) -> None:
        """From now on some requests fail."""
        self.faults.append(fault)

    async def join(self, guild: Json) -> None:
        """A server lets the bot in."""
        await self.emit("GUILD_CREATE", {key: value for key, value in guild.items() if key != "unavailable"})

    def seen_by_all(self, path: str, body: Json) -> bool:
        """Whether a whole channel sees what this request posts or changes."""
        if found := re.fullmatch(r"/channels/(\d+)(/.*)?", path):
            return not self.asker_alone(int(found.group(1)))
        if found := re.fullmatch(r"/webhooks/\d+/([^/]+)(/.*)?", path):
            return not self.asked_by(found.group(1)).ephemeral
        if not (found := re.fullmatch(r"/interactions/(\d+)/.*", path)) or body["type"] not in {4, 7}:
            return False
        asked = self.asked(int(found.group(1)))
        flags = asked.source["flags"] if body["type"] == 7 else body["data"].get("flags", 0)
        return asked.channel != dm_of(asked.member) and not flags & EPHEMERAL

    # ------------------------------------------------------------------ HTTP

    async def _http(self, request: web.Request) -> web.StreamResponse:
        call, sent = await _read(request)
        self.sent_files += sent
        self.requests.append((call.method, call.path, call.body))
        if self._check:
            self.violations += violations(call.method, call.path, call.body)
        if refused := self.limits.refuse(call.method, call.path):
            return self._written(call, refused.body, 429, refused.headers)
        if request.headers.get("Authorization", f"Bot {TOKEN}") != f"Bot {TOKEN}":
            return self._written(call, {"message": "401: Unauthorized", "code": 0}, 401)
        fault = next((fault for fault in self.faults if fault.meets(call)), None)
        if fault is None:
            return self._written(call, *await self._answer(call))
        fault.times -= 1
        self.failed.set()
        return await self._badly(fault, call, request)

    async def _badly(self, fault: Fault, call: Call, request: web.Request) -> web.StreamResponse:
        answer: Answer = (None, 204)
        if fault.effect == "first":
            answer = await self._answer(call)
        await asyncio.sleep(fault.delay)
        if fault.effect == "last":
            answer = await self._answer(call)
        if fault.lost:
            reset(request)
        if fault.status:
            answer = fault.body, fault.status
        return self._written(call, *answer, fault.headers)

    async def _answer(self, call: Call) -> Answer:
        for method, pattern, handler in self._routes:
            if method == call.method and (found := pattern.fullmatch(call.path)):
                try:
                    return await handler(
                        call, *(int(part) if part.isdecimal() else part for part in found.groups())
                    )
                except RefusedError as refused:
                    return refused.body, refused.status
        return {"message": "404: Not Found", "code": 0}, 404

    def _written(
        self, call: Call, body: Json, status: int, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        self.limits.invalid += status in {401, 403, 429}
        # discord.py wants this very content type: with a charset behind it, it takes the body for text.
        typed = {} if status == 204 else {"Content-Type": "application/json"}
        return web.Response(
            body=None if status == 204 else json.dumps(body).encode(),
            status=status,
            headers={**self.limits.headers(call.method, call.path), **(headers or {}), **typed},
        )

    def _table(self) -> list[tuple[str, re.Pattern[str], Callable[..., Awaitable[Answer]]]]:
        return [
            (method, re.compile(pattern), handler)
            for method, pattern, handler in (
                ("POST", r"/interactions/(\d+)/([^/]+)/callback", self.callback),
                ("POST", r"/webhooks/\d+/([^/]+)", self.follow_up),
                ("PATCH", r"/webhooks/\d+/([^/]+)/messages/@original", self.follow_up),
                ("POST", r"/channels/(\d+)/messages", self.create_message),
                ("GET", r"/channels/(\d+)/messages", self.read_messages),
                ("GET", r"/channels/(\d+)/messages/(\d+)", self.read_message),
                ("PATCH", r"/channels/(\d+)/messages/(\d+)", self.edit_message),
                ("DELETE", r"/channels/(\d+)/messages/(\d+)", self.delete_message),
                ("PUT", r"/channels/(\d+)/(?:messages/)?pins/(\d+)", self.pin),
                ("DELETE", r"/channels/(\d+)/(?:messages/)?pins/(\d+)", self.unpin),
                ("GET", r"/channels/(\d+)/messages/pins", self.read_pins),
                ("GET", r"/channels/(\d+)/pins", self.read_pins_as_before),
                ("POST", r"/channels/(\d+)/messages/(\d+)/threads", self.start_thread),
                ("POST", r"/channels/(\d+)/threads", self.start_thread_or_post),
                ("GET", r"/channels/(\d+)/threads/archived/public", self.read_archived_threads),
                ("GET", r"/guilds/(\d+)/threads/active", self.read_active_threads),
                ("GET", r"/channels/(\d+)", self.read_channel),
                ("PATCH", r"/channels/(\d+)", self.change_thread),
                ("POST", r"/users/@me/channels", self.start_dm),
                ("GET", r"/guilds/(\d+)", self._guild),
                ("GET", r"/guilds/(\d+)/members/(\d+)", self._member),
                ("GET", r"/users/@me", self._me),
                ("GET", r"/oauth2/applications/@me", self._application),
                ("PUT", r"/applications/\d+/commands", self.put_commands),
            )
        ]

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[int(request.match_info["number"])][1])

    async def _guild(self, _: Call, number: int) -> Answer:
        found = next((guild for guild in self.guilds if int(guild["id"]) == number), None)
        if found is None:
            raise RefusedError(404, 10004, "Unknown Guild")
        return {
            key: value for key, value in found.items() if key not in {"channels", "threads", "members"}
        }, 200

    async def _member(self, _: Call, guild: int, number: int) -> Answer:
        await self._guild(_, guild)
        return member_payload(number), 200

    async def _me(self, _: Call) -> Answer:
        return bot_payload(), 200

    async def _application(self, _: Call) -> Answer:
        return {
            "id": str(BOT), "name": "Book club", "icon": None, "description": "", "bot_public": True,
            "bot_require_code_grant": False, "verify_key": "", "owner": user_payload(OWNER), "team": None,
            "flags": 0, "interactions_endpoint_url": None,
        }, 200  # fmt: skip


async def _read(request: web.Request) -> tuple[Call, list[tuple[str, bytes]]]:
    """A request, whether its body is JSON or a form with files, and these."""
    path, body, files = f"/{request.match_info['path']}", None, []
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.name == "payload_json":
                body = await part.json()
            else:
                files.append((str(part.filename), bytes(await part.read())))
    else:
        raw = await request.read()
        body = json.loads(raw) if raw and request.content_type == "application/json" else None
    sizes = [(name, len(data)) for name, data in files]
    return Call(request.method, path, body, dict(request.query), sizes), files
