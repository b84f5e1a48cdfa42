"""ConceptMap/$translate, forwards and backwards, with our maps or with maps sent along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from terminology.crosswalk import Relationship
from web.fhir.asking import Asking
from web.fhir.fhir_release import FhirRelease, r5_relationship
from web.fhir.outcome import refuse
from web.fhir.own_maps import PROPERTY, Match, maps_between, sources, translate_own
from web.fhir.parameters import Inputs, Outputs, canonical, part, split_canonical
from web.fhir.registry import ALIASES

Json = dict[str, Any]
_TURNED = {
    Relationship.SOURCE_NARROWER.value: Relationship.SOURCE_BROADER.value,
    Relationship.SOURCE_BROADER.value: Relationship.SOURCE_NARROWER.value,
}


def translate(asking: Asking, inputs: Inputs) -> Json:
    """Return the translations of a code or of the codings of a concept.

    R4 and R5 names of the inputs are both understood. Backwards: ``reverse=true`` (R4), or a target code
    instead of a source code (R5), which answers with the ``source`` of each match.
    """
    url = inputs.text("url")
    source_system = _system(inputs.text("sourceSystem", "system"))
    target_system = _system(inputs.text("targetSystem", "targetsystem"))
    version = inputs.text("version")
    codings = _codings(inputs, ("sourceCoding", "coding"), ("sourceCodeableConcept", "codeableConcept"))
    backwards = bool(inputs.flag("reverse"))
    asked_target = False
    if not codings:
        code = inputs.text("sourceCode", "code")
        codings = [{"system": source_system, "code": code, "version": version}] if code else []
    if not codings:
        codings = _codings(inputs, ("targetCoding",), ("targetCodeableConcept",))
        code = inputs.text("targetCode")
        if code:
            codings = [{"system": target_system, "code": code}]
        asked_target = backwards = bool(codings)
    if not codings:
        raise refuse(
            400, "MISSING_PARAMETER", operation="$translate", needed="a code, coding or codeableConcept"
        )
    _check_map(asking, inputs, url, codings, (source_system, target_system), backwards)
    matches: list[Match] = []
    for coding in codings:
        if asked_target:
            found = _backwards(asking, url, source_system, coding)
            matches += [_with_source(m, coding, target_system) for m in found]
        elif backwards:
            matches += _backwards(asking, url, target_system, coding)
        else:
            matches += _forwards(asking, url, coding, target_system)
    return _answer(asking.fhir, matches)


def _forwards(asking: Asking, url: str | None, coding: Json, target: str | None) -> Iterator[Match]:
    system, code = _system(coding.get("system")), coding.get("code", "")
    for resource in _supplied(asking, url):
        for group in resource.get("group", ()):
            if _fits(group.get("source"), system) and _fits(group.get("target"), target):
                yield from _in_group(resource, group, code)
    for own in maps_between(system, target, url):
        yield from translate_own(asking.store, own, code, coding.get("version"))


def _backwards(asking: Asking, url: str | None, source: str | None, coding: Json) -> Iterator[Match]:
    """Yield what translates to a coding; ``source`` is the system to look in."""
    system, code = _system(coding.get("system")), coding.get("code", "")
    for resource in _supplied(asking, url):
        for group in resource.get("group", ()):
            if not (_fits(group.get("target"), system) and _fits(group.get("source"), source)):
                continue
            for element in group.get("element", ()):
                for target in element.get("target", ()):
                    if target.get("code") == code:
                        word = r5_relationship(target.get("relationship") or target.get("equivalence"))
                        url_, version = split_canonical(group.get("source", ""))
                        yield Match(
                            url_,
                            version,
                            element.get("code", ""),
                            element.get("display"),
                            _TURNED.get(word, word),
                            _name(resource),
                        )
    for own in maps_between(source, system, url):
        yield from sources(asking.store, own, code)


def _in_group(resource: Json, group: Json, code: str) -> Iterator[Match]:
    url, version = split_canonical(group.get("target", ""))
    found = False
    for element in group.get("element", ()):
        if element.get("code") != code:
            continue
        found = True
        for target in element.get("target", ()):
            word = r5_relationship(target.get("relationship") or target.get("equivalence"))
            if target.get("code"):
                products = tuple(target.get("product", ()))
                yield Match(
                    url,
                    version,
                    target["code"],
                    target.get("display"),
                    word,
                    _name(resource),
                    products=products,
                )
    unmapped = group.get("unmapped")
    if not found and isinstance(unmapped, dict):
        word = r5_relationship(unmapped.get("relationship") or "equivalent")
        if unmapped.get("mode") == "fixed":
            yield Match(
                url, version, unmapped.get("code", ""), unmapped.get("display"), word, _name(resource)
            )
        elif unmapped.get("mode") in ("provided", "use-source-code"):
            yield Match(url, version, code, None, word, _name(resource))


def _answer(fhir: FhirRelease, matches: list[Match]) -> Json:
    out = Outputs()
    good = any(m.relationship != Relationship.NOT_RELATED for m in matches)
    out.add("result", "Boolean", good)
    if not good:
        out.add("message", "String", "No translation was found")
    for match in matches:
        coding = {"system": match.system, "code": match.code}
        if match.version:
            coding["version"] = match.version
        if match.display:
            coding["display"] = match.display
        relation = part(fhir.relation_element, "Code", fhir.relations[match.relationship])
        origin = None
        if match.source is None:
            kind = "Uri" if fhir.match_map == "source" else "Canonical"
            origin = part(fhir.match_map, kind, match.origin)
        shown, source = (
            (coding, None) if match.source is None else (match.source, part("source", "Coding", coding))
        )
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
        products = [_product(p) for p in match.products]
        out.add_parts("match", relation, part("concept", "Coding", shown), origin, source, *products, *notes)
    return out.json()


def _product(product: Json) -> Json:
    attribute = product.get("attribute") or product.get("property")
    value = next((product[k] for k in product if k.startswith("value")), None)
    parts = [{"name": "attribute", "valueUri": attribute}]
    if isinstance(value, dict):
        parts.append({"name": "value", "valueCoding": value})
    elif value is not None:
        parts.append({"name": "value", "valueString": str(value)})
    return {"name": "product", "part": parts}


def _with_source(match: Match, asked: Json, system: str | None) -> Match:
    target = {"system": asked.get("system") or system, "code": asked.get("code")}
    shown = {k: v for k, v in target.items() if v}
    turned = _TURNED.get(match.relationship, match.relationship)
    return Match(
        match.system, match.version, match.code, match.display, turned, match.origin, shown, (), match.notes
    )


def _check_map(
    asking: Asking,
    inputs: Inputs,
    url: str | None,
    codings: list[Json],
    systems: tuple[str | None, str | None],
    backwards: bool,
) -> None:
    if url is not None:
        if not _supplied(asking, url) and not maps_between(None, None, url):
            raise refuse(404, "UNKNOWN_CONCEPTMAP", what=f"the url '{url}'")
        return
    source = _system(codings[0].get("system")) if not backwards else systems[0]
    if source is None and not backwards:
        raise refuse(
            400, "MISSING_PARAMETER", operation="$translate", needed="the system of the code, or url"
        )
    own = maps_between(source, systems[1], None) if not backwards else [True]
    if not own and not asking.registry.conceptmaps():
        target = f" to {systems[1]}" if systems[1] else ""
        raise refuse(404, "UNKNOWN_CONCEPTMAP", what=f"{source}{target}")


def _supplied(asking: Asking, url: str | None) -> list[Json]:
    found = asking.registry.conceptmaps()
    if url is None:
        return found
    wanted, version = split_canonical(url)
    return [m for m in found if m.get("url") == wanted and version in (None, m.get("version"))]


def _codings(inputs: Inputs, names: tuple[str, ...], concepts: tuple[str, ...]) -> list[Json]:
    for name in names:
        coding = inputs.coding(name)
        if coding is not None:
            return [coding]
    for name in concepts:
        for concept in inputs.concepts(name):
            return list(concept.get("coding", ()))
    return []


def _fits(stated: str | None, wanted: str | None) -> bool:
    return stated is None or wanted is None or split_canonical(stated)[0] == wanted


def _system(url: str | None) -> str | None:
    return None if url is None else ALIASES.get(split_canonical(url)[0], split_canonical(url)[0])


def _name(resource: Json) -> str | None:
    return canonical(resource.get("url"), resource.get("version")) or None
