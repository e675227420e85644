"""Many seeds, with totals; and the first that fails, told as a short story."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.simulation.drawing import Kind, draw
from tests.simulation.running import BREAK, run
from tests.simulation.shrinking import shrunk
from tests.simulation.story import Story
from tests.simulation.workers import Breaking

ALONE, SEVERAL = "one process", "several workers"


@dataclass
class Sums:
    """What came of many stories. `failed`: the seeds of those that broke a promise."""

    totals: dict[str, Counter[str]] = field(default_factory=lambda: {ALONE: Counter(), SEVERAL: Counter()})
    failed: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Sums") -> None:
        """Adds other stories' sums."""
        for mode, totals in other.totals.items():
            self.totals[mode].update(totals)
        self.failed += other.failed
        self.seconds += other.seconds

    def lines(self) -> list[str]:
        """The totals, one line for each mode, and the seconds of computing."""
        lines = [
            f"{mode}: " + ", ".join(f"{count} {what}" for what, count in sorted(totals.items()))
            for mode, totals in self.totals.items()
        ]
        stories = sum(totals["stories"] for totals in self.totals.values())
        each = 1000 * self.seconds / max(stories, 1)
        return [*lines, f"{stories} stories in {self.seconds:.1f} s of one core ({each:.1f} ms each)"]


def many(seeds: Iterable[int]) -> Sums:
    """Runs the stories of these seeds."""
    sums, began = Sums(), time.process_time()
    for seed in seeds:
        story = draw(seed)
        report = run(story)
        totals = sums.totals[SEVERAL if story.setting.workers else ALONE]
        totals.update(report.totals)
        totals["stories"] += 1
        totals["violations"] += len(report.violations)
        if report.violations:
            sums.failed.append(seed)
    sums.seconds = time.process_time() - began
    return sums


def first_failing(
    seeds: Iterable[int],
    breaking: Breaking,
    kinds: Sequence[Kind] | None = None,
    workers: int | None = None,
) -> tuple[int, Story] | None:
    """The first seed whose story shows that something is broken, and the story."""
    for seed in seeds:
        story = draw(seed, kinds, workers)
        if run(story, breaking).violations:
            return seed, story
    return None


def explained(story: Story, seed: int, breaking: Breaking = BREAK) -> str:
    """A failing story, made short, in plain words; what happened in it, what was wrong, and how to run it again."""

    def fails(other: Story) -> bool:
        return bool(run(other, breaking).violations)

    short = shrunk(story, fails)
    report = run(short, breaking, log=True)
    return "\n".join(
        [
            f"Seed {seed}, {len(short.events)} of {len(story.events)} events:",
            *(f"  {line}" for line in short.lines()),
            "What happened:",
            *(f"  {line}" for line in report.told),
            *(f"Wrong: {violation}" for violation in report.violations),
            f"Again: uv run python -m tests.simulation 1 {seed}",
        ]
    )
