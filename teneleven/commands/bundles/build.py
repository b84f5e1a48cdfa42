"""Builds a bundle from release files."""

from __future__ import annotations

from pathlib import Path

import click

from indexes.documents.bundle_input import index_bundle
from loaders.acquire.sources import Sources
from loaders.build import build_bundle
from loaders.changed import reason_to_build
from loaders.terminal import BuildDisplay
from teneleven.commands.options import BUNDLE, DOWNLOADS
from terminology.crosswalk.review.overrides import Override, unsigned
from terminology.exchange.review_sheet import read_decisions


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder of release files.")
@BUNDLE
@click.option("--offline", is_flag=True, help="Touch no network.")
@click.option("--skip", multiple=True, metavar="PATTERN", help="Leave out files of this name; repeatable.")
@click.option("--strict", is_flag=True, help="Let every fault in a file end the build.")
@click.option("--if-changed", is_flag=True, help="Build only if the --data folder changed, and say why.")
@click.option("--downloads", type=click.Path(path_type=Path), default=DOWNLOADS, show_default=True)
@click.option("--mirror", help="Address to use in place of the publishers' own.")
@click.option(
    "--target-release", help="ICD-11 release to map to, e.g. 2025-01; the newest loaded without it."
)
@click.option(
    "--overrides", type=click.Path(path_type=Path), help="CSV or XLSX of reviewed decisions that win."
)
@click.option(
    "--publish-reviewers",
    is_flag=True,
    help="Put reviewers' names and comments into the bundle, and so into every answer and export.",
)
def build(
    data: Path | None,
    bundle: Path,
    offline: bool,
    skip: tuple[str, ...],
    strict: bool,
    if_changed: bool,
    downloads: Path,
    mirror: str | None,
    target_release: str | None,
    overrides: Path | None,
    publish_reviewers: bool,
) -> None:
    """Build a bundle from release files.

    They are taken from the --data folder, else from the publishers, else from Python packages.
    """
    sources = Sources(data, downloads, mirror, offline, skip, strict)
    if if_changed and not overrides:
        reason = reason_to_build(sources, bundle)
        if reason is None:
            click.echo(f"{bundle} is up to date with its files", err=True)
            return
        click.echo(f"building {bundle}: {reason}", err=True)
    decisions = _decisions(overrides, publish_reviewers) if overrides else []
    with BuildDisplay() as display:
        outcome = build_bundle(
            sources, bundle, display, decisions, steps=[index_bundle], target_release=target_release
        )
    display.summarise(outcome, bundle)


def _decisions(path: Path, publish_reviewers: bool) -> list[Override]:
    decisions = read_decisions(path)
    if publish_reviewers:
        click.echo("warning: reviewers' names and comments become public with this bundle", err=True)
        return decisions
    click.echo(
        f"warning: {len(decisions):,} decisions are taken up without reviewers' names and comments, which "
        "would be public; --publish-reviewers keeps them",
        err=True,
    )
    return [unsigned(decision) for decision in decisions]
