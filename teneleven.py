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

from terminology.errors import DataNotAvailableError, TenElevenError

if TYPE_CHECKING:
    from terminology.bundle.records import ConceptRecord
    from terminology.bundle.store import Store

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
def build(data: Path | None, bundle: Path, offline: bool, downloads: Path, mirror: str | None) -> None:
    """Build a bundle from release files.

    They are taken from the --data folder, else from the publishers, else from Python packages.
    """
    from indexes.bundle_input import index_bundle
    from loaders.acquire import Sources
    from loaders.build import build_bundle
    from loaders.terminal import BuildDisplay

    sources = Sources(data=data, downloads=downloads, mirror=mirror, offline=offline)
    with BuildDisplay() as display:
        outcome = build_bundle(sources, bundle, display, steps=[index_bundle])
    display.summarise(outcome, bundle)


@cli.command()
@click.argument("systems", nargs=-1)
@click.option("--to", type=click.Path(path_type=Path), default=DOWNLOADS, show_default=True)
@click.option("--mirror", help="Address to use in place of the publishers' own.")
@click.option("--older", is_flag=True, help="Older editions too.")
def fetch(systems: tuple[str, ...], to: Path, mirror: str | None, older: bool) -> None:
    """Download release files from their publishers (all systems, or those named)."""
    from loaders.fetch import Outcome
    from loaders.fetch import fetch as download
    from loaders.publishers import publications
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
@click.argument("system")
@click.argument("old")
@click.argument("new")
@click.option("--limit", default=20, show_default=True, help="How many of each list to show.")
@BUNDLE
@AS_JSON
def diff(system: str, old: str, new: str, limit: int, bundle: Path, as_json: bool) -> None:
    """Show what changed between two releases of a code system."""
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


@contextmanager
def _open(bundle: Path) -> Iterator[Store]:
    from terminology.bundle.store import Store

    store = Store(bundle)
    try:
        yield store
    finally:
        store.close()


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
