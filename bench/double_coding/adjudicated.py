"""``bench/double_codings.tsv``: both readings of every code, what stands in the end, the code's weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.double_coding.compared import DoubleReading
from bench.double_coding.readings import Reading
from bench.double_coding.sample import Drawn
from bench.double_coding.tables import read_table, write_table
from terminology.errors import DataNotAvailableError

DOUBLE_CODINGS = Path(__file__).parent.with_name("double_codings.tsv")
COLUMNS = (
    "code",
    "reader_a",
    "accepted_a",
    "representation_a",
    "reader_b",
    "accepted_b",
    "representation_b",
    "adjudicated",
    "representation",
    "stratum",
    "weight",
    "fold",
    "family_codes",
    "new_in",
)
_TOLD = (
    "Coded twice, blind, by the project; not clinical coders. Each reader had the code's title, its notes",
    "and ICD-11's tabulation: no map, no engine, not the other's reading. The rules: docs/double-coding.md.",
    "accepted: other expressions that reader would not call wrong, separated by |. adjudicated: what both",
    "gave, or a third reader's decision where they differ; empty where there is none yet. weight: families",
    "of the frame that the code stands for. fold: codes of 'report' are measured on and never read by those",
    "who work on the engine.",
    "ICD-11 codes: World Health Organization, CC BY-ND 3.0 IGO. The codings are TenEleven's own, not WHO's.",
)


@dataclass(frozen=True, slots=True)
class DoubleCoding:
    """One code with both readings and the adjudicated one, ``None`` while nobody has decided."""

    double: DoubleReading
    adjudicated: Reading | None

    @property
    def drawn(self) -> Drawn:
        """Its place in the sample."""
        return self.double.drawn

    @property
    def readings(self) -> tuple[Reading, Reading]:
        """Both readers' readings."""
        return self.double.first, self.double.second

    @property
    def defensible(self) -> tuple[str, ...]:
        """The expressions that either reader gave or accepted."""
        return tuple(dict.fromkeys(e for reading in self.readings for e in reading.defensible))

    @property
    def agreed(self) -> str | None:
        """The expression both gave, as the first wrote it; ``None`` where they differ or gave none."""
        return self.double.first.expression or None if self.double.pair.same else None


def adjudicate(codes: Iterable[DoubleReading], third: Mapping[str, Reading]) -> list[DoubleCoding]:
    """Settle each code: by what both gave, else by the third reading, if there is one."""
    return [
        DoubleCoding(code, _agreed(code) if code.pair.same else third.get(code.drawn.code)) for code in codes
    ]


def write_double_codings(path: Path, codings: Iterable[DoubleCoding]) -> None:
    """Write the table, by code."""
    rows = []
    for coding in sorted(codings, key=lambda c: c.drawn.code):
        drawn, settled = coding.drawn, coding.adjudicated
        given = [
            cell for r in coding.readings for cell in (r.expression, "|".join(r.accepted), r.representation)
        ]
        final = (settled.expression, settled.representation) if settled else ("", "")
        place = (drawn.stratum, str(drawn.weight), drawn.fold, str(drawn.family_codes), drawn.new_in)
        rows.append((drawn.code, *given, *final, *place))
    write_table(path, COLUMNS, rows, _TOLD)


def read_double_codings(path: Path = DOUBLE_CODINGS) -> list[DoubleCoding]:
    """Read the table. Raises :class:`DataNotAvailableError` and :class:`ReleaseFormatError`."""
    if not path.is_file():
        raise DataNotAvailableError(f"{path} is not there; 'python -m bench.double_coding settle' writes it")
    return [_coding(row) for _, row in read_table(path, COLUMNS)]


def _agreed(code: DoubleReading) -> Reading:
    """What both gave: full only where both say so."""
    first, second = code.first, code.second
    kept = first.representation if first.representation == second.representation else "partial"
    others = tuple(dict.fromkeys(e for e in (*first.accepted, *second.accepted) if e != first.expression))
    return Reading(first.code, first.expression, others, kept)


def _coding(row: dict[str, str]) -> DoubleCoding:
    code = row["code"]
    first, second = (
        Reading(
            code,
            row[f"reader_{letter}"],
            tuple(filter(None, row[f"accepted_{letter}"].split("|"))),
            row[f"representation_{letter}"],
        )
        for letter in "ab"
    )
    drawn = Drawn(
        code, row["stratum"], float(row["weight"]), row["fold"], int(row["family_codes"]), row["new_in"]
    )
    settled = Reading(code, row["adjudicated"], (), row["representation"]) if row["representation"] else None
    return DoubleCoding(DoubleReading(drawn, first, second), settled)
