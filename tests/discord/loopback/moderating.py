"""What people do to the servers of the local Discord while the bot runs, or before; it is told as Discord tells it."""

from collections.abc import Sequence

from tests.discord.loopback.payloads import (
    ALICE,
    BOT,
    FORUM,
    GENERAL,
    GUILD,
    REQUIRE_TAG,
    TEXT,
    Can,
    Json,
    channel_payload,
    tag_payload,
)
from tests.discord.loopback.state import Channel
from tests.discord.loopback.threads import Threads


class Moderating(Threads):
    """Channels made, closed and changed by hand. With `told=False` the bot is not told, or not yet."""

    async def add_channel(
        self, name: str = "books", kind: int = TEXT, *, guild: int = GUILD, told: bool = True, **changes: Json
    ) -> int:
        """A new channel; returns its id."""
        number = self.new_id()
        payload = channel_payload(number, kind, name, **changes)
        self._guilds[guild]["channels"].append(payload)
        channel = self.put_up(payload, self._guilds[guild])
        if told:
            await self.tell("CHANNEL_CREATE", channel.full())
        return number

    async def add_forum(
        self, name: str = "forum", tags: Sequence[str] = (), *, required: bool = False, guild: int = GUILD
    ) -> tuple[int, dict[str, int]]:
        """A new forum; returns its id, and its tags' ids by name."""
        ids = {tag: self.new_id() for tag in tags}
        number = await self.add_channel(
            name,
            FORUM,
            guild=guild,
            flags=REQUIRE_TAG if required else 0,
            available_tags=[tag_payload(number, tag) for tag, number in ids.items()],
        )
        return number, ids

    async def add_thread(
        self,
        parent: int = GENERAL,
        name: str = "chapter two",
        *,
        archived: bool = False,
        locked: bool = False,
    ) -> int:
        """A member begins a thread; returns its id."""
        thread = await self.begin_thread(self.channel(parent), {"name": name}, self.new_id(), ALICE)
        if archived or locked:
            await self.alter(thread, {"archived": archived, "locked": locked})
        return thread.id

    async def archive(self, thread: int, *, locked: bool = False) -> None:
        """A thread is archived, by a moderator or because nobody wrote in it."""
        await self.alter(self.channel(thread), {"archived": True, "locked": locked})

    async def change_channel(self, channel: int, *, told: bool = True, **changes: Json) -> None:
        """Something about a channel of a server is changed."""
        where = self.channel(channel)
        where.payload |= changes
        if told:
            await self.tell("CHANNEL_UPDATE", where.full())

    async def deny(self, channel: int, permissions: Can, *, told: bool = True) -> None:
        """The bot may do this no longer in a channel and its threads: an overwrite for it alone."""
        where = self.channel(channel)
        overwrite = {"id": str(BOT), "type": 1, "allow": "0", "deny": str(int(permissions))}
        await self.change_channel(channel, told=told, permission_overwrites=[*self._others(where), overwrite])

    async def allow(self, channel: int, *, told: bool = True) -> None:
        """The bot may do again what all may in a channel."""
        others = self._others(self.channel(channel))
        await self.change_channel(channel, told=told, permission_overwrites=others)

    async def remove_channel(self, channel: int, *, told: bool = True) -> None:
        """A channel or thread is deleted, with all that is in it."""
        where = self.channel(channel)
        self.take_down(where)
        if not told:
            return
        if where.is_thread:
            gone = {key: where.payload[key] for key in ("id", "parent_id", "type")}
            await self.tell("THREAD_DELETE", gone | self.guild_id(where))
        else:
            await self.tell("CHANNEL_DELETE", where.full())

    async def remove_guild(self, guild: int = GUILD, *, told: bool = True) -> None:
        """The bot is thrown out of a server."""
        del self._guilds[guild]
        if told:
            await self.tell("GUILD_DELETE", {"id": str(guild)})

    async def outage(self, guild: int = GUILD) -> None:
        """A server cannot be reached for a while: nobody was thrown out."""
        self.unavailable.add(guild)
        await self.tell("GUILD_DELETE", {"id": str(guild), "unavailable": True})

    async def recover(self, guild: int = GUILD) -> None:
        """A server that was out is there again."""
        self.unavailable.discard(guild)
        await self.tell("GUILD_CREATE", self.guild_create(self._guilds[guild]))

    @staticmethod
    def _others(where: Channel) -> list[Json]:
        return [one for one in where.payload["permission_overwrites"] if one["id"] != str(BOT)]
