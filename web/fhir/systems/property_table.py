"""The properties our code systems declare (``properties.tsv``) and what notes are called among them."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.concept import NoteKind
from terminology.rule_tables import read_rules

#: What every server calls these (FHIR, "Known concept properties").
_KNOWN = {"notSelectable", "inactive", "effectiveDate", "deprecationDate"}
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


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property: its code, FHIR type and what it says of a concept."""

    code: str
    type: str
    description: str


TABLE = read_rules("web.fhir.systems", "properties.tsv", PropertyRow)
#: Uri (of FHIR's own properties) and type of each property by its code.
DECLARED: dict[str, tuple[str | None, str]] = {
    row.code: (_FHIR + row.code if row.code in _KNOWN else None, row.type) for row in TABLE
}
