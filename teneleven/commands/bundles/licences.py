"""Lists the packages that run with TenEleven and their licences, checks them, writes a bill of materials."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import click

from teneleven.commands.options import AS_JSON
from teneleven.commands.output import print_json
from teneleven.packages import Package, hashes_in_lock, refused, run_time_packages
from terminology.errors import TenElevenError
from terminology.version import VERSION


class LicenceRefusedError(TenElevenError):
    """A package is under a licence that is not allowed."""


@click.command()
@click.option("--check", is_flag=True, help="Exit code 1 if a licence is not on the list of those allowed.")
@click.option("--sbom", is_flag=True, help="Print a software bill of materials (CycloneDX 1.6).")
@click.option(
    "--lock",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="With --sbom: the lock whose hashes are put in.",
)
@AS_JSON
def licences(check: bool, sbom: bool, lock: Path | None, as_json: bool) -> None:
    """List the packages that run with TenEleven, each with its licence."""
    packages = run_time_packages()
    if sbom:
        print_json(bill_of_materials(packages, hashes_in_lock(lock) if lock else {}))
    elif as_json:
        print_json(packages)
    else:
        for package in packages:
            click.echo(f"{package.name:<28} {package.version:<14} {package.licence or '(not stated)'}")
    wrong = refused(packages) if check else []
    if wrong:
        named = ", ".join(f"{each.name} ({each.licence or 'not stated'})" for each in wrong)
        raise LicenceRefusedError(f"not on the list of allowed licences: {named}")


def bill_of_materials(packages: list[Package], hashes: dict[str, list[str]]) -> dict[str, Any]:
    """Return the packages as CycloneDX 1.6 has them; the same packages give the same document."""
    own = Package("teneleven", VERSION, "Apache-2.0")
    told = " ".join(package.address for package in (own, *packages))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, told)}",
        "version": 1,
        "metadata": {"component": {**_component(own, []), "type": "application"}},
        "components": [_component(each, hashes.get(each.name, [])) for each in packages],
        "dependencies": [{"ref": own.address, "dependsOn": [each.address for each in packages]}],
    }


def _component(package: Package, hashes: list[str]) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.address,
        "name": package.name,
        "version": package.version,
        "purl": package.address,
    }
    if package.licence:
        component["licenses"] = [{"expression": package.licence}]
    if hashes:  # a version has a file per platform, and each its own hash
        component["externalReferences"] = [
            {
                "type": "distribution",
                "url": f"{package.address}#{number}",
                "hashes": [{"alg": "SHA-256", "content": each}],
            }
            for number, each in enumerate(hashes, 1)
        ]
    return component
