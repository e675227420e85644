"""What there is in the local Discord: servers, channels and messages, and what the bot may do where."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.discord.loopback.payloads import (
    ANNOUNCEMENT_THREAD,
    BOT,
    DM,
    EPHEMERAL,
    EPOCH,
    PRIVATE_THREAD,
    THREAD_STARTER,
    Can,
    Json,
    dm_payload,
    message_payload,
    moment_of,
    written,
)


class RefusedError(Exception):
    """Discord's no: the HTTP status, and the code and sentence in its body."""

    def __init__(self, status: int, code: int, message: str, errors: Json = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: dict[str, Any] = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


def unfit(where: str, code: str, message: str) -> RefusedError:
    """The no to a body whose field at `where` (a path with dots) is not as it must be."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(where.split(".")):
        errors = {key: errors}
    return RefusedError(400, 50035, "Invalid Form Body", errors)


@dataclass
class Channel:
    """A channel, thread or direct-message channel. `history` are its messages' ids, oldest first, none deleted."""

    payload: Json
    guild: Json | None = None
    history: list[int] = field(default_factory=list)
    pins: dict[int, float] = field(default_factory=dict)
    """When each pinned message was pinned, in that order."""
    nonces: dict[str, tuple[float, int]] = field(default_factory=dict)
    """When a nonce of the bot was used, and for which message."""

    @property
    def id(self) -> int:
        return int(self.payload["id"])

    @property
    def kind(self) -> int:
        return int(self.payload["type"])

    @property
    def is_thread(self) -> bool:
        return ANNOUNCEMENT_THREAD <= self.kind <= PRIVATE_THREAD

    @property
    def parent(self) -> int | None:
        """The channel that a thread is in, or a channel's category."""
        found = self.payload.get("parent_id")
        return int(found) if found else None

    @property
    def archived(self) -> bool:
        return self.is_thread and bool(self.payload["thread_metadata"]["archived"])

    @property
    def locked(self) -> bool:
        return self.is_thread and bool(self.payload["thread_metadata"]["locked"])

    def full(self) -> Json:
        """The payload as it stands outside a GUILD_CREATE."""
        return self.payload if self.guild is None else {**self.payload, "guild_id": self.guild["id"]}


class State:
    """All that there is; nothing here speaks to the bot.

    `clock` measures how long ago something was, `wall` (seconds since 1970) is what ids and timestamps are made of.
    """

    def __init__(self) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self.wall: Callable[[], float] = time.time
        self.nonce_window = 180.0
        self.max_pins = 250
        self.max_active_threads = 1000
        self.refuses_dms: set[int] = set()
        self.messages: dict[int, Json] = {}
        """Every message that was ever posted, in that order, with what only one member saw, and with deleted ones."""
        self._guilds: dict[int, Json] = {}
        self._channels: dict[int, Channel] = {}
        self._threads: dict[int, dict[int, Channel]] = {}
        """Those of each server: there are servers by the ten thousand in a benchmark."""
        self._last_id = 0

    # --------------------------------------------------------------- servers

    @property
    def guilds(self) -> list[Json]:
        """The servers that the bot is in, as a GUILD_CREATE gives them; `threads` are those at the start."""
        return list(self._guilds.values())

    @guilds.setter
    def guilds(self, guilds: Iterable[Json]) -> None:
        self._guilds.clear()
        self._threads.clear()
        self._channels = {number: channel for number, channel in self._channels.items() if channel.kind == DM}
        for guild in guilds:
            self.take_in(guild)

    def take_in(self, guild: Json) -> None:
        """The bot is in this server; what was posted in channels that it had before stays."""
        self._guilds[int(guild["id"])] = guild
        for payload in (*guild["channels"], *guild["threads"]):
            self.put_up(payload, guild)

    def put_up(self, payload: Json, guild: Json | None) -> Channel:
        """There is this channel from now on, or it is now like that."""
        channel = self._channels.setdefault(int(payload["id"]), Channel(payload))
        channel.payload, channel.guild = payload, guild
        if channel.is_thread and guild is not None:
            self._threads.setdefault(int(guild["id"]), {})[channel.id] = channel
        return channel

    def take_down(self, channel: Channel) -> None:
        """There is this channel no longer, nor any thread in it; nothing in it can be looked up."""
        for thread in list(self.threads_in(channel.guild, channel.id)):
            self.take_down(thread)
        del self._channels[channel.id]
        if channel.guild is not None:
            self._threads.get(int(channel.guild["id"]), {}).pop(channel.id, None)
            channel.guild["channels"][:] = [
                one for one in channel.guild["channels"] if one is not channel.payload
            ]

    def open_dm(self, member: int) -> Channel:
        """The direct messages of a member, which are opened if they were not."""
        payload = dm_payload(member)
        return self._channels.get(int(payload["id"])) or self.put_up(payload, None)

    def channel(self, number: int) -> Channel:
        """A channel or thread that there is."""
        return self._channels[number]

    def threads_in(self, guild: Json | None, parent: int | None = None) -> Iterator[Channel]:
        """The threads of a server or of a channel in it, archived ones too, the oldest first."""
        if guild is not None:
            for _, thread in sorted(self._threads.get(int(guild["id"]), {}).items()):
                if parent in {None, thread.parent}:
                    yield thread

    # ----------------------------------------------------------- permissions

    def place(self, number: int, needs: Can = Can.VIEW) -> Channel:
        """The channel, if the bot may do that there; refused otherwise, as Discord does."""
        channel = self._channels.get(number)
        if channel is None:
            raise RefusedError(404, 10003, "Unknown Channel")
        can = self.permissions(channel)
        if not can & Can.VIEW:
            raise RefusedError(403, 50001, "Missing Access")
        if needs & ~can:
            raise RefusedError(403, 50013, "Missing Permissions")
        return channel

    def permissions(self, channel: Channel) -> int:
        """What the bot may do there; 0 in a server that it is not in."""
        everything = (1 << 53) - 1
        guild = channel.guild
        if guild is None:
            return everything
        if int(guild["id"]) not in self._guilds:
            return 0
        member = next(one for one in guild["members"] if one["user"]["id"] == str(BOT))
        own = {guild["id"], *member["roles"]}
        can = 0
        for role in guild["roles"]:
            if role["id"] in own:
                can |= int(role["permissions"])
        if can & Can.ADMINISTRATOR:
            return everything
        above = self._channels.get(channel.parent or 0) if channel.is_thread else channel
        overwrites: Json = above.payload["permission_overwrites"] if above else []
        # Everybody's first, then those of the roles together, the member's own last: the later one counts.
        for ids in ({guild["id"]}, own - {guild["id"]}, {str(BOT)}):
            theirs = [one for one in overwrites if one["id"] in ids]
            for one in theirs:
                can &= ~int(one.get("deny") or 0)
            for one in theirs:
                can |= int(one.get("allow") or 0)
        return can

    # -------------------------------------------------------------- messages

    def new_id(self) -> int:
        """A snowflake of now: greater than any before it, whatever the clock says."""
        self._last_id = max(self._last_id + 1, (int(self.wall() * 1000) - EPOCH) << 22)
        return self._last_id

    def now(self) -> str:
        """Now, as Discord writes it."""
        return written(self.wall())

    def record(
        self, body: Json, channel: int, author: Json, *, number: int | None = None, **changes: Json
    ) -> Json:
        """Keeps what somebody posted, and puts it into the channel's history if all there see it."""
        number = number or self.new_id()
        where = self._channels.get(channel)
        roles, everyone = self._pingable(where)
        message = message_payload(number, channel, author, body, roles, everyone=everyone) | changes
        self.messages[number] = message
        if where is not None and not message["flags"] & EPHEMERAL:
            where.history.append(number)
            where.payload["last_message_id"] = message["id"]
            if where.is_thread and number != where.id and message["type"] != THREAD_STARTER:
                where.payload["message_count"] += 1
                where.payload["total_message_sent"] += 1
        return message

    def rewrite(self, number: int, changes: Json) -> Json:
        """Changes a message. What was handed out before stays as it was."""
        self.messages[number] = {**self.messages[number], **changes}
        return self.messages[number]

    def forget(self, channel: Channel, number: int) -> None:
        """Takes a message out of a channel."""
        channel.history.remove(number)
        channel.pins.pop(number, None)
        if channel.is_thread and number != channel.id:
            channel.payload["message_count"] -= 1

    def message_in(self, channel: Channel, number: int) -> Json:
        """The message, if it is there; refused otherwise."""
        message = self.messages.get(number)
        if message is None or message["channel_id"] != str(channel.id) or number not in channel.history:
            raise RefusedError(404, 10008, "Unknown Message")
        return message

    def repeated(self, channel: Channel, body: Json) -> Json | None:
        """The message that the bot has sent with this nonce, if it wants none twice; refused if it is deleted."""
        nonce, now = body.get("nonce"), self.clock()
        if nonce is None or not body.get("enforce_nonce"):
            return None
        at, number = channel.nonces.get(str(nonce), (0.0, 0))
        if not number or now - at >= self.nonce_window:
            return None
        return {**self.message_in(channel, number), "nonce": nonce}

    def _pingable(self, channel: Channel | None) -> tuple[list[Json], bool]:
        if channel is None or channel.guild is None:
            return [], False
        all_of_them = bool(self.permissions(channel) & Can.MENTION_EVERYONE)
        return [role for role in channel.guild["roles"] if all_of_them or role["mentionable"]], all_of_them

    # ------------------------------------------------------ what members see

    def visible(self, channel: int) -> list[Json]:
        """What a member who scrolls through the channel or thread sees, the oldest first; system messages too."""
        return [self.messages[number] for number in self.channel(channel).history]

    def threads_of(self, channel: int) -> list[Json]:
        """The threads of a channel or the posts of a forum, archived ones too, the oldest first."""
        where = self.channel(channel)
        return [thread.payload for thread in self.threads_in(where.guild, where.id)]

    def pinned(self, channel: int) -> list[Json]:
        """What is pinned there, in the order in which it was pinned."""
        return [self.messages[number] for number in self.channel(channel).pins]

    @staticmethod
    def posted_at(message: Json) -> float:
        """When a message was posted, in seconds since 1970."""
        return moment_of(int(message["id"]))
