"""Denied lines of remittance advices, joined with their claims."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import BUNDLE
from terminology.exchange.claims.denied import DenialReport, denial_report
from terminology.exchange.claims.denied_output import write_denied_lines

MOST_SHOWN = 30
"""Sums printed; a file (-o) has every line."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help=".csv, .xlsx, .parquet or .ndjson")
@BUNDLE
def denials(files: tuple[Path, ...], output: Path | None, bundle: Path) -> None:
    """Read remittance advices (X12 835) with the claims they answer (837), in FILES or folders.

    Says what was denied, by code and reason, and which of it a check would have caught before submission.
    The two are joined by the provider's claim number. Which edit answers for a denial is a heuristic.
    """
    with open_store(bundle) as store:
        report = denial_report(files, store)
    if output is not None:
        write_denied_lines(report, output)
    for line in _summary(report):
        click.echo(line)
    for message in report.unread:
        click.echo(f"teneleven: not read: {message}", err=True)
    if report.unread:
        sys.exit(1)


def _summary(report: DenialReport) -> list[str]:
    total = round(sum(line.amount for line in report.lines), 2)
    caught = round(sum(line.amount for line in report.lines if line.caught), 2)
    lines = [
        f"{report.claims:,} claims, {len(report.lines):,} denials of ${total:,.2f}; "
        f"a check would have caught ${caught:,.2f}, ${total - caught:,.2f} remains (heuristic)"
    ]
    if report.without_claim:
        lines.append(f"{report.without_claim:,} claims with denials are not among the claims given")
    return lines + [
        f"{row.code or '(claim)':<8} reason {row.carc:<5} {row.lines:>6,} lines ${row.amount:>12,.2f}  "
        f"caught {row.caught_lines:,} (${row.caught_amount:,.2f})"
        for row in report.sums()[:MOST_SHOWN]
    ]
