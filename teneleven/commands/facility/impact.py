"""Reports what the move does to a facility's own volumes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import BUNDLE, Day
from terminology.exchange.claims.episode_files import definitions_in
from terminology.exchange.reports.write import write_impact
from terminology.exchange.volume_dates import asked_span
from terminology.exchange.volumes import named_columns


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--setting", help="The care setting of rows that name none.")
@click.option("--code-column", help="The title of the column of codes, when it is not recognised.")
@click.option("--count-column", help="The title of the column of counts.")
@click.option("--setting-column", help="The title of the column of care settings.")
@click.option("--payer-column", help="The title of the column of payers.")
@click.option("--department-column", help="The title of the column of departments.")
@click.option("--charge-column", help="The title of the column of charges.")
@click.option("--date-column", help="The title of the column of each row's date.")
@click.option("--claim-column", help="The title of the column of the claim's or stay's number.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help=".xlsx, .html, .json or .zip",
)
@click.option("--date", "on", type=Day(), help="The day of the data, YYYY-MM-DD: codes are judged by it.")
@click.option("--year", type=int, help="The calendar year of the data; without it the file may say it.")
@click.option(
    "--base-rate", type=click.FloatRange(min=0, min_open=True), help="Dollars of a stay of weight 1."
)
@click.option(
    "--episodes",
    type=click.Path(path_type=Path),
    help="Your episode definitions, TOML: do they hold?",
)
@BUNDLE
def impact(
    files: tuple[Path, ...],
    setting: str | None,
    output: Path,
    on: date | None,
    year: int | None,
    base_rate: float | None,
    episodes: Path | None,
    bundle: Path,
    **named: str | None,
) -> None:
    """Report what the move to ICD-11 does to the volumes in FILES (CSV, XLSX, Parquet, JSON, RIF claims)."""
    with open_store(bundle) as store:
        span = asked_span(on, year)
        known = definitions_in(episodes) if episodes else ()
        report = write_impact(store, files, setting, output, named_columns(named), span, base_rate, known)
    for notice in report.notices:
        click.echo(f"note: {notice}")
    for number, sentence in enumerate(report.headline, 1):
        click.echo(f"{number}. {sentence.text} [{sentence.table}]")
    click.echo(f"{output}: {report.total:,} diagnoses, {len(report.tables)} tables")
