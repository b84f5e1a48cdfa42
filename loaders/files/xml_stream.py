"""XML release files: read element by element, in constant memory, trusting nothing.

A document that declares a document type is refused whatever is in it: no publisher's file has one, and it
is the only way to entities, external files and expansion attacks. The parser would in any case load no
DTD, open no network connection, resolve no entity and keep libxml2's limits on depth and text size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from lxml import etree

from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from terminology.untrusted import XML_OPTIONS

_LIMITS = (etree.ErrorTypes.ERR_ENTITY_LOOP, etree.ErrorTypes.ERR_RESOURCE_LIMIT)


def read_elements(file: BinaryIO, path: str, *, root: str, tags: Sequence[str]) -> Iterator[etree._Element]:
    """Yield the elements named in ``tags``, each complete, in the order in which they end.

    ``root`` is the name the document's root element must have. What a yielded element holds is thrown away
    when the next one is asked for, so keep what you need of it; earlier siblings that are not in ``tags``
    (a title, a heading) stay readable through its parent.

    Raises :class:`ReleaseFormatError` with the line for malformed XML or another root element, and
    :class:`UnsafeArchiveError` for a document type declaration or a document beyond the parser's limits.
    """
    context = etree.iterparse(
        file,
        events=("start", "end"),
        tag=(root, *tags),
        **XML_OPTIONS,
    )
    checked = False
    try:
        for event, element in context:
            if not checked:
                checked = True
                _check_document(element.getroottree(), path, root)
            if event == "end" and element.tag != root:
                yield element
                _forget(element)
    except etree.XMLSyntaxError as error:
        reason = str(error.msg).partition(", line ")[0]
        if getattr(error, "code", None) in _LIMITS:
            raise UnsafeArchiveError(path, reason) from None
        raise ReleaseFormatError(path, error.lineno or None, "well-formed XML", reason) from None
    if not checked:
        _check_document(context.root.getroottree(), path, root)


def text_of(element: etree._Element) -> str:
    """Return all text inside an element, white space folded."""
    return " ".join("".join(str(text) for text in element.itertext()).split())


def line_of(element: etree._Element) -> int | None:
    """Return the line of the source on which an element begins."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def _check_document(tree: etree._ElementTree, path: str, root: str) -> None:
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise UnsafeArchiveError(path, "the document declares a document type (DTD); release files have none")
    found = tree.getroot()
    if found.tag != root:
        raise ReleaseFormatError(path, line_of(found), f"root element <{root}>", f"<{found.tag}>")


def _forget(element: etree._Element) -> None:
    element.clear()
    before = element.getprevious()
    parent = element.getparent()
    if before is not None and parent is not None and before.tag == element.tag:
        parent.remove(before)
