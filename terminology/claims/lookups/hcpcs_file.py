"""What the HCPCS files of an open bundle say of a code: its coverage letter, a change of its unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from terminology.bundle.store import Store
from terminology.concept import Kind
from terminology.errors import UnknownCodeError
from terminology.release import Release
from terminology.systems import HCPCS

_CODES_KEPT = 32_768
_DAYS_KEPT = 4_096
_SAMPLE = 50
_DOSE = re.compile(
    r"(\d[\d,]*(?:\.\d+)?|\.\d+)\s*(mg|mcg|micrograms?|milligrams?|grams?|gm|ml|cc|units?|i\.?u\.?|mci|"
    r"millicuries?|microcuries?|sq(?:uare)? ?cm)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HcpcsFacts:
    """The coverage letter (``""`` without one), and the words on a change of the code's unit."""

    coverage: str = ""
    unit_change: str = ""


class HcpcsFile:
    """The loaded HCPCS releases, oldest first; what was read of a code is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.releases = [each for each in store.releases(HCPCS.id) if each.effective_from]
        self.on: Callable[[date], Release | None] = lru_cache(maxsize=_DAYS_KEPT)(self._on)
        self.has_letters: Callable[[Release], bool] = lru_cache(maxsize=_DAYS_KEPT)(self._has_letters)
        self.facts: Callable[[str, Release], HcpcsFacts] = lru_cache(maxsize=_CODES_KEPT)(self._facts)

    def _on(self, day: date) -> Release | None:
        """The newest release that is in force on a day."""
        begun = [each for each in self.releases if each.effective_from and each.effective_from <= day]
        return next((r for r in reversed(begun) if r.effective_to is None or day <= r.effective_to), None)

    def _has_letters(self, release: Release) -> bool:
        """Whether any code of a release has a coverage letter: CMS's file has one for each code."""
        codes = (code for code, _, kind, _ in self._store.codes(HCPCS.id, release.id) if kind == Kind.CODE)
        return any(self._facts(code, release).coverage for code in islice(codes, _SAMPLE))

    def _facts(self, code: str, release: Release) -> HcpcsFacts:
        try:
            concept = self._store.concept(HCPCS.id, code, release.id)
        except UnknownCodeError:
            return HcpcsFacts()
        change = self._unit_change(code, concept.title, release)
        return HcpcsFacts(concept.properties.get("coverage", ""), change)

    def _unit_change(self, code: str, title: str, release: Release) -> str:
        now = dose(title)
        for earlier in reversed([each for each in self.releases if each.sort_key < release.sort_key]):
            try:
                then = dose(self._store.concept(HCPCS.id, code, earlier.id).title)
            except UnknownCodeError:
                continue
            if now and then and now != then:
                return (
                    f"The unit of {code} was {then} in {earlier.id} and is {now} now: check the units billed."
                )
            return ""
        return ""


def dose(title: str) -> str | None:
    """Return the first amount a title names, as number and unit.

    >>> dose("Injection, an invented drug, 0.5 mg"), dose("Office visit")
    ('0.5 mg', None)
    """
    match = _DOSE.search(title)
    if match is None:
        return None
    return f"{float(match[1].replace(',', '')):g} {match[2].lower().rstrip('s')}"
