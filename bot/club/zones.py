"""Time zones by what a moderator types."""

from bot.answering.topics import likely
from bot.book.recurrence import zones


def zones_like(typed: str, most: int) -> list[str]:
    """Names that what has been typed may become: "new york" finds America/New_York."""
    named = {name.replace("_", " ").replace("/", " "): name for name in sorted(zones())}
    return [named[found] for found in likely(typed.replace("_", " ").replace("/", " "), list(named), most)]
