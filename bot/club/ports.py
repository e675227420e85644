"""What the club needs from outside, as small Protocols; `bot/store/` and the demo fill them."""

from collections.abc import Collection
from typing import Protocol


class ProgressStore(Protocol):
    """Remembers which milestone one member has finished of one book."""

    def progress(self, member: int, book: str) -> str | None:
        """The milestone's id; None where the member has set none."""
        ...

    def set_progress(self, member: int, book: str, milestone: str | None) -> None:
        """Remembers a milestone; None forgets it."""
        ...


class CeilingStore(Protocol):
    """Remembers up to which milestone a channel may talk openly."""

    def ceiling(self, channel: int, book: str) -> str | None:
        """The milestone's id; None where none is set, which means that nobody has read anything."""
        ...


class PromptLog(Protocol):
    """Remembers which prompts of a book one place has had."""

    def used(self, place: int, book: str) -> frozenset[str]:
        """The ids of the prompts since the round began."""
        ...

    def mark_used(self, place: int, book: str, prompt: str) -> None:
        """Notes a prompt as had."""
        ...

    def forget_used(self, place: int, book: str, prompts: Collection[str]) -> None:
        """Begins a new round of these prompts: they have not been had."""
        ...


class Store(ProgressStore, CeilingStore, PromptLog, Protocol):
    """All that a club remembers."""
