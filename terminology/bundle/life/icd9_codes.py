"""What a code of ICD-9-CM became in ICD-10-CM, by CMS's General Equivalence Mappings where loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from terminology.bundle.store_face import StoreFace
from terminology.codes import ICD9CM, code_key, dotted, read_code
from terminology.icd9.gem import FROM_ICD9, GemRow
from terminology.icd9.shape import maybe_icd9, surely_icd9
from terminology.systems import ICD10CM

_NAMED = 12

Scenario = tuple[tuple[str, ...], ...]
"""Lists of codes to take one each from, together; a single code is one list of one."""


@dataclass(frozen=True, slots=True)
class BecameIcd10:
    """An ICD-9-CM code and what it became, by the newest GEMs loaded.

    ``scenarios`` are alternatives, none where CMS names no code. ``approximate`` says that one of them is not
    quite the same.
    """

    code: str
    release: str
    scenarios: tuple[Scenario, ...]
    approximate: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """Every ICD-10-CM code named, each once."""
        return tuple(dict.fromkeys(c for scenario in self.scenarios for codes in scenario for c in codes))

    @property
    def sentence(self) -> str:
        """What it became, as part of a sentence that begins with the code."""
        source = f"CMS's GEMs of {self.release}"
        if not self.scenarios:
            return f"a code of ICD-9-CM for which {source} name no code of ICD-10-CM"
        roughly = "became approximately" if self.approximate else "became"
        singles = [s[0][0] for s in self.scenarios if len(s) == 1 and len(s[0]) == 1]
        together = [" with ".join(_one_of(codes) for codes in s) for s in self.scenarios if len(s) > 1]
        told = ([_one_of(singles)] if singles else []) + [f"{each} together" for each in together]
        return f"a code of ICD-9-CM, which {roughly} {', or '.join(told)} by {source}"


def became_icd10(store: StoreFace, text: str) -> BecameIcd10 | None:
    """Return what an ICD-9-CM code became, ``None`` for another text and where no GEMs are loaded."""
    written = read_code(text)
    if written.system not in (None, ICD9CM) or not (surely_icd9(written.text) or maybe_icd9(written.text)):
        return None
    entries = store.edit_tables.find(FROM_ICD9, code_key(written.text))
    if not entries:
        return None
    newest = max(entry.release.release for entry in entries)
    return _became([entry.row for entry in entries if entry.release.release == newest], newest)


def every_icd9_code(store: StoreFace) -> Iterator[tuple[str, BecameIcd10]]:
    """Yield the key of each code of the newest GEMs loaded, and what it became."""
    releases = store.edit_tables.releases(FROM_ICD9)
    if not releases:
        return
    newest = max(release.release for release in releases)
    rows = (e.row for e in store.edit_tables.rows(FROM_ICD9) if e.release.release == newest)
    for key, of_code in groupby(sorted(rows, key=lambda row: (row.source, row.row)), lambda row: row.source):
        yield key, _became(list(of_code), newest)


def _became(rows: list[GemRow], release: str) -> BecameIcd10:
    approximate = any(row.approximate for row in rows)
    return BecameIcd10(dotted_icd9(rows[0].source), release, tuple(_scenarios(rows)), approximate)


def codes_in_use(store: StoreFace, became: BecameIcd10) -> tuple[str, ...]:
    """Return the codes named that are in use today: the mappings end with FY2018."""
    return tuple(code for code in became.codes if store.in_use(ICD10CM.id, code))[:_NAMED]


def dotted_icd9(key: str) -> str:
    """Return an ICD-9-CM code with its dot.

    >>> dotted_icd9("25000"), dotted_icd9("E8497"), dotted_icd9("V5861"), dotted_icd9("042")
    ('250.00', 'E849.7', 'V58.61', '042')
    """
    digits = 4 if key.startswith("E") else 3
    return f"{key[:digits]}.{key[digits:]}" if len(key) > digits else key


def _scenarios(rows: list[GemRow]) -> list[Scenario]:
    """Group rows: one that stands alone is a scenario of one code, the others one from each choice list."""
    found: list[Scenario] = [
        ((dotted(ICD10CM.id, r.target),),) for r in rows if r.target and not r.combination
    ]
    combined: dict[int, dict[int, list[str]]] = {}
    for row in rows:
        if row.target and row.combination:
            lists = combined.setdefault(row.scenario, {})
            lists.setdefault(row.choice_list, []).append(dotted(ICD10CM.id, row.target))
    found += (tuple(tuple(lists[n]) for n in sorted(lists)) for _, lists in sorted(combined.items()))
    return found


def _one_of(codes: list[str] | tuple[str, ...]) -> str:
    if len(codes) == 1:
        return codes[0]
    more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    return f"one of {', '.join(codes[:_NAMED])}{more}"
