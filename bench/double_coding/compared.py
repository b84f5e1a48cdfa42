"""Two readers' codings of the same codes: how far they agree, by stratum, and what a third is to read."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.double_coding.readings import Reading
from bench.double_coding.sample import Drawn
from bench.double_coding.sheets import COLUMNS, READ
from bench.double_coding.tables import read_table, write_table
from terminology.crosswalk.review.agreement import Pair, ReviewAgreement

GROUPS: tuple[tuple[str, Callable[[Drawn], bool]], ...] = (
    ("all", lambda d: True),
    ("new FY2025 to FY2027", lambda d: d.stratum == "new"),
    ("  new in FY2027", lambda d: d.new_in == "2027"),
    ("by volume", lambda d: d.stratum.startswith("volume-")),
    ("the rest by chapter", lambda d: d.stratum.startswith("rest-")),
    ("codes S", lambda d: d.code[0] == "S"),
    ("codes T", lambda d: d.code[0] == "T"),
    ("external causes V to Y", lambda d: d.code[0] in "VWXY"),
    ("codes Z", lambda d: d.code[0] == "Z"),
    ("fold fit", lambda d: d.fold == "fit"),
    ("fold report", lambda d: d.fold == "report"),
)
"""What figures are given for: strata, and the kinds of codes that targets are set for."""
THIRD = (*COLUMNS[: -len(READ)], "reading_1", "accepted_1", "reading_2", "accepted_2", *READ)


@dataclass(frozen=True, slots=True)
class DoubleReading:
    """One code as two readers read it."""

    drawn: Drawn
    first: Reading
    second: Reading

    @property
    def pair(self) -> Pair:
        """The two expressions."""
        return Pair(self.drawn.code, self.first.expression, self.second.expression)

    @property
    def tolerated(self) -> bool:
        """Whether they agree, or one accepts what the other gives."""
        ours, theirs = self.first, self.second
        return (
            self.pair.same
            or any(Pair("", ours.expression, e).same for e in theirs.defensible)
            or any(Pair("", theirs.expression, e).same for e in ours.defensible)
        )


def both_read(
    sample: Mapping[str, Drawn], first: Mapping[str, Reading], second: Mapping[str, Reading]
) -> list[DoubleReading]:
    """Return the codes that both have read, in the sample's order."""
    return [DoubleReading(d, first[c], second[c]) for c, d in sample.items() if c in first and c in second]


def agreement_rows(codes: Iterable[DoubleReading]) -> Iterator[tuple[str, ...]]:
    """Yield lines of a table: group, codes, share and kappa of stems and of expressions, what is tolerated.

    ``tolerated`` is the share of codes where one reader gives what the other gives or accepts.
    """
    codes = list(codes)
    yield ("group", "codes", "stem", "kappa", "expression", "kappa", "tolerated", "representation")
    for name, belongs in GROUPS:
        group = [code for code in codes if belongs(code.drawn)]
        if group:
            found = ReviewAgreement(tuple(code.pair for code in group), (), ())
            figures = (found.stem_share, found.stem_kappa, found.share, found.kappa)
            tolerated = sum(code.tolerated for code in group) / len(group)
            same = sum(c.first.representation == c.second.representation for c in group) / len(group)
            yield (name, str(len(group)), *(f"{figure:.3f}" for figure in (*figures, tolerated, same)))


def write_third_sheet(path: Path, codes: Iterable[DoubleReading], sheets: Iterable[Path], seed: int) -> int:
    """Write the sheet of a third reading: the codes read differently, and both readings in random order.

    Who gave which is not told. ``sheets`` are the empty reading sheets, for titles and notes. Returns how
    many codes there are.
    """
    chance = random.Random(seed)
    given = {row["code"]: row for sheet in sheets for _, row in read_table(sheet, COLUMNS)}
    rows = []
    for code in codes:
        if not code.pair.same:
            readings = chance.sample([code.first, code.second], 2)
            told = [cell for r in readings for cell in (r.expression, " | ".join(r.accepted))]
            asked = given[code.drawn.code]
            rows.append((*(asked[name] for name in COLUMNS[: -len(READ)]), *told, *("" for _ in READ)))
    write_table(path, THIRD, rows)
    return len(rows)
