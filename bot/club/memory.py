"""A club's store that forgets when the program ends: for the terminal, for tests, and until there is a database."""

from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass
class Memory:
    """A ProgressStore, a CeilingStore and a PromptLog."""

    milestones: dict[tuple[int, str], str] = field(default_factory=dict)
    ceilings: dict[tuple[int, str], str] = field(default_factory=dict)
    had: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)

    def progress(self, member: int, book: str) -> str | None:
        """See ProgressStore."""
        return self.milestones.get((member, book))

    def set_progress(self, member: int, book: str, milestone: str | None) -> None:
        """See ProgressStore."""
        if milestone is None:
            self.milestones.pop((member, book), None)
        else:
            self.milestones[member, book] = milestone

    def ceiling(self, channel: int, book: str) -> str | None:
        """See CeilingStore."""
        return self.ceilings.get((channel, book))

    def used(self, place: int, book: str) -> frozenset[str]:
        """See PromptLog."""
        return self.had.get((place, book), frozenset())

    def mark_used(self, place: int, book: str, prompt: str) -> None:
        """See PromptLog."""
        self.had[place, book] = self.used(place, book) | {prompt}

    def forget_used(self, place: int, book: str, prompts: Collection[str]) -> None:
        """See PromptLog."""
        self.had[place, book] = self.used(place, book).difference(prompts)
