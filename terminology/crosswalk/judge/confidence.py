"""How probable it is that a target's stem is right, from what speaks for it.

A logistic model of a few features a reader can check; its weights stand in ``confidence.tsv``, which names
the command that fitted them and the error on held-out categories.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from terminology.rule_tables import read_rules

_MOST = 0.995


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a stem: its score and lead over the next, its best name, WHO's tables.

    ``exact`` tells that its title says the whole source, ``one`` that it is WHO's target of the nearest base,
    ``attested`` that any row of WHO's tables names it, ``structured`` that the source's category
    alone decides.
    """

    score: float
    lead: float
    recall: float
    precision: float
    exact: bool
    one: bool
    attested: bool
    structured: bool
    residual: bool

    def features(self) -> dict[str, float]:
        """The model's features by name."""
        score = 0.0 if self.structured else min(max(self.score, 0.0), 3.0)
        lead = 0.0 if self.structured else min(max(self.lead, -0.6), 0.6)
        return {
            "bias": 1.0,
            "score": score,
            "high score": max(score - 1.5, 0.0),
            "lead": lead,
            "recall": self.recall,
            "precision": self.precision,
            "exact": float(self.exact),
            "one": float(self.one),
            "attested": float(self.attested),
            "structured": float(self.structured),
            "residual": float(self.residual),
        }


@dataclass(frozen=True, slots=True)
class _Weight:
    """A row of ``confidence.tsv``."""

    feature: str
    weight: float
    meaning: str


def confidence(evidence: Evidence) -> float:
    """The probability that a stem is right, 0 to 1."""
    weights = _weights()
    return round(min(logistic(sum(weights[n] * x for n, x in evidence.features().items())), _MOST), 3)


def logistic(value: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-value))


@cache
def _weights() -> dict[str, float]:
    rows = read_rules("terminology.crosswalk.tables", "confidence.tsv", _Weight)
    return {row.feature: row.weight for row in rows}
