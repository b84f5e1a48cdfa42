"""A Medicare Coverage Database export, and NCD code lists, put together from their files.

Documents, services, diagnoses and the paragraphs of groups only mean something together: an export without
one of them is left out as a whole, with the first line that cannot be understood without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from loaders.cms.coverage.export import (
    kind_of,
    read_contract_numbers,
    read_contractors,
    read_diagnoses,
    read_documents,
    read_groups,
    read_services,
)
from loaders.cms.coverage.ncd_codes import NationalCode, read_national_codes
from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from terminology.claims.tables.coverage import (
    DIAGNOSES,
    DOCUMENTS,
    GROUPS,
    SERVICES,
    CoverageDiagnosis,
    CoverageDocument,
    CoverageGroup,
    CoveredService,
)
from terminology.codes import code_key
from terminology.edit_table import LoadedTable, TableRow, loaded_table
from terminology.errors import ReleaseFormatError

R = TypeVar("R", bound=TableRow)
_NEEDED = ("{}.csv", "{}_x_hcpc_code.csv", "{}_x_icd10_covered.csv", "{}_x_icd10_covered_group.csv")


@dataclass(slots=True)
class _Coverage:
    """What all exports and lists hold together."""

    documents: list[CoverageDocument] = field(default_factory=list)
    services: list[CoveredService] = field(default_factory=list)
    diagnoses: list[CoverageDiagnosis] = field(default_factory=list)
    groups: list[CoverageGroup] = field(default_factory=list)
    label: str = ""

    def tables(self) -> Iterator[LoadedTable[Any]]:
        """Yield the four tables; their rows have dates of their own."""
        starts = min(document.effective for document in self.documents)
        release = f"{max(document.effective for document in self.documents)}"
        for table, rows in (
            (DOCUMENTS, self.documents),
            (SERVICES, self.services),
            (DIAGNOSES, self.diagnoses),
            (GROUPS, self.groups),
        ):
            yield loaded_table(table, rows, release, self.label, (starts, None))


def coverage_tables(reading: Reading) -> Iterator[LoadedTable[Any]]:
    """Yield the tables of coverage determinations, where there are any."""
    coverage = _Coverage()
    files = sorted(reading.of(Format.COVERAGE), key=lambda file: (_place(file), file.source.name))
    for (_, kind), export in groupby(files, lambda file: (_place(file), kind_of(file.source.name))):
        with reading.optional("this coverage export"):
            _add_export(reading, coverage, kind, {file.source.name.lower(): file for file in export})
    for file in reading.of(Format.NCD_CODES):
        codes = reading.read_or_tell(file, read_national_codes)
        if codes:
            _add_national(coverage, codes, file.label)
    if coverage.documents:
        yield from coverage.tables()


def _place(file: ReleaseFile) -> tuple[Path, str]:
    """The folder, or the folder inside a zip, that an export lies in."""
    member = file.source.member
    return (file.source.path.parent, "") if member is None else (file.source.path, member.rpartition("/")[0])


def _add_export(reading: Reading, coverage: _Coverage, kind: str, files: Mapping[str, ReleaseFile]) -> None:
    if f"{kind}.csv" not in files and kind == "article" and set(files) <= {"contractor.csv"}:
        return
    _refuse_incomplete(kind, files)

    def rows(name: str, parse: Any) -> list[Any]:
        file = files.get(name.format(kind))
        return [] if file is None else reading.read(file, parse)

    numbers = dict(rows("contractor.csv", read_contract_numbers))
    contractors: dict[str, list[str]] = {}
    for edition, contractor in rows("{}_x_contractor.csv", partial(read_contractors, kind=kind)):
        contractors.setdefault(edition, []).append(numbers.get(contractor, contractor))
    named = {edition: tuple(dict.fromkeys(held)) for edition, held in contractors.items()}
    documents = rows("{}.csv", partial(read_documents, kind=kind, contractors=named))
    services = rows("{}_x_hcpc_code.csv", partial(read_services, kind=kind))
    diagnoses, groups = [], []
    for covered, word in ((True, "covered"), (False, "noncovered")):
        diagnoses += rows(f"{{}}_x_icd10_{word}.csv", partial(read_diagnoses, kind=kind, covered=covered))
        groups += rows(f"{{}}_x_icd10_{word}_group.csv", partial(read_groups, kind=kind, covered=covered))
    known = {document.edition for document in coverage.documents}
    for ours, read in (
        (coverage.documents, documents),
        (coverage.services, services),
        (coverage.diagnoses, diagnoses),
        (coverage.groups, groups),
    ):
        ours += [row for row in read if row.edition not in known]
    coverage.label = coverage.label or files[f"{kind}.csv"].label


def _refuse_incomplete(kind: str, files: Mapping[str, ReleaseFile]) -> None:
    needed = [name.format(kind) for name in _NEEDED]
    for name in needed:
        if name not in files:
            first = next((files[n] for n in reversed(needed) if n in files), next(iter(files.values())))
            raise ReleaseFormatError(
                first.label, 1, f"{name} beside it, without which its rows have no meaning", "no such file"
            )


def _add_national(coverage: _Coverage, codes: Sequence[NationalCode], label: str) -> None:
    """Make a document of each determination and period: its services and its lists."""

    def period(code: NationalCode) -> tuple[str, str, str, str]:
        return code.document, code.service, code.effective.isoformat(), str(code.ends)

    for number, ((document, service, _, _), group) in enumerate(
        groupby(sorted(codes, key=period), period), 1
    ):
        rows = list(group)
        edition = f"{document.replace(' ', '')}.{number}"
        first = rows[0]
        coverage.documents.append(
            CoverageDocument(
                first.row, edition, document, number, document, first.effective, first.ends, "A", ()
            )
        )
        coverage.services.append(CoveredService(first.row, service, edition, 1))
        coverage.diagnoses += _national_rows(edition, rows)
    coverage.label = coverage.label or label


def _national_rows(edition: str, rows: Iterable[NationalCode]) -> Iterator[CoverageDiagnosis]:
    for row in rows:
        key = code_key(row.diagnosis)
        dotted = key if len(key) < 4 else f"{key[:3]}.{key[3:]}"
        yield CoverageDiagnosis(row.row, edition, key, dotted, 1, row.covered, False)
