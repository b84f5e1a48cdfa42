"""The crosswalk as SSSOM: TSV under a YAML header (https://mapping-commons.github.io/sssom/, version 1.1)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import TextIO

from terminology.attribution import LICENCE_URL, NOTICES
from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store
from terminology.crosswalk import Crosswalk, Relationship, Target
from terminology.exchange.exports.no_target import NO_TARGET, no_target
from terminology.systems import ICD10CM, ICD11

PREDICATES = {
    Relationship.EQUIVALENT: "skos:exactMatch",
    Relationship.SOURCE_NARROWER: "skos:broadMatch",
    Relationship.SOURCE_BROADER: "skos:narrowMatch",
    Relationship.RELATED: "skos:relatedMatch",
}
"""SKOS names what the object is to the subject: a narrower source has a broader match."""

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "object_type",
    "mapping_justification",
    "confidence",
    "subject_source_version",
    "comment",
)
NO_TERM_FOUND = "sssom:NoTermFound"
MANUAL = "semapv:ManualMappingCuration"
CLUSTER, SINGLE = "composed entity expression", "skos concept"

_PREFIXES = {
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "icd10cm": f"{ICD10CM.uri}/",
}
_ICD11 = "icd11.code"


def write_sssom(store: Store, out: TextIO) -> int:
    """Write the recommended target of every category and code; return the number of rows.

    A cluster is one object: ``icd11.code:`` and the expression as it is written, so that taking the prefix
    away gives the expression back. The prefix stands for the codeinfo address of the ICD-API in the release
    the crosswalk leads to; to ask that address, percent-encode ``/``. A source without target leads to
    ``sssom:NoTermFound``.
    """
    for line in _header(store):
        out.write(f"#{line}\n")
    rows = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    rows.writerow(COLUMNS)
    count = 0
    for answer in crosswalks(store):
        rows.writerow(_row(answer))
        count += 1
    return count


def _header(store: Store) -> Iterator[str]:
    """The YAML header. Strings are written as JSON, which YAML includes."""
    target = store.release(ICD11.id).release.id
    manifest = store.manifest
    prefixes = _PREFIXES | {_ICD11: f"{ICD11.uri.removesuffix('/mms')}/{target}/mms/codeinfo/"}
    yield f"sssom_version: {json.dumps('1.1')}"
    yield "curie_map:"
    for prefix, address in prefixes.items():
        yield f"  {prefix}: {json.dumps(address)}"
    fields = {
        "mapping_set_id": f"urn:teneleven:mapping-set:{manifest.content_hash[:16]}",
        "mapping_set_version": manifest.content_hash[:16],
        "mapping_set_title": "TenEleven crosswalk from ICD-10-CM to ICD-11 MMS",
        "mapping_set_description": " ".join(NOTICES),
        "license": LICENCE_URL,
        "mapping_date": manifest.built_at[:10],
        "mapping_tool": "TenEleven",
        "mapping_tool_version": manifest.tool_version,
        "subject_type": SINGLE,
        "subject_source": "icd10cm:",
        "object_source": f"{_ICD11}:",
        "object_source_version": target,
        "comment": "A row per category and code: its recommended target. Facets are written dimension=value.",
    }
    for name, value in fields.items():
        yield f"{name}: {json.dumps(value, ensure_ascii=False)}"


def _row(answer: Crosswalk) -> tuple[object, ...]:
    subject = (f"icd10cm:{answer.source_code}", answer.source_title)
    target = answer.recommended
    if target is None:
        return (
            *subject,
            "skos:exactMatch",
            NO_TERM_FOUND,
            "",
            "",
            MANUAL if answer.decision else "semapv:CompositeMatching",
            "",
            answer.source_release,
            no_target(answer, f"{NO_TARGET}: representation none"),
        )
    return (
        *subject,
        PREDICATES[target.relationship],
        f"{_ICD11}:{target.expression}",
        " / ".join(filter(None, target.titles)),
        CLUSTER if len(target.members) > 1 else SINGLE,
        justification(target),
        target.confidence,
        answer.source_release,
        _comment(answer, target),
    )


def justification(target: Target) -> str:
    """Return the SEMAPV term for how a target was found.

    A reviewed decision is manual curation; a way through WHO's tables alone is a chain of mappings; titles
    alone are lexical; both, or anything built from parts, is composite.
    """
    steps = {step.step for step in target.provenance}
    if steps & {"override", "reviewed"}:
        return MANUAL
    if "postcoordinate" in steps or {"base", "refine"} <= steps:
        return "semapv:CompositeMatching"
    if "base" in steps:
        return "semapv:MappingChaining"
    return "semapv:LexicalMatching"


def _comment(answer: Crosswalk, target: Target) -> str:
    said = [f"representation: {answer.representation}", f"motif: {answer.motif}"]
    said += [f"facets {name}: {', '.join(values)}" for name, values in target.facets if values]
    return "; ".join(said)
