"""The local Discord's rate limits, and what was counted."""

import hashlib
import re
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.discord.loopback.payloads import Json

MESSAGES = re.compile(r"/channels/(\d+)/messages")
EXEMPT = re.compile(r"/(interactions|webhooks)/.*")
"""What Discord does not count among a bot's requests."""

BUCKET = hashlib.sha256(b"POST messages").hexdigest()[:32]


@dataclass(frozen=True)
class TooMany:
    """A 429: after how many seconds one may come again, and whether it is all requests that are too many."""

    retry_after: float
    all: bool

    @property
    def body(self) -> Json:
        return {
            "message": "You are being rate limited.",
            "retry_after": round(self.retry_after, 3),
            "global": self.all,
        }

    @property
    def headers(self) -> dict[str, str]:
        # discord.py takes a 429 without a Via for one of the firewall's, and gives up.
        headers = {"Via": "1.1 google", "Retry-After": str(int(self.retry_after) + 1)}
        headers["X-RateLimit-Scope"] = "global" if self.all else "user"
        return headers | ({"X-RateLimit-Global": "true"} if self.all else {})


@dataclass
class _Bucket:
    ends: float = 0.0
    left: int = 0


@dataclass
class Limits:
    """Counts every request, and with `enforced` refuses those that are too many.

    All requests: so many in any second, a stricter reading than one of fixed seconds. Messages: so many in each
    channel's window, which begins with the first of them.
    """

    enforced: bool = False
    a_second: int = 50
    a_window: int = 5
    window: float = 5.0
    clock: Callable[[], float] = time.monotonic
    by_second: Counter[int] = field(default_factory=Counter)
    """How many requests there were in each second of the clock, but for those to interactions and webhooks."""
    too_many: Counter[str] = field(default_factory=Counter)
    """How many 429s there were: `all` because of all requests, `channel` because of one channel's messages."""
    invalid: int = 0
    """How many answers were 401, 403 or 429: at 10,000 in ten minutes Discord shuts an address out."""
    _last: deque[float] = field(default_factory=deque)
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def refuse(self, method: str, path: str) -> TooMany | None:
        """Counts a request; says so if it is one too many."""
        if EXEMPT.fullmatch(path):
            return None
        now = self.clock()
        self.by_second[int(now)] += 1
        if not self.enforced:
            return None
        while self._last and self._last[0] <= now - 1:
            self._last.popleft()
        if len(self._last) >= self.a_second:
            self.too_many["all"] += 1
            return TooMany((self._last[0] if self._last else now) + 1 - now, all=True)
        self._last.append(now)
        found = MESSAGES.fullmatch(path)
        if method != "POST" or found is None:
            return None
        bucket = self._buckets.setdefault(found.group(1), _Bucket())
        if now >= bucket.ends:
            bucket.ends, bucket.left = now + self.window, self.a_window
        if not bucket.left:
            self.too_many["channel"] += 1
            return TooMany(bucket.ends - now, all=False)
        bucket.left -= 1
        return None

    def headers(self, method: str, path: str) -> dict[str, str]:
        """What an answer says of its channel's limit; nothing where no message has come so far."""
        found = MESSAGES.fullmatch(path)
        bucket = self._buckets.get(found.group(1)) if found and method == "POST" else None
        if bucket is None:
            return {}
        left = max(0.0, bucket.ends - self.clock())
        return {
            "X-RateLimit-Limit": str(self.a_window),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": BUCKET,
        }
