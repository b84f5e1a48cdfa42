"""Checks the claims of files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from teneleven.commands.options import BUNDLE
from terminology.claims.claim import ClaimSetting
from terminology.claims.finding import NotChecked
from terminology.claims.requested import requested_edits
from terminology.exchange.claims.checking import CheckedClaims, ChunkOutcome
from terminology.exchange.claims.findings_output import findings_file
from terminology.exchange.claims.job import check_files
from terminology.exchange.claims.read_claims import claim_paths

MOST_SHOWN = 200
"""Findings printed; a file (-o) has them all."""


@click.command()
@click.argument("claims", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File for the findings: .csv, .parquet or .json"
)
@click.option(
    "--setting",
    type=click.Choice([one.value for one in ClaimSetting]),
    help="The setting of claims that name none.",
)
@click.option(
    "--processes", type=click.IntRange(1, 256), help="Processes to use; one a processor without it."
)
@click.option("--advice", help="Advice given on request: all, or ids of edits apart by commas.")
@BUNDLE
def check(
    claims: tuple[Path, ...],
    output: Path | None,
    setting: str | None,
    processes: int | None,
    advice: str | None,
    bundle: Path,
) -> None:
    """Check CLAIMS: X12 837P and 837I, JSON, NDJSON, CSV and Parquet (a row a claim, or a row a line).

    Says which codes and combinations are wrong on the date, who says so, and what was not checked. Exits
    with 0 whatever it finds, and with 1 when a claim could not be read.
    """
    requested = requested_edits(advice, "--advice")
    summary = CheckedClaims()
    printed = _Printed()
    writing = findings_file(output, summary) if output else nullcontext(printed.show)
    paths = claim_paths(claims)
    with writing as write:

        def take(outcome: ChunkOutcome) -> None:
            summary.add(outcome.summary)
            write(outcome.findings)

        where = ClaimSetting(setting) if setting else None
        read = check_files(paths, bundle, take, where, processes, requested)
        summary.unread[:] = read.unread
    for line in _summary_lines(summary, output):
        click.echo(line)
    for message in summary.unread:
        click.echo(f"teneleven: not read: {message}", err=True)
    if summary.unread:
        sys.exit(1)


class _Printed:
    """Prints findings, the first :data:`MOST_SHOWN` of them."""

    def __init__(self) -> None:
        self.count = 0

    def show(self, findings: Any) -> None:
        rows = findings.slice(0, max(0, MOST_SHOWN - self.count)).to_pylist()
        self.count += findings.num_rows
        for row in rows:
            click.echo("\n".join(_finding_lines(row)))
        if rows and self.count > MOST_SHOWN:
            click.echo(f"(the first {MOST_SHOWN} findings; -o FILE has all)")


def _finding_lines(row: dict[str, Any]) -> Iterator[str]:
    codes = " ".join(filter(None, (row["dx_codes"], row["line_codes"])))
    claim = f"claim {row['claim_id']}" if row["claim_id"] else f"claim at {row['place']}"
    yield f"{row['severity']:<7} {row['edit']:<26} {claim} ({row['file']}) {codes}"
    yield f"        {row['message']}"
    if row["why"]:
        yield f"        {row['publisher']}: “{row['why']}”"
    period = f", in force from {row['in_force_from']}" if row["in_force_from"] else ""
    place = f", row {row['source_row']}" if row["source_row"] else ""
    yield f"        {row['publisher']}, {row['source_table']} {row['source_release'] or ''}{place}{period}"
    if row["suggest"]:
        yield f"        instead: {row['suggest']}"


def _summary_lines(summary: CheckedClaims, output: Path | None) -> Iterator[str]:
    total = summary.findings.total()
    where = f" in {output}" if output else ""
    yield f"{summary.claims:,} claims, {summary.with_findings:,} with findings; {total:,} findings{where}"
    for (edit, severity), count in summary.findings.most_common():
        yield f"  {count:>9,}  {severity:<7} {edit}"
    if summary.checked:
        yield f"checked: {', '.join(sorted({one.edit for one in summary.checked}))}"
    if summary.not_checked:
        yield "not checked, so nothing is said of it:"
        for reason, edits in _by_reason(summary.not_checked):
            yield f"  {', '.join(edits)}: {reason}"


def _by_reason(notes: Iterable[NotChecked]) -> list[tuple[str, list[str]]]:
    reasons: dict[str, dict[str, None]] = {}
    for note in notes:
        reasons.setdefault(note.reason, {})[note.edit] = None
    return [(reason, list(edits)) for reason, edits in reasons.items()]
