"""One release as arrays on disk: which tokens stand in which phrases and units, and what ranks them.

Everything is memory-mapped and read-only, so that worker processes share it. Numbers are positions:
units in tree order, phrases in the order of their units, tokens in the order of the lexicon.
"""

from __future__ import annotations

import math
import threading
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from indexes.disk.units import Unit
from indexes.documents.document import SearchDocument, TermKind
from indexes.text.denial import DENIED
from indexes.text.phrases import is_residual, is_residual_token
from terminology.concept import Kind

KINDS = tuple(Kind)
TERM_KINDS = tuple(TermKind)
SETTINGS = ("inpatient", "outpatient", "office")
RESIDUAL_WEIGHT = 0.6
"""The weight, in units of inverse document frequency, of a token that only says "no detail given"."""

DENIED_WEIGHT = 2.0
"""The most a denied token weighs: to deny says less than to assert."""

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


def write_shard(units: Sequence[Unit], folder: Path) -> None:
    """Write the units of one release into a new folder."""
    folder.mkdir(parents=True)
    phrase_tokens: dict[str, array[int]] = defaultdict(lambda: array("i"))
    unit_tokens: dict[str, array[int]] = defaultdict(lambda: array("i"))
    unit_weights: dict[str, array[int]] = defaultdict(lambda: array("B"))
    phrase_unit, trusts, term_kinds, sources = array("i"), array("f"), array("B"), array("H")
    phrase_lengths: list[tuple[str, ...]] = []
    texts = TextColumn()
    cards = TextColumn()
    source_numbers: dict[str, int] = {}
    for number, unit in enumerate(units):
        for phrase in unit.phrases:
            for token in phrase.tokens:
                phrase_tokens[token].append(len(phrase_unit))
            phrase_unit.append(number)
            phrase_lengths.append(phrase.tokens)
            trusts.append(phrase.trust)
            term_kinds.append(TERM_KINDS.index(phrase.kind))
            sources.append(source_numbers.setdefault(phrase.source, len(source_numbers)))
            texts.append(phrase.shown.encode())
        for token, weight in unit.context.items():
            unit_tokens[token].append(number)
            unit_weights[token].append(round(weight * 255))
        cards.append(orjson.dumps(_card(unit)))
    lexicon = sorted(unit_tokens)
    weights = {t: token_weight(t, len(unit_tokens[t]), len(units)) for t in lexicon}
    _save(folder, "phrase_unit", np.array(phrase_unit, np.int32))
    _save(folder, "phrase_trust", np.array(trusts, np.float32))
    _save(folder, "phrase_kind", np.array(term_kinds, np.uint8))
    _save(folder, "phrase_source", np.array(sources, np.uint16))
    _save(folder, "phrase_weight", np.array([sum(weights[t] for t in p) for p in phrase_lengths], np.float32))
    _save(folder, "token_weight", np.array([weights[t] for t in lexicon], np.float32))
    _save_ragged(folder, "phrase_postings", [phrase_tokens.get(t, array("i")) for t in lexicon], np.int32)
    _save_ragged(folder, "unit_postings", [unit_tokens[t] for t in lexicon], np.int32)
    _save_ragged(folder, "unit_weights", [unit_weights[t] for t in lexicon], np.uint8)
    texts.save(folder, "phrase_text")
    cards.save(folder, "card")
    (folder / "lexicon.txt").write_text("\n".join(lexicon), encoding="utf-8")
    _write_units(units, folder)
    meta = {"sources": list(source_numbers), "chapters": _chapters(units), "releases": _releases(units)}
    (folder / "shard.json").write_bytes(orjson.dumps(meta))


def _write_units(units: Sequence[Unit], folder: Path) -> None:
    chapters = {key: number for number, key in enumerate(_chapters(units))}
    _save(folder, "kind", np.array([KINDS.index(u.shown.kind) for u in units], np.uint8))
    _save(folder, "billable", np.array([_billable_code(u.shown) for u in units], np.int8))
    _save(folder, "chapter", np.array([chapters[u.document.chapter] for u in units], np.int16))
    _save(folder, "residual", np.array([is_residual(u.document) for u in units], np.bool_))
    _save(folder, "has_general", np.array([u.has_general for u in units], np.bool_))
    _save(folder, "has_children", np.array([u.has_children for u in units], np.bool_))
    bits = {name: 1 << number for number, name in enumerate(_releases(units))}
    held = [sum(bits[name] for name in u.releases) for u in units]
    _save(folder, "releases", np.array(held, np.uint64))
    volumes = [[math.log1p(u.volume.get(s, 0)) for s in SETTINGS] for u in units]
    _save(folder, "volume", np.array(volumes, np.float32).reshape(len(units), len(SETTINGS)))
    keys = sorted((d.key, number) for number, u in enumerate(units) for d in (u.document, *u.variants))
    _save(folder, "keys", np.array([k.encode() for k, _ in keys], dtype=np.bytes_))
    _save(folder, "key_unit", np.array([n for _, n in keys], np.int32))


def _chapters(units: Sequence[Unit]) -> list[str]:
    return list(dict.fromkeys(u.document.chapter for u in units))


def _releases(units: Sequence[Unit]) -> list[str]:
    return sorted({name for u in units for name in u.releases})


def _billable_code(document: SearchDocument) -> int:
    return -1 if document.billable is None else int(document.billable)


def _card(unit: Unit) -> dict[str, Any]:
    document = unit.document
    return {
        "code": document.code,
        "key": document.key,
        "title": document.title,
        "kind": document.kind,
        "billable": document.billable,
        "parent": document.parent,
        "variants": [[v.code, v.title, v.billable] for v in unit.offered],
        "shown": unit.shown.code,
    }


def token_weight(token: str, units_with: int, units: int) -> float:
    """Return the weight of a token: its inverse document frequency, little for residual words."""
    frequency = math.log1p(units / max(units_with, 1))
    if is_residual_token(token):
        return min(frequency, RESIDUAL_WEIGHT)
    return min(frequency, DENIED_WEIGHT) if token.startswith(DENIED) else frequency


class TextColumn:
    """A column of byte strings being written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def append(self, text: bytes) -> None:
        """Add the next row."""
        self._parts.append(text)

    def save(self, folder: Path, name: str) -> None:
        """Write ``<name>.bin`` and the ends of its rows."""
        (folder / f"{name}.bin").write_bytes(b"".join(self._parts))
        _save(folder, f"{name}_end", np.cumsum([len(p) for p in self._parts], dtype=np.int64))


def _save(folder: Path, name: str, values: NDArray[Any]) -> None:
    np.save(folder / f"{name}.npy", values, allow_pickle=False)


def _save_ragged(folder: Path, name: str, rows: Sequence[array[int]], dtype: Any) -> None:
    _save(folder, f"{name}_end", np.cumsum([len(r) for r in rows], dtype=np.int64))
    joined = np.concatenate([np.asarray(r, dtype) for r in rows]) if rows else np.zeros(0, dtype)
    _save(folder, name, joined)


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


class Shard:
    """One release, opened for reading."""

    def __init__(self, system: str, release: str, folder: Path) -> None:
        self.system, self.release = system, release
        self._folder = folder
        meta: Mapping[str, list[str]] = orjson.loads((folder / "shard.json").read_bytes())
        self.sources, self.chapters, self.releases = meta["sources"], meta["chapters"], meta["releases"]
        lexicon = (folder / "lexicon.txt").read_text(encoding="utf-8").split("\n")
        self.lexicon: dict[str, int] = {token: number for number, token in enumerate(lexicon) if token}
        self.phrase_unit: Ints = self._load("phrase_unit")
        self.phrase_trust: Floats = self._load("phrase_trust")
        self.phrase_weight: Floats = self._load("phrase_weight")
        self.phrase_kind: NDArray[np.uint8] = self._load("phrase_kind")
        self.phrase_source: NDArray[np.uint16] = self._load("phrase_source")
        self.token_weight: list[float] = self._load("token_weight").tolist()
        self._postings, self._postings_end = (
            self._load("phrase_postings"),
            self._load("phrase_postings_end").tolist(),
        )
        self._units, self._units_end = self._load("unit_postings"), self._load("unit_postings_end").tolist()
        self._weights: NDArray[np.uint8] = self._load("unit_weights")
        self.kind: NDArray[np.uint8] = self._load("kind")
        self.billable: NDArray[np.int8] = self._load("billable")
        self.chapter: NDArray[np.int16] = self._load("chapter")
        self.residual: NDArray[np.bool_] = self._load("residual")
        self.has_general: NDArray[np.bool_] = self._load("has_general")
        self.has_children: NDArray[np.bool_] = self._load("has_children")
        self._held: NDArray[np.uint64] = self._load("releases")
        self.everything = np.ones(len(self.kind), np.bool_)
        self.volume: Floats = self._load("volume")
        self.keys: NDArray[np.bytes_] = self._load("keys")
        self.key_unit: Ints = self._load("key_unit")
        self._text, self._text_end = self._bytes("phrase_text"), self._load("phrase_text_end")
        self._card, self._card_end = self._bytes("card"), self._load("card_end")
        self.preference: Floats | None = None
        self.in_use = lru_cache(maxsize=16)(self._read_in_use)
        self._scratch = threading.local()

    def _load(self, name: str) -> NDArray[Any]:
        # a plain view: indexing a memmap object costs several times an ndarray's
        loaded = np.load(self._folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        return np.asarray(loaded).view(np.ndarray)

    def _bytes(self, name: str) -> NDArray[np.uint8]:
        path = self._folder / f"{name}.bin"
        if path.stat().st_size == 0:
            return np.zeros(0, np.uint8)
        return np.memmap(path, np.uint8, mode="r").view(np.ndarray)

    def __len__(self) -> int:
        return len(self.kind)

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

    def phrases_with(self, token: int) -> Ints:
        """Return the phrases a token stands in, ascending."""
        found: Ints = self._postings[
            self._postings_end[token - 1] if token else 0 : self._postings_end[token]
        ]
        return found

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
        start = int(self._text_end[phrase - 1]) if phrase else 0
        return self._text[start : int(self._text_end[phrase])].tobytes().decode()

    def card(self, unit: int) -> Card:
        """Return what is shown of a unit."""
        start = int(self._card_end[unit - 1]) if unit else 0
        row = orjson.loads(self._card[start : int(self._card_end[unit])].tobytes())
        row["variants"] = tuple(tuple(v) for v in row["variants"])
        return Card(**row)

    def chapter_number(self, chapter: str) -> int:
        """Return the number ``chapter`` has in this release's columns, -1 if it has no such chapter."""
        return self.chapters.index(chapter) if chapter in self.chapters else -1

    def held_by(self, release: str) -> NDArray[np.bool_]:
        """Return which units a loaded release holds."""
        bit = np.uint64(1 << self.releases.index(release))
        held: NDArray[np.bool_] = (self._held & bit) != 0
        return held

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
