"""Writes the units of one release as the arrays that :mod:`indexes.disk.shard` opens."""

from __future__ import annotations

import math
import re
from array import array
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from indexes.disk.beginnings import write_beginnings
from indexes.disk.columns import TextColumn, save_column, save_ragged
from indexes.disk.shard import KINDS, ROUGH, SETTINGS, TERM_KINDS
from indexes.disk.units import Unit
from indexes.documents.document import SearchDocument
from indexes.text.denial import DENIED
from indexes.text.phrases import core, forms, is_residual, is_residual_token
from terminology.systems import HCPCS, ICD11

RESIDUAL_WEIGHT = 0.6
"""The weight, in units of inverse document frequency, of a token that only says "no detail given"."""

_MANY_NAMES, _HEADING = 200, 0.6
_IS_OPEN = re.compile(r"\bnot (?:known|specified)\b", re.I)
_GOES_WITH = "diseases classified elsewhere"
_OF_ONE_MAKER = re.compile(r"^inj[^,]*,?[^,(]*\([^)]*\)|not therapeutically equivalent", re.I)

DENIED_WEIGHT = 1.2
"""The most a denied token weighs: to deny says less than to assert."""


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
    most_denied = DENIED_WEIGHT if units and units[0].document.system != HCPCS.id else math.inf
    weights = {t: token_weight(t, len(unit_tokens[t]), len(units), most_denied) for t in lexicon}
    save_column(folder, "phrase_unit", np.array(phrase_unit, np.int32))
    save_column(folder, "phrase_trust", np.array(trusts, np.float32))
    save_column(folder, "phrase_kind", np.array(term_kinds, np.uint8))
    save_column(folder, "phrase_source", np.array(sources, np.uint16))
    save_column(
        folder, "phrase_weight", np.array([sum(weights[t] for t in p) for p in phrase_lengths], np.float32)
    )
    save_column(folder, "token_weight", np.array([weights[t] for t in lexicon], np.float32))
    save_ragged(folder, "phrase_postings", [phrase_tokens.get(t, array("i")) for t in lexicon], np.int32)
    save_ragged(folder, "unit_postings", [unit_tokens[t] for t in lexicon], np.int32)
    save_ragged(folder, "unit_weights", [unit_weights[t] for t in lexicon], np.uint8)
    texts.save(folder, "phrase_text")
    cards.save(folder, "card")
    (folder / "lexicon.txt").write_text("\n".join(lexicon), encoding="utf-8")
    _write_units(units, folder)
    write_beginnings(units, folder)
    meta = {"sources": list(source_numbers), "chapters": _chapters(units), "releases": _releases(units)}
    (folder / "shard.json").write_bytes(orjson.dumps(meta))


def _write_units(units: Sequence[Unit], folder: Path) -> None:
    chapters = {key: number for number, key in enumerate(_chapters(units))}
    save_column(folder, "kind", np.array([KINDS.index(u.shown.kind) for u in units], np.uint8))
    save_column(folder, "billable", np.array([_billable_code(u.shown) for u in units], np.int8))
    save_column(folder, "chapter", np.array([chapters[u.document.chapter] for u in units], np.int16))
    save_column(folder, "residual", np.array([_is_second_choice(u.document) for u in units], np.bool_))
    save_column(folder, "has_general", np.array([u.has_general for u in units], np.bool_))
    save_column(folder, "has_children", np.array([u.has_children for u in units], np.bool_))
    bits = {name: 1 << number for number, name in enumerate(_releases(units))}
    held = [sum(bits[name] for name in u.releases) for u in units]
    save_column(folder, "releases", np.array(held, np.uint64))
    volumes = [[math.log1p(u.volume.get(s, 0)) for s in SETTINGS] for u in units]
    save_column(folder, "volume", np.array(volumes, np.float32).reshape(len(units), len(SETTINGS)))
    save_column(folder, ROUGH, np.array([rough_rank(u) for u in units], np.float32))
    leads = [(u.document.leads_to or "").encode() for u in units]
    save_column(folder, "leads_to", np.array(leads or [b""], dtype=np.bytes_))
    keys = sorted((d.key, number) for number, u in enumerate(units) for d in (u.document, *u.variants))
    save_column(folder, "keys", np.array([k.encode() for k, _ in keys], dtype=np.bytes_))
    save_column(folder, "key_unit", np.array([n for _, n in keys], np.int32))


def rough_rank(unit: Unit) -> float:
    """Return how likely a code is typed where no volumes say it, between 0 and 1.

    What is used often has many names, a short one among them, and is no heading.
    """
    short = 1 / math.sqrt(max(len(core(unit.document.title).split()), 1))
    names = min(math.log1p(len(unit.phrases)) / math.log1p(_MANY_NAMES), 1.0)
    return (short + names) / 2 * (_HEADING if unit.shown.billable is False else 1.0)


def _is_second_choice(document: SearchDocument) -> bool:
    """Whether a title is residual, or a drug of one maker; in ICD-11, where Z is general, what denies too.

    *Not known if* and *not specified* leave open and deny nothing.
    """
    if document.system == HCPCS.id and _OF_ONE_MAKER.search(document.title):
        return True
    title = document.title
    denies = (
        document.system == ICD11.id
        and not _IS_OPEN.search(title)
        and any(t.startswith(DENIED) for t in forms(title)[0])
    )
    return denies or is_residual(document) or _GOES_WITH in title.lower()


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
        "refine": unit.refine,
    }


def token_weight(token: str, units_with: int, units: int, most_denied: float = DENIED_WEIGHT) -> float:
    """Return the weight of a token: its inverse document frequency, little for residual and denied words.

    In HCPCS, what is *not documented* is another code: there a denied word weighs as any other.
    """
    frequency = math.log1p(units / max(units_with, 1))
    if is_residual_token(token):
        return min(frequency, RESIDUAL_WEIGHT)
    return min(frequency, most_denied) if token.startswith(DENIED) else frequency
