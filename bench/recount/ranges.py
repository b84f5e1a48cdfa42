"""Ranges by measured errors, reckoned again from the table of errors."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping
from math import sqrt
from pathlib import Path

from bench.recount.figures import Z

ERRORS = Path(__file__).parents[2] / "terminology" / "impact" / "measured_error.tsv"
YES = ("yes",)


class Errors:
    """The table, by claim and the engine's answer."""

    def __init__(self) -> None:
        with ERRORS.open(encoding="utf-8") as text:
            rows = csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t")
            self._rows = [(r["claim"], r["engine"], r["coder"], int(r["codes"])) for r in rows]

    def rate(self, claim: str, engine: str, true: Collection[str] = YES) -> tuple[float, float]:
        """Return the ends of the part of an answer of the engine's that the coder confirms."""
        answers: Counter[str] = Counter()
        for named, said, coder, codes in self._rows:
            if (named, said) == (claim, engine):
                answers[coder] += codes
        whole = answers.total()
        if not whole:
            return 0.0, 1.0
        p = sum(answers[each] for each in true) / whole
        root = Z * sqrt(p * (1 - p) / whole + Z * Z / (4 * whole * whole))
        centre, scale = p + Z * Z / (2 * whole), 1 + Z * Z / whole
        return max(0.0, (centre - root) / scale), min(1.0, (centre + root) / scale)

    def share(
        self, claim: str, volume: Mapping[str, float], whole: float, true: Collection[str] = YES
    ) -> list[float]:
        """Return both ends of a share of ``whole``; ``volume`` is by the engine's answer."""
        rates = {engine: self.rate(claim, engine, true) for engine in volume}
        return [sum(n * rates[engine][end] for engine, n in volume.items()) / whole for end in (0, 1)]
