"""The local Discord's gateway: sessions, what is sent in them, and resuming."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.discord.loopback.payloads import BOT, TOKEN, Can, Json, bot_payload, member_payload
from tests.discord.loopback.state import Channel, State

GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15


@dataclass
class Session:
    """A gateway session: the frames that were sent in it, for a RESUME."""

    id: str
    intents: int = 0
    sent: list[str] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None


class Gateway(State):
    """Tells the bot what happens."""

    def __init__(self) -> None:
        super().__init__()
        self.port = 0
        self.sessions: list[Session] = []
        self.identified: list[Json] = []
        self.resumed: list[Json] = []
        self.unavailable: set[int] = set()
        """Servers that are out: the bot knows that it is in them, and nothing else of them."""
        self.refuses_gateway = False
        self.refuses_content = False
        self.open_connections = 0
        self.ready = asyncio.Event()

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

    async def emit(self, event: str, data: Json) -> None:
        """Sends an event in every session; one that is not connected gets it when it resumes.

        What the event says there is from now on (a server, a channel, a thread), there is.
        """
        if event == "GUILD_CREATE":
            self.take_in(data)
        elif event in {"CHANNEL_CREATE", "THREAD_CREATE"}:
            self.put_up(data, self._guilds[int(data["guild_id"])])
        await self.tell(event, data)

    async def tell(self, event: str, data: Json, intent: int = 0) -> None:
        """Sends an event of which there is nothing to take in, in sessions with the intent that it needs."""
        for session in self.sessions:
            if intent and not session.intents & intent:
                continue
            frame = json.dumps({"op": 0, "t": event, "s": len(session.sent) + 1, "d": data})
            session.sent.append(frame)
            if session.socket is not None and not session.socket.closed:
                # A process that was killed has not said that it goes.
                with suppress(ConnectionResetError):
                    await session.socket.send_str(frame)

    async def tell_of_message(self, event: str, channel: Channel, message: Json) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, if the bot wants it and sees the channel."""
        if channel.guild is None:
            await self.tell(event, message, DIRECT_MESSAGES)
            return
        if not self.permissions(channel) & Can.VIEW:
            return
        whole = {
            **message,
            "guild_id": channel.guild["id"],
            "member": member_payload(int(message["author"]["id"]), with_user=False),
        }
        await self.tell(event, whole, GUILD_MESSAGES)

    async def tell_of_thread(self, event: str, thread: Channel, **more: Json) -> None:
        """THREAD_CREATE or THREAD_UPDATE, if the bot sees the thread."""
        if self.permissions(thread) & Can.VIEW:
            await self.tell(event, {**thread.full(), **more})

    @property
    def reads_content(self) -> bool:
        """Whether the bot is shown what others write in servers where they do not mention it."""
        return bool(self.identified) and bool(self.identified[-1]["intents"] & MESSAGE_CONTENT)

    def guild_create(self, guild: Json) -> Json:
        """A server as the gateway tells of it: of its threads, those that are active and that the bot may see."""
        threads = [
            thread.payload
            for thread in self.threads_in(guild)
            if not thread.archived and self.permissions(thread) & Can.VIEW
        ]
        return {**guild, "unavailable": False, "threads": threads}

    async def serve_gateway(self, request: web.Request) -> web.StreamResponse:
        """One connection."""
        if self.refuses_gateway:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        self.open_connections += 1
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._frame(socket, json.loads(frame.data))
        finally:
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
        if self.refuses_content and data["intents"] & MESSAGE_CONTENT:
            await socket.close(code=4014)
            return
        session = Session(f"session-{len(self.identified)}", data["intents"], socket=socket)
        self.sessions = [session]
        await self.tell(
            "READY",
            {
                "v": 10, "user": bot_payload(), "session_id": session.id, "shard": [0, 1],
                "guilds": [{"id": guild["id"], "unavailable": True} for guild in self.guilds],
                "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
                "application": {"id": str(BOT), "flags": 0},
            },
        )  # fmt: skip
        for guild in self.guilds:
            if int(guild["id"]) not in self.unavailable:
                await self.tell("GUILD_CREATE", self.guild_create(guild))
        self.ready.set()

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> None:
        self.resumed.append(data)
        session = next((one for one in self.sessions if one.id == data["session_id"]), None)
        if session is None:
            await socket.send_json({"op": 9, "d": False, "s": None, "t": None})
            return
        session.socket = socket
        for frame in session.sent[data["seq"] :]:
            await socket.send_str(frame)
        await self.tell("RESUMED", {})
