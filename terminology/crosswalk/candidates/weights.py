"""The linear model that ranks candidates: a weight for each feature, and bounds on the score they sum up to.

``weights.tsv`` is written by ``python -m bench.fit.weights_fit --write``; its head says what it was learned
from and how often the stem is right on categories it was not learned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from terminology.crosswalk.tables.rows import rows


@dataclass(frozen=True, slots=True)
class Weight:
    """A row of ``weights.tsv``: what one unit of a feature adds to a candidate's score, and did before."""

    feature: str
    prior: float
    weight: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A row of ``bounds.tsv``."""

    name: str
    value: float
    meaning: str


def weight_rows() -> tuple[Weight, ...]:
    """The rows of ``weights.tsv``."""
    return rows("weights.tsv", Weight)


@cache
def weights() -> Mapping[str, float]:
    """The weight of each feature."""
    return {row.feature: row.weight for row in weight_rows()}


@cache
def bounds() -> Mapping[str, float]:
    """The bounds, by name."""
    return {row.name: row.value for row in rows("bounds.tsv", Bound)}


def weighed(features: Mapping[str, float]) -> float:
    """The sum of features times their weights. Raises ``KeyError`` for a feature the table does not have."""
    table = weights()
    return sum([table[name] * value for name, value in features.items()])
