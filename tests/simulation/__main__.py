"""uv run python -m tests.simulation SEEDS [FIRST]: so many stories, on all cores; the first that fails, made short."""

import os
import sys
import time
from multiprocessing import Pool

from tests.simulation.drawing import draw
from tests.simulation.many import Sums, explained, many

PIECE = 50


def main(count: int, first: int) -> int:
    """The exit code: 1 if a promise was broken."""
    began = time.perf_counter()
    pieces = [range(at, min(at + PIECE, first + count)) for at in range(first, first + count, PIECE)]
    sums = Sums()
    with Pool(os.cpu_count()) as pool:
        for one in pool.imap_unordered(many, pieces):
            sums.add(one)
    print("\n".join(sums.lines()))
    print(f"{time.perf_counter() - began:.1f} s; {len(sums.failed)} of {count} stories broke a promise")
    if sums.failed:
        seed = min(sums.failed)
        print(f"Seeds: {sorted(sums.failed)[:20]}\n\n{explained(draw(seed), seed)}")
    return bool(sums.failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
