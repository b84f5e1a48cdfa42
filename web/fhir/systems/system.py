"""A code system that can be asked: what $lookup, $validate-code, $subsumes and $expand need of one.

Two kinds answer: releases in the bundle (``bundle_system``) and resources sent along with a request
(``supplied_system``). Everything else in this package speaks to this interface and knows neither.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import re2

from web.fhir.outcome import Issue, issue, refuse

Json = dict[str, Any]

#: Filter operators that are answered (FHIR value set ``filter-operator``).
OPERATORS = (
    "=",
    "is-a",
    "descendent-of",
    "is-not-a",
    "in",
    "not-in",
    "regex",
    "exists",
    "generalizes",
    "child-of",
    "descendent-leaf",
)
#: RE2 takes time linear to the text for any pattern: no pattern of a client can hold the server up.
_QUIET = re2.Options()
_QUIET.log_errors = False
_HIERARCHY = ("concept", "code", "parent", "child", "ancestor")


class Designation(NamedTuple):
    """Another name of a concept. ``use`` is a Coding, ``source`` the supplement it is from."""

    value: str
    language: str | None = None
    use: Json | None = None
    extensions: tuple[Json, ...] = ()
    source: str | None = None


class Property(NamedTuple):
    """A property of a concept; ``type`` is the end of its FHIR element: ``Code``, ``String`` ..."""

    code: str
    type: str
    value: Any
    description: str | None = None

    @property
    def text(self) -> str:
        """The value as filters compare it."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return str(self.value.get("code", "")) if isinstance(self.value, dict) else str(self.value)


class Concept(NamedTuple):
    """A concept as answers need it. ``parents`` are codes; ``token`` is what its system knows it by.

    ``normal``: how the system itself writes the code, where ``code`` is another way that it accepts.
    """

    code: str
    display: str | None
    parents: tuple[str, ...] = ()
    definition: str | None = None
    abstract: bool = False
    inactive: bool = False
    status: str | None = None
    designations: tuple[Designation, ...] = ()
    properties: tuple[Property, ...] = ()
    extensions: tuple[Json, ...] = ()
    remarks: tuple[Issue, ...] = ()
    normal: str | None = None
    token: Any = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a value set's include; ``valueset`` and ``place`` are for messages about it."""

    property: str
    op: str
    value: str
    valueset: str = ""
    place: str = "ValueSet.compose.include[0].filter[0]"


class AskedSystem(ABC):
    """One version of one code system."""

    url: str
    version: str | None
    name: str
    title: str
    content: str = "complete"
    status: str = "active"
    supplements: Sequence[str] = ()
    experimental: bool = False
    standards_status: str | None = None
    case_sensitive: bool = True
    language: str | None = None
    hierarchical: bool = True

    @property
    def canonical(self) -> str:
        """``url|version``."""
        return f"{self.url}|{self.version}" if self.version else self.url

    @abstractmethod
    def find(self, code: str) -> Concept | None:
        """Return a concept by its code, with as little read as will do; its own spelling of the code."""

    def find_written(self, code: str) -> Concept | None:
        """Return a concept by its code as people write it; the concept has the system's own spelling."""
        return self.find(code)

    @abstractmethod
    def detail(self, concept: Concept) -> Concept:
        """Return a found concept with its definition, designations and properties."""

    @abstractmethod
    def walk(self) -> Iterator[Concept]:
        """Yield all concepts in the publisher's order, parents before children."""

    @abstractmethod
    def children(self, concept: Concept) -> Sequence[Concept]:
        """Return the concepts directly below one."""

    @abstractmethod
    def is_a(self, concept: Concept, ancestor: Concept) -> bool:
        """Return whether a concept is another or lies below it."""

    @abstractmethod
    def declared(self) -> Mapping[str, tuple[str | None, str]]:
        """Return the uri and type (``code``, ``string`` ...) of each declared property by its code."""

    def display_of(self, code: str) -> str | None:
        """Return the display of a code."""
        found = self.find(code)
        return found.display if found else None

    def identity(self, concept: Concept) -> str:
        """Return the code by which the system itself says what a concept says."""
        return concept.normal or concept.code

    def below(self, ancestor: Concept) -> Iterable[Concept]:
        """Return a concept and everything below it, in order."""
        return (c for c in self.walk() if self.is_a(c, ancestor))

    def why_not(self, code: str, expression: str | None) -> Issue | None:
        """Return what is wrong with a code that was not found, if more can be said than that."""
        return None

    def hint(self, code: str) -> str | None:
        """Return advice on a code that was not found."""
        return None

    def values(self, concept: Concept, prop: str) -> list[str]:
        """Return the values of a property as text."""
        if prop in ("concept", "code"):
            return [concept.code]
        if prop == "display":
            return [concept.display] if concept.display else []
        if prop == "parent":
            return list(concept.parents)
        if prop == "child":
            return [c.code for c in self.children(concept)]
        full = self.detail(concept)
        if prop == "definition":
            return [full.definition] if full.definition else []
        return [p.text for p in full.properties if p.code == prop]

    def select(self, filters: Sequence[Filter]) -> Iterable[Concept]:
        """Return the concepts that pass all filters, in order."""
        tests = [self.test(f) for f in filters]
        return (c for c in self._candidates(filters) if all(t(c) for t in tests))

    def test(self, wanted: Filter) -> Test:
        """Return a filter as a test; raises :class:`FhirError` when it cannot be understood."""
        if wanted.value == "":
            raise refuse(
                422,
                "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE",
                wanted.place,
                system=self.url,
                property=wanted.property,
                op=wanted.op,
            )
        known = (
            wanted.property in (*_HIERARCHY, "display", "definition") or wanted.property in self.declared()
        )
        if wanted.op not in OPERATORS or not known:
            raise refuse(
                422,
                "FILTER_NOT_UNDERSTOOD",
                wanted.place,
                property=wanted.property,
                op=wanted.op,
                value=wanted.value,
                valueset=wanted.valueset,
                system=self.url,
            )
        return Test(self, wanted)

    def _candidates(self, filters: Sequence[Filter]) -> Iterable[Concept]:
        for wanted in filters:
            if wanted.op in ("is-a", "descendent-of", "descendent-leaf", "child-of"):
                root = self.find(wanted.value)
                return () if root is None else self.below(root)
        return self.walk()


class Test:
    """A filter made ready to be put to many concepts."""

    def __init__(self, system: AskedSystem, wanted: Filter) -> None:
        self._system, self._wanted = system, wanted
        self._root = (
            system.find(wanted.value) if wanted.op not in ("regex", "exists", "in", "not-in") else None
        )
        self._values = {v.strip() for v in wanted.value.split(",")}
        self._pattern: Any = None
        if wanted.op == "regex":
            try:
                self._pattern = re2.compile(wanted.value, _QUIET)
            except re2.error as fault:
                raise refuse(
                    422,
                    "INVALID_REGEX",
                    wanted.place,
                    property=wanted.property,
                    value=wanted.value,
                    reason=_said(fault),
                ) from fault

    def __call__(self, concept: Concept) -> bool:
        """Return whether a concept passes."""
        op, system, root = self._wanted.op, self._system, self._root
        if op == "is-a":
            return root is not None and system.is_a(concept, root)
        if op == "is-not-a":
            return root is None or not system.is_a(concept, root)
        if op == "descendent-of":
            return root is not None and system.is_a(concept, root) and not system.is_a(root, concept)
        if op == "descendent-leaf":
            below = root is not None and system.is_a(concept, root)
            return below and not system.children(concept)
        if op == "child-of":
            return root is not None and root.code in concept.parents
        if op == "generalizes":
            return root is not None and system.is_a(root, concept)
        values = system.values(concept, self._wanted.property)
        if op == "exists":
            return bool(values) == (self._wanted.value.lower() == "true")
        if op == "regex":
            return self._pattern is not None and any(self._pattern.fullmatch(v) for v in values)
        if op == "not-in":
            return not self._values.intersection(values)
        if op == "in":
            return bool(self._values.intersection(values))
        if self._wanted.property in ("concept", "code"):
            return root is not None and root.code == concept.code
        return self._wanted.value in values


def unknown_code(system: AskedSystem, code: str) -> Issue:
    """Return why a system has not a code that was asked for; what may be meant stands in ``diagnostics``."""
    return system.why_not(code, None) or issue(
        "LOOKUP_UNKNOWN_CODE",
        diagnostics=system.hint(code),
        code=code,
        system=system.url,
        version=system.version or "",
    )


def _said(fault: Exception) -> str:
    reason = fault.args[0] if fault.args else fault
    return reason.decode() if isinstance(reason, bytes) else str(reason)
