"""Instructional notes laid out as the Tabular List prints them, with the codes they name as links."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.systems import ICD10CM
from web.pages.parts.frame import code_url
from web.pages.parts.words import NOTES

_CODE = re.compile(r"\b([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)(?![0-9A-Za-z])")


def note_blocks(store: Store, concept: ConceptRecord) -> list[dict[str, Any]]:
    """Return ``kind, label, meaning, items`` of each kind of note; an item has ``text`` and ``level``.

    An item that ends in a colon leads those after it, which stand one level deeper.
    """
    blocks = []
    for kind, (label, meaning) in NOTES.items():
        texts = concept.notes.get(kind, ())
        if not texts:
            continue
        items, level = [], 0
        for text in texts:
            leads = text.rstrip().endswith(":")
            items.append(
                {"text": linked(store, concept, _after(label, text)), "level": 0 if leads else level}
            )
            level = 1 if leads else level
        blocks.append({"kind": kind, "label": label, "meaning": meaning, "items": items})
    return blocks


def _after(label: str, text: str) -> str:
    """A note's text as it is read after its label: "Use additional code" is not followed by "code"."""
    return text[5:] if label.endswith("code") and text.startswith("code ") else text


def linked(store: Store, concept: ConceptRecord, text: str) -> Markup:
    """Return a note's text with every ICD-10-CM code that its release holds as a link."""
    if concept.system != ICD10CM.id:
        return escape(text)
    parts, at = [], 0
    for match in _CODE.finditer(text):
        if store.has(concept.system, match[1], concept.release):
            url = code_url(concept.system, match[1], concept.release)
            parts += [escape(text[at : match.start()]), Markup('<a href="{}">{}</a>').format(url, match[1])]
            at = match.end()
    return Markup("").join([*parts, escape(text[at:])])
