"""Shows a code in ICD-10-CM and ICD-11 side by side."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE, DATE, RELEASE
from teneleven.commands.output import print_json
from terminology.compare import compare_code


@click.command()
@click.argument("code")
@click.option("--setting", multiple=True, help="inpatient, outpatient or office; all when not given.")
@RELEASE
@DATE
@BUNDLE
@AS_JSON
def compare(
    code: str,
    setting: tuple[str, ...],
    release: str | None,
    on: date | None,
    bundle: Path,
    as_json: bool,
) -> None:
    """Show a code in ICD-10-CM and ICD-11 side by side, in general and per care setting."""
    with open_store(bundle) as store:
        found = compare_code(store, code, setting, release, on)
    if as_json:
        print_json(found)
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
