"""Claims in files of any kind, in chunks that can be handed to another process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.encoding.claim_json import claims_of
from terminology.errors import DataNotAvailableError, InvalidRequestError, ReleaseFormatError
from terminology.exchange.claims.batch_claims import batch_claims
from terminology.exchange.claims.claim_columns import ClaimLayout
from terminology.exchange.claims.table_claims import claim_batches, claim_table
from terminology.exchange.mapping.scan import read_claims as read_table_files
from terminology.exchange.tables.table import suffix_of
from terminology.exchange.tables.text import MAX_LINE_BYTES
from terminology.exchange.x12.claims import read_x12_claims
from terminology.exchange.x12.segments import looks_like_x12

_TABLES = (".csv", ".parquet")
_CHUNK = 2_000
_MAX_JSON = 256 * 2**20


@dataclass(frozen=True, slots=True)
class FileClaim:
    """A claim of a file; ``place`` is its line, row or number there. ``icd9``: its diagnoses are ICD-9-CM."""

    claim: Claim
    file: str
    place: int
    icd9: bool = False


class Chunk(Protocol):
    """Some claims of a file, not yet read into objects."""

    def claims(self) -> Iterable[FileClaim]:
        """Yield the claims; raises errors that name their place."""
        ...


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """Claims that were read already."""

    read: tuple[FileClaim, ...]

    def claims(self) -> Iterable[FileClaim]:
        """Yield the claims."""
        return self.read


@dataclass(frozen=True, slots=True)
class TableChunk:
    """A batch of a table."""

    batch: pa.RecordBatch
    layout: ClaimLayout
    setting: ClaimSetting | None
    file: str

    def claims(self) -> Iterator[FileClaim]:
        """Yield the claims."""
        for place, claim in batch_claims(self.batch, self.layout, self.setting):
            yield FileClaim(claim, self.file, place)


@dataclass(frozen=True, slots=True)
class LinesChunk:
    """Lines of NDJSON with their numbers."""

    lines: tuple[tuple[int, bytes], ...]
    file: str
    setting: ClaimSetting | None

    def claims(self) -> Iterator[FileClaim]:
        """Yield the claim of each line."""
        for number, line in self.lines:
            try:
                document = orjson.loads(line)
            except orjson.JSONDecodeError as fault:
                raise ReleaseFormatError(self.file, number, "a claim as JSON", str(fault)) from None
            yield _json_claim(document, self.file, number, self.setting)


def read_chunks(path: Path, setting: ClaimSetting | None = None) -> Iterator[Chunk]:
    """Yield the claims of a file in chunks: X12 837, JSON, NDJSON, CSV or Parquet.

    X12 is told by its first bytes, the rest by the suffix. ``setting`` is that of claims that name none; X12
    says it itself. Raises the errors of the formats, with their places, and
    :class:`DataNotAvailableError` for a file that cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(64)
            file.seek(0)
            if looks_like_x12(start):
                yield from _grouped(_x12(file, path.name))
            elif suffix_of(path.name) == ".json":
                yield from _grouped(_json(file, path.name, setting))
            elif suffix_of(path.name) == ".ndjson":
                yield from _lines(file, path.name, setting)
            elif suffix_of(path.name) in _TABLES:
                yield from _table(path, setting)
            else:
                raise InvalidRequestError(
                    "claims", f"{path.name} is no X12, and its suffix is none of .json .ndjson .csv .parquet"
                )
    except OSError as fault:
        raise DataNotAvailableError(f"{path}: cannot be read: {fault.strerror or fault}") from None


def _x12(file: BinaryIO, name: str) -> Iterator[FileClaim]:
    for one in read_x12_claims(file, name):
        yield FileClaim(one.claim, name, one.line, one.icd9)


def _json(file: BinaryIO, name: str, setting: ClaimSetting | None) -> Iterator[FileClaim]:
    data = file.read(_MAX_JSON + 1)
    if len(data) > _MAX_JSON:
        raise InvalidRequestError(
            "claims", f"{name} is over {_MAX_JSON >> 20} MB: write a claim a line (.ndjson)"
        )
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as fault:
        raise ReleaseFormatError(name, fault.lineno, "JSON", fault.msg) from None
    claims = document.get("claims", [document]) if isinstance(document, dict) else document
    if not isinstance(claims, list):
        raise ReleaseFormatError(
            name, None, 'a claim, a list of claims or {"claims": [...]}', "something else"
        )
    for number, claim in enumerate(claims, 1):
        yield _json_claim(claim, name, number, setting)


def _lines(file: BinaryIO, name: str, setting: ClaimSetting | None) -> Iterator[Chunk]:
    numbered = ((number, line) for number, line in enumerate(_whole_lines(file, name), 1) if line.strip())
    while lines := tuple(islice(numbered, _CHUNK)):
        yield LinesChunk(lines, name, setting)


def _whole_lines(file: BinaryIO, name: str) -> Iterator[bytes]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            raise ReleaseFormatError(name, number, f"at most {MAX_LINE_BYTES:,} bytes", "a longer line")
        yield line


def _table(path: Path, setting: ClaimSetting | None) -> Iterator[Chunk]:
    columns = read_table_files([path])
    if columns is None:
        if suffix_of(path.name) == ".parquet":
            yield from _nested_parquet(path, setting)
            return
        raise ReleaseFormatError(path.name, 1, "a table of claims in UTF-8", "something else")
    table = claim_table(columns, setting)
    for batch in claim_batches(table):
        yield TableChunk(batch, table.layout, setting, path.name)


def _nested_parquet(path: Path, setting: ClaimSetting | None) -> Iterator[Chunk]:
    """Parquet whose rows are claims as the API takes them, ``diagnoses`` and ``lines`` as lists."""
    place = 0
    for batch in pq.ParquetFile(path).iter_batches(_CHUNK):
        found = []
        for row in batch.to_pylist():
            place += 1
            document = orjson.loads(orjson.dumps(_given(row)))
            found.append(_json_claim(document, path.name, place, setting))
        yield ReadChunk(tuple(found))


def _given(value: Any) -> Any:
    """Return a cell without what is null in it: a Parquet structure has all its fields, given or not."""
    if isinstance(value, dict):
        return {name: _given(cell) for name, cell in value.items() if cell is not None}
    return [_given(cell) for cell in value] if isinstance(value, list) else value


def _json_claim(document: Any, file: str, place: int, setting: ClaimSetting | None) -> FileClaim:
    if setting is not None and isinstance(document, dict) and "setting" not in document:
        document = {**document, "setting": setting.value}
    try:
        (claim,) = claims_of(document)
    except InvalidRequestError as fault:
        raise InvalidRequestError(f"{file}, claim {place}, {fault.parameter}", fault.reason) from None
    except ValueError:
        raise ReleaseFormatError(file, place, "one claim", "several") from None
    return FileClaim(claim, file, place)


def _grouped(claims: Iterator[FileClaim]) -> Iterator[ReadChunk]:
    while group := tuple(islice(claims, _CHUNK)):
        yield ReadChunk(group)


def claim_paths(named: Sequence[Path]) -> list[Path]:
    """Return the files that paths name; a folder stands for the files in it that may hold claims."""
    paths: list[Path] = []
    for path in named:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
            if not inside:
                raise DataNotAvailableError(f"{path}: there is no file in it")
            paths += inside
        elif not path.exists():
            raise DataNotAvailableError(f"{path}: there is no such file")
        else:
            paths.append(path)
    return paths
