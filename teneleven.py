"""The ``teneleven`` command: builds bundles, serves them, and answers from them.

Each command imports what it needs when it runs, so that a lookup starts in a fraction of a second.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from terminology.errors import DataNotAvailableError, InvalidRequestError, TenElevenError

if TYPE_CHECKING:
    from terminology.bundle.records import ConceptRecord
    from terminology.bundle.store import Store
    from terminology.crosswalk.review.overrides import Override

BUNDLE = click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    default=Path("bundle"),
    envvar="TENELEVEN_BUNDLE",
    show_default=True,
    help="Folder of the bundle.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
SYSTEM = click.option("--system", help="Code system, e.g. icd-10-cm; without it the first that has the code.")
RELEASE = click.option("--release", help="Release; the system's default without it.")
DOWNLOADS = Path("downloads")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="teneleven")
def cli() -> None:
    """ICD-10 to ICD-11 crosswalk and code-terminology server."""


@cli.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder of release files.")
@BUNDLE
@click.option("--offline", is_flag=True, help="Touch no network.")
@click.option("--downloads", type=click.Path(path_type=Path), default=DOWNLOADS, show_default=True)
@click.option("--mirror", help="Address to use in place of the publishers' own.")
@click.option(
    "--overrides", type=click.Path(path_type=Path), help="CSV or XLSX of reviewed decisions that win."
)
def build(
    data: Path | None,
    bundle: Path,
    offline: bool,
    downloads: Path,
    mirror: str | None,
    overrides: Path | None,
) -> None:
    """Build a bundle from release files.

    They are taken from the --data folder, else from the publishers, else from Python packages.
    """
    from indexes.documents.bundle_input import index_bundle
    from loaders.acquire.sources import Sources
    from loaders.build import build_bundle
    from loaders.terminal import BuildDisplay

    decisions = _decisions(overrides) if overrides else ()
    sources = Sources(data=data, downloads=downloads, mirror=mirror, offline=offline)
    with BuildDisplay() as display:
        outcome = build_bundle(sources, bundle, display, decisions, steps=[index_bundle])
    display.summarise(outcome, bundle)


@cli.command()
@click.argument("systems", nargs=-1)
@click.option("--to", type=click.Path(path_type=Path), default=DOWNLOADS, show_default=True)
@click.option("--mirror", help="Address to use in place of the publishers' own.")
@click.option("--older", is_flag=True, help="Older editions too.")
def fetch(systems: tuple[str, ...], to: Path, mirror: str | None, older: bool) -> None:
    """Download release files from their publishers (all systems, or those named)."""
    from loaders.acquire.fetch import Outcome
    from loaders.acquire.fetch import fetch as download
    from loaders.acquire.publishers import publications
    from loaders.terminal import BuildDisplay

    with BuildDisplay() as display:
        results = download(
            publications(systems, older=older),
            to,
            mirror=mirror,
            on_progress=lambda p: display.transferred(p.name, p.received, p.total),
        )
    for result in results:
        click.echo(f"{result.outcome:<10} {result.path}  {(result.sha256 or '')[:16]}")
    failed = [result for result in results if result.outcome is Outcome.FAILED]
    for result in failed:
        click.echo(f"  {result.error}", err=True)
    if failed:
        raise DataNotAvailableError(f"{len(failed)} of {len(results)} files could not be fetched")


@cli.command()
@BUNDLE
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8011, show_default=True)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(bundle: Path, host: str, port: int, workers: int) -> None:
    """Serve a bundle over HTTP. SIGHUP takes up the bundle that is then in place."""
    from web.server import serve as start

    click.echo(f"http://{host}:{port} serves {bundle}  (documentation: /docs)")
    start(bundle, host, port, workers)


@cli.command()
@click.argument("code")
@SYSTEM
@RELEASE
@BUNDLE
@AS_JSON
def lookup(code: str, system: str | None, release: str | None, bundle: Path, as_json: bool) -> None:
    """Show a code, block or chapter."""
    with _open(bundle) as store:
        concept = _find(store, code, system, release)
        if as_json:
            from terminology.bundle.payload import concept_payload

            _print_json(concept_payload(concept))
        else:
            _print_concept(store, concept)


@cli.command("map")
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
@click.option("--any-order", is_flag=True, help="Rows of CSV and Parquet in any order: faster.")
@click.option("--memory", help="Memory for CSV and Parquet, e.g. 4GB; half of the machine's without it.")
@RELEASE
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
    review: Path | None,
    volumes: Path | None,
    setting: str | None,
    limit: int | None,
    release: str | None,
    bundle: Path,
    as_json: bool,
) -> None:
    """Show what an ICD-10-CM code becomes in ICD-11, map the codes of a file (--batch), or list for
    reviewers what is uncertain (--review); 'teneleven build --overrides' takes up what they decided."""
    if sum(given is not None for given in (code, batch, review)) != 1:
        raise click.UsageError("give a CODE, --batch FILE or --review FILE")
    if review is not None:
        from terminology.exchange.review_sheet import write_review_sheet

        with _open(bundle) as store:
            count = write_review_sheet(store, review, volumes, setting, limit)
        click.echo(
            f"{count:,} uncertain codes in {review}; fill expression, reviewer (and date) and build with it"
        )
        return
    if batch is not None:
        _map_batch(batch, output, column, encoding, memory, any_order, bundle)
        return
    from terminology.bundle.crosswalks import crosswalk
    from terminology.exchange.exports.reading_aloud import crosswalk_lines

    with _open(bundle) as store:
        answer = crosswalk(store, code or "", release)
    if as_json:
        _print_json(answer)
    else:
        click.echo("\n".join(crosswalk_lines(answer)))


@cli.command()
@click.argument("form", type=click.Choice(["sssom", "conceptmap", "csv", "parquet"]))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write.")
@click.option("--fhir", type=click.Choice(["r4", "r5"]), default="r4", show_default=True)
@BUNDLE
def export(form: str, output: Path, fhir: str, bundle: Path) -> None:
    """Write the whole crosswalk as SSSOM, FHIR ConceptMap, CSV or Parquet."""
    from terminology.exchange.exports.export import export_crosswalk
    from web.fhir.maps.concept_map import export_concept_map

    with _open(bundle) as store:
        if form == "conceptmap":
            count = export_concept_map(store, output, fhir)
        else:
            count = export_crosswalk(store, form, output)
    click.echo(f"{count:,} rows in {output}")


@cli.command()
@click.argument("text", nargs=-1, required=True)
@SYSTEM
@click.option("--limit", default=10, show_default=True)
@BUNDLE
@AS_JSON
def search(text: tuple[str, ...], system: str | None, limit: int, bundle: Path, as_json: bool) -> None:
    """Find codes for what the chart says."""
    from indexes.search import open_search_index
    from terminology.bundle.manifest import SEARCH

    found = open_search_index(bundle / SEARCH).search(" ".join(text), system=system, limit=limit)
    if as_json:
        _print_json(found)
        return
    for result in found.results:
        code = click.style(f"{result.code:<10}", bold=True)
        click.echo(f"{code} {result.title}  [{result.system}, {result.matched_on}]")
    click.echo(
        f"{found.total} found"
        + (f"; did you mean {', '.join(found.did_you_mean)}?" if found.did_you_mean else "")
    )


@cli.command()
@click.argument("system", required=False)
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--crosswalk",
    "bundles",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    metavar="OLD NEW",
    help="Compare the crosswalks of two bundles.",
)
@click.option("--limit", default=20, show_default=True, help="How many of each list to show.")
@BUNDLE
@AS_JSON
def diff(
    system: str | None,
    old: str | None,
    new: str | None,
    bundles: tuple[Path, Path] | None,
    limit: int,
    bundle: Path,
    as_json: bool,
) -> None:
    """Show what changed between two releases of a code system, or in the crosswalk between two bundles."""
    if bundles is not None and system is None:
        _diff_crosswalks(*bundles, limit, as_json)
        return
    if bundles is not None or system is None or old is None or new is None:
        raise click.UsageError("give SYSTEM OLD NEW, or --crosswalk OLD_BUNDLE NEW_BUNDLE")
    from terminology.bundle.release_diff import diff_releases

    with _open(bundle) as store:
        found = diff_releases(store, system, old, new)
    if as_json:
        _print_json(found)
        return
    click.echo(f"{found.system} {found.old} -> {found.new}")
    for name, changes in found.lists():
        billable = sum(1 for change in changes if change.billable)
        click.echo(f"\n{name.replace('_', ' ')}: {len(changes)} ({billable} billable)")
        for change in changes[:limit]:
            related = ", ".join(r.previous if r.code == change.code else r.code for r in change.related)
            before = f"  (was: {change.before})" if change.before not in (None, change.title) else ""
            click.echo(f"  {change.code:<10} {change.title}{before}{f'  [{related}]' if related else ''}")
        if len(changes) > limit:
            click.echo(f"  ... {len(changes) - limit} more; see --limit or --json")


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--setting", help="The care setting of rows that name none.")
@click.option("--code-column", help="The title of the column of codes, when it is not recognised.")
@click.option("--count-column", help="The title of the column of counts.")
@click.option("--setting-column", help="The title of the column of care settings.")
@click.option("--payer-column", help="The title of the column of payers.")
@click.option("--department-column", help="The title of the column of departments.")
@click.option("--charge-column", help="The title of the column of charges.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=".xlsx, .html or .json")
@BUNDLE
def impact(
    files: tuple[Path, ...], setting: str | None, output: Path, bundle: Path, **named: str | None
) -> None:
    """Report what the move to ICD-11 does to the volumes in FILES (CSV, XLSX, Parquet, JSON, RIF claims)."""
    from terminology.exchange.reports.write import write_impact
    from terminology.exchange.tables.upload_columns import named_columns

    with _open(bundle) as store:
        report = write_impact(store, files, setting, output, named_columns(named))
    for notice in report.notices:
        click.echo(f"note: {notice}")
    click.echo(f"{output}: {report.total:,} diagnoses, {len(report.tables)} tables")


@cli.command()
@click.argument("code")
@click.option("--setting", multiple=True, help="inpatient, outpatient or office; all when not given.")
@RELEASE
@BUNDLE
@AS_JSON
def compare(code: str, setting: tuple[str, ...], release: str | None, bundle: Path, as_json: bool) -> None:
    """Show a code in ICD-10-CM and ICD-11 side by side, in general and per care setting."""
    from terminology.compare import compare_code

    with _open(bundle) as store:
        found = compare_code(store, code, setting, release)
    if as_json:
        _print_json(found)
        return
    source, target = found["source"], found["target"]
    click.echo(f"{source['code']}  {source['title']}")
    click.echo(f"{target['expression']}  {'; '.join(target['titles'])}" if target else "no ICD-11 expression")
    click.echo(f"  {found['representation']}, {found['motif']}")
    for facet in found["facets"]:
        sides = " ".join("yes" if facet[side] else "no " for side in ("icd_10_cm", "icd_11"))
        click.echo(f"  {sides}  {facet['facet']}: {facet['value']}")
    for part in found["settings"]:
        click.echo(f"\n{part['setting']}: {part['codes_to_enter']['icd_11']} ICD-11 codes for 1")
        for volume in part["volumes"]:
            click.echo(
                f"  {volume['count']:,} in {volume['setting']}, rank {volume['rank']} ({volume['source']})"
            )
        if part["volume_notice"]:
            click.echo(f"  {part['volume_notice']}")
        for paid in part["payment"]:
            click.echo(f"  {paid['scheme']} {paid['status']} ({paid['source']})")
        for rule in part["rules"]:
            click.echo(f"  {rule['topic']}: {rule['icd_10_cm']} ICD-11: {rule['icd_11']} [{rule['source']}]")


@cli.command()
@BUNDLE
@AS_JSON
def info(bundle: Path, as_json: bool) -> None:
    """Show what a bundle holds: releases, counts, sources, notices."""
    with _open(bundle) as store:
        manifest = store.manifest
        if as_json:
            _print_json(manifest)
            return
        click.echo(f"{bundle}  content {manifest.content_hash[:16]}  built {manifest.built_at}")
        for system in store.systems():
            default = store.release(system).release
            for release in store.releases(system):
                record = store.release_record(release)
                counts = ", ".join(f"{n:,} {kind}" for kind, n in record.counts.items() if n)
                click.echo(f"  {system:<10} {release.id:<8}{'*' if release == default else ' '} {counts}")
        click.echo("  * default release")
        for name, count in manifest.counts.items():
            click.echo(f"  {name.replace('_', ' '):<16} {count:,}")
        for notice in manifest.notices:
            click.echo(f"  note: {notice}")
        for attribution in dict.fromkeys(record.attribution for record in manifest.releases):
            click.echo(f"  {attribution}")


def _diff_crosswalks(old: Path, new: Path, limit: int, as_json: bool) -> None:
    from terminology.bundle.crosswalk_diff import diff_crosswalks

    with _open(old) as before, _open(new) as after:
        found = diff_crosswalks(before, after)
    if as_json:
        _print_json(found)
        return
    for side in ("old", "new"):
        click.echo(f"{side}: icd-10-cm {found[side]['icd-10-cm']} to icd-11 {found[side]['icd-11']}")
    click.echo(f"{found['same']:,} sources unchanged")
    for kind, changes in found["changes"].items():
        billable = sum(1 for change in changes if change["billable"])
        click.echo(f"\n{kind}: {len(changes):,} ({billable:,} billable)")
        for change in changes[:limit]:
            became = f"{change['before'] or '-'} -> {change['after'] or '-'}"
            click.echo(f"  {change['code']:<10} {became}  {change['title']}")


@contextmanager
def _open(bundle: Path) -> Iterator[Store]:
    from terminology.bundle.store import Store

    store = Store(bundle)
    try:
        yield store
    finally:
        store.close()


def _decisions(path: Path) -> list[Override]:
    from terminology.crosswalk.review.overrides import read_overrides
    from terminology.exchange.review_sheet import sheet_as_csv

    try:
        with path.open("rb") as file:
            text = sheet_as_csv(file, path.name)
    except OSError as error:
        raise DataNotAvailableError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidRequestError("overrides", f"{path} is not UTF-8; save it as CSV UTF-8") from None
    return list(read_overrides(text, str(path)))


def _map_batch(
    batch: Path,
    output: Path | None,
    column: str | None,
    encoding: str | None,
    memory: str | None,
    any_order: bool,
    bundle: Path,
) -> None:
    from loaders.files.archive import SourceFile
    from terminology.exchange.exports.attribution import OWN
    from terminology.exchange.mapping.join import UnreadableTextError, joinable, map_claims
    from terminology.exchange.mapping.progress_bar import BatchDisplay
    from terminology.exchange.mapping.rows import BatchReport, map_file
    from terminology.exchange.mapping.scan import claim_files, read_claims

    files = claim_files(batch)
    if output is None:
        if files != [batch]:
            raise InvalidRequestError("output", "name the file to write with -o")
        name = SourceFile(batch).name
        output = batch.with_name(f"{Path(name).stem}.icd11{Path(name).suffix}")
    report: BatchReport | None = None
    with BatchDisplay() as display:
        claims = read_claims(files) if joinable(output) and encoding is None else None
        if claims is not None:
            try:
                report = map_claims(claims, output, bundle, column, memory, any_order, display.part)
            except UnreadableTextError as fault:
                if len(files) > 1:
                    raise InvalidRequestError(
                        "batch", f"{fault}; map the file alone to find the line"
                    ) from None
        if report is None:
            if len(files) > 1:
                raise InvalidRequestError(
                    "batch", "many files are joined from UTF-8 CSV or Parquet to .csv or .parquet only"
                )
            source = SourceFile(files[0])
            with source.open() as file:
                report = map_file(file, source.name, output, bundle, column, encoding, display.rows)
    said = ", ".join(f"{count:,} {status}" for status, count in report.statuses.most_common())
    examples = f" (unknown: {', '.join(map(repr, report.unknown))})" if report.unknown else ""
    click.echo(f"{report.rows:,} rows in {output}, codes from column '{report.column}': {said}{examples}")
    click.echo(OWN, err=True)


def _find(store: Store, code: str, system: str | None, release: str | None) -> ConceptRecord:
    """Find a code in the system named, else in the first system that has it."""
    from terminology.errors import UnknownCodeError

    if system is not None:
        return store.concept(system, code, release)
    missed: UnknownCodeError | None = None
    for each in store.systems():
        try:
            return store.concept(each, code, release)
        except UnknownCodeError as error:
            missed = missed or error
    if missed is None:
        raise DataNotAvailableError("the bundle holds no code system; run 'teneleven build'")
    raise missed


def _print_json(payload: Any) -> None:
    import orjson

    click.echo(orjson.dumps(payload, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))


def _print_concept(store: Store, concept: ConceptRecord) -> None:
    flags = concept.kind if concept.billable is None else ("billable" if concept.billable else "not billable")
    click.echo(f"{click.style(concept.code, bold=True)}  {concept.title}")
    click.echo(
        f"  {concept.system} {concept.release}, {flags}, valid {concept.valid_from} to {concept.valid_to}"
    )
    for depth, step in enumerate(concept.path):
        click.echo(f"  {'  ' * depth}{step.code}  {step.title}")
    for kind, texts in concept.notes.items():
        click.echo(f"  {kind.replace('_', ' ')}:")
        for text in texts:
            click.echo(f"    {text}")
    if concept.seventh_characters:
        click.echo("  7th characters:")
        for seventh in concept.seventh_characters:
            click.echo(f"    {seventh.character}  {seventh.meaning}")
    if concept.synonyms:
        click.echo("  also:")
        for synonym in concept.synonyms[:10]:
            click.echo(f"    {synonym.text}  ({synonym.source})")
    for child in store.children(concept, limit=100).items:
        click.echo(f"  > {child.code}  {child.title}")


def main() -> None:
    """Run the command; an error becomes one line and its exit code."""
    try:
        cli(standalone_mode=False)
    except TenElevenError as error:
        click.echo(f"teneleven: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("teneleven: interrupted", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
