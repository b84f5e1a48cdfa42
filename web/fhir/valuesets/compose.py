"""What a value set's definition contains: its concepts in order, or whether one code is among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from web.fhir.outcome import FhirError, issue, refuse
from web.fhir.parameters import canonical
from web.fhir.registry import Registry
from web.fhir.systems.supplements import designations_of
from web.fhir.systems.system import AskedSystem, Concept, Designation
from web.fhir.systems.versions import VersionRules, fits, listed
from web.fhir.valuesets.definition import filters_of

Json = dict[str, Any]


class Entry(NamedTuple):
    """One concept in a value set, with what the value set itself says of it."""

    system: AskedSystem
    concept: Concept
    display: str | None = None
    designations: tuple[Designation, ...] = ()
    extensions: tuple[Json, ...] = ()

    @property
    def key(self) -> tuple[str, str | None, str]:
        """What makes it the same concept as another."""
        return (self.system.url, self.system.version, self.concept.code)


@dataclass(slots=True)
class Used:
    """What an evaluation made use of, for the parameters of an expansion."""

    systems: dict[str, AskedSystem]
    valuesets: dict[str, Json]
    rules: dict[tuple[str, str], str]
    enumerated: bool = False
    versions_matched: bool = False


class Composition:
    """Evaluates definitions against a registry.

    ``rules`` set versions from outside; ``prefer`` gives the version of a system that an include means when
    it states none, or only a pattern that this version fits. ``versions_match`` says whether an exclude of
    a version that no include names takes the code out of the others; unless that is denied it does.
    """

    def __init__(
        self,
        registry: Registry,
        rules: VersionRules,
        prefer: Mapping[str, str | None] | None = None,
        *,
        versions_match: bool | None = None,
        expanding: bool = False,
    ) -> None:
        self.registry, self.rules, self._prefer = registry, rules, prefer or {}
        self._versions_match, self._expanding = versions_match is not False, expanding
        self.used = Used({}, {}, {})
        self._path: list[str] = []

    def entries(self, valueset: Json) -> list[Entry]:
        """Return the concepts of a value set in the order of its definition, each once.

        Raises :class:`FhirError` when a code system or value set it builds on is unknown.
        """
        with _Entered(self, valueset):
            if "compose" not in valueset and "expansion" in valueset:
                return list(self._expanded(valueset["expansion"].get("contains", ())))
            compose = valueset.get("compose", {})
            found: dict[tuple[str, str | None, str], Entry] = {}
            for number, include in enumerate(compose.get("include", ())):
                for entry in self._of(include, valueset, f"include[{number}]"):
                    if not (compose.get("inactive") is False and entry.concept.inactive):
                        found.setdefault(entry.key, entry)
            self._take_out(found, valueset)
            return list(found.values())

    def _take_out(self, found: dict[tuple[str, str | None, str], Entry], valueset: Json) -> None:
        """Take out what the excludes name."""
        here: dict[str, set[str | None]] = {}
        for entry in found.values():
            here.setdefault(entry.system.url, set()).add(entry.system.version)
        for number, exclude in enumerate(valueset.get("compose", {}).get("exclude", ())):
            if "system" in exclude and exclude["system"] not in here:
                continue
            for entry in self._of(exclude, valueset, f"exclude[{number}]"):
                included = here.get(entry.system.url, set())
                found.pop(entry.key, None)
                if self._versions_match and entry.system.version not in included:
                    self.used.versions_matched |= bool(included)
                    for version in included:
                        found.pop((entry.system.url, version, entry.concept.code), None)

    def member(self, valueset: Json, system: AskedSystem, concept: Concept) -> Entry | None:
        """Return the entry of a concept in a value set, inactive or not; ``None`` when it is not in it."""
        with _Entered(self, valueset):
            if "compose" not in valueset and "expansion" in valueset:
                listed_here = self._expanded(valueset["expansion"].get("contains", ()))
                return next((e for e in listed_here if _same(e, system, concept)), None)
            compose = valueset.get("compose", {})
            found = self._included(compose.get("include", ()), valueset, system, concept)
            if found is None:
                return None
            for number, exclude in enumerate(compose.get("exclude", ())):
                if self._in(exclude, valueset, f"exclude[{number}]", system, concept) is not None:
                    return None
            return found

    def _included(
        self, includes: Sequence[Json], valueset: Json, system: AskedSystem, concept: Concept
    ) -> Entry | None:
        """Return the entry of the first include that has a concept, one of the same version first."""
        first = None
        for number, include in enumerate(includes):
            found = self._in(include, valueset, f"include[{number}]", system, concept)
            if found is not None and found.system.version == system.version:
                return found
            first = first or found
        return first

    def resolve(self, include: Json) -> AskedSystem:
        """Return the code system version an include means; raises when it is unknown."""
        url = include["system"]
        pinned = self.rules.pin(url, include.get("version"))
        if pinned.by not in (None, "include") and pinned.pattern:
            self.used.rules[pinned.by, url] = pinned.pattern
        pattern, preferred = pinned.pattern, self._prefer.get(url)
        if preferred and (pattern is None or pinned.by != "include" or fits(preferred, pattern)):
            pattern = preferred
        system = self.registry.system(url, pattern)
        if system is None:
            known = self.registry.versions(url)
            if not known or pinned.pattern is None:
                raise refuse(422, "UNKNOWN_CODESYSTEM_EXP", system=url)
            raise refuse(
                422,
                "UNKNOWN_CODESYSTEM_VERSION_EXP",
                system=url,
                version=pinned.pattern,
                known=listed(known),
            )
        wrong = self.rules.violated(url, system.version)
        if wrong:
            raise refuse(422, "VALUESET_VERSION_CHECK", system=url, version=system.version, required=wrong)
        self.used.systems[system.canonical] = system
        return system

    def imported(self, url: str, importer: Json) -> Json:
        """Return a value set that another imports; raises when it is unknown."""
        found = self.registry.imported(url, importer)
        if found is None:
            pinned = self.registry.pinned(url)
            named = (
                "VS_EXP_IMPORT_UNK_PINNED"
                if self._expanding and "|" in pinned
                else "Unable_to_resolve_value_Set_"
            )
            raise refuse(422, named, valueset=pinned)
        if not url.startswith("#"):
            self.used.valuesets[canonical(found.get("url"), found.get("version"))] = found
        return found

    def sole_span(self, valueset: Json) -> tuple[Json, AskedSystem] | None:
        """Return the include, and its system, of a definition that is one whole system or one subtree."""
        compose = valueset.get("compose", {})
        includes = compose.get("include", ())
        if len(includes) != 1 or compose.get("exclude") or compose.get("inactive") is False:
            return None
        include = includes[0]
        filters = include.get("filter", ())
        if "system" not in include or include.get("concept") or include.get("valueSet") or len(filters) > 1:
            return None
        if filters and filters[0].get("op") != "is-a":
            return None
        return include, self.resolve(include)

    def _of(self, include: Json, valueset: Json, place: str) -> Iterable[Entry]:
        imported = [self.entries(self.imported(url, valueset)) for url in include.get("valueSet", ())]
        if "system" not in include:
            return _common(imported)
        found = self._of_system(include, valueset, place)
        if not imported:
            return found
        allowed = [{e.key for e in entries} for entries in imported]
        return (e for e in found if all(e.key in keys for keys in allowed))

    def _of_system(self, include: Json, valueset: Json, place: str) -> Iterator[Entry]:
        system = self.resolve(include)
        if "concept" in include:
            self.used.enumerated = True
            for raw in include["concept"]:
                concept = system.find(raw.get("code", ""))
                if concept is not None:
                    yield _stated(system, concept, raw)
            return
        for concept in system.select(filters_of(include, valueset, place)):
            yield Entry(system, concept)

    def _in(
        self, include: Json, valueset: Json, place: str, system: AskedSystem, concept: Concept
    ) -> Entry | None:
        found: Entry | None = None
        if "system" in include:
            if include["system"] != system.url:
                return None
            here = self.resolve(include)
            known = concept if here is system else here.find(concept.code)
            if known is None:
                return None
            found = Entry(here, known)
            if "concept" in include:
                raw = next((c for c in include["concept"] if _means(here, c.get("code", ""), known)), None)
                if raw is None:
                    return None
                found = _stated(here, known, raw)
            tests = [here.test(f) for f in filters_of(include, valueset, place)]
            if not all(test(known) for test in tests):
                return None
        for url in include.get("valueSet", ()):
            member = self.member(self.imported(url, valueset), system, concept)
            if member is None:
                return None
            found = found or member
        return found

    def _expanded(self, contains: Sequence[Json]) -> Iterator[Entry]:
        for raw in contains:
            if "code" in raw and not raw.get("abstract"):
                system = self.resolve({"system": raw.get("system", ""), "version": raw.get("version")})
                concept = system.find(raw["code"])
                if concept is not None:
                    yield _stated(system, concept, raw)
            yield from self._expanded(raw.get("contains", ()))


class _Entered:
    """Guards against value sets that import themselves."""

    def __init__(self, composition: Composition, valueset: Json) -> None:
        self._path = composition._path
        contained = f"#{valueset['id']}" if valueset.get("id") else ""
        url = valueset.get("url")
        self._url = canonical(url, valueset.get("version")) if url else contained

    def __enter__(self) -> None:
        if self._url and self._url in self._path:
            path = " -> ".join([*self._path, self._url])
            raise FhirError(422, issue("VALUESET_CIRCULAR_REFERENCE", valueset=self._url, path=path))
        self._path.append(self._url)

    def __exit__(self, *_: object) -> None:
        self._path.pop()


def _stated(system: AskedSystem, concept: Concept, raw: Json) -> Entry:
    return Entry(
        system, concept, raw.get("display"), tuple(designations_of(raw)), tuple(raw.get("extension", ()))
    )


def _means(system: AskedSystem, code: str, concept: Concept) -> bool:
    if code == concept.code:
        return True
    if system.case_sensitive:
        return False
    found = system.find(code)
    return found is not None and found.code == concept.code


def _same(entry: Entry, system: AskedSystem, concept: Concept) -> bool:
    return entry.system.url == system.url and entry.concept.code == concept.code


def _common(lists: Sequence[Sequence[Entry]]) -> list[Entry]:
    """Return the entries of the first list that are in all others."""
    if not lists:
        return []
    keys = [{e.key for e in entries} for entries in lists[1:]]
    return [e for e in lists[0] if all(e.key in k for k in keys)]
