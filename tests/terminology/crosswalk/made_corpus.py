"""A made classification, wide enough to lead titles of every chapter through every room of the crosswalk.

Its sources are codes of the package ``simple-icd-10-cm``, a few of every family. Its targets are no ICD-11: a
stem for most categories and subcategories of those families, titled as they are, with the two rest classes,
and what the rule tables name. WHO's tables are made of the same. What the engine answers to it says nothing
of its quality; that it answers otherwise is seen, without any real file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from zlib import crc32

import simple_icd_10_cm as cm

from terminology.cluster import groups_in
from terminology.concept import Concept, Kind, Note, NoteKind, Synonym
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.read.facets import facet_rules
from terminology.crosswalk.read.lexicon import synonyms
from terminology.crosswalk.tables import rows
from terminology.mapping import Mapping, MapTable, TargetKind

EVERY = 10
"""One category in so many is taken."""
MOST = 9
"""Codes of a category that are taken at most."""

_MMS = "http://id.who.int/icd/release/11/mms"
_ENTITY = "http://id.who.int/icd/entity"
_CHAPTERS = "123456789ABCDEFGHJKLMNPQRSVX"
#: The letter of the ICD-11 chapter that a chapter of ICD-10-CM becomes, by its number.
_BECOMES = dict(enumerate("1235689ABCDEFGJKLMNPQR", 1))
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_NAMED = re.compile(r"\b([0-9A-Z]{4,6}(?:\.[0-9A-Z]{1,2})?) ([A-Z][^;,:(]{3,80})")


def _drawn(text: str, every: int) -> bool:
    return crc32(text.encode()) % every == 0


@cache
def families() -> tuple[tuple[str, ...], ...]:
    """Return the codes of each family that is taken, headings before what is below them."""
    found = []
    for number in _BECOMES:
        for block in cm.get_children(str(number)):
            categories = [code for code in cm.get_descendants(block) if cm.is_category(code)]
            for category in (code for code in categories if _drawn(code, EVERY)):
                leaves = [code for code in (category, *cm.get_descendants(category)) if cm.is_leaf(code)]
                leaves = sorted(leaves, key=lambda code: crc32(code.encode()))[:MOST]
                taken = {a for leaf in leaves for a in cm.get_ancestors(leaf) if len(a) >= 3 and "-" not in a}
                found.append(tuple(sorted({*leaves, *(a for a in taken if a.startswith(category))})))
    return tuple(found)


def _source() -> Iterator[Concept]:
    for number in map(str, _BECOMES):
        yield Concept("icd-10-cm", number, cm.get_description(number), Kind.CHAPTER, None)
    for family in families():
        for code in family:
            parent = cm.get_parent(code)
            terms = tuple(Note(NoteKind.INCLUSION_TERM, term) for term in cm.get_inclusion_term(code))
            leaf = cm.is_leaf(code)
            yield Concept(
                "icd-10-cm",
                code,
                cm.get_description(code),
                Kind.CODE if leaf else Kind.CATEGORY,
                parent if parent in family else cm.get_ancestors(code)[-1],
                billable=leaf,
                notes=terms,
            )


@cache
def _titled(code: str) -> str:
    """The title of the stem of a source, without what says nothing; every other in words of the thesaurus."""
    title = str(cm.get_description(code)).replace(", unspecified", "").replace("Unspecified ", "").lower()
    if _drawn(f"other words {code}", 2):
        for variant, canonical in (pair for pair in synonyms() if pair[1]):
            title = re.sub(rf"\b{re.escape(canonical)}\b", variant, title, count=1)
    return title[:1].upper() + title[1:]


def _stem(code: str, title: str, parent: str | None, *synonyms: str) -> Concept:
    kind = Kind.EXTENSION if code.startswith("X") else Kind.STEM
    entity = str(crc32(code.encode()))
    return Concept(
        "icd-11",
        code,
        title,
        kind,
        parent,
        uri=f"{_MMS}/{entity}",
        foundation_uri=f"{_ENTITY}/{entity}",
        synonyms=tuple(Synonym(text, "inclusion term") for text in synonyms),
    )


def _rest(code: str, of: Concept) -> Concept:
    """A rest class: ``Y`` other specified, ``Z`` unspecified."""
    other = code.endswith("Y")
    title = f"Other specified {of.title[:1].lower()}{of.title[1:]}" if other else f"{of.title}, unspecified"
    uri = f"{of.uri}/{'other' if other else 'unspecified'}"
    return Concept("icd-11", code, title, Kind.STEM, of.code, uri=uri)


@cache
def stems() -> dict[str, str]:
    """Return the stem of each category and subcategory that has one of its own, by its code."""
    named = {code[:4] for code in _named_codes()}
    found: dict[str, str] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for family in families():
        first = _BECOMES[int(cm.get_ancestors(family[0])[-1])]
        while True:
            number = counts[first]
            counts[first] += 1
            stem = f"{first}{_LETTERS[number // 90]}{number % 90 + 10:02d}"
            if stem not in named:
                break
        found[family[0]] = stem
        below = [code for code in family if len(code) == 5 and not _drawn(f"no stem {code}", 3)]
        found.update({code: f"{stem}.{place}" for place, code in enumerate(below[:10])})
    return found


def _named_codes() -> dict[str, str]:
    """The codes that the rule tables name, with their titles where a table says them."""
    tables = (rows.contexts(), rows.companions(), rows.intents(), rows.harm(), rows.external_aspects())
    every = [row for table in (*tables, rows.carriers(), rows.extension_names()) for row in table]
    said = {code: title.strip() for row in every for code, title in _NAMED.findall(row.source)}
    said |= {row.code: row.name[:1].upper() + row.name[1:] for row in reversed(rows.extension_names())}
    codes = [c for row in every for cell in row.named for group in groups_in(cell) for c in group]
    facets = {code: rule.value.replace("-", " ") for rule in facet_rules() for code in rule.extensions}
    return {code: said.get(code, f"Thing {code}") for code in sorted(codes)} | facets


def _target() -> Iterator[Concept]:
    yield from (
        Concept("icd-11", _chapter(first), f"Chapter {first}", Kind.CHAPTER, None) for first in _CHAPTERS
    )
    made = {
        stem: _stem(stem, _titled(code), None, *cm.get_inclusion_term(code)) for code, stem in stems().items()
    }
    for code, title in _named_codes().items():
        made.setdefault(code, _stem(code, title, None))
    for code in [code for code in made if "." in code and code[:4] not in made]:
        made.setdefault(code[:4], _stem(code[:4], f"Group of {made[code].title}", None))
    for code in [code for code in made if len(code) == 4 and not code.startswith("X")]:
        for rest in "YZ":
            made.setdefault(f"{code}.{rest}", _rest(f"{code}.{rest}", made[code]))
    for code in sorted(made):
        concept = made[code]
        parent = code[:4] if "." in code else _chapter(code[0])
        yield Concept(
            "icd-11",
            code,
            concept.title,
            concept.kind,
            parent,
            uri=concept.uri,
            foundation_uri=concept.foundation_uri,
            synonyms=concept.synonyms,
        )


def _chapter(first: str) -> str:
    return first if first in "VX" else f"{_CHAPTERS.index(first) + 1:02d}"


def _tables(target: Iterable[Concept]) -> Iterator[Mapping]:
    by_code = {concept.code: concept for concept in target}
    number = 1
    for code, stem in stems().items():
        number += 1
        if _drawn(f"no row {code}", 7):
            continue
        rest = f"{stem}.Z" if len(stem) == 4 and _drawn(f"rest {code}", 3) else stem
        yield _row(MapTable.TEN_TO_ELEVEN_ONE, number, code, by_code[rest])
        if _drawn(f"several {code}", 4):
            for other in (stem, f"{stem[:4]}.Y"):
                yield _row(MapTable.TEN_TO_ELEVEN_MULTIPLE, number, code, by_code[other])
        yield _row(MapTable.FOUNDATION_TEN_TO_ELEVEN, number, code, by_code[stem])
        back = code[:3] if _drawn(f"back {code}", 3) else code
        yield _back(MapTable.ELEVEN_TO_TEN_ONE, number, by_code[stem], back)
        yield _back(MapTable.FOUNDATION_ELEVEN_TO_TEN, number, by_code[stem], back)


def _row(table: MapTable, number: int, ten: str, to: Concept) -> Mapping:
    entity = to.foundation_uri or ""
    return Mapping(
        table,
        "2025-01",
        number,
        "icd-10",
        "category",
        ten,
        _titled(ten),
        "icd-11",
        TargetKind.CODE,
        to.code,
        to.title,
        target_uri=to.uri,
        target_foundation_uri=entity or None,
    )


def _back(table: MapTable, number: int, of: Concept, ten: str) -> Mapping:
    return Mapping(
        table,
        "2025-01",
        number,
        "icd-11",
        "category",
        of.code,
        of.title,
        "icd-10",
        TargetKind.CODE,
        ten,
        _titled(ten),
        source_uri=of.uri if table is MapTable.ELEVEN_TO_TEN_ONE else of.foundation_uri,
    )


@cache
def made_corpus() -> Corpus:
    """Return all of it."""
    target = tuple(_target())
    return Corpus("2027", tuple(_source()), "2025-01", target, (), tuple(_tables(target)))
