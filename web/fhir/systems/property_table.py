"""The properties our code systems declare (``properties.tsv``) and what notes are called among them."""

from __future__ import annotations

import csv
from importlib.resources import files

from terminology.concept import NoteKind

#: What every server calls these (FHIR, "Known concept properties").
_KNOWN = {"notSelectable", "inactive"}
_FHIR = "http://hl7.org/fhir/concept-properties#"

NOTE_PROPERTIES = {
    NoteKind.INCLUDES.value: "includes",
    NoteKind.INCLUSION_TERM.value: "inclusion-term",
    NoteKind.EXCLUDES1.value: "excludes1",
    NoteKind.EXCLUDES2.value: "excludes2",
    NoteKind.EXCLUDES.value: "excludes",
    NoteKind.CODE_FIRST.value: "code-first",
    NoteKind.USE_ADDITIONAL.value: "use-additional",
    NoteKind.CODE_ALSO.value: "code-also",
    NoteKind.CODING_NOTE.value: "coding-note",
}


def _read() -> list[dict[str, str]]:
    text = (files(__package__) / "properties.tsv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


TABLE = _read()
#: Uri (of FHIR's own properties) and type of each property by its code.
DECLARED: dict[str, tuple[str | None, str]] = {
    row["code"]: (_FHIR + row["code"] if row["code"] in _KNOWN else None, row["type"]) for row in TABLE
}
