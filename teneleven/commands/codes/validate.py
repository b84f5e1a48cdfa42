"""Validates a list of codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE, DATE
from teneleven.commands.output import print_json
from terminology.bundle.life.code_list import MOST_CODES, ListStatus
from terminology.errors import InvalidRequestError
from terminology.exchange.code_lists import listed_by_day, read_list
from terminology.systems import ICD10CM

_MOST_BYTES = 2**22


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--system", default=ICD10CM.id, show_default=True, help="Code system of the list.")
@DATE
@BUNDLE
@AS_JSON
def validate(file: BinaryIO, system: str, on: date | None, bundle: Path, as_json: bool) -> None:
    """Validate the codes of FILE (- is standard input): text, whatever stands between them, or a table.

    Tables are CSV, XLSX, Parquet, JSON or NDJSON with a column of codes. A code with a date beside it, or in
    a table with a column of dates, is read by that date; a given --date rules them all. Prints each code that
    is not valid on its day with what to use instead, and how many are.
    """
    data: bytes = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise InvalidRequestError(
            "FILE", f"over {_MOST_BYTES >> 20} MB; at most {MOST_CODES:,} codes at a time"
        )
    pasted = read_list(data, Path(file.name).name)
    codes = pasted.codes if on is None else [replace(code, days=None) for code in pasted.codes]
    with open_store(bundle) as store:
        listed = listed_by_day(store, system, codes, on or date.today())
    if pasted.notice:
        ruled = f"; --date {on} rules them all" if on is not None and pasted.dated else ""
        click.echo(f"note: {pasted.notice}{ruled}", err=True)
    if as_json:
        print_json({"results": listed})
        return
    wrong = [each for each in listed if each.status is not ListStatus.VALID]
    for each in wrong:
        suggestion = f"  -> {' '.join(each.suggestion)}" if each.suggestion else ""
        click.echo(f"{each.input:<12} {each.status:<14} {each.message}{suggestion}")
    click.echo(f"{len(listed) - len(wrong):,} of {len(listed):,} codes are valid")
