"""Whatever step of the protocol is taken out or broken, the simulation notices, and soon."""

import pytest

from tests.simulation.breaking import BROKEN
from tests.simulation.drawing import Kind
from tests.simulation.many import explained, first_failing
from tests.simulation.running import run
from tests.simulation.shrinking import shrunk
from tests.simulation.story import Story

WITHIN: dict[str, tuple[int, tuple[Kind, ...] | None, int | None]] = {
    "claims are not saved": (60, ("crash", "weather"), 0),
    "each request has another nonce": (80, ("crash", "weather", "closed"), 0),
    "the history is never looked at": (60, ("crash", "weather"), 0),
    "what cannot be looked at is taken for empty": (80, ("crash", "weather", "closed"), 0),
    "what was sent is not noted": (20, None, None),
    "fences are ignored": (60, ("freeze", "weather"), 2),
    "leases are ignored": (100, (), 2),
    "however late, it is posted": (20, ("long",), None),
    "all that was missed is posted": (20, ("long",), None),
    "the clock is believed": (30, ("clock",), 0),
    "a nonce is trusted for an hour": (80, ("crash", "weather", "closed"), 0),
    "a forum is trusted as if it had a nonce": (60, ("crash", "weather"), None),
    "prompts are drawn and not marked": (20, None, None),
    "ceilings are ignored": (20, None, None),
    "plans open nothing": (30, None, None),
    "what was missed is not recorded": (20, ("long",), None),
    "a rate limit is not waited for": (60, ("weather",), 0),
    "moderators are told nothing": (20, ("long",), None),
    "moderators are told twice": (20, None, None),
    "it never rests": (5, None, None),
}
"""How many seeds are enough, of which kinds of trouble (None: any), and with how many workers (None: any number)."""


@pytest.mark.parametrize("step", BROKEN)
def test_a_broken_step_shows(step: str) -> None:
    seeds, kinds, workers = WITHIN[step]
    found = first_failing(range(seeds), BROKEN[step], kinds, workers)
    assert found is not None, f"{step}, and {seeds} stories know nothing of it"
    seed, story = found
    print(f"{step}: seed {seed}: {run(story, BROKEN[step]).violations[0]}")
    assert not run(story).violations


def test_what_is_found_is_told_in_few_lines() -> None:
    breaking = BROKEN["claims are not saved"]
    found = first_failing(range(60), breaking, ("crash", "weather", "moderators", "store"), 0)
    assert found is not None
    seed, story = found

    def fails(other: Story) -> bool:
        return bool(run(other, breaking).violations)

    short = shrunk(story, fails)
    assert fails(short)
    assert len(short.events) <= 5 < len(story.events)
    told = explained(story, seed, breaking)
    print(told)
    assert "is there 2 times" in told
    assert f"uv run python -m tests.simulation 1 {seed}" in told
