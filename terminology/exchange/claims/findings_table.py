"""Findings as rows of a table: one a finding, with the codes it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from terminology.claims.claim import Claim
from terminology.claims.denials import rarc_of
from terminology.claims.finding import Finding

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

Cells = tuple[Any, ...]


def finding_cells(file: str, place: int, claim: Claim, finding: Finding) -> Cells:
    """Return the cells of a finding, in the order of :data:`SCHEMA`."""
    source, effect = finding.source, finding.icd11
    return (
        file,
        place,
        claim.id,
        finding.edit,
        finding.severity.value,
        finding.certainty.value,
        _numbers(finding.dx),
        _joined(claim.diagnoses[n - 1].code for n in finding.dx if 0 < n <= len(claim.diagnoses)),
        _numbers(finding.line),
        _joined(claim.lines[n - 1].code or "-" for n in finding.line if 0 < n <= len(claim.lines)),
        finding.message,
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


def findings_batch(rows: Sequence[Cells]) -> pa.RecordBatch:
    """Return rows of findings as one batch."""
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    arrays = [pa.array(cells, field.type) for cells, field in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _numbers(numbers: tuple[int, ...]) -> str | None:
    return _joined(map(str, numbers))


def _joined(texts: Iterable[str]) -> str | None:
    return " ".join(texts) or None
