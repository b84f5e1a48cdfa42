"""Which version of a code system counts: patterns, and the three parameters that set versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from web.fhir.parameters import Inputs, split_canonical

_NUMBERS = re.compile(r"\d+|\D+")


class Pinned(NamedTuple):
    """The version an include asks for. ``by`` is ``include`` or the parameter that set it."""

    pattern: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class VersionRules:
    """``system-version`` (default), ``force-system-version`` and ``check-system-version`` by system url."""

    default: dict[str, str] = field(default_factory=dict)
    force: dict[str, str] = field(default_factory=dict)
    check: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, inputs: Inputs) -> VersionRules:
        """Read the parameters, each a canonical ``system|version``."""
        return cls(
            _by_url(inputs, "system-version"),
            _by_url(inputs, "force-system-version"),
            _by_url(inputs, "check-system-version"),
        )

    def pin(self, url: str, included: str | None) -> Pinned:
        """Return what version of a system an include means: forced, its own, the default, the one checked."""
        if url in self.force:
            return Pinned(self.force[url], "force-system-version")
        if included:
            return Pinned(included, "include")
        if url in self.default:
            return Pinned(self.default[url], "system-version")
        if url in self.check:
            return Pinned(self.check[url], "check-system-version")
        return Pinned(None, None)

    def violated(self, url: str, version: str | None) -> str | None:
        """Return the pattern of ``check-system-version`` that a version does not fit, if any."""
        wanted = self.check.get(url)
        return wanted if wanted and not fits(version, wanted) else None


def is_pattern(version: str) -> bool:
    """Whether a version has wildcards (``1.0.x``, ``2.*``)."""
    return any(part in ("x", "X", "*") for part in re.split(r"[.-]", version))


def fits(version: str | None, pattern: str) -> bool:
    """Whether a version is what a pattern names.

    >>> fits("1.0.3", "1.0.x"), fits("1.0.3", "1.0.3"), fits("1.2.0", "1.0.x"), fits("1.2.0", "1")
    (True, True, False, False)
    """
    if version is None:
        return False
    if version == pattern:
        return True
    if not is_pattern(pattern):
        return False
    wanted, have = re.split(r"[.-]", pattern), re.split(r"[.-]", version)
    for number, part in enumerate(wanted):
        if part in ("x", "X", "*"):
            if number == len(wanted) - 1:
                return len(have) > number
            continue
        if number >= len(have) or have[number] != part:
            return False
    return len(have) == len(wanted)


def order(version: str | None) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts versions: numbers as numbers.

    >>> sorted(["1.10.0", "1.9.0"], key=order)
    ['1.9.0', '1.10.0']
    """
    return tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part) for part in _NUMBERS.findall(version or "")
    )


def choose(versions: Iterable[str | None], pattern: str | None) -> str | None:
    """Return the newest version that fits a pattern, the newest of all without one; ``None`` if none does."""
    fitting = [v for v in versions if pattern is None or fits(v, pattern)]
    return max(fitting, key=order) if fitting else None


def listed(versions: Sequence[str | None]) -> str:
    """Say the known versions: ``1.0.0 or 1.2.0``, ``1.0.0, 1.1.0 or 1.2.0``."""
    known = sorted({v for v in versions if v}, key=order)
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} or {known[-1]}"


def _by_url(inputs: Inputs, name: str) -> dict[str, str]:
    found = {}
    for value in inputs.all(name):
        url, version = split_canonical(str(value))
        if version:
            found[url] = version
    return found
