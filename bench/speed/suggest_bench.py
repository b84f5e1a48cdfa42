"""How good and how quick typeahead is while the phrases of ``bench/search_phrases.tsv`` are typed.

    python -m bench.speed.suggest_bench --bundle bundle [--part report]

Quality: how often the right code is among the ten suggestions, and first, after 3, 5 and 8 letters of the
phrases that name a disease, an injury or a supply, in the system asked for, today. Speed: three keystrokes at
a time over all systems. Nothing is remembered between keystrokes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from time import perf_counter

from bench.search_eval import Case, written_phrases
from indexes.on_day import suggest_on
from indexes.search import SearchIndex, open_search_index
from terminology.bundle.manifest import SEARCH
from terminology.bundle.store import Store
from terminology.codes import code_key

WARM = 30
STEP = 3
LETTERS = (3, 5, 8)
TYPED_KINDS = frozenset(
    ("abbreviation", "adjective", "disease name", "eponym", "injury", "lay", "plain words", "problem list",
     "supply or drug")
)  # fmt: skip
"""Kinds of phrases that coders type as they stand; the others are pasted from a chart."""


def typed(cases: list[Case]) -> list[str]:
    """Return the beginnings of the phrases as they are typed."""
    phrases = dict.fromkeys(case.phrase for case in cases)
    return [phrase[:end] for phrase in phrases for end in range(STEP, len(phrase) + 1, STEP)]


def rank(store: Store, index: SearchIndex, case: Case, letters: int) -> int:
    """Return the place of the first right suggestion, 0 if there is none; a group answers for its codes."""
    shard = next(s for s in index.shards if s.system == case.system)
    found = suggest_on(store, index, case.phrase[:letters], system=case.system)
    for place, suggestion in enumerate(found.results, 1):
        unit = shard.find_key(code_key(suggestion.code))
        card = shard.card(unit) if unit is not None else None
        keys = {code_key(suggestion.code), *(code_key(v[0]) for v in (card.variants if card else ()))}
        below = {r for r in case.right if any(k.startswith(r) for k in keys) and _is_heading(index, case, r)}
        if keys & case.right or below:
            return place
    return 0


def _is_heading(index: SearchIndex, case: Case, key: str) -> bool:
    shard = next(s for s in index.shards if s.system == case.system)
    unit = shard.find_key(key)
    return unit is not None and shard.card(unit).billable is False


def quality(store: Store, index: SearchIndex, part: str) -> None:
    """Print for each system how often the right code is in the ten, and first."""
    ranks: dict[tuple[str, int], list[int]] = defaultdict(list)
    for case in written_phrases(part):
        if case.kind in TYPED_KINDS:
            for letters in LETTERS:
                if len(case.phrase) >= letters:
                    ranks[case.system, letters].append(rank(store, index, case, letters))
    print("| system | letters | cases | right in ten | first |\n|---|---:|---:|---:|---:|")
    for (system, letters), found in sorted(ranks.items()):
        in_ten, first = (sum(0 < r <= most for r in found) / len(found) for most in (10, 1))
        print(f"| {system} | {letters} | {len(found)} | {in_ten:.3f} | {first:.3f} |")


def main() -> None:
    """Print quality, and the median, the 95th percentile and the longest time in milliseconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--part", choices=("develop", "report"), default="report")
    options = parser.parse_args()
    index = open_search_index(options.bundle / SEARCH)
    quality(Store(options.bundle), index, options.part)
    beginnings = typed([*written_phrases("develop"), *written_phrases("report")])
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
