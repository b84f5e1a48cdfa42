"""The sums of an upload, and the reading of its codes: what counts, what is left out, what must be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from terminology.codes import ICD9CM, WrittenCode, code_key, read_code
from terminology.errors import ReleaseFormatError
from terminology.exchange.mapping.answers import codes_of
from terminology.exchange.mapping.icd_version import ColumnLook, stated_system
from terminology.exchange.volume_dates import FileDates
from terminology.facility import Setting
from terminology.icd9.shape import maybe_icd9, surely_icd9
from terminology.impact.records import Records
from terminology.systems import ICD10, ICD10CM

MAX_CODES = 250_000
"""Distinct codes (all ICD-10-CM releases together have under 110,000); more means another column was read."""
MAX_CODE_LENGTH = 40
MAX_GROUPS = 500
"""Payers and departments told apart."""
_GIVEN = 80
_MOST_NAMES = 1000
_KEPT = 65_536


@dataclass(slots=True)
class Uploaded:
    """Sums of what was read: volume by setting and code key, rows read, and what the reader should know."""

    volumes: dict[Setting, dict[str, int]] = field(default_factory=dict)
    rows: int = 0
    notices: list[str] = field(default_factory=list)
    groups: dict[tuple[str, str], dict[str, tuple[int, int]]] = field(default_factory=dict)
    """Volume and charges in cents by code key, for each payer, department, and ``all`` with charges."""
    given: dict[str, str] = field(default_factory=dict)
    """Each code as it was first written, by its key."""
    span: tuple[date, date] | None = None
    """The calendar years the file says it is of."""
    records: Records = field(default_factory=Records)
    """Which codes stand together, where the file has claims or several diagnoses a row."""
    older: int = 0
    """Diagnoses left out because they are ICD-9-CM codes."""
    dated: dict[tuple[Setting, str], dict[date, int]] = field(default_factory=dict)
    """Volume by setting and code key, and by the first day of the month that its row says."""

    def add(self, setting: Setting, key: str, count: int, month: date | None = None) -> None:
        """Add a count, and the month of its row where it says one."""
        weights = self.volumes.setdefault(setting, {})
        weights[key] = weights.get(key, 0) + count
        if month is not None:
            months = self.dated.setdefault((setting, key), {})
            months[month] = months.get(month, 0) + count

    def add_settings(
        self, key: str, counts: Iterable[tuple[Setting, int]], month: date | None = None
    ) -> None:
        """Add a row with a column per setting; a nought says the code is not used there."""
        for setting, count in counts:
            if count:
                self.add(setting, key, count, month)

    def add_group(self, part: str, name: str, key: str, count: int, cents: int) -> None:
        """Add a count and charges to a payer or department; past :data:`MAX_GROUPS` names, to ``other``."""
        at = (part, name[:80])
        if at not in self.groups and len(self.groups) >= MAX_GROUPS:
            at = (part, "other")
        codes = self.groups.setdefault(at, {})
        volume, charges = codes.get(key, (0, 0))
        codes[key] = (volume + count, charges + cents)

    def leave_out(self, keys: Collection[str]) -> None:
        """Take codes out again that turned out to be ICD-9-CM."""
        for key in keys:
            for weights in self.volumes.values():
                self.older += weights.pop(key, 0)
            for codes in self.groups.values():
                codes.pop(key, None)
        gone = set(keys)
        self.dated = {at: months for at, months in self.dated.items() if at[1] not in gone}
        self.volumes = {setting: weights for setting, weights in self.volumes.items() if weights}


@dataclass(slots=True)
class CodeReading:
    """The state of one file that is being read: what was not understood, and what its codes look like."""

    name: str
    look: ColumnLook = field(default_factory=ColumnLook)
    maybe: set[str] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    distinct: set[str] = field(default_factory=set)
    faults: dict[str, tuple[int, str]] = field(default_factory=dict)
    others: int = 0
    dates: FileDates = field(default_factory=FileDates)
    unknown_versions: Counter[str] = field(default_factory=Counter)

    def fault(self, what: str, line: int, cell: object) -> None:
        """Count a cell that cannot be read; the first of its kind is shown."""
        count, first = self.faults.get(what, (0, f"line {line}: {str(cell)[:40]!r}"))
        self.faults[what] = (count + 1, first)

    def code_keys(self, cell: object, version: object, found: Uploaded, line: int, count: int) -> list[str]:
        """Return the keys of the codes in a cell; those of other classifications are counted and left out."""
        said = "" if version is None else str(version).strip()
        stated = _stated(said) if said else None
        if stated is None and said and len(self.unknown_versions) < _MOST_NAMES:
            self.unknown_versions[said[:40]] += 1
        keys = []
        for code, written in _written("" if cell is None else str(cell)):
            system = written.system or stated
            if system is None:
                self.look.add(written.text, count)
            if system == ICD9CM or (system is None and surely_icd9(written.text)):
                found.older += count
            elif system not in (None, ICD10CM.id, ICD10.id):
                self.others += count
            else:
                keys.append(self._key(written.text, code, system, found, line))
        return keys

    def _key(self, text: str, written: str, system: str | None, found: Uploaded, line: int) -> str:
        key = code_key(text)[:MAX_CODE_LENGTH]
        if system is not None:
            self.stated.add(key)
        elif maybe_icd9(text):
            self.maybe.add(key)
        found.given.setdefault(key, written.strip()[:_GIVEN])
        self.distinct.add(key)
        if len(self.distinct) > MAX_CODES:
            found_instead = "more; is the code column the right one?"
            raise ReleaseFormatError(self.name, line, f"at most {MAX_CODES:,} different codes", found_instead)
        return key

    def finish(self, found: Uploaded) -> None:
        """Decide what the codes are, and say what was not read."""
        if self.look.icd9:
            found.leave_out(self.maybe - self.stated)
            if found.older:
                found.notices.append(f"{self.name}: the column of codes looks like ICD-9-CM.")
        if found.older:
            found.notices.append(f"{self.name}: {found.older:,} ICD-9-CM diagnoses are left out.")
        if self.others:
            found.notices.append(f"{self.name}: {self.others:,} codes of other systems are left out.")
        if self.unknown_versions:
            said = ", ".join(repr(word) for word, _ in self.unknown_versions.most_common(5))
            found.notices.append(
                f"{self.name}: the version column says {said}, which names no code system; read as ICD-10-CM."
            )
        for what, (count, first) in self.faults.items():
            found.notices.append(f"{self.name}: {count:,} rows have {what} (first in {first}).")


@lru_cache(maxsize=_KEPT)
def _written(cell: str) -> tuple[tuple[str, WrittenCode], ...]:
    """The codes of a cell, each as it was written; files repeat their cells."""
    return tuple((code, written) for code in codes_of(cell) if (written := read_code(code)).key)


@lru_cache(maxsize=_KEPT)
def _stated(version: str) -> str | None:
    return stated_system(version)
