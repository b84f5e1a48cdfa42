"""Payment estimates and patterns of files: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import orjson

from teneleven.commands.opened import open_store
from teneleven.commands.options import BUNDLE
from terminology.claims.claim import Claim
from terminology.claims.context import check_context
from terminology.claims.encoding.report_json import answer_payload
from terminology.claims.payment.amounts import amounts_of
from terminology.claims.payment.drg import drg_of
from terminology.claims.payment.eligible import risk_by_services
from terminology.claims.payment.gaps import category_gaps, risk_tables_of
from terminology.claims.payment.patient_json import risk_request
from terminology.claims.payment.risk import risk_of
from terminology.claims.studies.episodes import episodes as group_episodes
from terminology.claims.studies.patterns import pattern_rates
from terminology.exchange.claims.episode_files import definitions_in, read_episode_claims
from terminology.exchange.claims.estimate_files import (
    read_json,
    read_patient_years,
    read_reference,
    read_visit_levels,
)
from terminology.exchange.claims.read_claims import claim_paths, read_chunks
from terminology.exchange.exports.placing import put_in_place

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
FILE = click.argument("file", type=click.Path(path_type=Path))
OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), help="A file, one object a line.")


@click.group()
def estimate() -> None:
    """Estimate payment, from published tables. None is a payment determination."""


@estimate.command()
@FILES
@OUTPUT
@BUNDLE
def drg(files: tuple[Path, ...], output: Path | None, bundle: Path) -> None:
    """The MS-DRG of each stay in FILES (X12, JSON, NDJSON, CSV, Parquet), and without each CC and MCC."""
    with open_store(bundle) as store:
        _say((drg_of(claim, store) for claim in _claims(files)), output)


@estimate.command()
@FILES
@click.option("--conversion-factor", type=float, help="In place of the one the fee schedule states.")
@OUTPUT
@BUNDLE
def amounts(
    files: tuple[Path, ...], conversion_factor: float | None, output: Path | None, bundle: Path
) -> None:
    """What the fee schedules state for each line of the claims in FILES."""
    with open_store(bundle) as store:
        context = check_context(store)
        rows = (
            {"id": claim.id, "amounts": amounts_of(claim, context, conversion_factor)}
            for claim in _claims(files)
        )
        _say(rows, output)


@estimate.command()
@FILE
@OUTPUT
@BUNDLE
def risk(file: Path, output: Path | None, bundle: Path) -> None:
    """The CMS-HCC scores of the patients in FILE, JSON as POST /api/v1/claims/risk takes it.

    The bundle's list of risk-eligible services is read where diagnoses are given with services.
    """
    asked = risk_request(read_json(file))
    year, factors = asked.payment_year, asked.adjustment
    if not any(patient.services for patient in asked.patients):
        _say((risk_of(patient, year, factors) for patient in asked.patients), output)
        return
    with open_store(bundle) as store:
        _say((risk_by_services(store, patient, year, factors) for patient in asked.patients), output)


@estimate.command()
@FILE
@OUTPUT
@BUNDLE
def gaps(file: Path, output: Path | None, bundle: Path) -> None:
    """Chronic payment categories coded last year and not this year, of the patients in FILE (JSON)."""
    with open_store(bundle) as store:
        _say(category_gaps(read_patient_years(file), risk_tables_of(store)), output)


@estimate.command()
@FILE
@click.option("--definitions", required=True, type=click.Path(path_type=Path), help="Episodes, TOML.")
@OUTPUT
def episodes(file: Path, definitions: Path, output: Path | None) -> None:
    """Episodes of the claims in FILE (CSV) after your own definitions, with their sums."""
    _say(group_episodes(read_episode_claims(file), definitions_in(definitions)), output)


@estimate.command()
@FILES
@click.option("--levels", type=click.Path(path_type=Path), help="Your visit codes: code,family,level (CSV).")
@click.option("--reference", type=click.Path(path_type=Path), help="Rates by pattern (JSON); else peers.")
@OUTPUT
@BUNDLE
def patterns(
    files: tuple[Path, ...], levels: Path | None, reference: Path | None, output: Path | None, bundle: Path
) -> None:
    """Patterns of coding, each of FILES a group, with denominators and intervals. A pattern is no proof."""
    with open_store(bundle) as store:
        groups = {path.name: list(_claims((path,))) for path in claim_paths(files)}
        rates = pattern_rates(
            groups,
            store,
            read_visit_levels(levels) if levels else None,
            read_reference(reference) if reference else None,
        )
        _say(rates, output)


def _claims(files: tuple[Path, ...]) -> Iterator[Claim]:
    for path in claim_paths(files):
        for chunk in read_chunks(path):
            yield from (one.claim for one in chunk.claims())


def _say(rows: Iterable[object], output: Path | None) -> None:
    if output is None:
        for row in rows:
            click.echo(orjson.dumps(answer_payload(row)))
        return
    with put_in_place(output) as path, path.open("wb") as file:
        for row in rows:
            file.write(orjson.dumps(answer_payload(row)) + b"\n")
