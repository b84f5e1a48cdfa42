"""Shows what changed between two releases, or between two bundles' crosswalks."""

from __future__ import annotations

from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE
from teneleven.commands.output import print_json
from terminology.bundle.concepts.release_diff import diff_releases
from terminology.bundle.crosswalk.crosswalk_diff import diff_crosswalks


@click.command()
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

    with open_store(bundle) as store:
        found = diff_releases(store, system, old, new)
    if as_json:
        print_json(found)
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


def _diff_crosswalks(old: Path, new: Path, limit: int, as_json: bool) -> None:
    with open_store(old) as before, open_store(new) as after:
        found = diff_crosswalks(before, after)
    if as_json:
        print_json(found)
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
