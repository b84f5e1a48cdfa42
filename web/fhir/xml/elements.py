"""The elements of FHIR's types, in the order of their XML form (``elements.tsv``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from terminology.rule_tables import read_rules
from web.fhir.fhir_release import FhirRelease

NAMESPACE = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"
#: Of a kind that JSON writes as a text, and of a resource of any type.
TEXT, RESOURCE = "text", "Resource"
_NUMBERS = ("Integer", "PositiveInt", "UnsignedInt")
_CHOICE = "[x]"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a type.

    ``kind`` is a complex type, ``Resource``, or ``text``, ``boolean``, ``integer``, ``decimal`` or ``xhtml``;
    ``many``: it may repeat.
    """

    kind: str
    many: bool = False


class ElementType:
    """The elements of one type in one release."""

    def __init__(self, release: str, words: tuple[str, ...], *, of_resource: bool) -> None:
        self._release = release
        self._fixed: dict[str, Element] = dict(_HEAD if of_resource else _HEAD_OF_DATATYPE)
        self._place = {name: number for number, name in enumerate(self._fixed)}
        self._choices: list[str] = []
        for number, word in enumerate(words, len(self._place)):
            name, _, kind = word.removesuffix("*").partition(":")
            if name.endswith(_CHOICE):
                name = name.removesuffix(_CHOICE)
                self._choices.append(name)
            else:
                self._fixed[name] = Element(kind or TEXT, word.endswith("*"))
            self._place[name] = number

    def element(self, name: str) -> Element | None:
        """Return an element by its name, ``valueString`` of ``value[x]`` too; ``None`` if there is none."""
        found = self._fixed.get(name)
        if found is not None:
            return found
        choice = self._choice(name)
        return None if choice is None else Element(self._kind(name.removeprefix(choice)))

    def place(self, name: str) -> int:
        """Return where an element stands among the others; those that there are not stand last."""
        found = self._place.get(name)
        if found is None:
            choice = self._choice(name)
            found = len(self._place) if choice is None else self._place[choice]
        return found

    def _choice(self, name: str) -> str | None:
        return next(
            (c for c in self._choices if name.startswith(c) and name[len(c) : len(c) + 1].isupper()), None
        )

    def _kind(self, suffix: str) -> str:
        if suffix in _NUMBERS:
            return "integer"
        if suffix in ("Boolean", "Decimal"):
            return suffix.lower()
        return suffix if element_type(self._release, suffix) is not None else TEXT


_HEAD_OF_DATATYPE = {"extension": Element("Extension", True), "modifierExtension": Element("Extension", True)}
_HEAD = {
    "id": Element(TEXT),
    "meta": Element("Meta"),
    "implicitRules": Element(TEXT),
    "language": Element(TEXT),
    "text": Element("Narrative"),
    "contained": Element(RESOURCE, True),
    **_HEAD_OF_DATATYPE,
}


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A row of the table."""

    type: str
    releases: tuple[str, ...]
    elements: tuple[str, ...]


def element_types() -> tuple[TypeRow, ...]:
    """Return the rows of the table."""
    return read_rules("web.fhir.xml", "elements.tsv", TypeRow)


@cache
def any_type(release: str) -> ElementType:
    """Return the type that all others are; it has extensions alone."""
    return ElementType(release, (), of_resource=False)


@cache
def element_type(release: str, name: str) -> ElementType | None:
    """Return a type of a release (``r4``, ``r5``) by its name, e.g. ``ValueSetExpansionContains``."""
    words = _words(release).get(name)
    return None if words is None else ElementType(release, words, of_resource=name in RESOURCES)


@cache
def _words(release: str) -> Mapping[str, tuple[str, ...]]:
    return {row.type: row.elements for row in element_types() if release in row.releases}


#: The types of resources whose elements the table has.
RESOURCES = (
    "Bundle",
    "CapabilityStatement",
    "CodeSystem",
    "ConceptMap",
    "NamingSystem",
    "OperationOutcome",
    "Parameters",
    "TerminologyCapabilities",
    "ValueSet",
)


def resource_type(fhir: FhirRelease, name: str) -> ElementType | None:
    """Return a type of resource; ``None`` for one that the table has not."""
    return element_type(fhir.id, name) if name in RESOURCES else None
