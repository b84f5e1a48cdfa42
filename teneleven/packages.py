"""The Python packages that run with TenEleven, and under what licences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from terminology.rule_tables import read_rules

OWN = "teneleven"
#: What a licence is called where a package has no SPDX expression, by the words it has instead.
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package; ``licence`` is an SPDX expression, empty when its metadata do not say."""

    name: str
    version: str
    licence: str

    @property
    def address(self) -> str:
        """The package URL (purl)."""
        return f"pkg:pypi/{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class AllowedLicence:
    """A licence that a package may have, and why."""

    licence: str
    reason: str


def run_time_packages() -> list[Package]:
    """Return what TenEleven needs to run, by name: its requirements with the extra ``all``, and theirs."""
    found: dict[str, Package] = {}
    wanted = list(_requirements(OWN, ("all",)))
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        if name == OWN:
            wanted.extend(_requirements(OWN, requirement.extras))
            continue
        if name in found:
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue  # of another platform
        found[name] = Package(name, installed.version, licence_of(installed))
        wanted.extend(_requirements(name, requirement.extras))
    return [found[name] for name in sorted(found)]


def licence_of(installed: Distribution) -> str:
    """Return the licence that a package's metadata state, as SPDX has it."""
    told = installed.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    stated = [c.rpartition("::")[2].strip() for c in told.get_all("Classifier") or () if "License ::" in c]
    named = [_SPDX.get(words, words) for words in stated if words != "OSI Approved"]
    if named:
        return " OR ".join(dict.fromkeys(named))
    words = "\n".join(told.get_all("License") or ()).strip().partition("\n")[0]
    return _SPDX.get(words, words)


def refused(packages: Iterable[Package]) -> list[Package]:
    """Return the packages under a licence that is not on the list of those we may ship with."""
    allowed = allowed_licences()
    return [package for package in packages if not _is_allowed(package.licence, allowed)]


def allowed_licences() -> Mapping[str, str]:
    """Return the reason by SPDX id of the licences that are allowed."""
    return {row.licence: row.reason for row in read_rules(OWN, "licences.tsv", AllowedLicence)}


def hashes_in_lock(lock: Path) -> dict[str, list[str]]:
    """Return the sha256 of the files that a lock allows, by the name of the package."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lock.read_text(encoding="utf-8").splitlines():
        pinned = _PINNED.match(line)
        if pinned:
            name = canonicalize_name(pinned[1])
        found.setdefault(name, []).extend(_HASH.findall(line))
    return found


def _requirements(name: str, extras: Iterable[str]) -> Iterator[Requirement]:
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def _is_allowed(licence: str, allowed: Mapping[str, str]) -> bool:
    """Whether an expression can be met: one side of each OR, every side of each AND."""
    plain = licence.replace("(", " ").replace(")", " ")
    return bool(plain.strip()) and all(
        any(choice.strip() in allowed for choice in part.split(" OR ")) for part in plain.split(" AND ")
    )
