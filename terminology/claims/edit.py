"""An edit: one check of a claim, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.finding import CheckedEdit, Finding, NotChecked, Severity

Outcome = Finding | CheckedEdit | NotChecked

ALL_SETTINGS = frozenset(ClaimSetting)
INPATIENT = frozenset({ClaimSetting.INPATIENT})
HOSPITAL = frozenset({ClaimSetting.INPATIENT, ClaimSetting.OUTPATIENT})


@dataclass(frozen=True, slots=True)
class Edit:
    """One check.

    ``id`` is what findings call it, ``severity`` what they usually have, ``says`` what it is in one line.
    ``run`` yields what it found, and for each table it needs whether it could be applied: silence about that
    would read as approval. ``settings`` are those it applies to; ``elsewhere`` says why not to others.
    ``tables`` are the names of the edit tables it reads.
    """

    id: str
    severity: Severity
    says: str
    run: Callable[[Claim, CheckContext], Iterable[Outcome]]
    settings: frozenset[ClaimSetting] = ALL_SETTINGS
    tables: tuple[str, ...] = ()
    elsewhere: str = ""
