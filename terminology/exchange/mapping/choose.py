"""Maps what a path names by the engine that fits: one join for CSV and Parquet, else row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from terminology.errors import DataNotAvailableError, InvalidRequestError
from terminology.exchange.mapping.join import UnreadableTextError, joinable, map_claims
from terminology.exchange.mapping.progress_bar import BatchDisplay
from terminology.exchange.mapping.report import BatchReport
from terminology.exchange.mapping.rows import map_file
from terminology.exchange.mapping.scan import claim_files, read_claims
from terminology.exchange.tables.writing import AS_IT_IS, Writing


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What a user may say of a batch: columns, encoding and day of the codes, memory, order of the join."""

    column: str | None = None
    encoding: str | None = None
    memory: str | None = None
    any_order: bool = False
    writing: Writing = AS_IT_IS
    on: date | None = None
    date_column: str | None = None


def map_batch(
    batch: Path, output: Path | None, bundle: Path, options: BatchOptions, display: BatchDisplay
) -> tuple[BatchReport, Path]:
    """Map the codes of a file, a folder or a pattern of files; return the report and the file written.

    Without ``output`` it is named after a lone file. Raises as :func:`map_file` and :func:`map_claims`.
    """
    files = claim_files(batch)
    if output is None:
        if files != [batch]:
            raise InvalidRequestError("output", "name the file to write with -o")
        name = Path(batch.name.removesuffix(".gz"))
        output = batch.with_name(f"{name.stem}.icd11{name.suffix}")
    report = _joined(files, output, bundle, options, display)
    return report or _row_by_row(files, output, bundle, options, display), output


def _joined(
    files: list[Path], output: Path, bundle: Path, options: BatchOptions, display: BatchDisplay
) -> BatchReport | None:
    """Map by a join; ``None`` where the files need the row-by-row reader."""
    if not joinable(output) or options.encoding is not None:
        return None
    claims = read_claims(files)
    if claims is None:
        return None
    try:
        return map_claims(
            claims,
            output,
            bundle,
            options.column,
            options.memory,
            options.any_order,
            display.part,
            options.writing,
            options.on,
            options.date_column,
        )
    except UnreadableTextError as fault:
        if len(files) > 1:
            raise InvalidRequestError("batch", f"{fault}; map the file alone to find the line") from None
    return None


def _row_by_row(
    files: list[Path], output: Path, bundle: Path, options: BatchOptions, display: BatchDisplay
) -> BatchReport:
    if len(files) > 1:
        raise InvalidRequestError(
            "batch", "many files are joined from UTF-8 CSV or Parquet to .csv or .parquet only"
        )
    path = files[0]
    try:
        with path.open("rb") as file:
            return map_file(
                file,
                path.name,
                output,
                bundle,
                options.column,
                options.encoding,
                display.rows,
                options.writing,
                options.on,
                options.date_column,
            )
    except OSError as fault:
        raise DataNotAvailableError(f"{path}: cannot be read: {fault.strerror or fault}") from None
