"""Findings as rows of a table: one a finding, with the codes it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from terminology.claims.bulk.findings import KeptFinding, PlacedFinding
from terminology.claims.claim import Claim
from terminology.claims.denials import rarc_of
from terminology.claims.finding import Finding
from terminology.exchange.claims.read_claims import FileClaim

SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("place", pa.int64()),
        ("claim_id", pa.string()),
        ("edit", pa.string()),
        ("severity", pa.string()),
        ("certainty", pa.string()),
        ("dx", pa.string()),
        ("dx_codes", pa.string()),
        ("line", pa.string()),
        ("line_codes", pa.string()),
        ("message", pa.string()),
        ("why", pa.string()),
        ("suggest", pa.string()),
        ("carc", pa.string()),
        ("rarc", pa.string()),
        ("icd11_effect", pa.string()),
        ("icd11_text", pa.string()),
        ("publisher", pa.string()),
        ("source_table", pa.string()),
        ("source_release", pa.string()),
        ("source_row", pa.string()),
        ("in_force_from", pa.date32()),
        ("in_force_to", pa.date32()),
    ]
)
"""Columns of a findings table. Numbers of diagnoses and lines are 1-based, several parted by blanks."""

_OWN = ("file", "place", "claim_id", "dx", "dx_codes", "line", "line_codes", "message")
"""Columns in which findings of one kind differ from claim to claim."""
_SHARED = [field for field in SCHEMA if field.name not in _OWN]


class FindingRows:
    """Findings on claims, gathered row by row; what many share is written once."""

    def __init__(self) -> None:
        self._files: list[str] = []
        self._shared: dict[KeptFinding, int] = {}
        self._kinds: list[int] = []
        self._places: list[int] = []
        self._ids: list[str | None] = []
        self._numbers: tuple[list[str | None], ...] = ([], [], [], [])
        self._messages: list[str] = []

    def add(self, of: FileClaim, found: Sequence[PlacedFinding]) -> None:
        """Add the findings on a claim of a file."""
        shared, claim = self._shared, of.claim
        for kept, dx, line, message in found:
            self._kinds.append(shared.setdefault(kept, len(shared)))
            self._files.append(of.file)
            self._places.append(of.place)
            self._ids.append(claim.id)
            cells = (*_diagnoses(claim, dx), *_lines(claim, line))
            for cell, column in zip(cells, self._numbers, strict=True):
                column.append(cell)
            self._messages.append(message)

    def by_edit(self) -> Counter[tuple[str, str]]:
        """Return how many findings each edit made of each severity."""
        kinds, counted = Counter(self._kinds), Counter[tuple[str, str]]()
        for kept, number in self._shared.items():
            counted[kept.finding.edit, kept.finding.severity.value] += kinds[number]
        return counted

    def batch(self) -> pa.RecordBatch:
        """Return the rows as one batch of :data:`SCHEMA`."""
        cells = list(zip(*(_shared_cells(kept.finding) for kept in self._shared), strict=True))
        kinds = pa.array(self._kinds, pa.int32())
        columns = {
            field.name: pa.array(column, field.type).take(kinds)
            for field, column in zip(_SHARED, cells or [()] * len(_SHARED), strict=True)
        }
        dx, dx_codes, line, line_codes = self._numbers
        own = (
            self._files,
            self._places,
            self._ids,
            dx,
            dx_codes,
            line,
            line_codes,
            self._messages,
        )
        for name, column in zip(_OWN, own, strict=True):
            columns[name] = pa.array(column, SCHEMA.field(name).type)
        return pa.RecordBatch.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _shared_cells(finding: Finding) -> tuple[Any, ...]:
    """The cells that do not depend on the claim, in the order of ``_SHARED``."""
    source, effect = finding.source, finding.icd11
    return (
        finding.edit,
        finding.severity.value,
        finding.certainty.value,
        finding.why,
        _joined(finding.suggest),
        _joined(finding.carc),
        _joined(rarc_of(finding.edit)),
        None if effect is None else effect.effect.value,
        None if effect is None else effect.text,
        source.publisher,
        source.table,
        source.release,
        None if source.row is None else str(source.row),
        source.in_force.start,
        source.in_force.end,
    )


def _diagnoses(claim: Claim, numbers: tuple[int, ...]) -> tuple[str | None, str | None]:
    """The numbers of diagnoses and their codes, as cells."""
    if not numbers:
        return None, None
    held = claim.diagnoses
    if len(numbers) == 1 and 0 < numbers[0] <= len(held):
        return str(numbers[0]), held[numbers[0] - 1].code or None
    return _numbers(numbers), _joined(held[n - 1].code for n in numbers if 0 < n <= len(held))


def _lines(claim: Claim, numbers: tuple[int, ...]) -> tuple[str | None, str | None]:
    if not numbers:
        return None, None
    held = claim.lines
    return _numbers(numbers), _joined(held[n - 1].code or "-" for n in numbers if 0 < n <= len(held))


def _numbers(numbers: tuple[int, ...]) -> str | None:
    return _joined(map(str, numbers))


def _joined(texts: Iterable[str]) -> str | None:
    return " ".join(texts) or None
