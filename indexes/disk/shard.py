"""One release as arrays on disk: which tokens stand in which phrases and units, and what ranks them.

Everything is memory-mapped and read-only, so that worker processes share it. Numbers are positions:
units in tree order, phrases in the order of their units, tokens in the order of the lexicon.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from indexes.disk.beginnings import SAID, TERMS, Beginnings, is_saved
from indexes.disk.columns import Floats, Ints, OpenTexts, open_column
from indexes.documents.document import TermKind
from terminology.concept import Kind

KINDS = tuple(Kind)
TERM_KINDS = tuple(TermKind)
ROUGH = "rough_rank"
SETTINGS = ("inpatient", "outpatient", "office")


@dataclass(frozen=True, slots=True)
class Card:
    """What a result row shows of a unit."""

    code: str
    key: str
    title: str
    kind: str
    billable: bool | None
    parent: str | None
    variants: tuple[tuple[str, str, bool | None], ...]
    shown: str
    refine: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class Shard:
    """One release, opened for reading."""

    def __init__(self, system: str, release: str, folder: Path) -> None:
        self.system, self.release, self.folder = system, release, folder
        load = partial(open_column, folder)
        meta: Mapping[str, list[str]] = orjson.loads((folder / "shard.json").read_bytes())
        self.sources, self.chapters, self.releases = meta["sources"], meta["chapters"], meta["releases"]
        lexicon = (folder / "lexicon.txt").read_text(encoding="utf-8").split("\n")
        self.lexicon: dict[str, int] = {token: number for number, token in enumerate(lexicon) if token}
        self.phrase_unit: Ints = load("phrase_unit")
        self.phrase_trust: Floats = load("phrase_trust")
        self.phrase_weight: Floats = load("phrase_weight")
        self.phrase_kind: NDArray[np.uint8] = load("phrase_kind")
        self.phrase_source: NDArray[np.uint16] = load("phrase_source")
        self.token_weight: list[float] = load("token_weight").tolist()
        self._postings, self._postings_end = (
            load("phrase_postings"),
            load("phrase_postings_end").tolist(),
        )
        self._units, self._units_end = load("unit_postings"), load("unit_postings_end").tolist()
        self._weights: NDArray[np.uint8] = load("unit_weights")
        self.kind: NDArray[np.uint8] = load("kind")
        self.billable: NDArray[np.int8] = load("billable")
        self.chapter: NDArray[np.int16] = load("chapter")
        self.residual: NDArray[np.bool_] = load("residual")
        self.has_general: NDArray[np.bool_] = load("has_general")
        self.has_children: NDArray[np.bool_] = load("has_children")
        self._held: NDArray[np.uint64] = load("releases")
        self.everything = np.ones(len(self.kind), np.bool_)
        self.volume: Floats = load("volume")
        rough = folder / f"{ROUGH}.npy"
        self._rough: Floats | None = load(ROUGH) if rough.is_file() else None
        self._leads: NDArray[np.bytes_] = load("leads_to")
        self.keys: NDArray[np.bytes_] = load("keys")
        self.key_unit: Ints = load("key_unit")
        self._texts, self._cards = OpenTexts(folder, "phrase_text"), OpenTexts(folder, "card")
        self.tokens = lexicon
        self.beginnings = Beginnings(folder, TERMS)
        self.said: Beginnings | None = Beginnings(folder, SAID) if is_saved(folder, SAID) else None
        """What is said for codes; an index that was built before has none."""
        self.preference: Floats | None = None
        self.unasked: tuple[Floats, tuple[tuple[frozenset[str], Floats], ...]] | None = None
        self.in_use = lru_cache(maxsize=16)(self._read_in_use)
        self.held_by = lru_cache(maxsize=16)(self._read_held_by)
        self.flagged = lru_cache(maxsize=16)(self._read_flagged)
        self._scratch = threading.local()

    def __len__(self) -> int:
        return len(self.kind)

    @cached_property
    def frequency(self) -> Floats:
        """How often each unit is used, in the care setting that uses it most; 1 for the most frequent."""
        most: Floats = self.volume.max(axis=1) if len(self) else np.zeros(0, np.float32)
        top = float(most.max(initial=0.0))
        return most / np.float32(top) if top > 0 else most

    @cached_property
    def popularity(self) -> Floats:
        """How often each unit is used; where no volumes are loaded a rough rank, if the index has one."""
        return self.frequency if self._rough is None or self.frequency.any() else self._rough

    @cached_property
    def missing_weight(self) -> float:
        """The weight of a word of the query that this release does not know."""
        return 0.7 * math.log1p(len(self))

    def scratch(self) -> tuple[Floats, Floats, Floats]:
        """Return two columns of phrases and one of units, all zero, which this thread must leave so again.

        Clearing what was touched is several times faster than a new column of half a million zeros.
        """
        if not hasattr(self._scratch, "columns"):
            phrases, units = len(self.phrase_unit), len(self)
            zeros = partial(np.zeros, dtype=np.float32)
            self._scratch.columns = (zeros(phrases), zeros(phrases), zeros(units))
        columns: tuple[Floats, Floats, Floats] = self._scratch.columns
        return columns

    def phrases_with(self, token: int, after: int | None = None) -> Ints:
        """Return the phrases a token stands in, ascending; or those of all tokens before ``after``."""
        last = token if after is None else after - 1
        found: Ints = self._postings[self._postings_end[token - 1] if token else 0 : self._postings_end[last]]
        return found

    def posting_weights(self, first: int, after: int) -> Floats | np.float32:
        """Return the weight of the token of each of ``phrases_with(first, after)``."""
        if after == first + 1:
            return np.float32(self.token_weight[first])
        ends = [self._postings_end[first - 1] if first else 0, *self._postings_end[first:after]]
        weights: Floats = np.repeat(np.asarray(self.token_weight[first:after], np.float32), np.diff(ends))
        return weights

    def units_with(self, token: int) -> tuple[Ints, NDArray[np.uint8]]:
        """Return the units a token leads to, ascending, and its weights there (255 = a phrase of its own)."""
        part = slice(self._units_end[token - 1] if token else 0, self._units_end[token])
        return self._units[part], self._weights[part]

    def phrases_of(self, unit: int) -> range:
        """Return the phrases of a unit."""
        first, last = np.searchsorted(self.phrase_unit, (unit, unit + 1))
        return range(int(first), int(last))

    def phrase_text(self, phrase: int) -> str:
        """Return a phrase as its source prints it."""
        return self._texts[phrase].decode()

    def card(self, unit: int) -> Card:
        """Return what is shown of a unit."""
        row = orjson.loads(self._cards[unit])
        row["variants"] = tuple(tuple(v) for v in row["variants"])
        row["refine"] = tuple((axis, tuple((label, code) for label, code in v)) for axis, v in row["refine"])
        return Card(**row)

    def leads_to(self, unit: int) -> str | None:
        """Return the key of the ICD-11 code that WHO's map leads to from a unit."""
        return bytes(self._leads[unit]).decode() or None

    def led_to(self, keys: Collection[str]) -> Ints:
        """Return the units from which WHO's map leads to any of these keys of ICD-11, ascending."""
        wanted = np.array([key.encode("ascii", "replace") for key in keys], dtype=np.bytes_)
        return np.flatnonzero(np.isin(self._leads, wanted)).astype(np.int32)

    def chapter_number(self, chapter: str) -> int:
        """Return the number ``chapter`` has in this release's columns, -1 if it has no such chapter."""
        return self.chapters.index(chapter) if chapter in self.chapters else -1

    def _read_held_by(self, release: str) -> NDArray[np.bool_]:
        """Return which units a loaded release holds."""
        bit = np.uint64(1 << self.releases.index(release))
        held: NDArray[np.bool_] = (self._held & bit) != 0
        return held

    def _read_flagged(self, flags: frozenset[tuple[str, bool]]) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
        """Return flags and kinds of the units where single codes, by key, have these flags."""
        billable, kind = self.billable.copy(), self.kind.copy()
        for key, flag in flags:
            unit = self.find_key(key)
            if unit is not None and self.card(unit).key == key and billable[unit] != flag:
                billable[unit] = flag
                kind[unit] = KINDS.index(Kind.CODE if flag else Kind.CATEGORY)
        return billable, kind

    def _read_in_use(self, gone: frozenset[str]) -> NDArray[np.bool_]:
        """Return which units are in use when the codes of these keys are not: their own code counts."""
        found = np.ones(len(self), np.bool_)
        for key in gone:
            unit = self.find_key(key)
            if unit is not None and self.card(unit).key == key:
                found[unit] = False
        return found

    def find_key(self, key: str) -> int | None:
        """Return the unit that holds the code with this key, itself or as a variant."""
        wanted = key.encode("ascii", "replace")
        at = int(np.searchsorted(self.keys, wanted))
        if at < len(self.keys) and self.keys[at] == wanted:
            return int(self.key_unit[at])
        return None

    def find_keys(self, keys: Sequence[str]) -> list[int]:
        """Return for each key the unit that holds it, -1 for none."""
        if not len(self.keys):
            return [-1] * len(keys)
        wanted = np.array([key.encode("ascii", "replace") for key in keys], dtype=np.bytes_)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, self.key_unit[at], -1).tolist()  # type: ignore[no-any-return]

    def keys_from(self, prefix: str, limit: int) -> Iterator[tuple[str, int]]:
        """Yield up to ``limit`` (key, unit) of the codes that begin with ``prefix``, in their order."""
        wanted = prefix.encode("ascii", "replace")
        at = int(np.searchsorted(self.keys, wanted))
        for key, unit in zip(self.keys[at : at + limit], self.key_unit[at : at + limit], strict=True):
            if not key.startswith(wanted):
                return
            yield key.decode(), int(unit)
