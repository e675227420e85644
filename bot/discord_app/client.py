"""The bot in Discord: what comes in is handed on to the handler that answers it."""

import asyncio
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from bot.club.leaving import keep_track
from bot.discord_app.boundary import interaction_failed, message_failed, try_to_tell
from bot.discord_app.desk import Desk
from bot.discord_app.mentions import heard
from bot.discord_app.pressing import pressed
from bot.discord_app.speaking import Interaction, wait_reply
from bot.discord_app.watching import watch
from bot.discord_app.welcome import greet

_log = logging.getLogger("bookclub")

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""None of them privileged. Without the message-content intent Discord still shows messages that mention the bot."""

WATCHFUL = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)
"""With the one privileged intent that the spoiler watch needs, and nothing else."""

Command = app_commands.Command[Any, Any, Any] | app_commands.Group | app_commands.ContextMenu


class ClubClient(discord.Client):
    """One connection to Discord, for all servers or (`shard`) for one of so many shares of them.

    `synced_at`: when Discord took this version's commands; None: it has not.
    """

    def __init__(
        self,
        desk: Desk,
        commands: Iterable[Command],
        intents: discord.Intents = INTENTS,
        shard: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(
            intents=intents,
            shard_id=shard[0] if shard else None,
            shard_count=shard[1] if shard else None,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.desk = desk
        self.tree = Tree(self)
        for command in commands:
            self.tree.add_command(command)
        self.synced_at: datetime | None = None
        self._running: set[asyncio.Task[Any]] = set()

    async def setup_hook(self) -> None:
        """Gives Discord the commands, once a start. If it will not take them now, those of the last start still work."""
        if self.shard_id:
            # They are for all shares, and the first one gives them.
            return
        try:
            await self.tree.sync()
            self.synced_at = datetime.now(UTC)
        except discord.HTTPException as error:
            _log.error("Discord did not take my commands; I go on with the old ones.", exc_info=error)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Buttons and modals; commands go to the tree."""
        if interaction.type in {discord.InteractionType.component, discord.InteractionType.modal_submit}:
            self.keep_running()
            await pressed(interaction, self.desk)

    async def on_message(self, message: discord.Message) -> None:
        """Mentions and direct messages; and, where a channel is watched, what members say to each other."""
        if self.user is not None:
            self.keep_running()
            if not await heard(message, self.desk, self.user) and self.intents.message_content:
                await watch(message, self.desk)

    async def on_ready(self) -> None:
        """Servers may have removed the bot, or let it in again, while it was not there to hear of it."""
        await keep_track(self.desk.club, {guild.id for guild in self.guilds}, self._is_mine)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server has removed the bot: what is stored of it goes after a while."""
        await self.desk.club.store.note_left([guild.id], self.desk.club.now())

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server has let the bot in."""
        await self.desk.club.store.note_back([guild.id])
        if not await greet(guild, self.desk):
            _log.warning("I was let into server %s, and may write in none of its channels.", guild.id)

    async def on_error(self, event_method: str, /, *args: object, **_: object) -> None:
        """The boundary of everything but commands."""
        error = sys.exc_info()[1] or RuntimeError(event_method)
        match args:
            case [discord.Interaction() as interaction]:
                await interaction_failed(interaction, error)
            case [discord.Message() as message]:
                await message_failed(message, error)
            case _:
                _log.error("%s failed.", event_method, exc_info=error)

    def _is_mine(self, server: int) -> bool:
        """Whether a server is of this process's share."""
        count = self.shard_count or 1
        return (server >> 22) % count == (self.shard_id or 0)

    def keep_running(self) -> None:
        """Lets the current task finish before the bot ends."""
        if task := asyncio.current_task():
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def finish(self, seconds: float) -> None:
        """Waits for the answers that are under way, but no longer than so many seconds; the rest are given up."""
        if self._running:
            _, left = await asyncio.wait(self._running, timeout=seconds)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)


class Tree(app_commands.CommandTree[ClubClient]):
    """The commands, with one check before each and one boundary for their errors."""

    def __init__(self, client: ClubClient) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )

    async def interaction_check(self, interaction: discord.Interaction[ClubClient], /) -> bool:
        """Keeps back a command of somebody who asks too much. Typing, which asks for choices, is not counted."""
        self.client.keep_running()
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        too_much = self.client.desk.refuses(interaction.user.id, interaction.guild_id)
        if too_much:
            await try_to_tell(interaction, wait_reply(too_much))
        return too_much is None

    async def on_error(
        self, interaction: discord.Interaction[ClubClient], error: app_commands.AppCommandError, /
    ) -> None:
        """The boundary of commands."""
        await interaction_failed(interaction, error)
