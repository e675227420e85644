"""`bookclub` as a process of its own that takes a local server for Discord: `python -m tests.discord.launch PORT run`."""

import sys

import discord.gateway
import discord.http
import yarl

from bot.cli import main


def at(port: int) -> None:
    """Makes discord.py in this process talk to a server on the loopback."""
    discord.http.Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway")


if __name__ == "__main__":
    at(int(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
