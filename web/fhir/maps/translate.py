"""ConceptMap/$translate, forwards and backwards, with our maps or with maps sent along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from terminology.bundle.life.not_loaded import remark_on_who_tables
from web.fhir.asking import Asking
from web.fhir.fhir_release import FhirRelease
from web.fhir.maps.own_maps import PROPERTY, Match, maps_between, sources, translate_own
from web.fhir.maps.supplied_maps import SuppliedMaps
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs, Outputs, part, split_canonical
from web.fhir.registry import ALIASES
from web.fhir.systems.system import unknown_code
from web.fhir.systems.versions import VersionRules

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be translated: codings, to the system ``other``, or ``backwards`` from it.

    ``scope`` is the value set the codings must be in, ``other_scope`` that of what is found.
    """

    codings: list[Json]
    other: str | None
    backwards: bool
    scope: str | None
    other_scope: str | None

    @classmethod
    def of(cls, fhir: FhirRelease, inputs: Inputs) -> Asked:
        """Read the inputs, in R4's or R5's names."""
        reverse = inputs.flag("reverse")
        if reverse is not None and fhir.native_properties:
            raise refuse(400, "REVERSE_NOT_DEFINED")
        source = _system(inputs.text("sourceSystem", "system"))
        target = _system(inputs.text("targetSystem", "targetsystem"))
        scopes = (inputs.text("sourceScope", "source"), inputs.text("targetScope", "target"))
        codings = _codings(inputs, ("sourceCoding", "coding"), ("sourceCodeableConcept", "codeableConcept"))
        code = inputs.text("sourceCode", "code")
        if not codings and code:
            codings = [{"system": source, "code": code, "version": inputs.text("version")}]
        if codings:
            return cls(codings, target, bool(reverse), *(reversed(scopes) if reverse else scopes))
        codings = _codings(inputs, ("targetCoding",), ("targetCodeableConcept",))
        code = inputs.text("targetCode", "targetcode")
        if not codings and code:
            codings = [{"system": target, "code": code}]
        if not codings:
            raise refuse(
                400, "MISSING_PARAMETER", operation="$translate", needed="a code, coding or codeableConcept"
            )
        return cls(codings, source, True, *reversed(scopes))

    def ends(self, coding: Json) -> tuple[str | None, str | None]:
        """Return the systems a map must have as source and target."""
        system = coding.get("system")
        return (self.other, system) if self.backwards else (system, self.other)


def translate(asking: Asking, inputs: Inputs) -> Json:
    """Return the translations of a code or of the codings of a concept.

    Backwards: ``reverse=true`` (R4 only), or a target code instead of a source code; each match then has the
    concept that was asked for as its ``concept``, and what translates to it as its ``source``.
    """
    url = inputs.text("url")
    asked = Asked.of(asking.fhir, inputs)
    maps = SuppliedMaps(asking.registry, VersionRules.of(inputs), url)
    if url is not None and not maps.named and not maps_between(None, None, url):
        raise refuse(404, "UNKNOWN_CONCEPTMAP", what=f"the url '{url}'")
    matches: list[Match] = []
    for coding in asked.codings:
        if url is None and not coding.get("system"):
            needed = "the system of the code, or url"
            raise refuse(400, "MISSING_PARAMETER", operation="$translate", needed=needed)
        if asked.scope and not maps.holds(asked.scope, coding, "sourceScope"):
            maps.out_of_scope = True
            continue
        known = {**coding, "system": _system(coding.get("system"))}
        matches += _matches(asking, maps, asked, _dated(asking, inputs, known), url)
    found, matches = matches, [m for m in matches if _within(maps, asked, m)]
    maps.out_of_scope |= len(matches) < len(found)
    out = Outputs()
    good = any(m.translates for m in matches)
    if not good:
        out.add("message", "String", _nothing(asking, maps, asked, url, matches))
    for match in matches:
        _add(out, asking.fhir, match, backwards=asked.backwards)
    out.add("result", "Boolean", good)
    for name in maps.consulted:
        out.add("used-conceptmap", "Uri", name)
    return out.json()


def _within(maps: SuppliedMaps, asked: Asked, match: Match) -> bool:
    """Whether what was found is in the value set that the request names for it."""
    if asked.other_scope is None or not match.code:
        return True
    aim = {"system": match.system, "code": match.code, "version": match.version}
    what = "sourceScope" if asked.backwards else "targetScope"
    return maps.holds(asked.other_scope, match.source if asked.backwards else aim, what)


def _dated(asking: Asking, inputs: Inputs, coding: Json) -> Json:
    """Return a coding in the version that is in force on the day of ``date``, where it names none itself."""
    if inputs.text("date") is None or coding.get("version") or not coding["system"]:
        return coding
    system = asking.registry.system(coding["system"])
    return coding if system is None else {**coding, "version": system.version}


def _matches(asking: Asking, maps: SuppliedMaps, asked: Asked, coding: Json, url: str | None) -> list[Match]:
    owns = maps_between(*asked.ends(coding), url, every=asked.other_scope is not None)
    code, store = coding.get("code", ""), asking.store
    if asked.backwards:
        return maps.sources(coding, asked.other) + [m for own in owns for m in sources(store, own, code)]
    found = maps.translations(coding, asked.other)
    return found + [m for own in owns for m in translate_own(store, own, code, coding.get("version"))]


def _nothing(
    asking: Asking, maps: SuppliedMaps, asked: Asked, url: str | None, matches: list[Match]
) -> str | None:
    """Say why nothing translates the first coding; a map that says so itself needs no more words."""
    if matches:
        return None
    coding = asked.codings[0]
    source, target = (end or "(unspecified)" for end in asked.ends(coding))
    if maps.out_of_scope:
        named = f"'{coding.get('system')}#{coding.get('code')}'"
        return f"No ConceptMap that translates from '{source}' to '{target}' has {named} in scope"
    ends = asked.ends(coding)
    owns = maps_between(_system(ends[0]), _system(ends[1]), url)
    if not maps.between(*ends) and not owns:
        return f"No ConceptMap is available to translate from '{source}' to '{target}'"
    system = asking.registry.system(_system(coding.get("system")) or "", coding.get("version"))
    code = coding.get("code", "")
    if system is not None and code and system.find(code) is None:
        unknown = unknown_code(system, code)
        return f"{unknown.text}; {unknown.diagnostics}" if unknown.diagnostics else unknown.text
    absent = remark_on_who_tables(asking.store) if any(own.whos for own in owns) else ""
    return absent or "No translation was found"


def _add(out: Outputs, fhir: FhirRelease, match: Match, *, backwards: bool) -> None:
    """Add a match; R4 has a name of its own for the map, and the ecosystem's in addition."""
    concept = {"system": match.system, "code": match.code, "version": match.version, "display": match.display}
    shown = {k: v for k, v in concept.items() if v} if match.code else None
    stated = match.code and part(fhir.relation_element, "Code", fhir.relations[match.relationship])
    notes = [
        {
            "name": "property",
            "part": [
                {"name": "uri", "valueUri": PROPERTY + name},
                {"name": "value", f"value{kind}": value},
            ],
        }
        for name, kind, value in match.notes
    ]
    out.add_parts(
        "match",
        part("noMap", "Boolean", None if match.code else True),
        part("concept", "Coding", shown),
        stated or None,
        part("originMap", "Canonical", match.origin or None),
        part("source", "Uri", match.origin or None) if not fhir.native_properties else None,
        part("source", "Coding", match.source) if backwards else None,
        part("sourceComment", "String", match.source_comment),
        part("targetComment", "String", match.target_comment),
        *(_product(p) for p in match.products),
        *notes,
    )


def _product(product: Json) -> Json:
    attribute = product.get("attribute") or product.get("property")
    value = next((product[k] for k in product if k.startswith("value")), None)
    parts = [{"name": "attribute", "valueUri": attribute}]
    if isinstance(value, dict):
        parts.append({"name": "value", "valueCoding": value})
    elif value is not None:
        parts.append({"name": "value", "valueString": str(value)})
    return {"name": "product", "part": parts}


def _codings(inputs: Inputs, names: tuple[str, ...], concepts: tuple[str, ...]) -> list[Json]:
    for name in names:
        coding = inputs.coding(name)
        if coding is not None:
            return [coding]
    for name in concepts:
        for concept in inputs.concepts(name):
            return list(concept.get("coding", ()))
    return []


def _system(url: str | None) -> str | None:
    return None if url is None else ALIASES.get(split_canonical(url)[0], split_canonical(url)[0])
