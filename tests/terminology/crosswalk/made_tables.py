"""WHO's tables as they would be for the made classification: rows of each kind that there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from zlib import crc32

import simple_icd_10_cm as cm

from terminology.concept import Concept, Kind
from terminology.mapping import Mapping, MapTable, TargetKind
from tests.terminology.crosswalk.made_sources import drawn
from tests.terminology.crosswalk.made_target import ENTITY, stems, targets, titled

RELEASE, EARLIER = "2025-01", "2024-01"


def tables(target: Iterable[Concept]) -> Iterator[Mapping]:
    """Yield the rows of the newest release, and some of one before it that they overrule."""
    by_code = {concept.code: concept for concept in target}
    for number, (code, stem) in enumerate(stems().items(), 2):
        if drawn(f"no row {code[:3]}", 12) or drawn(f"no row {code}", 7):
            continue
        yield from _forth(number, code, stem, by_code)
        yield from _back(number, code, stem, by_code)
    yield from _of_blocks(by_code)


def _forth(number: int, code: str, stem: str, by_code: dict[str, Concept]) -> Iterator[Mapping]:
    """Rows from a code of ICD-10: to its stem, the rest of it, several, nothing, or an expression."""
    rest = next(filter(by_code.__contains__, (f"{stem}.Z", f"{stem}.Y")), stem)
    to: Concept | None = by_code[rest if len(stem) == 4 and drawn(f"rest {code}", 3) else stem]
    if drawn(f"nothing {code}", 29):
        to = None
    yield _row(MapTable.TEN_TO_ELEVEN_ONE, number, code, to)
    yield _row(MapTable.TEN_TO_ELEVEN_ONE, number, code, by_code[stem], EARLIER)
    if drawn(f"several {code}", 4):
        for other in filter(by_code.__contains__, (stem, f"{stem[:4]}.Y")):
            yield _row(MapTable.TEN_TO_ELEVEN_MULTIPLE, number, code, by_code[other])
    if drawn(f"cluster {code}", 5):
        row = _row(MapTable.TEN_TO_ELEVEN_MULTIPLE, number, code, by_code[stem])
        for expression in (f"{stem}&XK8G&XN000", f"{stem} & XS25/{stem[:4]}", "XS25", "9Z99/9Z98", "XN000"):
            yield replace(row, target_kind=TargetKind.CLUSTER, target=expression, target_uri=None)
    relation = ("Equivalent", "Subclass", None)[len(code) % 3]
    yield replace(_row(MapTable.FOUNDATION_TEN_TO_ELEVEN, number, code, by_code[stem]), relation=relation)


def _back(number: int, code: str, stem: str, by_code: dict[str, Concept]) -> Iterator[Mapping]:
    """Rows to a code of ICD-10: of its stem, and of entities that have none and stand below it."""
    ten = code[:3] if drawn(f"back {code}", 3) else code
    yield _to_ten(MapTable.ELEVEN_TO_TEN_ONE, number, by_code[stem], ten)
    of = _to_ten(MapTable.FOUNDATION_ELEVEN_TO_TEN, number, by_code[stem], ten)
    yield replace(of, source_title=f"{of.source_title} disorder") if drawn(f"entity {code}", 6) else of
    leaves = [leaf for leaf in cm.get_descendants(code) if cm.is_leaf(leaf)][:4]
    for leaf in leaves if drawn(f"entities {code}", 3) else ():
        below = replace(
            of, source_uri=f"{ENTITY}/{crc32(leaf.encode())}", source_code=None, source_title=titled(leaf)
        )
        kind = next((k for k, every in _KINDS.items() if drawn(f"{k} {leaf}", every)), TargetKind.CODE)
        block = next(above for above in cm.get_ancestors(leaf) if "-" in above)
        where = {TargetKind.BLOCK: block, TargetKind.CHAPTER: cm.get_ancestors(leaf)[-1]}.get(kind, leaf[:5])
        yield replace(below, target_kind=kind, target=where)


_KINDS = {TargetKind.BLOCK: 6, TargetKind.CHAPTER: 7}


def _of_blocks(by_code: dict[str, Concept]) -> Iterator[Mapping]:
    """Rows from the blocks of ICD-10 to those of ICD-11, which have no code, and from entities to them."""
    blocks = [concept for concept in by_code.values() if concept.kind is Kind.BLOCK]
    for number, block in enumerate(blocks, 2):
        stem = next(code for code, stem in stems().items() if stem.startswith(block.code[-2:]))
        ten = next(above for above in cm.get_ancestors(stem) if "-" in above)
        row = replace(
            _row(MapTable.TEN_TO_ELEVEN_ONE, number, ten, block), target_kind=TargetKind.BLOCK, target=None
        )
        yield row
        yield replace(row, table=MapTable.TEN_TO_ELEVEN_MULTIPLE, target_kind=TargetKind.ENTITY)


def _row(table: MapTable, number: int, ten: str, to: Concept | None, release: str = RELEASE) -> Mapping:
    entity = to.foundation_uri if to is not None else None
    return Mapping(
        table,
        release,
        number,
        "icd-10",
        "category",
        ten,
        titled(ten),
        "icd-11",
        TargetKind.CODE if to is not None else TargetKind.NO_MAPPING,
        to.code if to is not None else None,
        to.title if to is not None else None,
        target_uri=to.uri if to is not None else None,
        target_foundation_uri=entity,
    )


def _to_ten(table: MapTable, number: int, of: Concept, ten: str) -> Mapping:
    return Mapping(
        table,
        RELEASE,
        number,
        "icd-11",
        "category",
        of.code,
        of.title,
        "icd-10",
        TargetKind.CODE,
        ten,
        titled(ten),
        source_uri=of.uri if table is MapTable.ELEVEN_TO_TEN_ONE else of.foundation_uri,
    )


@cache
def earlier() -> tuple[Concept, ...]:
    """The targets of the release before: a few had another code, and some were of no other."""
    moved = (
        replace(concept, code=f"{concept.code}A") if drawn(f"moved {concept.code}", 10) else concept
        for concept in targets()
    )
    return tuple(moved)
