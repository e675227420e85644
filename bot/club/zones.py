"""Time zones by their IANA names, from the pinned `tzdata` package: what a machine has of its own may be out of date."""

import zoneinfo
from functools import cache

from bot.answering.topics import likely

zoneinfo.reset_tzpath(to=[])


@cache
def zones() -> frozenset[str]:
    """Every name that `ZoneInfo` takes."""
    return frozenset(zoneinfo.available_timezones())


def zones_like(typed: str, most: int) -> list[str]:
    """Names that what has been typed may become: "new york" finds America/New_York."""
    named = {name.replace("_", " ").replace("/", " "): name for name in sorted(zones())}
    return [named[found] for found in likely(typed.replace("_", " ").replace("/", " "), list(named), most)]
