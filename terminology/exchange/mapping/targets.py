"""The recommended targets of a bundle's crosswalk, by code."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from terminology.bundle.life.change_days import change_days
from terminology.bundle.life.code_status import CodeStatus, Resolution
from terminology.bundle.life.icd9_codes import every_icd9_code
from terminology.bundle.life.periods import life, not_in_use_on
from terminology.bundle.life.resolution import resolve
from terminology.bundle.store import Store
from terminology.codes import ICD9CM
from terminology.exchange.exports.table import crosswalk_file
from terminology.systems import ICD10CM

MAPPED, NO_TARGET, UNKNOWN, BLANK = "mapped", "no-target", "unknown-code", "no-code"
SEVERAL, ICD9, OTHER = "several-codes", "icd-9-code", "other-system"
NO_RELEASE = "no-release"
"""What ``icd11_status`` says: has a target; ICD-11 has none; no such code or category; the cell is empty;
the cell holds several codes; the code is one of ICD-9-CM; it is one of another system; it is valid on the day
by a dated table alone, and no loaded release has it, so that nothing could be mapped. A code that is known
but not in use on the day has the word of :class:`~terminology.bundle.life.code_status.CodeStatus` for what
it is (``retired``, ``split``, ``merged``, ``not-yet-valid``), no target, its successors as the suggestion."""

NOT_IN_USE = tuple(
    status.value for status in CodeStatus if status not in (CodeStatus.EXISTING, CodeStatus.UNKNOWN)
)

KEY = "key"
STATUS = "icd11_status"
ADDED = (
    "icd11_expression",
    "icd11_titles",
    "icd11_representation",
    "icd11_relationship",
    "icd11_confidence",
    "icd11_facets_lost",
    STATUS,
    "icd10cm_suggestion",
)
"""The columns that are added to a file, in order."""


_READ = [
    "source_code",
    "rank",
    "expression",
    "titles",
    "representation",
    "relationship",
    "confidence",
    "facets_lost",
]


class Recommended(NamedTuple):
    """The cells added to a row: those of :data:`ADDED`, lists joined by ``; ``."""

    expression: str | None
    titles: str | None
    representation: str | None
    relationship: str | None
    confidence: float | None
    facets_lost: str | None
    status: str
    suggestion: str | None = None


def untargeted(status: str, suggestion: str | None = None) -> Recommended:
    """Return the cells of a row without target.

    >>> untargeted(BLANK).status
    'no-code'
    """
    return Recommended(None, None, None, None, None, None, status, suggestion)


class DatedTargets:
    """The recommended targets of a bundle (``printed``, by key), as they are on any day.

    ``changes`` are the days on which a code of ICD-10-CM begins or ends.
    """

    def __init__(self, store: Store, printed: Mapping[str, Recommended]) -> None:
        self._store = store
        older = {
            older_key(key): untargeted(ICD9, "; ".join(became.codes) or None)
            for key, became in every_icd9_code(store)
        }
        self._all = ChainMap(older, cast(dict[str, Recommended], printed))
        self.changes = change_days(store, (ICD10CM.id,), ())

    def on(self, days: Sequence[date]) -> Mapping[str, Recommended]:
        """Return the target of every category and code in use on one of the days, by its key.

        Codes that are known but in use on none of them have their status and successors on the last one.
        """
        gone = frozenset.intersection(*(not_in_use_on(self._store, ICD10CM.id, day) for day in days))
        return _TargetsOnDay(self._store, self._all, gone, days[-1])


class _TargetsOnDay(Mapping[str, Recommended]):
    """Targets by key; what became of a code that is not in use is worked out when it is asked for."""

    def __init__(
        self, store: Store, every: Mapping[str, Recommended], gone: frozenset[str], day: date
    ) -> None:
        self._store, self._every, self._gone, self._day = store, every, gone, day

    def __getitem__(self, key: str) -> Recommended:
        if key in self._gone:
            return _not_in_use(resolve(self._store, ICD10CM.id, key, self._day))
        if key not in self._every and self._has_no_release(key):
            later = "; ".join(row.code for row in self._store.successors(key))
            return untargeted(NO_RELEASE, later or None)
        return self._every[key]

    def _has_no_release(self, key: str) -> bool:
        """Whether dated tables alone know a code; a chapter or block is no code, though releases have it."""
        known = bool(life(self._store, ICD10CM.id, key))
        return known and not self._store.releases_with(ICD10CM.id, key)

    def __iter__(self) -> Iterator[str]:
        yield from self._every
        yield from (key for key in self._gone if key not in self._every)

    def __len__(self) -> int:
        return len(self._every.keys() | self._gone)


@contextmanager
def dated_targets(bundle: Path) -> Iterator[DatedTargets]:
    """Yield the recommended targets of a bundle that is open meanwhile.

    Raises :class:`DataNotAvailableError` for a bundle without crosswalk.
    """
    store = Store(bundle)
    try:
        yield DatedTargets(store, targets_in(crosswalk_file(bundle)))
    finally:
        store.close()


def recommended_targets(bundle: Path, on: date | None = None) -> Mapping[str, Recommended]:
    """Return the recommended target of every category and code in use on a day (today), by its key.

    Codes that are known but not in use then have their status and successors instead. Codes of ICD-9-CM have
    what they became as the suggestion, under :func:`older_key`, where CMS's mappings are loaded. Raises
    :class:`DataNotAvailableError` for a bundle without crosswalk.
    """
    with dated_targets(bundle) as targets:
        return dict(targets.on((on or date.today(),)))


def _not_in_use(state: Resolution) -> Recommended:
    successors = "; ".join(successor.code for successor in state.successors)
    return untargeted(state.status, successors or None)


def older_key(key: str) -> str:
    """Return what a code of ICD-9-CM is found under: keys of the two classifications may be alike."""
    return f"{ICD9CM}|{key}"


def targets_in(crosswalk: Path) -> dict[str, Recommended]:
    """Return the recommended targets of a file ``crosswalk.parquet`` by key."""
    table = printed_targets(crosswalk)
    keys, *cells = (table[name].to_pylist() for name in (KEY, *ADDED))
    return {key: Recommended(*row) for key, *row in zip(keys, *cells, strict=True)}


def printed_targets(crosswalk: Path) -> pa.Table:
    """Return the recommended targets of a file ``crosswalk.parquet``, a row for each code.

    The columns are :data:`KEY` and those of :data:`ADDED`, each of one chunk.
    """
    rows = pq.read_table(crosswalk, columns=_READ)
    rows = rows.filter(pc.or_kleene(pc.is_null(rows["rank"]), pc.equal(rows["rank"], 1)))
    expression = rows["expression"]
    columns = {
        KEY: pc.utf8_upper(pc.replace_substring(rows["source_code"], ".", "")),
        ADDED[0]: expression,
        ADDED[1]: _joined(rows["titles"]),
        ADDED[2]: rows["representation"],
        ADDED[3]: rows["relationship"],
        ADDED[4]: rows["confidence"].cast(pa.float64()),
        ADDED[5]: _joined(rows["facets_lost"]),
        STATUS: pc.if_else(pc.is_valid(expression), MAPPED, NO_TARGET),
        ADDED[7]: pa.nulls(len(rows), pa.string()),
    }
    texts = {name: c.cast(pa.string()) if name != ADDED[4] else c for name, c in columns.items()}
    return pa.table(texts).combine_chunks()


def _joined(lists: Any) -> Any:
    """Lists of texts, each joined; null for an empty one."""
    joined = pc.binary_join(lists.cast(pa.list_(pa.string())), "; ")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)


class PrintedTargets(Mapping[str, Recommended]):
    """The targets of a table of :func:`printed_targets`; a row is made when it is asked for."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._rows = {key: number for number, key in enumerate(table[KEY].to_pylist())}

    def __getitem__(self, key: str) -> Recommended:
        number = self._rows[key]
        return Recommended(*(self._table[name][number].as_py() for name in ADDED))

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
