"""What the ``supportingInfo`` of a claim says: the stay, the type of bill, conditions and reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from terminology.exchange.fhir.element import Element
from terminology.rule_tables import read_rules

_PUNCTUATION = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category of supportingInfo and what of a claim it fills."""

    category: str
    field: str
    source: str


_FIELDS = {row.category: row.field for row in read_rules(__package__, "supporting_info.tsv", CategoryRow)}


@dataclass(slots=True)
class SupportingInfo:
    """``is_stay``: something that only a stay has was told. ``unread``: categories that nothing reads."""

    admission: date | None = None
    discharge: date | None = None
    type_of_bill: str | None = None
    discharge_status: str | None = None
    condition_codes: list[str] = field(default_factory=list)
    reason_for_visit: list[str] = field(default_factory=list)
    is_stay: bool = False
    unread: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, resource: Element) -> SupportingInfo:
        """Read all entries of a claim."""
        found = cls()
        for entry in resource.children("supportingInfo"):
            names = [code for _, code in entry.child("category").codings()]
            known = next((_FIELDS[plain(name)] for name in names if plain(name) in _FIELDS), None)
            if known is None:
                found.unread.append(f"{entry.path} ({', '.join(names) or 'no category'})")
            else:
                found._take(known, entry)
        return found

    def _take(self, name: str, entry: Element) -> None:
        codes = [code for _, code in entry.child("code").codings()]
        if name == "stay":
            self.is_stay = True
            period = entry.child("timingPeriod")
            day = entry.child("timingDate").day()
            self.admission = period.child("start").day() or day
            self.discharge = period.child("end").day()
        elif name == "stay_sign":
            self.is_stay = True
        elif name in ("condition_codes", "reason_for_visit"):
            getattr(self, name).extend(codes)
        elif codes and name == "type_of_bill":
            self.type_of_bill = codes[0].lstrip("0")
        elif codes:
            self.discharge_status = codes[0].zfill(2)


def plain(code: str) -> str:
    """Return a code without case and punctuation.

    >>> plain("discharge-status")
    'dischargestatus'
    """
    return _PUNCTUATION.sub("", code.casefold())
