"""Maps one code, or the codes of a file, to ICD-11."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE, DATE, RELEASE
from teneleven.commands.output import print_json
from terminology.attribution import OWN
from terminology.bundle.crosswalk.crosswalks import crosswalk
from terminology.crosswalk.record import payload
from terminology.crosswalk.review.agreement import compare_reviews
from terminology.exchange.exports.reading_aloud import crosswalk_lines
from terminology.exchange.review_agreement import agreement_lines, agreement_payload
from terminology.exchange.review_sheet import read_decisions, write_review_sheet
from terminology.exchange.tables.writing import Writing


@click.command("map")
@click.argument("code", required=False)
@click.option(
    "--batch",
    type=click.Path(path_type=Path),
    help="CSV, XLSX, Parquet or NDJSON file of codes; a folder or 'pattern*' of CSV or Parquet files.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; format by suffix.")
@click.option("--column", help="Column of the codes; found by its name without this.")
@click.option("--encoding", help="Encoding of a text file that is not UTF-8, e.g. cp1252.")
@click.option(
    "--review", type=click.Path(path_type=Path), help="Write the uncertain codes to a .csv or .xlsx."
)
@click.option("--volumes", type=click.Path(path_type=Path), help="With --review: your counts by code.")
@click.option("--setting", help="With --review: this care setting's volumes of the bundle; all without it.")
@click.option("--limit", type=click.IntRange(1), help="With --review: how many codes.")
@click.option(
    "--compare-reviews",
    "reviews",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    help="Two coders' signed sheets (.csv or .xlsx): how far they agree, and where they do not.",
)
@click.option("--any-order", is_flag=True, help="Rows of CSV and Parquet in any order: faster.")
@click.option("--spreadsheet", is_flag=True, help='CSV for spreadsheets: codes like 1E30 as ="1E30".')
@click.option("--memory", help="Memory for CSV and Parquet, e.g. 4GB; half of the machine's without it.")
@click.option(
    "--date-column",
    help="With --batch: column of each row's date; found by its name without this and --date.",
)
@RELEASE
@DATE
@BUNDLE
@AS_JSON
def map_codes(
    code: str | None,
    batch: Path | None,
    output: Path | None,
    column: str | None,
    encoding: str | None,
    memory: str | None,
    any_order: bool,
    spreadsheet: bool,
    review: Path | None,
    reviews: tuple[Path, Path] | None,
    volumes: Path | None,
    setting: str | None,
    limit: int | None,
    date_column: str | None,
    release: str | None,
    on: date | None,
    bundle: Path,
    as_json: bool,
) -> None:
    """Show what an ICD-10-CM code becomes in ICD-11, map the codes of a file (--batch), or list for
    reviewers what is uncertain (--review); 'teneleven build --overrides' takes up what they decided,
    --compare-reviews tells how far two of them agree."""
    if sum(given is not None for given in (code, batch, review, reviews)) != 1:
        raise click.UsageError("give a CODE, --batch FILE, --review FILE or --compare-reviews FILE FILE")
    if reviews is not None:
        _compare_reviews(*reviews, as_json)
        return
    if review is not None:
        with open_store(bundle) as store:
            count = write_review_sheet(store, review, volumes, setting, limit)
        click.echo(
            f"{count:,} uncertain codes in {review}; fill expression, reviewer (and date) and build with it"
        )
        return
    if batch is not None:
        writing = Writing(spreadsheet)
        _map_batch(batch, output, bundle, column, encoding, memory, any_order, writing, on, date_column)
        return

    with open_store(bundle) as store:
        answer = crosswalk(store, code or "", release, on)
    if as_json:
        print_json(payload(answer))
    else:
        click.echo("\n".join(crosswalk_lines(answer)))


def _compare_reviews(first: Path, second: Path, as_json: bool) -> None:
    agreement = compare_reviews(read_decisions(first), read_decisions(second))
    if as_json:
        print_json(agreement_payload(agreement))
    else:
        click.echo("\n".join(agreement_lines(agreement)))


def _map_batch(batch: Path, output: Path | None, bundle: Path, *options: Any) -> None:
    from terminology.exchange.mapping.choose import BatchOptions, map_batch  # files are an extra
    from terminology.exchange.mapping.progress_bar import BatchDisplay

    with BatchDisplay() as display:
        report, written = map_batch(batch, output, bundle, BatchOptions(*options), display)
    said = ", ".join(f"{count:,} {status}" for status, count in report.statuses.most_common())
    examples = f" (unknown: {', '.join(map(repr, report.unknown))})" if report.unknown else ""
    click.echo(f"{report.rows:,} rows in {written}, codes from column '{report.column}': {said}{examples}")
    for notice in report.notices:
        click.echo(f"note: {notice}", err=True)
    click.echo(OWN, err=True)
