"""Fits the weights that rank candidate stems, and tells how often the stem is right on unseen categories.

    python -m bench.fit.weights_fit --data DIR [--features FILE] [--write]

Learned from are WHO's own rows, each source coded as if its row were absent (a tenth of them hidden at a
time), the codings by hand (``bench/codings.tsv``) and the fold of the double codings that is for fitting,
never the one that is reported. Every fifth category of ICD-10-CM in turn is left out, so that no relative of
a code it is tried on was learned from. :mod:`bench.fit.choice_model` is the model: of a source's candidates
the right one is to lead, and a ridge draws each weight to its prior in the table, so that a feature few codes
have keeps its weight, and the scores their scale. The ridge is the one under which most stems are right on
held-out categories; the priors themselves are shipped where none does better.

``--features`` keeps the features of all candidates in a file (NumPy), so that a second fit takes seconds;
``--write`` fits on all and writes ``weights.tsv``.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.coding_eval import UNREAD, read_codings
from bench.crosswalk_eval import equivalent_targets, read_corpus, without
from bench.double_coding.adjudicated import read_double_codings
from bench.fit.choice_model import Choice, Vector, fit, is_right
from terminology.cluster import parse
from terminology.crosswalk.candidates.weights import Weight, weight_rows
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.engine import Engine

TABLE = Path("terminology/crosswalk/tables/weights.tsv")
WITHHELD = "WHO's rows, withheld"
READ_ONCE, NEVER_READ, TWICE = "codings by hand", "codings by hand, set 3", "coded twice, fold fit"
RIDGES = (300.0, 1500.0)
_PARTS, _FOLDS = 10, 5
_MOST = 15
"""Candidates of a source that are looked at, the best by the present weights."""
_HAND = 3.0
"""How many of WHO's rows a coding by hand counts for: it is of the codes that the crosswalk is for."""


def choices(engine: Engine, truths: dict[str, frozenset[str]], part: str) -> Iterator[Choice]:
    """Yield what the engine chooses from for codes whose right stems are known."""
    names = [row.feature for row in weight_rows()]
    for code, stems in truths.items():
        considered = [(c, stem) for c, stem in engine.ranking.considered(code) if not c.contrary][:_MOST]
        if considered:
            rows = np.array([[c.features.get(name, 0.0) for name in names] for c, _ in considered])
            right = np.array([stem in stems for _, stem in considered])
            yield Choice(code, part, rows, right, 1.0 if part == WITHHELD else _HAND)


def withheld(corpus: Corpus) -> Iterator[Choice]:
    """Yield the choices for WHO's own rows, each source as if its row were absent."""
    truths = equivalent_targets(corpus)
    for part in range(_PARTS):
        hidden = [code for code in sorted(truths) if zlib.crc32(code.encode()) % _PARTS == part]
        engine = Engine(without(corpus, hidden))
        yield from choices(engine, {c: frozenset({parse(truths[c]).stem}) for c in hidden}, WITHHELD)


def coded(corpus: Corpus) -> Iterator[Choice]:
    """Yield the choices for the codings by hand, and for the double codings that are for fitting."""
    engine, once = Engine(corpus), read_codings()
    for part, unread in ((READ_ONCE, False), (NEVER_READ, True)):
        truths = {c.code: c.expression for c in once if (c.draw == UNREAD) == unread}
        yield from choices(engine, {c: frozenset({parse(e).stem}) for c, e in truths.items()}, part)
    twice = {
        c.drawn.code: frozenset(parse(e).stem for e in c.defensible)
        for c in read_double_codings()
        if c.drawn.fold == "fit" and c.defensible
    }
    yield from choices(engine, twice, TWICE)


def save(path: Path, found: Sequence[Choice]) -> None:
    """Keep choices in a file."""
    np.savez_compressed(
        path,
        names=np.array([row.feature for row in weight_rows()]),
        codes=np.array([c.code for c in found]),
        parts=np.array([c.part for c in found]),
        counts=np.array([c.count for c in found]),
        sizes=np.array([len(c.right) for c in found]),
        features=np.concatenate([c.features for c in found]),
        right=np.concatenate([c.right for c in found]),
    )


def load(path: Path) -> list[Choice]:
    """Read choices from a file. Raises ``ValueError`` where its features are not those of the table."""
    with np.load(path) as kept:
        if list(kept["names"]) != [row.feature for row in weight_rows()]:
            raise ValueError(f"{path} has other features than {TABLE}; remove it to make it anew")
        ends = np.cumsum(kept["sizes"])[:-1]
        features, right = np.split(kept["features"], ends), np.split(kept["right"], ends)
        rows = zip(kept["codes"], kept["parts"], features, right, kept["counts"], strict=True)
        return [Choice(str(code), str(part), x, y, float(n)) for code, part, x, y, n in rows]


def held_out(
    found: Sequence[Choice], prior: Vector, ridge: float, again: tuple[int, ...] = ()
) -> list[tuple[Choice, bool]]:
    """Whether the leading stem of each choice is right by weights fitted without its fold of categories.

    ``again`` are the places of the features that withheld rows weigh apart.
    """
    folds = np.array([zlib.crc32(c.code[:3].encode()) % _FOLDS for c in found])
    result: list[tuple[Choice, bool]] = []
    for fold in range(_FOLDS):
        learned = [c for c, f in zip(found, folds, strict=True) if f != fold]
        fitted = fit(learned, prior, ridge, WITHHELD, again)
        result += [(c, is_right(c, fitted)) for c, f in zip(found, folds, strict=True) if f == fold]
    return result


def _again() -> tuple[int, ...]:
    """The places of the features that tell what WHO's tables say: withheld rows weigh those apart."""
    of_tables = ("one", "several", "residual of", "neighbour", "against", "hardly", "silent", "above")
    among = ("kind", "only", "member", "beside other", "under", "entity", "points", "equivalent", "same")
    rows = enumerate(weight_rows())
    return tuple(place for place, row in rows if row.feature.startswith((*of_tables, *among)))


def shares(judged: Iterable[tuple[Choice, bool]]) -> dict[str, tuple[int, float]]:
    """The number of choices of each part, and the share of right ones."""
    parts: dict[str, list[bool]] = {}
    for choice, right in judged:
        parts.setdefault(choice.part, []).append(right)
    return {part: (len(right), sum(right) / len(right)) for part, right in parts.items()}


def merit(judged: Iterable[tuple[Choice, bool]]) -> float:
    """The share of right stems, each choice by what it counts for."""
    judged = list(judged)
    return sum(c.count * right for c, right in judged) / sum(c.count for c, _ in judged)


def told(found: dict[str, tuple[int, float]]) -> str:
    """The shares in a line."""
    return "; ".join(f"{part} {share:.3f} of {size}" for part, (size, share) in found.items())


def table(fitted: Vector, made: Sequence[str]) -> str:
    """The text of the table of weights."""
    rows = [
        f"{row.feature}\t{row.prior:g}\t{weight:.3f}\t{row.meaning}"
        for row, weight in zip(weight_rows(), fitted, strict=True)
    ]
    head = (
        "# Weights of the linear model that ranks candidate stems: what a unit of a feature adds.",
        "# prior: the weight that was typed before there was a fit, to which the ridge draws.",
    )
    return "\n".join([*head, *(f"# {line}" for line in made), "\t".join(Weight.__slots__), *rows]) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of release files")
    parser.add_argument("--features", type=Path, help="file that keeps the features of all candidates")
    parser.add_argument("--ridge", type=float, action="append", help=f"try this ridge, not {RIDGES}")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE}")
    options = parser.parse_args(arguments)
    if options.features is not None and options.features.exists():
        found = load(options.features)
    else:
        corpus = read_corpus(options.data)
        found = [*coded(corpus), *withheld(corpus)]
        if options.features is not None:
            save(options.features, found)
    prior = np.array([row.prior for row in weight_rows()])
    typed = [(c, is_right(c, prior)) for c in found]
    print(f"a right stem is among the candidates: {told(shares((c, c.reachable) for c in found))}")
    print(f"priors, on what they were typed for: {told(shares(typed))}")
    tried = {ridge: held_out(found, prior, ridge, _again()) for ridge in options.ridge or RIDGES}
    for ridge, judged in tried.items():
        print(f"ridge {ridge:g}, held-out categories: {told(shares(judged))}")
    best = max(tried, key=lambda ridge: merit(tried[ridge]))
    print(f"merit: priors {merit(typed):.4f}, held out {merit(tried[best]):.4f} with ridge {best:g}")
    if options.write:
        fitted = fit(found, prior, best, WITHHELD, _again())
        made = [
            f"Made by bench.fit.weights_fit --write, ridge {best:g}. Right stem on held-out categories:",
            f"{told(shares(tried[best]))}.",
            f"By the priors, on what they were typed for: {told(shares(typed))}.",
        ]
        TABLE.write_text(table(fitted, made), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
