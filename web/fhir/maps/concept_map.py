"""The crosswalk as a FHIR ConceptMap, R4 (4.0.1) or R5 (5.0.0), written element by element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from terminology.attribution import NOTICES
from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store
from terminology.crosswalk import Crosswalk, Target
from terminology.crosswalk.model import TITLES_ALONE
from terminology.exchange.exports.no_target import no_target
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.exports.table import crosswalk_file
from terminology.systems import ICD10CM, ICD11
from web.fhir.fhir_release import R4, RELEASES, FhirRelease
from web.fhir.maps.own_maps import OWN_MAPS, PROPERTY
from web.fhir.valuesets.implicit_valuesets import ALL

Json = dict[str, Any]
_OWN = next(m for m in OWN_MAPS if m.source is ICD10CM and m.target is ICD11)
_PROPERTIES = (
    ("confidence", "Probability, 0 to 1, that the target is right", "decimal"),
    ("representation", "How well ICD-11 says what the source says (Fung 2021)", "string"),
    ("motif", "Shape of the mapping graph around the source (Boyd 2013)", "string"),
    ("facet-kept", "A part of the source's meaning that the target says", "string"),
    ("facet-lost", "A part of the source's meaning that the target does not say", "string"),
    ("optional", "An extension code that WHO's tables and titles do not show its stem to take", "string"),
    ("facet-added", "A part of the target's meaning that the source does not say", "string"),
)


def export_concept_map(store: Store, destination: Path, fhir: str = "r4") -> int:
    """Write the crosswalk to a file as one ConceptMap of FHIR ``r4`` or ``r5``; return its elements.

    The file appears when it is whole. Raises :class:`DataNotAvailableError` for a bundle without crosswalk
    and :class:`InvalidRequestError` when the file cannot be written.
    """
    crosswalk_file(store.folder)
    with put_in_place(destination) as path, path.open("wb") as out:
        return write_concept_map(store, out, fhir_release(fhir))


def write_concept_map(store: Store, out: BinaryIO, fhir: FhirRelease = R4) -> int:
    """Write the recommended target of every category and code as one ConceptMap; return their number.

    A group holds the sources of one ICD-10-CM release. A cluster is a target whose code is the expression.
    A source without target is ``unmatched`` in R4, ``noMap`` in R5.
    """
    out.write(orjson.dumps(_head(store, fhir))[:-1] + b',"group":[')
    count = 0
    by_release = groupby(crosswalks(store), key=lambda a: (a.source_release, a.target_release))
    for number, ((source, target), answers) in enumerate(by_release):
        head = orjson.dumps(_group(source, target, fhir))[:-1]
        out.write((b"," if number else b"") + head + b',"element":[')
        for place, element in enumerate(_elements(answers, fhir)):
            out.write((b"," if place else b"") + orjson.dumps(element))
            count += 1
        out.write(b"]}")
    out.write(b"]}\n")
    return count


def fhir_release(name: str) -> FhirRelease:
    """Return the FHIR release with this id, ``r4`` or ``r5``."""
    return RELEASES[name]


def _head(store: Store, fhir: FhirRelease) -> Json:
    head: Json = {
        "resourceType": "ConceptMap",
        "id": _OWN.id,
        "url": _OWN.url,
        "version": store.content_hash[:16],
        "name": "TenElevenIcd10CmToIcd11",
        "title": _OWN.title,
        "status": "active",
        "experimental": False,
        "date": store.manifest.built_at,
        "publisher": _OWN.publisher,
        "description": NOTICES[-1],
        "copyright": " ".join(NOTICES),
        fhir.map_source: ICD10CM.uri + ALL,
        fhir.map_target: ICD11.uri + ALL,
    }
    if fhir is not R4:
        head["property"] = [
            {"code": code, "uri": PROPERTY + code, "description": said, "type": kind}
            for code, said, kind in _PROPERTIES
        ]
    return head


def _group(source: str, target: str | None, fhir: FhirRelease) -> Json:
    if fhir is R4:
        return {
            "source": ICD10CM.uri,
            "sourceVersion": source,
            "target": ICD11.uri,
            "targetVersion": target,
        }
    return {"source": f"{ICD10CM.uri}|{source}", "target": f"{ICD11.uri}|{target}"}


def _elements(answers: Iterable[Crosswalk], fhir: FhirRelease) -> Iterator[Json]:
    for answer in answers:
        element: Json = {"code": answer.source_code, "display": answer.source_title}
        if answer.recommended:
            element["target"] = [_target(answer, answer.recommended, fhir)]
        elif fhir is R4:
            element["target"] = [{"equivalence": "unmatched", "comment": no_target(answer)}]
        else:
            element["noMap"] = True
        yield element


def _target(answer: Crosswalk, target: Target, fhir: FhirRelease) -> Json:
    made: Json = {
        "code": target.expression,
        "display": " / ".join(filter(None, target.titles)),
        fhir.relation_element: fhir.relations[target.relationship],
        "comment": _comment(answer, target),
    }
    if fhir is not R4:
        made["property"] = [
            {"code": "confidence", "valueDecimal": target.confidence},
            {"code": "representation", "valueString": answer.representation},
            {"code": "motif", "valueString": answer.motif},
            *({"code": "optional", "valueString": code} for code in target.optional),
            *(
                {"code": f"facet-{name}", "valueString": facet}
                for name, values in target.facets
                for facet in values
            ),
        ]
    return made


def _comment(answer: Crosswalk, target: Target) -> str:
    """Say why; FHIR R4 wants a comment wherever a target is narrower (constraint cmd-1)."""
    said = [f"{answer.representation}, confidence {target.confidence:.2f}"]
    facets = (("lost", target.facets_lost), ("added", target.facets_added))
    said += [f"{name}: {', '.join(values)}" for name, values in facets if values]
    if target.optional:
        said.append(f"optional: {', '.join(target.optional)}")
    if answer.titles_alone:
        said.append(TITLES_ALONE.detail)
    return "; ".join(said)
