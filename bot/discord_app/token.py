"""What a host may have put where the bot token belongs. Nothing here ever shows it."""

import re

WHERE = (
    "Where to get one: https://discord.com/developers/applications, your application, Bot, Reset Token. "
    "Put it into .env as DISCORD_TOKEN=..."
)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{27,}")
"""Three parts with dots between: the bot's id, a time, and a signature."""


def flaw(token: str | None) -> str | None:
    """What is wrong with a token to look at, in a sentence for the host; None where it may be right."""
    if token is None or not token.strip():
        return "There is no Discord token."
    if token != token.strip() or token[0] in "\"'“‘" or token[-1] in "\"'”’":
        return "The Discord token has quotes or spaces around it: write it without."
    if token.casefold().startswith(("bot ", "bearer ")):
        return "The Discord token starts with a word: write only the token itself."
    if _TOKEN.fullmatch(token):
        return None
    if re.fullmatch(r"[A-Za-z0-9_-]{32}", token):
        return "DISCORD_TOKEN holds a client secret; the bot needs its token."
    if re.fullmatch(r"[0-9a-f]{64}", token):
        return "DISCORD_TOKEN holds the application's public key; the bot needs its token."
    if re.fullmatch(r"[0-9]{15,20}", token):
        return "DISCORD_TOKEN holds an id; the bot needs its token."
    return "DISCORD_TOKEN does not look like a bot token: that has three parts with dots between."
