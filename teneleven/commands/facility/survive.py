"""Says whether a list of codes survives the move to ICD-11."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import BUNDLE, DATE, RELEASE
from terminology.exchange.reports.survival_table import read_list, read_volumes, write_survival
from terminology.exchange.reports.write import known_setting
from terminology.impact.survival import sentences, survival


@click.command()
@click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))
@click.option("--setting", help="The care setting of the volumes that are counted; all without it.")
@click.option(
    "--volumes",
    type=click.Path(path_type=Path),
    help="A table of your own volumes, or claims; the bundle's without it.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help=".csv, .xlsx, .parquet or .ndjson")
@RELEASE
@DATE
@BUNDLE
def survive(
    list_: Path,
    setting: str | None,
    volumes: Path | None,
    output: Path | None,
    release: str | None,
    on: date | None,
    bundle: Path,
) -> None:
    """Say what replaces a LIST of ICD-10-CM codes in ICD-11, and which codes leak in or out.

    LIST is a text with anything between the codes, or a table with a column of codes; headings stand for
    the codes below them. -o writes a row for each ICD-11 form, by whole expression and by stems alone.
    """
    chosen = known_setting(setting)
    own = None if volumes is None else read_volumes(volumes, chosen)
    with open_store(bundle) as store:
        codes, words = read_list(list_)
        found = survival(store, codes, setting, own, release, on)
    if output is not None:
        write_survival(found, output)
    for sentence in sentences(found, words):
        click.echo(sentence)
