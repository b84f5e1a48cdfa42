"""Measures a bundle's crosswalk against codings made by hand without it.

    python -m bench.coding_eval --bundle bundle [--set N] [--list]

``bench/codings.tsv`` holds frequent ICD-10-CM codes coded in ICD-11 from the tabulation and the foundation
titles alone. Set 3 was never read while the engine was worked on; sets 1 and 2 were, so they flatter it. They
were not made by clinical coders.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.agreement import Agreement
from bench.recommended import Recommended, recommended
from terminology.cluster import parse

CODINGS = Path(__file__).with_name("codings.tsv")
UNREAD = 3
"""The set that was never read while the engine was worked on."""


@dataclass(frozen=True, slots=True)
class Coding:
    """One code coded by hand, in the normal form of its expression."""

    code: str
    draw: int
    expression: str
    representation: str
    alternatives: tuple[str, ...]

    @property
    def full(self) -> bool:
        """Whether the expression says all the source says."""
        return self.representation.startswith("full")

    @property
    def clustered(self) -> bool:
        """Whether it takes a cluster to say it."""
        return self.representation == "full-postcoordinated"


@dataclass(frozen=True, slots=True)
class Answer(Agreement):
    """The engine's recommended target of a coded code."""

    coding: Coding
    expression: str | None
    confidence: float
    representation: str = "none"
    lost: tuple[str, ...] = ()

    @property
    def compared(self) -> tuple[str | None, str]:
        """The engine's expression and the coder's."""
        return self.expression, self.coding.expression

    @property
    def defensible(self) -> bool:
        """Whether the first stem is the coder's or that of an alternative the coder names."""
        named = {parse(e).stem for e in (self.coding.expression, *self.coding.alternatives)}
        return self.expression is not None and parse(self.expression).stem in named


def read_codings(path: Path = CODINGS) -> list[Coding]:
    """Read the codings."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return [
            Coding(
                row["code"],
                int(row["set"]),
                row["expression"],
                row["representation"],
                tuple(filter(None, row["alternatives"].split("|"))),
            )
            for row in rows
        ]


def answers(bundle: Path, codings: Iterable[Coding]) -> list[Answer]:
    """Look the codings' codes up in a bundle's crosswalk."""
    targets = recommended(bundle)
    return [_answer(coding, targets.get(coding.code)) for coding in codings]


def _answer(coding: Coding, target: Recommended | None) -> Answer:
    if target is None:
        return Answer(coding, None, 0.0)
    return Answer(coding, target.expression, target.confidence, target.representation, target.lost)


def report(found: Sequence[Answer], label: str) -> None:
    """Print agreement for the fully representable codes, those that need a cluster, and the others."""
    groups = {
        "all": list(found),
        "fully representable": [a for a in found if a.coding.full],
        "  by a cluster": [a for a in found if a.coding.clustered],
        "partly representable": [a for a in found if not a.coding.full],
    }
    print(f"\n{label:<24}{'codes':>7}{'category':>10}{'stem':>8}{'or named':>10}{'exact':>8}")
    for name, group in groups.items():
        shares = [
            sum(getattr(a, what) for a in group) / (len(group) or 1)
            for what in ("category_agrees", "stem_agrees", "defensible", "exact")
        ]
        cells = "".join(f"{share:>{width}.3f}" for share, width in zip(shares, (10, 8, 10, 8), strict=True))
        print(f"{name:<24}{len(group):>7}{cells}")


def report_confidence(found: Sequence[Answer]) -> None:
    """Print how often targets of each confidence have the coder's stem."""
    bins: dict[float, list[bool]] = defaultdict(list)
    for answer in found:
        bins[answer.confidence].append(answer.stem_agrees)
    print("\nconfidence   targets   coder's stem")
    for value, agreed in sorted(bins.items()):
        print(f"{value:10.3f}{len(agreed):10d}{sum(agreed) / len(agreed):15.3f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--set", type=int, choices=(1, 2, 3), dest="draw", help="one set alone")
    parser.add_argument("--list", action="store_true", help="print the codes whose stem differs")
    options = parser.parse_args(arguments)
    found = answers(options.bundle, read_codings())
    for draw in (1, 2, 3):
        group = [a for a in found if a.coding.draw == draw]
        if options.draw in (None, draw):
            report(group, f"set {draw}" + (", not read" if draw == 3 else ", read"))
            if options.list:
                for answer in group:
                    if not answer.stem_agrees:
                        print(f"  {answer.coding.code}\t{answer.expression}\t{answer.coding.expression}")
    report_confidence([a for a in found if options.draw in (None, a.coding.draw)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
