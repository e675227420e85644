"""Scheduled posts through everything that can go wrong: at most one post for each occurrence, and none lost in silence.

Each seed is a story; what must hold is in `watch.py`, `posts.py`, `draws.py` and `ending.py`. A seed that fails is made
short and told. More of them: BOOKCLUB_SEEDS=10000, or `uv run python -m tests.simulation 10000`, which uses all cores.
"""

import os

import pytest

from tests.simulation.drawing import draw
from tests.simulation.many import explained, many
from tests.simulation.running import run

SEEDS = int(os.environ.get("BOOKCLUB_SEEDS", "400"))
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_no_promise_is_broken(part: int) -> None:
    sums = many(range(part, SEEDS, PARTS))
    print("\n".join(sums.lines()))
    for seed in sums.failed[:1]:
        pytest.fail(explained(draw(seed), seed))
    met = set().union(*(totals for totals in sums.totals.values()))
    assert met >= {"posts", "polls", "missed", "killed", "frozen", "clock steps", "looks", "refused"}


@pytest.mark.parametrize("seed", range(20))
def test_a_story_always_comes_out_the_same(seed: int) -> None:
    first, second = (run(draw(seed), log=True) for _ in range(2))
    assert first.told == second.told
    assert first.totals == second.totals
