"""A code system that a client sends along with its request (a CodeSystem resource)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from web.fhir.systems.supplements import Supplements, declared_in, designations_of, properties_of
from web.fhir.systems.system import AskedSystem, Concept

Json = dict[str, Any]
_PROPERTIES = "http://hl7.org/fhir/concept-properties#"
STANDARDS_STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
_INACTIVE = ("inactive", "retired", "withdrawn")


class SuppliedSystem(AskedSystem):
    """A CodeSystem resource, its concepts by code. ``supplements`` add designations and properties."""

    def __init__(self, resource: Json, supplements: Sequence[Json] = ()) -> None:
        self.resource = resource
        self.url = resource.get("url", "")
        self.version = resource.get("version")
        self.name = resource.get("name") or self.url
        self.title = resource.get("title") or self.name
        self.content = resource.get("content", "complete")
        self.status = resource.get("status", "active")
        self.experimental = bool(resource.get("experimental"))
        self.standards_status = standards_status(resource)
        self.case_sensitive = bool(resource.get("caseSensitive", True))
        self.language = resource.get("language")
        added = Supplements(supplements)
        self.supplements = added.names
        self._declared = _declared(resource, *supplements)
        self._codes = {uri: code for code, (uri, _) in self._declared.items() if uri}
        own, _ = self._declared.get("status", (None, ""))
        self._status_code = self._named("status") if own in (None, f"{_PROPERTIES}status") else ""
        self._concepts: dict[str, Concept] = {}
        self._children: dict[str, list[str]] = {}
        self._folded: dict[str, str] = {}
        self._gather(resource.get("concept", ()), None)
        self._link_parents()
        if supplements:
            self._concepts = {code: added.added_to(concept) for code, concept in self._concepts.items()}
        self._ancestors: dict[str, frozenset[str]] = {}
        self.hierarchical = bool(self._children)

    def find(self, code: str) -> Concept | None:
        """Find a code exactly, or in any case where the system says case does not matter."""
        found = self._concepts.get(code)
        if found is None and not self.case_sensitive:
            found = self._concepts.get(self._folded.get(code.casefold(), ""))
        return found

    def detail(self, concept: Concept) -> Concept:
        """Everything is known already."""
        return concept

    def walk(self) -> Iterator[Concept]:
        """Yield the concepts as the resource lists them."""
        return iter(self._concepts.values())

    def children(self, concept: Concept) -> Sequence[Concept]:
        """Return the concepts below one, by nesting or by parent and child properties."""
        return [self._concepts[c] for c in self._children.get(concept.code, ()) if c in self._concepts]

    def is_a(self, concept: Concept, ancestor: Concept) -> bool:
        """Follow all parents."""
        return concept.code == ancestor.code or ancestor.code in self._above(concept.code)

    def declared(self) -> Mapping[str, tuple[str | None, str]]:
        """Return the properties the resource declares, and those everyone knows."""
        return self._declared

    def _above(self, code: str) -> frozenset[str]:
        known = self._ancestors.get(code)
        if known is None:
            self._ancestors[code] = frozenset()  # ends a cycle
            parents = self._concepts[code].parents if code in self._concepts else ()
            known = frozenset(parents).union(*(self._above(p) for p in parents))
            self._ancestors[code] = known
        return known

    def _gather(self, concepts: Iterable[Json], parent: str | None) -> None:
        for raw in concepts:
            code = raw.get("code")
            if not isinstance(code, str):
                continue
            self._concepts[code] = self._concept(raw, code, parent)
            self._folded.setdefault(code.casefold(), code)
            if parent is not None:
                self._children.setdefault(parent, []).append(code)
            self._gather(raw.get("concept", ()), code)

    def _concept(self, raw: Json, code: str, parent: str | None) -> Concept:
        properties = tuple(properties_of(raw))
        by_code: dict[str, str] = {p.code: p.text for p in properties}
        status = by_code.get(self._status_code) or standards_status(raw)
        inactive = by_code.get(self._named("inactive")) == "true" or status in _INACTIVE
        return Concept(
            code,
            raw.get("display"),
            () if parent is None else (parent,),
            raw.get("definition"),
            by_code.get(self._named("notSelectable"), "").lower() == "true",
            inactive,
            status,
            tuple(designations_of(raw)),
            properties,
            tuple(raw.get("extension", ())),
        )

    def _named(self, prop: str) -> str:
        """Return what this system calls one of FHIR's concept properties."""
        return self._codes.get(_PROPERTIES + prop, prop)

    def _link_parents(self) -> None:
        """Read parent and child properties, the other way of stating a hierarchy."""
        parent_code, child_code = self._named("parent"), self._named("child")
        links: list[tuple[str, str]] = []
        for concept in self._concepts.values():
            for p in concept.properties:
                if p.code == parent_code:
                    links.append((p.text, concept.code))
                elif p.code == child_code:
                    links.append((concept.code, p.text))
        for parent, code in dict.fromkeys(links):
            child = self._concepts.get(code)
            if child is not None and parent in self._concepts and parent not in child.parents:
                self._concepts[code] = child._replace(parents=(*child.parents, parent))
                self._children.setdefault(parent, []).append(code)


def standards_status(resource: Json) -> str | None:
    """Return the standards status extension of an element, e.g. ``deprecated``."""
    for extension in resource.get("extension", ()):
        if extension.get("url") == STANDARDS_STATUS:
            found: str | None = extension.get("valueCode")
            return found
    return None


def _declared(*resources: Json) -> dict[str, tuple[str | None, str]]:
    found = declared_in(*resources)
    for code, kind in (("status", "code"), ("inactive", "boolean"), ("notSelectable", "boolean")):
        uri = _PROPERTIES + code
        if code not in found and all(known != uri for known, _ in found.values()):
            found[code] = (uri, kind)
    return found
