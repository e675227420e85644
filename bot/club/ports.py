"""What the club needs from outside, as small Protocols; `bot/store/` and the demo fill them."""

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

    def start_over(self, place: int, book: str) -> None:
        """Begins a new round: no prompt has been had."""
        ...


class Store(ProgressStore, CeilingStore, PromptLog, Protocol):
    """All that a club remembers."""
