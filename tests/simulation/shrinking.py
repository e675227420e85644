"""Makes a failing story short: leaves out what it fails without (Zeller's ddmin), and tells the rest."""

from collections.abc import Callable
from dataclasses import replace

from tests.simulation.story import Event, Story


def shrunk(story: Story, fails: Callable[[Story], bool]) -> Story:
    """A story of events of this one that fails too, and does not when any one of them is left out."""
    events = list(story.events)
    pieces = 2
    while len(events) >= 2:
        size = max(len(events) // pieces, 1)
        for start in range(0, len(events), size):
            fewer = events[:start] + events[start + size :]
            if fails(_with(story, fewer)):
                events, pieces = fewer, max(pieces - 1, 2)
                break
        else:
            if size == 1:
                break
            pieces = min(pieces * 2, len(events))
    if len(events) == 1 and fails(_with(story, [])):
        events = []
    return _with(story, events)


def _with(story: Story, events: list[Event]) -> Story:
    return replace(story, events=tuple(events))
