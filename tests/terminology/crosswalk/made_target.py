"""The targets of the made classification, no ICD-11: a stem for most of its sources, titled as they are.

There are stems for categories, subcategories, and a few of what is below them; blocks around the categories;
rest classes; and what the rule tables name, with the groups that ``axes.tsv`` speaks of.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from zlib import crc32

import simple_icd_10_cm as cm

from terminology.cluster import groups_in
from terminology.concept import Concept, Kind, PostcoordinationAxis, Synonym
from terminology.crosswalk.read.facets import facet_rules
from terminology.crosswalk.read.lexicon import synonyms
from terminology.crosswalk.tables import rows
from tests.terminology.crosswalk.made_sources import BECOMES, drawn, families

MMS = "http://id.who.int/icd/release/11/mms"
ENTITY = "http://id.who.int/icd/entity"
_CHAPTERS = "123456789ABCDEFGHJKLMNPQRSVX"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_NAMED = re.compile(r"\b([0-9A-Z]{4,6}(?:\.[0-9A-Z]{1,2})?) ([A-Z][^;,:(]{3,80})")
_OF_GROUP = re.compile(r"ICD-11 ([0-9A-Z]{4}(?:\.[0-9A-Z]{1,2})?)[^:]*: ([^;,]+)")

#: Families that become a group of ``axes.tsv``: what followed a stroke, histories.
_OF_GROUPS = {"I69": "8B25", "Z86": "QC4Y"}
_OBJECT = "XE00"
_OBJECTS = "Objects, living things or substances involved in causing injury"
_THINGS = (
    *("Dog", "Certain insects", "Other reptile", "Hot food", "Shark", "Knife, sword or dagger", "Lawn mower"),
    *("Soft ball", "Skate blades", "Shoe cleats", "Stiff paper or edge", "Foot wear", "Bicycle", "Machine"),
)


@cache
def titled(code: str) -> str:
    """The title of the stem of a source, without what says nothing; every other in words of the thesaurus."""
    title = str(cm.get_description(code)).replace(", unspecified", "").replace("Unspecified ", "").lower()
    if drawn(f"other words {code}", 2):
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
        uri=f"{MMS}/{entity}",
        foundation_uri=f"{ENTITY}/{entity}",
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
        first = BECOMES[int(cm.get_ancestors(family[0])[-1])]
        stem = _OF_GROUPS.get(family[0], "")
        while not stem or stem in named - {*_OF_GROUPS.values()}:
            number = counts[first]
            counts[first] += 1
            stem = f"{first}{_LETTERS[number // 90]}{number % 90 + 10:02d}"
        found[family[0]] = stem
        if stem.endswith("Y"):
            continue
        below = [code for code in family if len(code) == 5 and not drawn(f"no stem {code}", 3)]
        found.update({code: f"{stem}.{place}" for place, code in enumerate(below[:10])})
        lowest = [
            code for code in family if len(code) == 6 and code[:5] in found and drawn(f"kind {code}", 3)
        ]
        found.update({code: f"{found[code[:5]]}{place}" for place, code in enumerate(lowest[:10])})
    return found


@cache
def groups() -> dict[str, str]:
    """Return the stems that ``axes.tsv`` speaks of by their code, titled by what it says of them."""
    return {code: title for row in rows.axes() for code, title in _OF_GROUP.findall(row.source)}


def _named_codes() -> dict[str, str]:
    """The codes that the rule tables name, with their titles where a table says them."""
    tables = (rows.contexts(), rows.companions(), rows.intents(), rows.harm(), rows.external_aspects())
    every = [row for table in (*tables, rows.carriers(), rows.extension_names()) for row in table]
    said = {code: title.strip() for row in every for code, title in _NAMED.findall(row.source)}
    said |= {row.code: row.name[:1].upper() + row.name[1:] for row in reversed(rows.extension_names())}
    codes = [c for row in every for cell in row.named for group in groups_in(cell) for c in group]
    said |= {code: title[:1].upper() + title[1:] for code, title in groups().items()}
    facets = {code: rule.value.replace("-", " ") for rule in facet_rules() for code in rule.extensions}
    return {code: said.get(code, f"Thing {code}") for code in sorted({*codes, *groups()})} | facets


def targets() -> Iterator[Concept]:
    """Yield the chapters, the blocks, the stems with their rest classes, and the extension codes."""
    for first in _CHAPTERS:
        yield Concept("icd-11", _chapter(first), f"Chapter {first}", Kind.CHAPTER, None)
    blocks = _blocks()
    made = {
        stem: _stem(stem, _headed(code), None, *cm.get_inclusion_term(code)) for code, stem in stems().items()
    }
    things = {_OBJECT: _OBJECTS} | {f"{_OBJECT}.{number}": thing for number, thing in enumerate(_THINGS)}
    for code, title in (_named_codes() | things).items():
        made.setdefault(code, _stem(code, title, None))
    for code in [code for code in made if "." in code and code[:4] not in made]:
        made.setdefault(code[:4], _stem(code[:4], f"Group of {made[code].title}", None))
    heads = [
        code for code in made if len(code) in (4, 6) and not code.startswith("X") and code[-1] not in "YZ"
    ]
    divided = {code[:-1] for code in made if len(code) == 7}
    for code in [code for code in heads if len(code) == 4 or code in divided]:
        for rest in _rests(code):
            separator = "." if len(code) == 4 else ""
            made.setdefault(f"{code}{separator}{rest}", _rest(f"{code}{separator}{rest}", made[code]))
    for block in blocks.values():
        yield block
        rests = (f"{block.code.removeprefix('Block')}0{letter}" for letter in "YZ")
        yield from (_rest(code, block) for code in rests if code not in made)
    wider = _wider({code: stem.title for code, stem in made.items() if code.startswith("X")})
    for code in sorted(made):
        yield replace(made[code], parent=_parent(code, blocks, wider), axes=_axes(code))


def _headed(code: str) -> str:
    """The title of the stem of a source; some headings are of certain ones."""
    return f"Certain specified {titled(code).lower()}" if drawn(f"certain {code}", 20) else titled(code)


def _rests(code: str) -> str:
    """The letters of the rest classes of a heading: both of most, one or none of some."""
    return "" if drawn(f"no rest {code}", 7) else "Y" if drawn(f"other rest {code}", 9) else "YZ"


def _axes(code: str) -> tuple[PostcoordinationAxis, ...]:
    """The axes of a stem: of most nothing is stated, of some that they take the left side alone."""
    if code.startswith("X") or not drawn(f"axes {code}", 9):
        return ()
    left = f"{ENTITY}/{crc32(b'XK8G')}"
    return (PostcoordinationAxis("laterality", False, "NotAllowed", (left,)),)


def _parent(code: str, blocks: dict[str, Concept], wider: dict[str, str]) -> str:
    if code.startswith("X"):
        return wider.get(code, _OBJECT if code.startswith(f"{_OBJECT}.") else "X")
    if "." in code:
        return code[:6] if len(code) == 7 and code[:6] in set(stems().values()) else code[:4]
    block = blocks.get(code[:2])
    return block.code if block is not None and code in set(stems().values()) else _chapter(code[0])


def _wider(extensions: dict[str, str]) -> dict[str, str]:
    """The extension code above each that says words of its title alone: a knee above a joint of knee."""
    words = {code: frozenset(title.lower().split()) for code, title in extensions.items()}
    above = {
        code: [c for c, some in words.items() if some < mine and c[:2] == code[:2]]
        for code, mine in words.items()
    }
    return {code: max(some, key=lambda c: (len(words[c]), c)) for code, some in above.items() if some}


@cache
def _blocks() -> dict[str, Concept]:
    """The blocks around the categories of most letters, titled as the block of their first category."""
    found: dict[str, Concept] = {}
    for code, stem in stems().items():
        if len(stem) == 4 and not drawn(f"no block {stem[:2]}", 3) and stem[:2] not in found:
            block = next(above for above in cm.get_ancestors(code) if "-" in above)
            title = re.sub(r" \([A-Z0-9]+-[A-Z0-9]+\)$", "", cm.get_description(block))
            entity = f"{ENTITY}/{crc32(stem[:2].encode())}"
            found[stem[:2]] = Concept(
                "icd-11",
                f"Block{stem[:2]}",
                title,
                Kind.BLOCK,
                _chapter(stem[0]),
                uri=f"{MMS}/{crc32(stem[:2].encode())}",
                foundation_uri=entity,
            )
    return found


def _chapter(first: str) -> str:
    return first if first in "VX" else f"{_CHAPTERS.index(first) + 1:02d}"
