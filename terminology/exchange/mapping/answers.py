"""What is answered to a cell of codes: the one place for all ways through a file, row by row or joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from terminology.codes import ICD9CM, code_key, dotted, read_code, suggested_keys, unfilled
from terminology.exchange.mapping.icd_version import stated_system
from terminology.exchange.mapping.row_days import GIVEN, RowDays
from terminology.exchange.mapping.targets import (
    BLANK,
    ICD9,
    NOT_IN_USE,
    OTHER,
    SEVERAL,
    UNKNOWN,
    DatedTargets,
    Recommended,
    older_key,
    untargeted,
)
from terminology.icd9.shape import maybe_icd9, surely_icd9
from terminology.systems import ICD10, ICD10CM

_BETWEEN = re.compile(r"[;,|/~\s]+")
_CLINICAL = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?", re.IGNORECASE)
_MOST_IN_A_CELL = 60
_KEPT = 65_536


class Answers:
    """The answers to cells of one column, from the recommended targets of a bundle.

    ``looks_icd9`` says that the column as a whole looks like ICD-9-CM: its codes that both classifications
    have are not read as ICD-10-CM then.
    """

    def __init__(self, targets: Mapping[str, Recommended], looks_icd9: bool = False) -> None:
        self._targets, self._looks_icd9 = targets, looks_icd9
        self.to = lru_cache(maxsize=_KEPT)(self._to)

    def _to(self, cell: str, version: str | None = None) -> Recommended:
        """Return the answer to a cell, and to what the version column says beside it."""
        stated = stated_system(version)
        written = read_code(cell)
        if not written.key:
            return untargeted(BLANK)
        system = written.system or stated
        if system == ICD9CM:
            return self._older(written.text)
        if system is not None and system not in (ICD10CM.id, ICD10.id):
            return untargeted(OTHER)
        if system is None and self._icd9(written.text):
            return self._older(written.text)
        return self._known(code_key(written.text)) or self._several(cell) or self._unknown(written.key)

    def _older(self, text: str) -> Recommended:
        return self._targets.get(older_key(code_key(text))) or untargeted(ICD9)

    def _icd9(self, text: str) -> bool:
        return surely_icd9(text) or (self._looks_icd9 and maybe_icd9(text))

    def _known(self, key: str) -> Recommended | None:
        found = self._targets.get(key)
        category = unfilled(key) if found is None else None
        if category is not None and category not in self._divided:
            found = self._targets.get(category)
        return found

    def _several(self, cell: str) -> Recommended | None:
        """Answer to each code of a cell of several; what a code has no answer for is a question mark."""
        codes = codes_of(cell)
        if len(codes) < 2:
            return None
        each = [self._known(code_key(code)) or self._unknown(code_key(code)) for code in codes]
        confidences = [one.confidence for one in each if one.confidence is not None]
        return Recommended(
            "; ".join(one.expression or "?" for one in each),
            "; ".join(one.titles or "?" for one in each),
            "; ".join(one.representation or "?" for one in each),
            "; ".join(one.relationship or "?" for one in each),
            min(confidences) if len(confidences) == len(each) else None,
            _joined(one.facets_lost for one in each),
            SEVERAL,
            _joined(one.suggestion for one in each),
        )

    def _unknown(self, key: str) -> Recommended:
        near = suggested_keys(key, self._in_use)
        return untargeted(UNKNOWN, dotted(ICD10CM.id, near[0]) if near else None)

    def _in_use(self, key: str) -> bool:
        found = self._targets.get(key)
        return found is not None and found.status not in NOT_IN_USE

    @cached_property
    def _divided(self) -> frozenset[str]:
        """The three-character categories that have codes below them."""
        return frozenset(key[:3] for key in self._targets if len(key) > 3)


class DatedAnswers:
    """The answers to cells of one column whose rows may each have a day of their own (:class:`RowDays`)."""

    def __init__(self, targets: DatedTargets, days: RowDays, looks_icd9: bool = False) -> None:
        self._targets, self._days, self._looks_icd9 = targets, days, looks_icd9
        self._by_period: dict[str, Answers] = {}

    def to(self, cell: str, version: str | None = None, period: str = GIVEN) -> Recommended:
        """Return the answer to a cell in a period (:meth:`RowDays.period`)."""
        answers = self._by_period.get(period)
        if answers is None:
            targets = self._targets.on(self._days.days(period))
            answers = self._by_period[period] = Answers(targets, self._looks_icd9)
        return answers.to(cell, version)


def codes_of(cell: str) -> list[str]:
    """Return the codes of a cell that holds several; the cell itself where it is no list of codes.

    >>> codes_of("I219;E119"), codes_of("E11.9"), codes_of("E11 9")
    (['I219', 'E119'], ['E11.9'], ['E11 9'])
    """
    parts = [part for raw in _BETWEEN.split(cell) if (part := read_code(raw).text)]
    if 1 < len(parts) <= _MOST_IN_A_CELL and all(_CLINICAL.fullmatch(part) for part in parts):
        return parts
    return [cell]


def _joined(texts: Iterable[str | None]) -> str | None:
    return "; ".join(text for text in texts if text) or None
