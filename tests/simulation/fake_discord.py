"""Discord as a post meets it: channels, messages, nonces that are forgotten, history, threads, pins.

Not modelled: the wire, what a message looks like, archived threads, caches (what is not in one is `Unclear` to the bot,
never gone), and a channel that comes back with its old messages after it was gone.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.book.schedules import Part
from bot.club.publishing import CannotLook, Looking, NotThere, Refused, Sending, Sent
from tests.simulation.story import Closed

Key = tuple[str, str, Part]
"""Schedule, occurrence, part."""

REFUSING: tuple[Closed, ...] = ("gone", "hidden", "forbidden")


@dataclass
class Message:
    """A message, or a forum's thread with its starter. `at`: seconds after the story's start."""

    id: int
    channel: int
    key: Key
    prompt: str
    at: float
    deleted: bool = False
    thread: bool = False
    pinned: bool = False
    pinned_ever: bool = False


@dataclass
class FakeDiscord:
    """`appeared` hears of each new message, `known` of each that a nonce gave back."""

    window: float
    now: Callable[[], float]
    appeared: Callable[[Message], None]
    known: Callable[[Message], None]
    messages: dict[int, Message] = field(default_factory=dict)
    by_key: dict[Key, list[Message]] = field(default_factory=dict)
    closed: Counter[tuple[int, Closed]] = field(default_factory=Counter)
    latest: Counter[tuple[int, float]] = field(default_factory=Counter)
    _nonces: dict[str, Message] = field(default_factory=dict)

    def create(self, channel: int, key: Key, prompt: str, nonce: str | None) -> Sending:
        """A message, or, without a nonce, a forum's post."""
        refused = self._refuses(channel, "locked" if nonce else "tag")
        if refused is not None:
            return refused
        known = self._nonces.get(nonce or "")
        if known is not None and self.now() - known.at < self.window:
            self.known(known)
            return Sent(None if known.deleted else known.id)
        message = Message(len(self.messages) + 1, channel, key, prompt, self.now())
        self.messages[message.id] = message
        self.by_key.setdefault(key, []).append(message)
        if nonce is not None:
            self._nonces[nonce] = message
        self.appeared(message)
        return Sent(message.id)

    def start_thread(self, message: int) -> Sending:
        """One message has one thread, which is its id; a second request is told so (160004)."""
        found = self.messages[message]
        if found.thread and not found.deleted:
            return Sent(message)
        return self._mark(found, "thread")

    def pin(self, message: int, last: int | None) -> Sending:
        """Pins a message, again if need be, and takes the pin off the last one."""
        sending = self._mark(self.messages[message], "pinned")
        if isinstance(sending, Sent):
            self.messages[message].pinned_ever = True
            if last is not None and last != message:
                self.messages[last].pinned = False
        return sending

    def look(self, channel: int, key: Key, since: float) -> Looking:
        """What the history holds from then on."""
        # A channel that is gone cannot be told from one that never had it: 10003 is an answer.
        if self.closed[channel, "gone"]:
            return NotThere()
        if any(self.closed[channel, how] for how in ("hidden", "unreadable", "busy")):
            return CannotLook()
        for message in self.by_key.get(key, ()):
            if not message.deleted and message.channel == channel and message.at >= since:
                return Sent(message.id)
        return NotThere()

    def delete(self, message: Message) -> None:
        """A moderator takes a message away."""
        message.deleted, message.pinned = True, False

    def _mark(self, message: Message, what: str) -> Sending:
        refused = self._refuses(message.channel, "full")
        if refused is not None:
            return refused
        if message.deleted:
            return Refused("gone")
        setattr(message, what, True)
        return Sent(message.id)

    def _refuses(self, channel: int, how: Closed) -> Refused | None:
        for why in (*REFUSING, how):
            if self.closed[channel, why]:
                return Refused(why)  # type: ignore[arg-type]
        return None
