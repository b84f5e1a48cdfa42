"""Readers' filled sheets: read, checked against the tabulation the readers had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.double_coding.sheets import READ, TABULATION
from bench.double_coding.tables import read_table
from terminology.cluster import ClusterVocabulary, Severity, validate
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError
from terminology.systems import ICD11

REPRESENTATIONS = ("full", "partial", "none")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader gives for a code; expressions in normal form, the first one empty for none.

    ``accepted`` are the other expressions the reader would not call wrong.
    """

    code: str
    expression: str
    accepted: tuple[str, ...]
    representation: str
    note: str = ""

    @property
    def defensible(self) -> tuple[str, ...]:
        """All that the reader finds defensible, the given expression first."""
        return tuple(filter(None, (self.expression, *self.accepted)))


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken as it is."""

    path: Path
    line: int
    code: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}, {self.code}: {self.reason}"


def read_vocabulary(folder: Path, release: str) -> ClusterVocabulary:
    """Return ICD-11's codes from the two tables readers were given. Raises :class:`ReleaseFormatError`."""
    return ClusterVocabulary.of(
        release,
        [
            Concept(ICD11.id, row["code"], row["title"], Kind(row["kind"]), row["parent"] or None)
            for name in ("icd11.tsv", "extensions.tsv")
            for _, row in read_table(folder / name, TABULATION)
        ],
    )


def read_sheets(
    paths: Iterable[Path], codes: Iterable[str], vocabulary: ClusterVocabulary
) -> tuple[dict[str, Reading], list[Fault]]:
    """Read one reader's sheets: the sound readings by code, and what is wrong with the others.

    Wrong are: a code that is not in the sample or stands twice, an expression or accepted expression that is
    no valid cluster of the release, a representation that is none of :data:`REPRESENTATIONS` or does not go
    with the expression. A row that is not filled in yet is neither. Raises :class:`ReleaseFormatError` for a
    table of another shape.
    """
    known = set(codes)
    readings: dict[str, Reading] = {}
    faults: list[Fault] = []
    for path in paths:
        for line, row in read_table(path, ("code", *READ)):
            if not row["expression"] and not row["representation"]:
                continue
            reasons = list(_faults(row, known, vocabulary))
            if row["code"] in readings:
                reasons.append("stands twice")
            faults += [Fault(path, line, row["code"], reason) for reason in reasons]
            if not reasons:
                readings[row["code"]] = _reading(row, vocabulary)
    return readings, faults


def sound_readings(
    paths: Iterable[Path], codes: Iterable[str], vocabulary: ClusterVocabulary
) -> dict[str, Reading]:
    """Read one reader's sheets as :func:`read_sheets` does; raise :class:`ReleaseFormatError` for a fault."""
    readings, faults = read_sheets(paths, codes, vocabulary)
    if faults:
        first = faults[0]
        raise ReleaseFormatError(first.path, first.line, f"a sound row for {first.code}", first.reason)
    return readings


def _faults(row: dict[str, str], known: set[str], vocabulary: ClusterVocabulary) -> Iterator[str]:
    if row["code"] not in known:
        yield "is no code of the sample"
    for expression in (row["expression"], *_divided(row["accepted"])):
        if expression:
            report = validate(expression, vocabulary)
            yield from (f"{expression}: {i.message}" for i in report.issues if i.severity is Severity.ERROR)
    representation = row["representation"]
    if representation not in REPRESENTATIONS:
        yield f"representation is {representation!r}, none of {', '.join(REPRESENTATIONS)}"
    elif (representation == "none") != (not row["expression"]):
        yield f"representation is {representation!r} with the expression {row['expression']!r}"


def _reading(row: dict[str, str], vocabulary: ClusterVocabulary) -> Reading:
    written = (row["expression"], *_divided(row["accepted"]))
    given, *accepted = (str(validate(e, vocabulary).parsed) if e else "" for e in written)
    others = tuple(dict.fromkeys(e for e in accepted if e != given))
    return Reading(row["code"], given, others, row["representation"], row["note"])


def _divided(accepted: str) -> list[str]:
    return [expression for part in accepted.split("|") if (expression := part.strip())]
