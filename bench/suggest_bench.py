"""How long typeahead takes while phrases are typed, three keystrokes at a time, over all systems.

Run: ``python -m bench.suggest_bench --bundle bundle``. Nothing is remembered between keystrokes.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from time import perf_counter

from indexes.search import open_search_index
from terminology.bundle.manifest import SEARCH

PHRASES = Path(__file__).with_name("search_phrases.tsv")
WARM = 30
STEP = 3


def typed() -> list[str]:
    """Return the beginnings of the hand-written phrases as they are typed."""
    with PHRASES.open(encoding="utf-8", newline="") as file:
        phrases = dict.fromkeys(row[2] for row in list(csv.reader(file, delimiter="\t"))[1:])
    return [phrase[:end] for phrase in phrases for end in range(STEP, len(phrase) + 1, STEP)]


def main() -> None:
    """Print the median, the 95th percentile and the longest time in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    options = parser.parse_args()
    index = open_search_index(options.bundle / SEARCH)
    beginnings = typed()
    for text in beginnings[:WARM]:
        index.suggest(text)
    times = []
    for text in beginnings:
        begun = perf_counter()
        index.suggest(text)
        times.append((perf_counter() - begun) * 1e3)
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{len(times)} beginnings: p50 {p50:.1f} ms, p95 {p95:.1f} ms, longest {times[-1]:.1f} ms")


if __name__ == "__main__":
    main()
