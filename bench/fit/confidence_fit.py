"""Fits the model of confidence, and tells how far it can be believed on categories it was not fitted on.

    python -m bench.fit.confidence_fit --data DIR [--write]

Every fifth category of ICD-10-CM in turn is left out, so that no relative of a code it is tried on was
learned from. Learned from are codes hidden from WHO's tables (``bench.crosswalk_eval``) in four draws and the
codings by hand (``bench.coding_eval``). ``--write`` fits on all of them and writes ``confidence.tsv``.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.coding_eval import read_codings
from bench.crosswalk_eval import Trial, read_corpus, recover, trials
from terminology.crosswalk.engine import Engine

TABLE = Path("terminology/crosswalk/tables/confidence.tsv")
_SEED, _DRAWS, _FOLDS, _RIDGE, _BINS = 3, 4, 5, 1.0, 10
_MEANINGS = {
    "bias": "for every target",
    "score": "score of the stem, at most 3",
    "high score": "what of it is above 1.5",
    "lead": "lead over the next stem, at most 0.6",
    "recall": "share of the source's words its best name says",
    "precision": "share of that name's words the source says",
    "exact": "its title says the whole source",
    "one": "WHO's target of the nearest base",
    "attested": "named by a row of WHO's tables",
    "structured": "follows from the source's category (contexts, harm)",
    "residual": "an other-specified or unspecified stem",
}
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Held:
    """A probability for a code of a category the model was not fitted on, and whether its stem was right."""

    probability: float
    right: bool


def fit(features: Vector, right: Vector) -> Vector:
    """Weights of a logistic regression with a small ridge, by Newton's method."""
    weights = np.zeros(features.shape[1])
    ridge = _RIDGE * np.eye(features.shape[1])
    ridge[0, 0] = 0.0
    for _ in range(30):
        chance = 1.0 / (1.0 + np.exp(-features @ weights))
        slope = features.T @ (right - chance) - ridge @ weights
        curve = (features * (chance * (1.0 - chance))[:, None]).T @ features + ridge
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def matrix(found: Sequence[Trial]) -> tuple[Vector, Vector]:
    """Features and outcomes of trials."""
    rows = [list(t.evidence.features().values()) for t in found if t.evidence is not None]
    right = [float(t.stem_agrees) for t in found if t.evidence is not None]
    return np.array(rows), np.array(right)


def held_out(found: Sequence[Trial]) -> list[Held]:
    """The probabilities of all trials, each from a model fitted without its category's fold."""
    known = [t for t in found if t.evidence is not None]
    features, right = matrix(known)
    folds = np.array([zlib.crc32(t.source[:3].encode()) % _FOLDS for t in known])
    result: list[Held] = []
    for fold in range(_FOLDS):
        inside = folds == fold
        weights = fit(features[~inside], right[~inside])
        chances = 1.0 / (1.0 + np.exp(-features[inside] @ weights))
        result += [Held(float(p), bool(r)) for p, r in zip(chances, right[inside], strict=True)]
    return result


def brier(held: Sequence[Held]) -> float:
    """Mean squared difference between probability and outcome; 0 is best."""
    return sum((h.probability - h.right) ** 2 for h in held) / len(held)


def report(held: Sequence[Held], label: str) -> None:
    """Print Brier score and reliability."""
    base = sum(h.right for h in held) / len(held)
    print(f"\n{label}: {len(held)} codes, right stem {base:.3f}")
    print(f"Brier score {brier(held):.4f} (always saying {base:.3f}: {base * (1 - base):.4f})")
    print("confidence   codes   said   right")
    for step in range(_BINS):
        inside = [
            h for h in held if step / _BINS <= h.probability < (step + 1) / _BINS or h.probability == 1.0
        ]
        if inside:
            said = sum(h.probability for h in inside) / len(inside)
            right = sum(h.right for h in inside) / len(inside)
            print(f"{step / _BINS:.1f}-{(step + 1) / _BINS:.1f}{len(inside):12d}{said:7.3f}{right:8.3f}")


def table(weights: Vector, names: Sequence[str], made: str) -> str:
    """The text of the table of weights."""
    rows = [f"{n}\t{w:.4f}\t{_MEANINGS[n]}" for n, w in zip(names, weights, strict=True)]
    head = "# Weights of the logistic model of confidence (see judge/confidence.py)."
    return "\n".join([head, f"# {made}", "feature\tweight\tmeaning", *rows]) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of release files")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE}")
    options = parser.parse_args(arguments)
    corpus = read_corpus(options.data)
    drawn = [t for step in range(_DRAWS) for t in trials(corpus, _SEED + 10 * step)]
    hidden = list({t.source: t for t in drawn}.values())
    coded = recover(Engine(corpus), {c.code: c.expression for c in read_codings()})
    found = [*hidden, *coded]
    report(held_out(hidden), "hidden codes")
    report(held_out(coded), "codings by hand")
    both = held_out(found)
    report(both, "both")
    if options.write:
        features, right = matrix(found)
        names = list(next(t.evidence for t in found if t.evidence is not None).features())
        made = (
            f"Made by bench.fit.confidence_fit --write: {len(hidden)} codes hidden from WHO's tables in "
            f"{_DRAWS} draws, {len(coded)} codings by hand; "
            f"Brier score on held-out categories {brier(both):.4f}."
        )
        TABLE.write_text(table(fit(features, right), names, made), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
