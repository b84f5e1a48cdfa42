"""The model that ranks candidates: of a source's candidates the one of the highest score is chosen.

A score is a weighed sum of features. The chance of a candidate is its softmax among those of its source; the
weights are those under which the most right ones are to be expected, so that a source none of whose names
says what is meant moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_SPREAD = 0.07
"""Scores that differ by this much are told apart with odds of e to 1."""
_STEPS, _STILL = 40, 0.02

Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Choice:
    """A source code's candidates, a line of ``features`` each, and which of them have a right stem.

    ``part`` names where it is from, ``count`` how much it counts.
    """

    code: str
    part: str
    features: Vector
    right: Flags
    count: float = 1.0

    @property
    def reachable(self) -> bool:
        """Whether any candidate is right."""
        return bool(self.right.any())


def is_right(choice: Choice, weights: Vector) -> bool:
    """Whether the candidate of the highest score has a right stem."""
    return bool(choice.right[np.argmax(choice.features @ weights)])


class _Stacked:
    """The candidates of all choices that can go either way, one below the other."""

    def __init__(self, found: Iterable[Choice], apart: str, again: tuple[int, ...]) -> None:
        usable = [c for c in found if c.right.any() and not c.right.all()]
        self.sizes: Places = np.array([len(c.right) for c in usable])
        self.starts: Places = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        self.count = np.array([c.count for c in usable])
        self.right: Flags = np.concatenate([c.right for c in usable])
        features = np.concatenate([c.features for c in usable])
        other = np.repeat(np.array([c.part == apart for c in usable], dtype=float), self.sizes)
        self.features: Vector = np.hstack([features, features[:, again] * other[:, None]])

    def chances(self, scores: Vector) -> tuple[Vector, Vector]:
        """The logarithm of the sum of each choice, and the chance of each candidate in it."""
        highest = np.maximum.reduceat(scores, self.starts)
        raised = np.exp((scores - np.repeat(highest, self.sizes)) / _SPREAD)
        sums = np.add.reduceat(raised, self.starts)
        return highest / _SPREAD + np.log(sums), raised / np.repeat(sums, self.sizes)


def fit(
    found: Iterable[Choice], prior: Vector, ridge: float, apart: str = "", again: tuple[int, ...] = ()
) -> Vector:
    """The weights under which the most right choices are expected, drawn to ``prior`` by ``ridge``.

    Choices of the part ``apart`` may weigh the features at the places ``again`` otherwise than the others:
    those second weights are learned and left out. Newton's method, with halved steps where it overshoots.
    """
    data = _Stacked(found, apart, again)
    start = np.concatenate([prior, np.zeros(len(again))])
    weights = start.copy()

    def missed(tried: Vector) -> tuple[float, Vector, Vector, Vector]:
        scores = data.features @ tried
        all_of_them, chance = data.chances(scores)
        right_ones, among = data.chances(np.where(data.right, scores, -np.inf))
        sure = np.exp(right_ones - all_of_them)
        loss = float(np.sum(data.count * (1.0 - sure)) + ridge / 2 * np.sum((tried - start) ** 2))
        return loss, data.count * sure, chance, among

    last, sure, chance, among = missed(weights)
    for _ in range(_STEPS):
        each = np.repeat(sure, data.sizes)
        slope = data.features.T @ (each * (among - chance)) / _SPREAD - ridge * (weights - start)
        spread = data.features * np.sqrt(each * chance)[:, None]
        expected = np.add.reduceat(data.features * chance[:, None], data.starts) * np.sqrt(sure)[:, None]
        curve = (spread.T @ spread - expected.T @ expected) / _SPREAD**2 + ridge * np.eye(len(start))
        step = np.linalg.solve(curve, slope)
        reached = missed(weights + step)
        while reached[0] > last and np.abs(step).max() > 1e-4:
            step = step / 2
            reached = missed(weights + step)
        if reached[0] >= last - _STILL:
            break
        weights = weights + step
        last, sure, chance, among = reached
    return weights[: len(prior)]
