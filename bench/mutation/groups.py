"""The groups of modules that faults are drawn from, and a draw: as many of each group, its kinds alike."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.mutation.faults import TABLES, Fault, code_faults, table_faults

PACKAGES = ("terminology", "indexes", "loaders", "web", "teneleven")
#: By group: the folders of its modules, and the tests to run after those near a changed module.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "FHIR": (("web/fhir",), ("tests/web/fhir/**/test_*.py",)),
    "cluster grammar": (("terminology/cluster",), ("tests/terminology/test_cluster.py",)),
    "indexes": (("indexes",), ("tests/indexes/**/test_*.py", "tests/web/test_search.py")),
    "pages and API": (("web/pages", "web/api"), ("tests/web/pages/test_*.py", "tests/web/test_*.py")),
    "impact": (
        ("terminology/impact",),
        ("tests/terminology/impact/**/test_*.py", "tests/test_impact_command.py"),
    ),
    "crosswalk": (("terminology/crosswalk",), ("tests/terminology/crosswalk/**/test_*.py",)),
    "claims": (
        ("terminology/claims",),
        ("tests/terminology/claims/**/test_*.py", "tests/web/test_claims.py"),
    ),
    "exchange": (("terminology/exchange",), ("tests/terminology/exchange/**/test_*.py",)),
    TABLES: ((), ()),
}


def drawn(root: Path, groups: Sequence[str], count: int, seed: int) -> list[Fault]:
    """Return as many faults of each group, its kinds alike, in an order that mixes the groups."""
    chance = random.Random(seed)
    chosen: list[Fault] = []
    for group in groups:
        by_kind: defaultdict[str, list[Fault]] = defaultdict(list)
        for fault in _faults_of(root, group):
            by_kind[str(fault.path.parent) if group == TABLES else fault.kind].append(fault)
        for faults in by_kind.values():
            chance.shuffle(faults)
        kinds = sorted(by_kind)
        while kinds and sum(f.group == group for f in chosen) < count // len(groups):
            kind = kinds[sum(f.group == group for f in chosen) % len(kinds)]
            chosen.append(by_kind[kind].pop())
            kinds = [kind for kind in kinds if by_kind[kind]]
    chance.shuffle(chosen)
    return chosen


def _faults_of(root: Path, group: str) -> Iterator[Fault]:
    if group == TABLES:
        for package in PACKAGES:
            for path in sorted((root / package).rglob("*.tsv")):
                yield from table_faults(path.relative_to(root), path.read_text("utf-8"))
        return
    for folder in GROUPS[group][0]:
        for path in sorted((root / folder).rglob("*.py")):
            yield from code_faults(group, path.relative_to(root), path.read_text("utf-8"))
